"""Whether anything may be destroyed at all: asked for by one person, switched on by another, stopped by anybody alone."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.audit import sealing
from docstore.retention import lists, readiness, switch
from docstore.retention.disposal_models import ListStatus
from docstore.web.forms.records import ReasonForm
from docstore.web.views import records_steps
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

ACTS: dict[str, Callable[..., object]] = {
    "ask": switch.ask_to_enable,
    "confirm": switch.confirm_enabling,
    "stop": switch.stop_all,
    "clock": switch.accept_clock,
}


@page("GET", "POST")
def show_switch(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Where the switch stands, who put it there, and what this person can do with it."""
    actor.require(Permission.MANAGE_RECORDS)
    form, clock_form = ReasonForm(), ReasonForm(auto_id="clock_%s")
    if request.method == "POST":
        chosen = request.POST.get("act", "")
        form = ReasonForm(request.POST, auto_id=clock_form.auto_id if chosen == "clock" else form.auto_id)
        if records_steps.take(request, form, ACTS, by=actor):
            return see_other(reverse("destruction-switch"))
        form, clock_form = (ReasonForm(), form) if chosen == "clock" else (form, clock_form)
    context = {"form": form, "clock_form": clock_form, "places": places("switch"), **_state(actor)}
    return render(
        request, "docstore/records/switch.html", context, status=422 if form.errors or clock_form.errors else 200
    )


def _state(actor: Actor) -> dict[str, Any]:
    row = switch.switch()
    people = names({one for one in (row.asked_by, row.enabled_by, row.stopped_by) if one})
    waits = not row.is_on and row.asked_by is not None
    return {
        "row": row,
        "why_not": readiness.why_not_now(),
        "leap": sealing.unaccepted_leap() if actor.may(Permission.CARRY_OUT_DISPOSAL) else None,
        "asked_by": people.get(row.asked_by, "") if row.asked_by else "",
        "enabled_by": people.get(row.enabled_by, "") if row.enabled_by else "",
        "stopped_by": people.get(row.stopped_by, "") if row.stopped_by else "",
        "under_way": lists.lists_of(actor).filter(status=ListStatus.CARRYING_OUT).count(),
        "act": _act(actor, row, waits=waits),
        "waits_for_another": waits and row.asked_by == actor.user_id,
    }


def _act(actor: Actor, row: Any, *, waits: bool) -> str:
    """The one act that makes sense now for this person; none where there is none."""
    if row.is_on:
        return "stop" if actor.may(Permission.CARRY_OUT_DISPOSAL) else ""
    if not actor.may(Permission.ENABLE_DESTRUCTION):
        return ""
    if not waits:
        return "ask"
    return "" if row.asked_by == actor.user_id else "confirm"
