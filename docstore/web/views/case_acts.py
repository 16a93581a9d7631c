"""Acts on a case: one form, one call, one sentence about what was done. What was typed stays where it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import actions, linking, queries
from docstore.cases.models import Case, Side
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound, Refusal
from docstore.web import shown
from docstore.web.acts import NoSuchCase
from docstore.web.forms.case_acts import (
    CaseReasonForm,
    CloseForm,
    ConsolidateForm,
    LinkForm,
    PartyForm,
    RestrictForm,
    UnlinkForm,
)
from docstore.web.forms.cases import RefusableForm
from docstore.web.views.door import page, see_other


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One act as a page: what it is called, who may, what it asks, what it calls and what it says afterwards."""

    name: str
    label: Any
    explain: Any
    permission: Permission
    form: type[RefusableForm]
    carry_out: Callable[[Actor, Case, dict[str, Any]], object]
    done: Any
    fits: Callable[[Case], bool] = lambda _: True
    asks: Callable[[Scope, Case], dict[str, Any]] = lambda _scope, _case: {}
    is_listed: bool = True

    def is_open_to(self, scope: Scope, case: Case) -> bool:
        """Whether to offer it; the room decides again when it is carried out."""
        return scope.allows_on(case, self.permission) and self.fits(case)

    def link(self, case: Case) -> dict[str, str]:
        """Return its place among the acts of a case."""
        url = reverse("case-act", kwargs={"case_id": case.pk, "act": self.name})
        return {"label": str(self.label), "url": url}


def _link(by: Actor, case: Case, given: dict[str, Any]) -> None:
    found = queries.list_cases(Scope.of(by), reference=given["reference"], limit=1).rows
    if not found:
        raise NoSuchCase
    actions.link_cases(by=by, case_id=case.pk, other_id=found[0].pk, reason=given["reason"])


def _consolidate(by: Actor, case: Case, given: dict[str, Any]) -> None:
    found = queries.list_cases(Scope.of(by), reference=given["reference"], limit=1).rows
    if not found:
        raise NoSuchCase
    linking.consolidate_case(by=by, case_id=case.pk, lead_id=found[0].pk, reason=given["reason"])


def _unlink(by: Actor, case: Case, given: dict[str, Any]) -> None:
    linking.unlink_cases(by=by, case_id=case.pk, other_id=UUID(given["other"]), reason=given["reason"])


def _links_to_end(scope: Scope, case: Case) -> dict[str, Any]:
    """The links that this person may end: to cases that they may change as well."""
    found = [
        (str(one.case.pk), f"{shown.case(one.case).reference} {one.case.title}. {one.reason}")
        for one in queries.links_of(scope, case)
        if scope.allows_on(one.case, Permission.CHANGE_CASES)
    ]
    return {"linked": found}


def _add_party(by: Actor, case: Case, given: dict[str, Any]) -> None:
    more = {name: given[name] for name in ("name", "role", "representative", "note")}
    actions.add_party(by=by, case_id=case.pk, side=Side(given["side"]), **more)


def _plain(call: Callable[..., object]) -> Callable[[Actor, Case, dict[str, Any]], object]:
    def carry_out(by: Actor, case: Case, given: dict[str, Any]) -> object:
        return call(by=by, case_id=case.pk, **given)

    return carry_out


_ALL = (
    CaseAct(
        "party",
        _("Name a party"),
        _("Parties stand beside the documents, by side. Contact details that are confidential do not belong here."),
        Permission.CHANGE_CASES,
        PartyForm,
        _add_party,
        _("The party is named."),
    ),
    CaseAct(
        "link",
        _("Link it to another case"),
        _("Each case shows the other to those who may open it. Linked cases are disposed of together."),
        Permission.CHANGE_CASES,
        LinkForm,
        _link,
        _("The cases are linked."),
    ),
    CaseAct(
        "consolidate",
        _("Put it under a lead case"),
        _("Papers go on under the lead case, and everybody on this one is shown the way. It can be undone."),
        Permission.CHANGE_CASES,
        ConsolidateForm,
        _consolidate,
        _("The case is under its lead case."),
    ),
    CaseAct(
        "unlink",
        _("End a link to another case"),
        _("Each case goes on by itself. The history of both keeps that they were linked, and why."),
        Permission.CHANGE_CASES,
        UnlinkForm,
        _unlink,
        _("The link is ended."),
        asks=_links_to_end,
        is_listed=False,
    ),
    CaseAct(
        "restrict",
        _("Set or lift a reporting restriction"),
        _("It stands at the top of every page of the case and on every print."),
        Permission.CHANGE_CASES,
        RestrictForm,
        _plain(actions.restrict_reporting),
        _("The reporting restriction is set as you worded it."),
    ),
    CaseAct(
        "seal",
        _("Seal the case"),
        _("From then on even staff of this court open it only if they are named on it. Name yourself first."),
        Permission.SEAL_DOCUMENTS,
        CaseReasonForm,
        _plain(actions.seal_case),
        _("The case is sealed, in search as well."),
        fits=lambda case: not case.sealed,
    ),
    CaseAct(
        "unseal",
        _("Lift the seal of the case"),
        _("Staff of this court can open it again."),
        Permission.SEAL_DOCUMENTS,
        CaseReasonForm,
        _plain(actions.unseal_case),
        _("The seal of the case is lifted."),
        fits=lambda case: case.sealed,
    ),
    CaseAct(
        "close",
        _("Close the case"),
        _("Nothing more is filed on it, and its time for keeping begins. It can be reopened."),
        Permission.CHANGE_CASES,
        CloseForm,
        _plain(actions.close_case),
        _("The case is closed."),
        fits=lambda case: case.is_open,
    ),
    CaseAct(
        "reopen",
        _("Reopen the case"),
        _("Documents can be filed on it again."),
        Permission.CHANGE_CASES,
        CaseReasonForm,
        _plain(actions.reopen_case),
        _("The case is open again."),
        fits=lambda case: not case.is_open,
    ),
)
CASE_ACTS = {one.name: one for one in _ALL}


def links_for(scope: Scope, case: Case) -> list[dict[str, str]]:
    """Return the acts that this person may do to the case as it stands."""
    return [one.link(case) for one in _ALL if one.is_listed and one.is_open_to(scope, case)]


@page("GET", "POST")
def do_case_act(request: HttpRequest, actor: Actor, *, case_id: UUID, act: str) -> HttpResponseBase:
    """Ask what the act needs, then carry it out."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    chosen = CASE_ACTS.get(act)
    if chosen is None:
        raise NotFound
    if not chosen.is_open_to(scope, case):
        raise Forbidden
    form = chosen.form(request.POST or None, initial={"restriction": case.restriction}, **chosen.asks(scope, case))
    if request.method == "POST" and form.is_valid():
        try:
            chosen.carry_out(actor, case, form.cleaned_data)
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, chosen.done)
            return see_other(_after(actor, case))
    context = {"act": chosen, "form": form, "case": shown.case(case)}
    return render(request, "docstore/cases/act.html", context, status=422 if form.errors else 200)


def _after(actor: Actor, case: Case) -> str:
    """The case, or the list where the act has put it out of this person's sight."""
    if Scope.of(actor).cases().filter(pk=case.pk).exists():
        return reverse("case", kwargs={"case_id": case.pk})
    return reverse("cases")
