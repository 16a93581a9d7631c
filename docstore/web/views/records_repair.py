"""Putting a good copy where a paper's bytes were lost or changed: what was found, who asked, who approves."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.queries import names
from docstore.core.errors import NotFound, Refusal
from docstore.documents.models import Version
from docstore.retention import repairs
from docstore.web.forms.records import ReasonForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

ACTS: dict[str, Callable[..., object]] = {"ask": repairs.ask_for_repair, "approve": repairs.approve_repair}


@page("GET", "POST")
def repair_version(request: HttpRequest, actor: Actor, *, stored_id: UUID) -> HttpResponseBase:
    """The one step that this person can take towards a repair."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    version = repairs.faulty_version(actor, stored_id)
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise NotFound
        if form.is_valid():
            try:
                act(by=actor, version_id=stored_id, reason=form.cleaned_data["reason"])
            except Refusal as refusal:
                form.take(refusal)
            else:
                messages.success(request, _("Done. It is written down, with your reason."))
                return see_other(reverse("records-stored"))
    context = {"form": form, "version": version, "places": places("stored"), **_state(actor, version)}
    return render(request, "docstore/records/repair.html", context, status=422 if form.errors else 200)


def _state(actor: Actor, version: Version) -> dict[str, Any]:
    row = repairs.open_repair(version)
    asked_by = names({row.asked_by}).get(row.asked_by, "") if row and row.asked_by else ""
    is_own = row is not None and row.asked_by == actor.user_id
    act = ("approve" if row else "ask") if version.fixity_fault and not is_own else ""
    return {"row": row, "asked_by": asked_by, "waits_for_another": is_own, "act": act}
