"""Data protection: requests for erasure with their decisions and letter, records of processing, storage limitation."""

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
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import page as rows_page
from docstore.retention import desk, erasures, processing, tiles
from docstore.retention.erasure_models import ErasureFinding, ErasureRequest, RefusalGround, Verdict
from docstore.retention.tiles import Filters
from docstore.retention.titles import named
from docstore.web import exports, recordwords
from docstore.web.forms.protection import GROUNDS, VERDICTS, RequestForm, VerdictForm
from docstore.web.forms.records import ReasonForm
from docstore.web.views.door import page, see_other
from docstore.web.views.records import places, shown_line

AT_ONCE = 50
LIMITS = ("past-maximum", "overdue", "unclassified")
SOON_DAYS = 7
REQUEST_COLUMNS = ("request", "received", "answer by", "answered", "records")
COLUMNS = (
    *("schedule", "class", "category", "controller", "purpose", "lawful basis", "periods", "recipients"),
    *("security", "records", "in force from"),
)


@page("GET")
def show_protection(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Open requests with the day by which each is to be answered, and the two reports."""
    actor.require(Permission.MANAGE_RECORDS)
    may = actor.may(Permission.ANSWER_ERASURE_REQUESTS)
    rows = erasures.requests(actor) if may else ErasureRequest.objects.none()
    if sent := exports.asked(request, actor, "requests to erase", REQUEST_COLUMNS, lambda: map(_request_line, rows)):
        return sent
    found = rows_page(rows, keys=("due_on", "number"), cursor=request.GET.get("cursor"), limit=AT_ONCE)
    counts = tiles.counts(actor)
    context = {
        "rows": [_request(one) for one in found.rows],
        "next_url": f"?cursor={found.next}" if found.next else "",
        "limits": [(counts[key], recordwords.TILES[key], f"{reverse('records-list')}?show={key}") for key in LIMITS],
        "may": may,
        "files": exports.links(request),
        "places": places("protection"),
    }
    return render(request, "docstore/records/protection.html", context)


@page("GET", "POST")
def receive_request(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Write a request down; its records are looked for at once."""
    actor.require(Permission.ANSWER_ERASURE_REQUESTS)
    form = RequestForm(request.POST if request.method == "POST" else None, classes=desk.classes_of_office())
    if request.method == "POST" and form.is_valid():
        try:
            made = erasures.receive(by=actor, told=form.told())
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("It is written down, and the records were looked for."))
            return see_other(_url(made))
    context = {
        "form": form,
        "label": _("A request to erase"),
        "hint": _("It has to be answered within a month. The name is not shown in any list or address."),
        "back": reverse("records-protection"),
    }
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


@page("GET")
def show_request(request: HttpRequest, actor: Actor, *, request_id: UUID) -> HttpResponseBase:
    """One request: every record of the person with class, hold and basis, what was decided, and what comes next."""
    made = erasures.request_seen(actor, request_id)
    return _show(request, actor, made)


@page("POST")
def act_on_request(request: HttpRequest, actor: Actor, *, request_id: UUID, act: str) -> HttpResponseBase:
    """Look again, take more time, or say that it was answered."""
    made = erasures.request_seen(actor, request_id)
    form = ReasonForm(request.POST, prefix="more")
    if act == "extend" and not form.is_valid():
        return _show(request, actor, made, more=form)
    try:
        match act:
            case "search":
                erasures.search_again(by=actor, request_id=request_id)
            case "extend":
                erasures.extend(by=actor, request_id=request_id, reason=form.cleaned_data["reason"])
            case "answer":
                erasures.answer(by=actor, request_id=request_id)
            case _:
                raise NotFound
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done. It is written down."))
    return see_other(_url(made))


@page("GET", "POST")
def decide_finding(request: HttpRequest, actor: Actor, *, finding_id: int) -> HttpResponseBase:
    """Decide on one record of the person."""
    row = erasures.finding_seen(actor, finding_id)
    form = VerdictForm(
        request.POST or None, initial={"verdict": row.verdict, "ground": row.ground, "reason": row.reason}
    )
    if request.method == "POST" and form.is_valid():
        try:
            erasures.decide(by=actor, finding_id=finding_id, said=form.said())
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, _("Decided."))
            return see_other(_url(row.request))
    context = {
        "form": form,
        "label": _("Decide on %(number)s") % {"number": row.reference},
        "hint": _("Kept on this basis: %(basis)s.") % {"basis": row.basis},
        "back": _url(row.request),
    }
    return render(request, "docstore/records/act.html", context, status=422 if form.errors else 200)


@page("GET")
def show_letter(request: HttpRequest, actor: Actor, *, request_id: UUID) -> HttpResponseBase:
    """What a letter to the person has to say, ready to be printed."""
    made = erasures.request_seen(actor, request_id)
    findings = [_finding(one, "") for one in made.findings.exclude(decided_at=None)]
    context = {"made": made, "findings": findings, "back": _url(made), "today": clock.today()}
    return render(request, "docstore/records/erasure-letter.html", context)


@page("GET")
def show_processing(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Records of processing, read from the schedule in force, as a page or as a file (RET-O2)."""
    rows = processing.records_of_processing(actor)
    if sent := exports.asked(request, actor, "records of processing", COLUMNS, lambda: map(_processing_line, rows)):
        return sent
    context = {"rows": rows, "files": exports.links(request), "today": clock.today(), "places": places("processing")}
    return render(request, "docstore/records/processing.html", context)


@page("GET")
def show_limitation(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Records past their maximum, over-retained, or without a class: each part lists exactly what it counts (RET-O3)."""
    actor.require(Permission.MANAGE_RECORDS)
    counts = tiles.counts(actor)
    parts = [
        {
            "name": recordwords.TILES[key],
            "count": counts[key],
            "lines": [shown_line(one) for one in tiles.lines(actor, key, Filters(), cursor=None, limit=AT_ONCE).rows],
            "url": f"{reverse('records-list')}?show={key}",
        }
        for key in LIMITS
    ]
    context = {"parts": parts, "today": clock.today(), "places": places("limitation")}
    return render(request, "docstore/records/limitation.html", context)


def _show(
    request: HttpRequest, actor: Actor, made: ErasureRequest, *, more: ReasonForm | None = None
) -> HttpResponseBase:
    rows = list(made.findings.all())
    titles = named(actor, [one.record for one in rows])
    people = names({one for one in (made.received_by, made.answered_by) if one})
    context: dict[str, Any] = {
        "made": made,
        "shown": _request(made),
        "findings": [_finding(one, titles[one.record].title) for one in rows],
        "undecided": sum(one.decided_at is None for one in rows),
        "received_by": people.get(made.received_by, "") if made.received_by else "",
        "answered_by": people.get(made.answered_by, "") if made.answered_by else "",
        "kept": erasures.kept_for(made).words,
        "more": more or ReasonForm(None, prefix="more"),
        "places": places("protection"),
    }
    return render(request, "docstore/records/erasure.html", context, status=422 if more else 200)


def _request(made: ErasureRequest) -> dict[str, Any]:
    left = (made.due_on - clock.today()).days
    return {
        "row": made,
        "url": _url(made),
        "left": left,
        "is_late": made.is_open and left < 0,
        "is_soon": made.is_open and 0 <= left <= SOON_DAYS,
        "records": made.findings.count(),
    }


def _request_line(made: ErasureRequest) -> list[str]:
    days = [one.isoformat() if one else "" for one in (made.received_on, made.due_on, made.answered_at)]
    return [made.number, *days, str(made.findings.count())]


def _finding(row: ErasureFinding, title: str) -> dict[str, Any]:
    return {
        "row": row,
        "title": title,
        "url": reverse(f"{row.kind}-retention", kwargs={f"{row.kind}_id": row.record_id}),
        "decide_url": reverse("decide-erasure", kwargs={"finding_id": row.pk}),
        "verdict": str(VERDICTS[Verdict(row.verdict)]) if row.verdict else "",
        "ground": str(GROUNDS[RefusalGround(row.ground)]) if row.ground else "",
        "outcome": recordwords.outcome(row.outcome) if row.outcome else None,
    }


def _processing_line(one: processing.Processing) -> tuple[str, ...]:
    return (
        *(one.schedule, one.code, one.category, one.controller, one.purpose, one.basis),
        *(" ".join(one.periods), "; ".join(one.recipients), one.security, str(one.records), one.in_force_from),
    )


def _url(made: ErasureRequest) -> str:
    return reverse("erasure-request", kwargs={"request_id": made.pk})
