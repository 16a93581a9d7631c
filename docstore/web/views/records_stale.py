"""Cases that have lain open for years: what speaks for closing each, and a person's word on it (RET-C16)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core.errors import Refusal
from docstore.retention import desk, stale, tiles
from docstore.retention.queries import case_record
from docstore.web import exports, words
from docstore.web.forms.records import ProposalForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places

AT_ONCE = 50
COLUMNS = ("case", "title", "last sign of life", "confidence")


@page("GET")
def list_stale(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Cases that are proposed for closing, and what speaks for it."""
    actor.require(Permission.MANAGE_RECORDS)
    rows = []
    for one in tiles.proposals(actor)[: exports.MOST if exports.wanted(request) else AT_ONCE]:
        case, title = desk.named_one(actor, case_record(one.case))
        shown: dict[str, Any] = {"url": reverse("case-retention", kwargs={"case_id": one.case}), "title": title}
        told = {"reference": words.main_reference(case), "last": one.last_activity_on, "confidence": one.confidence}
        rows.append({**shown, **told, "decide_url": reverse("decide-stale", kwargs={"proposal_id": one.pk})})
    if sent := exports.asked(request, actor, "cases that have lain open", COLUMNS, lambda: map(_line, rows)):
        return sent
    context = {
        "rows": rows,
        "files": exports.links(request),
        "may": actor.may(Permission.RECORD_TRIGGERS),
        "places": places("stale"),
    }
    return render(request, "docstore/records/stale.html", context)


def _line(shown: dict[str, Any]) -> list[str]:
    return [shown["reference"], shown["title"], shown["last"].isoformat(), str(shown["confidence"])]


@page("GET", "POST")
def decide_stale(request: HttpRequest, actor: Actor, *, proposal_id: int) -> HttpResponseBase:
    """Close the case as proposed, or say that it stays open."""
    row = stale.proposal_seen(actor, proposal_id)
    case, _title = desk.named_one(actor, case_record(row.case))
    form = ProposalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        accepted = given["verdict"] == "close"
        try:
            stale.decide(
                by=actor, proposal_id=proposal_id, accepted=accepted, outcome=given["outcome"], reason=given["reason"]
            )
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("The case is closed.") if accepted else _("The case stays open."))
            return see_other(reverse("records-stale"))
    context = {
        "form": form,
        "label": _("Decide on %(number)s") % {"number": words.main_reference(case)},
        "hint": _("Its clock would start from the last sign of life and be marked as inferred."),
        "back": reverse("records-stale"),
    }
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)
