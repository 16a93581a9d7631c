"""Disposal lists: all of them, one with its items and decisions, and the acts that lead to its certificate."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import names
from docstore.core import clock, conf
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import page as rows_page
from docstore.retention import approvals, decisions, desk, disposal_desk, execution, lists, pace, readiness
from docstore.retention.disposal_models import OFF_SCHEDULE, DisposalList, ListStatus
from docstore.web import disposalshown, exports
from docstore.web.disposalshown import ITEM_COLUMNS, LIST_COLUMNS
from docstore.web.forms.disposal import ApproveForm, DecideForm, ListFilterForm, NewListForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

AT_ONCE = 100


@page("GET", "POST")
def list_lists(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Every disposal list, and the button that makes one of what is due now."""
    actor.require(Permission.MANAGE_RECORDS)
    form = NewListForm(
        request.POST if request.method == "POST" else None, courts=desk.managed(actor), classes=desk.classes_in_use()
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = lists.make_list(by=actor, **form.narrowed())
        except Refusal as refusal:
            form.take(refusal)
        else:
            return see_other(_url(made))
    in_backups = request.GET.get("show") == "backups"
    wanted = disposal_desk.lists_in_backups(actor) if in_backups else lists.lists_of(actor)
    if sent := exports.asked(request, actor, "disposal lists", LIST_COLUMNS, lambda: map(disposalshown.line, wanted)):
        return sent
    found = rows_page(wanted, keys=("-made_at", "id"), cursor=request.GET.get("cursor"), limit=AT_ONCE)
    people = names({one.made_by for one in found.rows if one.made_by})
    context = {
        "rows": [
            {
                "made": one,
                "url": _url(one),
                "by": people.get(one.made_by) if one.made_by else None,
                "status": disposalshown.status(one),
            }
            for one in found.rows
        ],
        "form": form,
        "files": exports.links(request),
        "next_url": f"?{'show=backups&' if in_backups else ''}cursor={found.next}" if found.next else "",
        "in_backups": in_backups,
        "why_not": readiness.why_not_now(),
        "may_make": actor.may(Permission.MAKE_DISPOSAL_LISTS),
        "places": places("disposal"),
    }
    return render(request, "docstore/records/disposal-lists.html", context, status=422 if form.errors else 200)


@page("GET")
def show_list(request: HttpRequest, actor: Actor, *, list_id: UUID) -> HttpResponseBase:
    """One list: how much would go, each item with why and what was decided, who did what, and what can be done now."""
    return _show(request, actor, lists.get_list(actor, list_id))


@page("POST")
def act_on_list(request: HttpRequest, actor: Actor, *, list_id: UUID, act: str) -> HttpResponseBase:
    """Do one act on a list; what is refused is said on the list's own page, with everything that was typed."""
    made = lists.get_list(actor, list_id)
    if act == "decide":
        return _decide(request, actor, made)
    if act == "approve":
        return _approve(request, actor, made)
    if act not in ACTS:
        raise NotFound
    try:
        ACTS[act](request, actor, list_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done."))
    return see_other(_url(made))


def _show(
    request: HttpRequest,
    actor: Actor,
    made: DisposalList,
    *,
    decide: DecideForm | None = None,
    approve: ApproveForm | None = None,
) -> HttpResponseBase:
    filters = ListFilterForm(request.POST if decide else request.GET, classes=disposal_desk.classes_on(made))
    wanted = filters.wanted()
    matching = decisions.filtered(made, wanted)
    name, lines = f"disposal list {made.number}", matching.order_by("place")[: exports.MOST]
    if sent := exports.asked(request, actor, name, ITEM_COLUMNS, lambda: map(disposalshown.item_line, lines)):
        return sent
    found = rows_page(matching, keys=("place",), cursor=request.GET.get("cursor"), limit=AT_ONCE)
    approved = list(made.approvals.filter(voided_at=None, is_yes=True))
    query = request.GET.copy()
    query["cursor"] = found.next or ""
    context = {
        "made": made,
        "status": disposalshown.status(made),
        "ground": disposalshown.ground(made),
        "items": disposalshown.rows(actor, found.rows),
        "matching": matching.count(),
        "to_decide": matching.filter(state="listed").count(),
        "filter": filters,
        "files": exports.links(request),
        "form": decide or DecideForm(None, classes=desk.classes_in_use()),
        "approve": approve or ApproveForm(None, initial={"stage": len(approved) + 1}),
        "next_url": f"{_url(made)}?{query.urlencode()}" if found.next else "",
        "figures": disposal_desk.figures_of(made),
        "why_not": readiness.why_not_now(),
        "why_waiting": pace.why_waiting() if made.status == ListStatus.CARRYING_OUT else "",
        **_proof(made),
        "places": places("disposal"),
        **_way(actor, made, approved),
    }
    wrong = bool((decide and decide.errors) or (approve and approve.errors))
    return render(request, "docstore/records/disposal-list.html", context, status=422 if wrong else 200)


def _way(actor: Actor, made: DisposalList, approved: list[Any]) -> dict[str, Any]:
    """The way that a list has to go, and who has gone how far on it."""
    people = names({one for one in (made.made_by, made.carried_out_by, *(yes.approver for yes in approved)) if one})
    cooling = conf.get().disposal.cooling_days
    return {
        "made_by": people.get(made.made_by, "Docstore") if made.made_by else "Docstore",
        "approvals": [{"by": people.get(one.approver), "at": one.decided_at, "stage": one.stage} for one in approved],
        "heading": _heading(made),
        "is_maker": actor.user_id in approvals.people_before(made),
        "may_approve": actor.may(Permission.APPROVE_DISPOSAL),
        "cooling_days": cooling,
        "cooling_hours": conf.get().disposal.grace_hours if made.ground in OFF_SCHEDULE else 0,
        "cools_until": made.cooling_until or clock.now() + timedelta(days=cooling),
        "has_cooled": made.cooling_until is not None and clock.now() >= made.cooling_until,
        "backups_until": clock.today() + timedelta(days=conf.get().disposal.backup_days),
    }


def _proof(made: DisposalList) -> dict[str, Any]:
    certificate = getattr(made, "certificate", None) if made.is_finished else None
    return {
        "certificate": certificate,
        "is_expunged": certificate is not None and certificate.is_expunged(clock.today()),
    }


def _heading(made: DisposalList) -> str:
    chosen = conf.get().disposal
    if made.ground in OFF_SCHEDULE:
        return _("%(people)s people, then %(hours)s hours") % {"people": made.stages + 1, "hours": chosen.grace_hours}
    return _("%(people)s people, then %(days)s days") % {"people": made.stages + 1, "days": chosen.cooling_days}


def _decide(request: HttpRequest, actor: Actor, made: DisposalList) -> HttpResponseBase:
    form = DecideForm(request.POST, classes=desk.classes_in_use())
    wanted = ListFilterForm(request.POST, classes=disposal_desk.classes_on(made)).wanted()
    if form.is_valid():
        by_filter = {"filters": wanted, "expected": form.cleaned_data["count"]} if form.is_by_filter else {}
        try:
            count = decisions.decide(
                by=actor, list_id=made.pk, said=form.said(), **(by_filter or {"items": form.ticked})
            )
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Decided for %(count)s of the list.") % {"count": count})
            return see_other(_url(made))
    return _show(request, actor, made, decide=form)


def _approve(request: HttpRequest, actor: Actor, made: DisposalList) -> HttpResponseBase:
    form = ApproveForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        told = {name: given[name] for name in ("stage", "confirm", "comment")}
        try:
            after = approvals.approve(by=actor, list_id=made.pk, **told)
        except Refusal as refusal:
            form.take(refusal)
        else:
            waits = after.status == ListStatus.SUBMITTED
            messages.success(request, _("Approved. It waits for one more.") if waits else _("Approved. It cools off."))
            return see_other(_url(made))
    return _show(request, actor, made, approve=form)


ACTS: dict[str, Callable[[HttpRequest, Actor, UUID], object]] = {
    "submit": lambda request, actor, list_id: lists.submit(by=actor, list_id=list_id),
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
    "leave-rest": lambda request, actor, list_id: execution.leave_rest(
        by=actor, list_id=list_id, reason=request.POST.get("reason", "")
    ),
}


def _url(made: DisposalList) -> str:
    return reverse("disposal-list", kwargs={"list_id": made.pk})
