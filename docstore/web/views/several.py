"""Several documents of a case at once: tick, choose, confirm on a page of its own, and read what became of each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.models import Case, Classification
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound
from docstore.documents import queries as documents
from docstore.documents import several
from docstore.documents.several import Outcome
from docstore.web import shown
from docstore.web.forms.cases import RefusableForm
from docstore.web.forms.several import ReclassifySeveralForm, WithdrawSeveralForm
from docstore.web.views.door import page, see_other


@dataclass(frozen=True, slots=True)
class Several:
    """An act that can be done to several at once: its words, who may, what it asks and what it calls."""

    label: Any
    explain: Any
    permission: Permission
    form: type[RefusableForm]
    carry_out: Callable[[Actor, dict[UUID, str], dict[str, Any]], Outcome]


def _withdraw(by: Actor, seen: dict[UUID, str], given: dict[str, Any]) -> Outcome:
    return several.withdraw_several(by=by, seen=seen, reason=given["reason"])


def _reclassify(by: Actor, seen: dict[UUID, str], given: dict[str, Any]) -> Outcome:
    chosen = Classification(int(given["classification"]))
    return several.reclassify_several(by=by, seen=seen, classification=chosen, reason=given["reason"])


ACTS = {
    "reclassify": Several(
        gettext_lazy("Change who may open them"),
        gettext_lazy("It counts at once, in search as well."),
        Permission.RECLASSIFY_DOCUMENTS,
        ReclassifySeveralForm,
        _reclassify,
    ),
    "withdraw": Several(
        gettext_lazy("Withdraw them"),
        gettext_lazy(
            "They leave the case file and search. Nothing is destroyed, and each can be restored from its own page."
        ),
        Permission.WITHDRAW_DOCUMENTS,
        WithdrawSeveralForm,
        _withdraw,
    ),
}


def choices(scope: Scope, case: Case) -> list[tuple[str, str]]:
    """Return what this person may do to several documents of the case."""
    return [(name, str(one.label)) for name, one in ACTS.items() if scope.allows_on(case, one.permission)]


@page("POST")
def act_on_several(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """Show what was ticked and ask for the reason; carried out only when that page is sent."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise NotFound
    if not scope.allows_on(case, act.permission):
        raise Forbidden
    rows = documents.ticked_on(scope, case, request.POST.getlist("document"), most=several.MOST)
    back = f"{reverse('case', kwargs={'case_id': case_id})}?section={request.POST.get('section', '')[:40]}"
    if not rows:
        messages.error(request, _("Tick at least one document, then choose what to do with it."))
        return see_other(back)
    form = act.form(request.POST if "confirmed" in request.POST else None)
    if form.is_bound and form.is_valid():
        seen = {one.pk: request.POST.get(f"seen-{one.pk}", "") for one in rows}
        _tell(request, act.carry_out(actor, seen, form.cleaned_data), {one.pk: one.title for one in rows})
        return see_other(back)
    context = {
        "case": shown.case(case),
        "act": act,
        "name": request.POST["act"],
        "section": request.POST.get("section", ""),
        "rows": rows,
        "form": form,
        "back": back,
    }
    return render(request, "docstore/documents/several.html", context, status=422 if form.errors else 200)


def _tell(request: HttpRequest, outcome: Outcome, titles: dict[UUID, str]) -> None:
    if outcome.done:
        said = ngettext("Done for %(count)d document.", "Done for %(count)d documents.", outcome.done)
        messages.success(request, said % {"count": outcome.done})
    for pk, why in outcome.refused:
        messages.error(request, _("Not done for “%(title)s”: %(why)s") % {"title": titles.get(pk, ""), "why": why})
