"""The hearings of one case: listing one, changing one, taking one off the list."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import actions, listing, queries
from docstore.cases.models import Hearing
from docstore.cases.scope import Scope
from docstore.core.clock import COURT_ZONE
from docstore.core.errors import Forbidden, NotFound, Refusal
from docstore.web import dates, shown
from docstore.web.forms.hearings import HearingForm, VacateForm
from docstore.web.views.door import page, see_other


@page("GET", "POST")
def case_hearings(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponseBase:
    """Every hearing of a case, and a form for one more."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    may_list = scope.allows_on(case, Permission.LIST_HEARINGS)
    form = HearingForm(request.POST or None) if may_list else None
    if request.method == "POST":
        if form is None:
            raise Forbidden
        if form.is_valid() and _list(actor, case_id, form):
            messages.success(request, _("The hearing is listed."))
            return see_other(request.path)
    rows = queries.hearings_of(case)
    context = {
        "case": shown.case(case),
        "places": shown.places(scope, case, here="hearings"),
        "hearings": [_row(one, may_list=may_list) for one in rows],
        "form": form,
    }
    failed = form is not None and bool(form.errors)
    return render(request, "docstore/cases/hearings.html", context, status=422 if failed else 200)


@page("GET", "POST")
def change_hearing(request: HttpRequest, actor: Actor, *, case_id: UUID, hearing_id: UUID) -> HttpResponseBase:
    """One hearing: its room, time, kind and bench; or off the list with a reason."""
    scope = Scope.of(actor)
    row = queries.get_hearing(scope, hearing_id)
    if row.case_id != case_id:
        raise NotFound
    case = queries.get_case(scope, case_id)
    if not scope.allows_on(case, Permission.LIST_HEARINGS):
        raise Forbidden
    vacates = "vacate" in request.POST
    form = HearingForm(request.POST if request.method == "POST" and not vacates else None, initial=_initial(row))
    vacate = VacateForm(request.POST if vacates else None)
    if request.method == "POST" and (done := _carry_out(actor, row, form, vacate, vacates=vacates)):
        messages.success(request, done)
        return see_other(reverse("case-hearings", kwargs={"case_id": case_id}))
    context = {"case": shown.case(case), "hearing": _row(row, may_list=True), "form": form, "vacate": vacate}
    wrong = bool((form.is_bound and form.errors) or (vacate.is_bound and vacate.errors))
    return render(request, "docstore/cases/hearing.html", context, status=422 if wrong else 200)


def _list(actor: Actor, case_id: UUID, form: HearingForm) -> bool:
    to = _to(form)
    try:
        actions.list_hearing(
            by=actor, case_id=case_id, room=to.room, starts_at=to.starts_at, kind=to.kind, judges=to.judges
        )
    except Refusal as refusal:
        form.take(refusal)
        return False
    return True


def _carry_out(actor: Actor, row: Hearing, form: HearingForm, vacate: VacateForm, *, vacates: bool) -> str:
    used = vacate if vacates else form
    if not used.is_valid():
        return ""
    try:
        if vacates:
            listing.vacate_hearing(by=actor, hearing_id=row.pk, reason=vacate.cleaned_data["reason"])
            return _("The hearing is off the list. It stays in the history of the case.")
        listing.change_hearing(by=actor, hearing_id=row.pk, to=_to(form))
    except Refusal as refusal:
        used.take(refusal)
        return ""
    return _("The hearing is changed. Whoever works in that courtroom comes to the case at once.")


def _to(form: HearingForm) -> listing.Listed:
    given = form.cleaned_data
    starts_at = datetime.combine(given["on"], given["at"], tzinfo=COURT_ZONE)
    return listing.Listed(given["room"].strip(), starts_at, given["kind"], given["judges"])


def _initial(row: Hearing) -> dict[str, str]:
    local = row.starts_at.astimezone(COURT_ZONE)
    return {
        "on": f"{local.day} {local.month} {local.year}",
        "at": f"{local:%H:%M}",
        "room": row.room,
        "kind": row.kind,
        "judges": row.judges,
    }


def _row(row: Hearing, *, may_list: bool) -> dict[str, object]:
    where = {"case_id": row.case_id, "hearing_id": row.pk}
    return {
        "when": dates.sitting(row.starts_at),
        "kind": row.kind,
        "room": row.room,
        "judges": row.judges,
        "state": _state(row),
        "url": reverse("hearing", kwargs=where) if may_list and row.vacated_at is None else "",
    }


def _state(row: Hearing) -> str:
    if row.vacated_at is not None:
        return _("Off the list since %(day)s: %(reason)s") % {
            "day": dates.day(row.vacated_at),
            "reason": row.vacated_reason,
        }
    return _("Heard") if row.heard else ""
