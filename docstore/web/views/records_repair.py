"""Putting a good copy where a paper's bytes were lost or changed: what was found, who asked, who approves."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.queries import names
from docstore.documents.models import Version
from docstore.retention import repairs
from docstore.web.forms.records import ReasonForm
from docstore.web.views import records_steps
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

ACTS: dict[str, Callable[..., object]] = {"ask": repairs.ask_for_repair, "approve": repairs.approve_repair}


@page("GET", "POST")
def repair_version(request: HttpRequest, actor: Actor, *, stored_id: UUID) -> HttpResponseBase:
    """The one step that this person can take towards a repair."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    version = repairs.faulty_version(actor, stored_id)
    if request.method == "POST" and records_steps.take(request, form, ACTS, by=actor, version_id=stored_id):
        return see_other(reverse("records-stored"))
    context = {"form": form, "version": version, "places": places("stored"), **_state(actor, version)}
    return render(request, "docstore/records/repair.html", context, status=422 if form.errors else 200)


def _state(actor: Actor, version: Version) -> dict[str, Any]:
    row = repairs.open_repair(version)
    asked_by = names({row.asked_by}).get(row.asked_by, "") if row and row.asked_by else ""
    is_own = row is not None and row.asked_by == actor.user_id
    act = ("approve" if row else "ask") if version.fixity_fault and not is_own else ""
    return {"row": row, "asked_by": asked_by, "waits_for_another": is_own, "act": act}
