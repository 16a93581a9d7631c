"""The intake board: what stations sent, what is missing, what stopped; batches one by one, and asking for the rest."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound, Refusal
from docstore.intake import boards, chasing, queries
from docstore.intake.following import followed
from docstore.reading.actions import retry_parked
from docstore.web import dates, intakeshown
from docstore.web.views.door import page, see_other

WORDS = {
    "intake.check": "Checking a scanned paper",
    "intake.guard": "Looking whether a paper lies on the wrong case",
    "intake.place": "Finding the case of a scanned paper",
    "intake.settle": "Settling a batch",
    "reading.check": "The virus check",
    "reading.open": "Opening the file and making its pictures",
    "reading.page": "Reading a page",
    "reading.unpack": "Taking files out of a message",
    "reading.picture": "Making the picture of a page",
    "search.index": "Entering it into search",
}


@page("GET")
def show_board(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Stations on a day, with figures and bars; batches that are not finished; work that stopped."""
    actor.require(Permission.SEE_INTAKE)
    asked = request.GET.get("day", "")
    day = dates.parse_iso(asked) or dates.parse_day(asked) or clock.today()
    rows = [intakeshown.row(line) for line in boards.board(actor, day)]
    waiting = boards.waiting_exceptions(actor) if actor.may(Permission.DECIDE_EXCEPTIONS) else None
    oldest = waiting.first() if waiting is not None else None
    context = {
        "places": intakeshown.navigation(actor, "board"),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == clock.today(),
        "stations": rows,
        "silent": [one.name for one in rows if one.is_silent],
        "unfinished": [_unfinished(one) for one in boards.unfinished(actor)],
        "overdue": sum(one.is_overdue for one in boards.unfinished(actor)),
        "exceptions": waiting.count() if waiting is not None else 0,
        "oldest": oldest.raised_at if oldest else None,
        "may_decide": actor.may(Permission.DECIDE_EXCEPTIONS),
        "rows": _stopped(actor),
        "may_retry": actor.may(Permission.MANAGE_JOBS),
    }
    return render(request, "docstore/intake/board.html", context)


@page("GET")
def list_batches(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Find batches by name, control number or case number."""
    actor.require(Permission.SEE_INTAKE)
    words = request.GET.get("words", "")[:100]
    rows = [
        {"batch": one, "state": intakeshown.batch_mark(one), "url": _batch_url(one.pk)}
        for one in boards.find_batches(actor, words)
    ]
    context = {"places": intakeshown.navigation(actor, "batches"), "words": words, "rows": rows}
    return render(request, "docstore/intake/batches.html", context)


@page("GET")
def show_batch(request: HttpRequest, actor: Actor, *, batch_id: UUID) -> HttpResponseBase:
    """One batch: its items with reasons, its receipt in words, and what happened to it."""
    actor.require(Permission.SEE_INTAKE)
    batch = boards.get_batch(actor, batch_id)
    found = followed(batch)
    context = {
        "places": intakeshown.navigation(actor, "batches"),
        "batch": batch,
        "state": intakeshown.batch_mark(batch),
        "found": found,
        "pages": sum(one.pages or 0 for one in found.items),
        "items": [{"item": one, "state": intakeshown.item_mark(one)} for one in found.items],
        "things": batch.non_scannable.all(),
        "events": [{"event": one, "said": intakeshown.event_words(one)} for one in boards.events_of(batch)[:200]],
        "may_chase": not batch.is_settled,
    }
    return render(request, "docstore/intake/batch.html", context)


@page("POST")
def chase(request: HttpRequest, actor: Actor, *, batch_id: UUID) -> HttpResponseBase:
    """Ask a station for what is missing."""
    try:
        batch = chasing.chase_batch(by=actor, batch_id=batch_id)
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("%(station)s is asked for it.") % {"station": batch.station.name})
    return see_other(reverse("intake"))


@page("POST")
def retry(request: HttpRequest, actor: Actor, *, job_id: int) -> HttpResponseBase:
    """Try a piece of work again."""
    retry_parked(by=actor, job_id=job_id)
    messages.success(request, _("It is being tried again."))
    return see_other(reverse("intake"))


def _unfinished(one: boards.Unfinished) -> dict[str, object]:
    return {
        "batch": one.batch,
        "url": _batch_url(one.batch.pk),
        "missing": ", ".join(map(str, one.missing[:20])) + (" …" if len(one.missing) > 20 else ""),
        "count": len(one.missing),
        "is_overdue": one.is_overdue,
        "may_chase": bool(one.missing) or one.batch.is_open,
    }


def _stopped(actor: Actor) -> list[dict[str, object]]:
    return [
        {
            "job_id": one.job_id,
            "what": WORDS.get(one.name, one.name) + (f" {one.page}" if one.page else ""),
            "reason": one.reason or "No reason was given.",
            "since": one.since,
            "attempts": one.attempts,
            "title": one.document.title,
            "url": reverse("document", kwargs={"document_id": one.document.pk}),
        }
        for one in queries.parked(Scope.of(actor))
    ]


def _batch_url(batch_id: UUID) -> str:
    return reverse("batch", kwargs={"batch_id": batch_id})
