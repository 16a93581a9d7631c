"""Holds: all of them with how much each covers, placing one, what one covers, and releasing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core import clock
from docstore.core.errors import FieldError, Invalid, Refusal
from docstore.retention import desk, hold_query, holds, queries
from docstore.retention.hold_models import Hold
from docstore.retention.titles import Named
from docstore.retention.vocabulary import HoldKind
from docstore.web import exports, recordwords, words
from docstore.web.forms.records import HoldForm, ReasonForm
from docstore.web.views.door import page, see_other
from docstore.web.views.record_retention import record_url
from docstore.web.views.records import places

SHOWN = 100
COLUMNS = ("hold", "kind", "records", "owner", "starts", "ask again", "released")


class CaseNotFound(Invalid):
    """No case whose records you manage has that number. Check it against the order."""

    code = "case-unknown"


@page("GET")
def list_holds(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The holds in force, those overdue for a look first, and the released ones."""
    rows = queries.holds(actor)
    people = names({one.owner for one in rows if one.owner})
    shown = [_shown(one, people, actor) for one in rows]
    if sent := exports.asked(request, actor, "holds", COLUMNS, lambda: [_line(one) for one in shown]):
        return sent
    context = {
        "files": exports.links(request),
        "in_force": sorted(
            (one for one in shown if one["is_in_force"]), key=lambda one: (not one["is_overdue"], one["review_on"])
        ),
        "released": [one for one in shown if not one["is_in_force"]],
        "may_place": actor.may(Permission.PLACE_HOLDS),
        "has_storage": desk.has_storage_holds(),
        "places": places("holds"),
    }
    return render(request, "docstore/records/holds.html", context)


@page("GET", "POST")
def place_hold(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Place a hold. It counts as soon as it is saved."""
    actor.require(Permission.MANAGE_RECORDS)
    actor.require(Permission.PLACE_HOLDS)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            placed = holds.place_hold(by=actor, told=form.told(cases=_cases(actor, form)))
        except Refusal as refusal:
            form.take(_at_target(refusal))
        else:
            said = _("The hold is in force on %(count)s records.") % {"count": placed.members}
            if placed.in_destruction:
                said += " " + _("Some of them were being destroyed already; what is left of them is kept.")
            messages.success(request, said)
            return see_other(reverse("records-hold", kwargs={"hold_id": placed.hold.pk}))
    context = {
        "form": form,
        "label": _("Place a hold"),
        "hint": _("Nothing that it covers is disposed of while it is in force, whatever the schedule says."),
        "back": reverse("records-holds"),
    }
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


@page("GET")
def show_hold(request: HttpRequest, actor: Actor, *, hold_id: UUID) -> HttpResponse:
    """One hold: why, what it covers, who asked for its release."""
    row = queries.hold_by_id(actor, hold_id)
    people = names({one for one in (row.owner, row.placed_by, row.release_asked_by, row.released_by) if one})
    members = desk.members_of(actor, row)[:SHOWN]
    context = {
        "hold": _shown(row, people, actor),
        "row": row,
        "members": [{"url": record_url(record), "name": _called(name), "via": via} for record, name, via in members],
        "list_url": f"{reverse('records-list')}?show=held&hold={row.pk}",
        "asked_by": people.get(row.release_asked_by, "") if row.release_asked_by else "",
        "released_by": people.get(row.released_by, "") if row.released_by else "",
        "may_release": row.is_in_force
        and actor.may(Permission.RELEASE_HOLDS)
        and row.release_asked_by != actor.user_id,
        "places": places("holds"),
    }
    return render(request, "docstore/records/hold.html", context)


@page("GET", "POST")
def release_hold(request: HttpRequest, actor: Actor, *, hold_id: UUID) -> HttpResponseBase:
    """Release a hold, or ask a second person to."""
    actor.require(Permission.RELEASE_HOLDS)
    row = queries.hold_by_id(actor, hold_id)
    form = ReasonForm(request.POST or None)
    back = reverse("records-hold", kwargs={"hold_id": hold_id})
    if request.method == "POST" and form.is_valid():
        try:
            released = holds.release_hold(by=actor, hold_id=hold_id, reason=form.cleaned_data["reason"])
        except Refusal as refusal:
            form.take(refusal)
        else:
            done = (
                _("The hold is released.")
                if not released.is_in_force
                else _("Asked. A second person has to release it too.")
            )
            messages.success(request, done)
            return see_other(back)
    hint = _("What it held goes back to its own dates. For 30 days nothing of it is carried out.")
    context = {
        "form": form,
        "label": _("Release the hold %(title)s") % {"title": _title(row, actor)},
        "hint": hint,
        "back": back,
    }
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


def _called(name: Named) -> str:
    """The number of the case, and the title where this person may read it."""
    number = words.main_reference(name.case) if name.case else _("Record")
    return f"{number}, {name.title}" if name.title else number


def _cases(actor: Actor, form: HoldForm) -> tuple[UUID, ...]:
    if form.cleaned_data["kind"] != HoldKind.CASE or not form.cleaned_data["target"].strip():
        return ()
    found = desk.managed_case_by_reference(actor, form.cleaned_data["target"])
    if found is None:
        raise CaseNotFound(errors=(FieldError("/target", "case-unknown", CaseNotFound().sentence),))
    return (found,)


def _at_target(refusal: Refusal) -> Refusal:
    """Show what is wrong with the target beside the one field that names it here."""
    moved = tuple(
        FieldError("/target", one.code, one.detail) if one.pointer.startswith("/targets") else one
        for one in refusal.errors
    )
    refusal.errors = moved
    return refusal


def _line(shown: dict[str, Any]) -> list[str]:
    days = ("starts_on", "review_on", "released_at")
    told = [str(shown[name]) for name in ("title", "kind", "members", "owner")]
    return told + [shown[day].isoformat() if shown[day] else "" for day in days]


def _title(row: Hold, actor: Actor) -> str:
    return row.title if not row.restricted or actor.may(Permission.READ_HOLD_REASONS) else _("A restricted hold")


def _shown(row: Hold, people: dict[UUID, str], actor: Actor) -> dict[str, Any]:
    may_read = not row.restricted or actor.may(Permission.READ_HOLD_REASONS)
    return {
        "url": reverse("records-hold", kwargs={"hold_id": row.pk}),
        "title": _title(row, actor),
        "reason": row.reason if may_read else "",
        "mandate": row.mandate if may_read else "",
        "restricted": row.restricted,
        "kind": recordwords.HOLD_KINDS[HoldKind(row.kind)],
        "owner": people.get(row.owner, "Docstore") if row.owner else "Docstore",
        "starts_on": row.starts_on,
        "review_on": row.review_on,
        "is_overdue": row.is_in_force and row.review_on <= clock.today(),
        "is_in_force": row.is_in_force,
        "members": holds.count_of(row),
        "query": hold_query.words(row.query) if row.query and may_read else "",
        "targets": desk.targets_of(row) if may_read else [],
        "released_at": row.released_at,
        "guard_until": row.guard_until,
        "waits": row.is_in_force and row.release_asked_by is not None,
    }
