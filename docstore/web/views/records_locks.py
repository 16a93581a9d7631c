"""Locks that nobody can undo, for the papers under one class: what they mean, who asked, who confirms."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core import conf
from docstore.retention import class_locks
from docstore.retention.lock_models import ClassLock
from docstore.retention.models import DisposalClass
from docstore.web.forms.records import ReasonForm
from docstore.web.views import records_steps
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

ACTS: dict[str, Callable[..., object]] = {
    "ask": class_locks.ask_for_compliance,
    "confirm": class_locks.confirm_compliance,
}


@page("GET", "POST")
def show_class_lock(request: HttpRequest, actor: Actor, *, class_id: int) -> HttpResponseBase:
    """Say that it is irreversible, and take the one step that this person can take."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    kind, row = class_locks.lock_of(actor, class_id)
    if request.method == "POST" and records_steps.take(request, form, ACTS, by=actor, class_id=class_id):
        return see_other(reverse("class-lock", kwargs={"class_id": class_id}))
    context = {"form": form, "class": kind, "places": places("schedules"), **_state(actor, kind, row)}
    return render(request, "docstore/records/class-lock.html", context, status=422 if form.errors else 200)


def _state(actor: Actor, kind: DisposalClass, row: ClassLock | None) -> dict[str, Any]:
    people = names({one for one in (row.asked_by, row.confirmed_by) if one}) if row else {}
    return {
        "row": row,
        "asked_by": people.get(row.asked_by, "") if row and row.asked_by else "",
        "confirmed_by": people.get(row.confirmed_by, "") if row and row.confirmed_by else "",
        "days": conf.get().vault_lock_days,
        "act": _act(actor, kind, row),
        "waits_for_another": row is not None and not row.is_on and row.asked_by == actor.user_id,
    }


def _act(actor: Actor, kind: DisposalClass, row: ClassLock | None) -> str:
    """The one act that makes sense now for this person; none where there is none."""
    if not kind.regulatory or (row is not None and row.is_on):
        return ""
    if row is None:
        return "ask" if actor.may(Permission.DEFINE_SCHEDULES) else ""
    return "confirm" if actor.may(Permission.APPROVE_SCHEDULES) and row.asked_by != actor.user_id else ""
