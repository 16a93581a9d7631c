"""Disposal lists: all of them, one with its items and decisions, and the acts that lead to its certificate."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core import conf
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import page as rows_page
from docstore.retention import approvals, certificates, decisions, execution, lists, switch
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import (
    Decision,
    DisposalList,
    ItemState,
    ListItem,
    ListStatus,
)
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

AT_ONCE = 100
FILTERS = ("class", "decision", "due_before")
STATUSES = {
    ListStatus.DRAFT: gettext_lazy("Being decided"),
    ListStatus.SUBMITTED: gettext_lazy("Waits for approval"),
    ListStatus.APPROVED: gettext_lazy("Cooling off"),
    ListStatus.CARRYING_OUT: gettext_lazy("Being carried out"),
    ListStatus.STOPPED: gettext_lazy("Stopped"),
    ListStatus.DONE: gettext_lazy("Done"),
    ListStatus.DONE_WITH_EXCEPTIONS: gettext_lazy("Done, with exceptions"),
    ListStatus.CANCELLED: gettext_lazy("Taken back"),
    ListStatus.EXPIRED: gettext_lazy("Expired"),
}


@page("GET", "POST")
def list_lists(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Every disposal list, and the button that makes one of what is due now."""
    actor.require(Permission.MANAGE_RECORDS)
    if request.method == "POST":
        try:
            made = lists.make_list(by=actor)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return see_other(reverse("disposal-lists"))
        return see_other(_url(made))
    found = rows_page(lists.lists_of(actor), keys=("-made_at", "id"), cursor=request.GET.get("cursor"), limit=AT_ONCE)
    people = names({one.made_by for one in found.rows if one.made_by})
    context = {
        "rows": [
            {
                "made": one,
                "url": _url(one),
                "by": people.get(one.made_by) if one.made_by else None,
                "status": _status(one),
            }
            for one in found.rows
        ],
        "next": found.next,
        "why_not": switch.why_not_now(),
        "may_make": actor.may(Permission.MAKE_DISPOSAL_LISTS),
        "places": places("disposal"),
    }
    return render(request, "docstore/records/disposal-lists.html", context)


@page("GET")
def show_list(request: HttpRequest, actor: Actor, *, list_id: UUID) -> HttpResponse:
    """One list: how much would go, each item with why and what was decided, who did what, and what can be done now."""
    made = lists.get_list(actor, list_id)
    wanted = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    found = rows_page(
        decisions.filtered(made, wanted), keys=("place",), cursor=request.GET.get("cursor"), limit=AT_ONCE
    )
    approved = list(made.approvals.filter(voided_at=None, is_yes=True))
    people = names({one for one in (made.made_by, *(yes.approver for yes in approved)) if one})
    context = {
        "made": made,
        "status": _status(made),
        "items": [_item(one) for one in found.rows],
        "matching": decisions.filtered(made, wanted).filter(state=ItemState.LISTED).count(),
        "filters": wanted,
        "classes": sorted(set(made.items.values_list("class_code", flat=True))),
        "next": found.next,
        "figures": _figures(made),
        "made_by": people.get(made.made_by, "Docstore") if made.made_by else "Docstore",
        "approvals": [{"by": people.get(one.approver), "at": one.decided_at, "stage": one.stage} for one in approved],
        "stage": len(approved) + 1,
        "is_maker": actor.user_id in approvals.people_before(made),
        "cooling_days": conf.get().disposal.cooling_days,
        "why_not": switch.why_not_now(),
        "certificate": getattr(made, "certificate", None) if made.is_finished else None,
        "places": places("disposal"),
    }
    return render(request, "docstore/records/disposal-list.html", context)


@page("POST")
def act_on_list(request: HttpRequest, actor: Actor, *, list_id: UUID, act: str) -> HttpResponse:
    """Do one act on a list; what is refused is said on the list's own page, and nothing is lost."""
    made = lists.get_list(actor, list_id)
    if act not in ACTS:
        raise NotFound
    try:
        ACTS[act](request, actor, list_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return see_other(_url(made))


@page("GET")
def send_certificate(request: HttpRequest, actor: Actor, *, certificate: str) -> HttpResponse:
    """A certificate as PDF."""
    issued = certificates.certificate_by_number(actor, certificate)
    response = HttpResponse(certificates.pdf_of(issued), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{issued.number}.pdf"'
    return response


def _decide(request: HttpRequest, actor: Actor, list_id: UUID) -> None:
    posted = request.POST
    said = Said(Decision(posted.get("decision", Decision.APPROVE)), posted.get("reason", ""))
    if posted.get("group") == "filter":
        wanted = {name: posted[f"filter-{name}"] for name in FILTERS if posted.get(f"filter-{name}")}
        decisions.decide(by=actor, list_id=list_id, said=said, filters=wanted)
    else:
        ticked = [UUID(one) for one in posted.getlist("item")]
        decisions.decide(by=actor, list_id=list_id, said=said, items=ticked)


def _approve(request: HttpRequest, actor: Actor, list_id: UUID) -> None:
    stage = int(request.POST.get("stage", "1") or 1)
    approvals.approve(by=actor, list_id=list_id, stage=stage, confirm=request.POST.get("confirm", ""))


ACTS: dict[str, Callable[[HttpRequest, Actor, UUID], object]] = {
    "decide": _decide,
    "submit": lambda request, actor, list_id: lists.submit(by=actor, list_id=list_id),
    "approve": _approve,
    "reject": lambda request, actor, list_id: approvals.reject(
        by=actor, list_id=list_id, reason=request.POST.get("reason", "") or _("Sent back.")
    ),
    "cancel": lambda request, actor, list_id: lists.cancel(
        by=actor, list_id=list_id, reason=request.POST.get("reason", "")
    ),
    "carry-out": lambda request, actor, list_id: execution.carry_out(by=actor, list_id=list_id),
    "stop": lambda request, actor, list_id: execution.stop(
        by=actor, list_id=list_id, reason=request.POST.get("reason", "")
    ),
}


def _url(made: DisposalList) -> str:
    return reverse("disposal-list", kwargs={"list_id": made.pk})


def _status(made: DisposalList) -> str:
    return str(STATUSES[ListStatus(made.status)])


def _item(row: ListItem) -> dict[str, Any]:
    return {"row": row, "because": row.because[:2], "can_decide": row.state == ItemState.LISTED}


def _figures(made: DisposalList) -> dict[str, int]:
    items = made.items
    return {
        "undecided": items.filter(state=ItemState.LISTED, decision="").count(),
        "kept": items.filter(state__in=[ItemState.KEPT, ItemState.WITHDRAWN, ItemState.SKIPPED]).count(),
        "going": items.filter(decision=Decision.APPROVE)
        .exclude(state__in=[ItemState.WITHDRAWN, ItemState.SKIPPED])
        .count(),
        "destroyed": items.filter(state=ItemState.DESTROYED).count(),
    }
