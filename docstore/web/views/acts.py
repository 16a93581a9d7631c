"""Acts on a document, each with a reason: the form, what was refused, what somebody else changed meanwhile."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.queries import entries
from docstore.cases import queries as cases
from docstore.cases.models import Right
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound, Refusal, Stale
from docstore.documents import misfiling, queries
from docstore.documents.amending import applications_on, described
from docstore.documents.models import Document
from docstore.documents.queries import Placed
from docstore.web import dates, shown
from docstore.web.acts import ACTS, Act, target_of
from docstore.web.filing import DOUBTS
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.documents import AmendForm, NewVersionForm, PlaceForm, SplitForm
from docstore.web.views.door import page, see_other
from docstore.web.views.misfiled import readers


@page("GET", "POST")
def do_act(request: HttpRequest, actor: Actor, *, document_id: UUID, act: str) -> HttpResponseBase:
    """Ask for the reason, then carry the act out. What was typed stays where it is refused."""
    scope = Scope.of(actor)
    found = queries.placed(scope, [queries.get_document(scope, document_id)])
    chosen = ACTS.get(act)
    if not found or chosen is None:
        raise NotFound
    if not chosen.is_open_to(scope, found[0]):
        raise Forbidden
    placed = found[0]
    form = _form(request, chosen, scope, placed)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            chosen.carry_out(actor, placed.document, form.cleaned_data)
        except Stale:
            conflict = _conflict(request, scope, placed, form)
        except Refusal as refusal:
            _take(form, refusal)
        else:
            messages.success(request, gettext(chosen.done))
            return see_other(_after(actor, placed))
    context = {
        "act": chosen,
        "form": form,
        "conflict": conflict,
        "case": shown.case(placed.filing.case),
        "document": placed.document,
        "document_url": reverse("document", kwargs={"document_id": document_id}),
        "readers_url": _readers_url(scope, placed, chosen),
    }
    status = 412 if conflict else 422 if form.errors else 200
    return render(request, "docstore/documents/act.html", context, status=status)


@page("GET")
def show_readers(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """Who has opened a document so far, and who took it away: for recalling it (DOM-8.9)."""
    document, readings = misfiling.readings_of(by=actor, document_id=document_id)
    scope = Scope.of(actor)
    placed = queries.placed(scope, [document])[0]
    context = {
        "case": shown.case(placed.filing.case),
        "document": document,
        "document_url": reverse("document", kwargs={"document_id": document_id}),
        "readers": readers(readings),
        "acts": [ACTS[name].link(document) for name in ("withdraw", "move") if ACTS[name].is_open_to(scope, placed)],
    }
    return render(request, "docstore/documents/readers.html", context)


def _readers_url(scope: Scope, placed: Placed, act: Act) -> str:
    """Who moves or withdraws a paper because it lay wrong wants to know who has seen it."""
    if act.name not in ("move", "withdraw") or not scope.allows_on(placed.filing.case, Permission.READ_TRAILS):
        return ""
    return reverse("readers", kwargs={"document_id": placed.document.pk})


def _conflict(request: HttpRequest, scope: Scope, placed: Placed, form: RefusableForm) -> dict[str, object]:
    """What somebody else changed meanwhile. What was typed stays, and is sent again knowingly: it has been seen now."""
    fresh = queries.get_document(scope, placed.document.pk)
    kept = request.POST.copy()
    kept["seen"] = fresh.etag
    form.data = kept
    changes = []
    if scope.allows_on(placed.filing.case, Permission.READ_TRAILS):
        rows = entries(misfiling.changes_of(fresh, limit=3))
        names = access.names({UUID(one.actor) for one in rows if one.actor})
        changes = [
            {"at": one.at, "sentence": one.sentence, "who": names.get(UUID(one.actor), "") if one.actor else "Docstore"}
            for one in rows
        ]
    return {"changes": changes, "theirs": _said_of(fresh) if isinstance(form, AmendForm) else []}


def _said_of(document: Document) -> list[tuple[str, str]]:
    now = described(document)
    return [
        (gettext("Title"), now.title),
        (gettext("Kind"), now.type),
        (gettext("Dated"), dates.day(now.dated_on) if now.dated_on else ""),
        (gettext("Received"), dates.day(now.received_on) if now.received_on else ""),
    ]


def _form(request: HttpRequest, act: Act, scope: Scope, placed: Placed) -> RefusableForm:
    """The act's form; on a GET with how the document stands now."""
    document = placed.document
    more: dict[str, Any] = {}
    if issubclass(act.form, PlaceForm):
        more = _places(scope, request.POST.get("reference", ""))
    elif act.form is SplitForm:
        more["sections"] = [one for one in cases.sections_of(scope, placed.filing.case) if Right.FILE in one.rights]
    elif act.form is AmendForm:
        more = _related(scope, placed)
    if request.method == "POST":
        return act.form(request.POST, request.FILES, **more)
    initial = {
        "seen": document.etag,
        "classification": str(int(document.classification)),
        "title": document.title,
        "type": document.type,
        "dated_on": _in_figures(document.dated_on),
        "received_on": _in_figures(document.received_on),
        "language": document.language,
        **_relations(document),
    }
    return act.form(initial=initial, **more)


def _relations(document: Document) -> dict[str, Any]:
    now = described(document)
    return {
        "parties": [str(one) for one in now.parties],
        "hearings": [str(one) for one in now.hearings],
        "application": str(now.application or ""),
    }


def _related(scope: Scope, placed: Placed) -> dict[str, Any]:
    """What on its case a paper can relate to."""
    case = placed.filing.case
    applications = applications_on(scope, case).exclude(pk=placed.document.pk)
    return {
        "parties": [(str(one.pk), one.name) for one in case.parties.all()],
        "hearings": [(str(one.pk), f"{dates.sitting(one.starts_at)}, {one.kind}") for one in cases.hearings_of(case)],
        "applications": [(str(one.pk), one.title) for one in applications],
    }


def _places(scope: Scope, reference: str) -> dict[str, Any]:
    target = target_of(scope, reference)
    if target is None:
        return {"sections": []}
    found = [one for one in cases.sections_of(scope, target) if Right.FILE in one.rights]
    return {"sections": found, "target": target.title}


def _in_figures(day: date | None) -> str:
    return f"{day.day} {day.month} {day.year}" if day else ""


def _take(form: RefusableForm, refusal: Refusal) -> None:
    """Show a refusal; a doubt is confirmed by ticking its box and sending the file again."""
    form.take(refusal)
    if refusal.code in DOUBTS and isinstance(form, NewVersionForm):
        form.ask(refusal.code, str(DOUBTS[refusal.code]))


def _after(actor: Actor, placed: Placed) -> str:
    """The document's page, or the case's where the act has put it out of this person's sight."""
    scope = Scope.of(actor)
    try:
        queries.get_document(scope, placed.document.pk)
    except NotFound:
        return reverse("case", kwargs={"case_id": placed.filing.case_id})
    return reverse("document", kwargs={"document_id": placed.document.pk})
