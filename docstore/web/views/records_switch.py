"""Whether anything may be destroyed at all: asked for by one person, switched on by another, stopped by anybody alone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core.errors import NotFound, Refusal
from docstore.retention import lists, readiness, switch
from docstore.retention.disposal_models import ListStatus
from docstore.web.forms.records import ReasonForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

ACTS: dict[str, Callable[..., object]] = {
    "ask": switch.ask_to_enable,
    "confirm": switch.confirm_enabling,
    "stop": switch.stop_all,
}


@page("GET", "POST")
def show_switch(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Where the switch stands, who put it there, and what this person can do with it."""
    actor.require(Permission.MANAGE_RECORDS)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise NotFound
        if form.is_valid():
            try:
                act(by=actor, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.take(refusal)
            else:
                messages.success(request, _("Done. It is written down, with your reason."))
                return see_other(reverse("destruction-switch"))
    context = {"form": form, "places": places("disposal"), **_state(actor)}
    return render(request, "docstore/records/switch.html", context, status=422 if form.errors else 200)


def _state(actor: Actor) -> dict[str, Any]:
    row = switch.switch()
    people = names({one for one in (row.asked_by, row.enabled_by, row.stopped_by) if one})
    waits = not row.is_on and row.asked_by is not None
    return {
        "row": row,
        "why_not": readiness.why_not_now(),
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
