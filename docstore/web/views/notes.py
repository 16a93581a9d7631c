"""Notes to file: dated, with a named audience, struck out rather than changed."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.cases import queries
from docstore.cases.scope import Scope
from docstore.core.errors import Refusal
from docstore.markup import actions
from docstore.markup import queries as markup
from docstore.markup.models import Audience, CaseNote
from docstore.web import dates, shown
from docstore.web.forms.case_acts import CaseReasonForm, NoteForm
from docstore.web.views.door import page, see_other

AT_MOST = 200
AUDIENCES = {
    Audience.ME: gettext_lazy("Only you"),
    Audience.JUDGES: gettext_lazy("Judges on this case"),
    Audience.COURT: gettext_lazy("Court staff on this case"),
    Audience.CASE: gettext_lazy("Everybody on this case, parties included"),
}


@page("GET", "POST")
def case_notes(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """The notes of a case that are meant for this person, and a form for one more."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    options = [(str(one), str(AUDIENCES[one])) for one in markup.may_address(scope, case)]
    form = NoteForm(request.POST or None, audiences=options, initial={"audience": str(Audience.ME)})
    if request.method == "POST" and form.is_valid():
        try:
            audience = Audience(form.cleaned_data["audience"])
            actions.write_note(by=actor, case_id=case_id, text=form.cleaned_data["text"], audience=audience)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The note is on the file."))
            return see_other(request.path)
    context = {
        "case": shown.case(case),
        "places": shown.places(scope, case, here="notes"),
        "notes": memoranda(markup.notes_on(scope, case)[:AT_MOST], actor),
        "form": form,
        "case_id": case_id,
    }
    return render(request, "docstore/cases/notes.html", context, status=422 if form.errors else 200)


@page("GET", "POST")
def strike_note(request: HttpRequest, actor: Actor, *, case_id: UUID, note_id: UUID) -> HttpResponseBase:
    """Strike out one's own note, with a reason."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    form = CaseReasonForm(request.POST or None)
    note = markup.get_own_note(scope, case, note_id)
    if request.method == "POST" and form.is_valid():
        try:
            actions.strike_note(by=actor, case_id=case_id, note_id=note_id, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The note is struck out. Its words can still be read."))
            return see_other(reverse("case-notes", kwargs={"case_id": case_id}))
    context = {"case": shown.case(case), "form": form, "note": _shown(note, actor), "case_id": case_id}
    return render(request, "docstore/cases/strike.html", context, status=422 if form.errors else 200)


def memoranda(rows: Iterable[CaseNote], actor: Actor) -> list[dict[str, object]]:
    """Return notes as plain values for a page."""
    return [_shown(one, actor) for one in rows]


def _shown(row: CaseNote, actor: Actor) -> dict[str, object]:
    return {
        "id": row.pk,
        "when": dates.filed(row.written_at),
        "who": row.author.name,
        "text": row.text,
        "audience": AUDIENCES[Audience(row.audience)],
        "struck": row.struck_reason if row.is_struck else "",
        "mine": row.author_id == actor.user_id and not row.is_struck,
    }
