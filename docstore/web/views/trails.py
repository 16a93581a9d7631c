"""Who did what: the history of a case for those who keep it, and the whole trail for auditors.

The addresses hold ids and days only; names and numbers are typed into a form and turned into ids.
"""

import json
from collections.abc import Collection
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit import evidence
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import entries
from docstore.cases import queries
from docstore.cases.change import case_stream
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.paging import Slice
from docstore.documents import trails
from docstore.documents.trails import Asked
from docstore.web import dates, shown
from docstore.web.forms.trails import TrailForm
from docstore.web.views.door import page, see_other

AT_ONCE = 50


@page("GET")
def show_case_history(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """What happened on a case, by whom and why, newest first."""
    scope = Scope.of(actor)
    case = queries.get_case(scope, case_id)
    everything = request.GET.get("show") == "everything"
    cursor = request.GET.get("after")
    found = trails.read_case_trail(by=actor, case_id=case_id, everything=everything, cursor=cursor, limit=AT_ONCE)
    context = {
        "case": shown.case(case),
        "places": shown.places(scope, case, here="history"),
        "everything": everything,
        "days": _days(
            found.rows,
            titles=trails.titles_for(scope, {one.document for one in found.rows if one.document}),
            hidden=trails.hidden_from(actor),
        ),
        "standing": evidence.standing_of(case_stream(case_id)),
        "anchored": evidence.anchored(),
        **_turning(request, found),
    }
    return render(request, "docstore/cases/history.html", context)


@page("GET", "POST")
def show_trail(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What happened anywhere, narrowed by person, case, document, act and days. For auditors."""
    actor.require(Permission.WATCH_ACCESS)
    asked = _asked(request.GET)
    form = TrailForm(request.POST or None, initial=_initial(asked))
    if request.method == "POST" and form.is_valid():
        return see_other(f"?{urlencode({name: str(value) for name, value in form.cleaned_data.items() if value})}")
    found = trails.read_trail(by=actor, asked=asked, cursor=request.GET.get("after"), limit=AT_ONCE)
    numbers = trails.case_numbers({one.case for one in found.rows if one.case})
    context = {
        "form": form,
        "days": _days(found.rows, numbers=numbers, hidden=trails.hidden_from(actor)),
        "anchored": evidence.anchored(),
        "asked": {
            name: getattr(asked, name) or "" for name in ("person", "case", "document", "event", "since", "until")
        },
        "is_narrowed": asked != Asked(),
        **_turning(request, found),
    }
    return render(request, "docstore/trail.html", context, status=422 if form.errors else 200)


@page("POST")
def take_away(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The same as a table for a spreadsheet."""
    lines = trails.take_trail_away(by=actor, asked=_asked(request.POST))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trail-{clock.today():%Y-%m-%d}.csv"'
    return response


@page("GET")
def take_evidence_away(request: HttpRequest, actor: Actor, *, case_id: UUID) -> HttpResponse:
    """The history of a case as evidence: what ops/verify_evidence.py checks without this server."""
    told = trails.take_evidence_away(by=actor, case_id=case_id)
    response = HttpResponse(json.dumps(told), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="history-{case_id}.json"'
    return response


def _asked(given: QueryDict) -> Asked:
    """Read what is asked from an address; what is not understood narrows nothing."""
    event = given.get("event", "")
    return Asked(
        person=_uuid(given.get("person", "")),
        case=_uuid(given.get("case", "")),
        document=_uuid(given.get("document", "")),
        event=event if event in set(Event) else "",
        since=dates.parse_iso(given.get("since", "")),
        until=dates.parse_iso(given.get("until", "")),
    )


def _initial(asked: Asked) -> dict[str, str]:
    """Show again what was typed: the form speaks of names and numbers, the address of ids."""
    numbers = trails.case_numbers({str(asked.case)}) if asked.case else {}
    return {
        "person": access.names({asked.person}).get(asked.person, "") if asked.person else "",
        "case": numbers.get(str(asked.case), ""),
        "document": str(asked.document or ""),
        "event": asked.event,
        "since": _in_figures(asked.since),
        "until": _in_figures(asked.until),
    }


def _days(
    rows: list[AuditEvent],
    *,
    hidden: Collection[Event],
    titles: dict[str, str] | None = None,
    numbers: dict[str, str] | None = None,
) -> list[dict[str, object]]:
    """Return events day by day, each in words with who did it and the reason that they gave."""
    people = access.names({UUID(one.actor) for one in rows if one.actor})
    days: dict[date, list[dict[str, object]]] = {}
    for row, entry in zip(rows, entries(rows), strict=True):
        days.setdefault(entry.at.astimezone(clock.COURT_ZONE).date(), []).append(
            {
                "at": dates.time_of_day(entry.at),
                "sentence": _(entry.sentence),
                "who": people.get(UUID(row.actor), "") if row.actor else "Docstore",
                "why": "" if row.type in hidden else str(entry.facts.get("reason") or ""),
                "document": row.document,
                "title": (titles or {}).get(row.document, ""),
                "case": row.case,
                "number": (numbers or {}).get(row.case, ""),
            }
        )
    return [{"day": day, "happenings": inside} for day, inside in days.items()]


def _turning(request: HttpRequest, found: Slice[AuditEvent]) -> dict[str, str]:
    query = request.GET.copy()
    query["after"] = found.next or ""
    return {"next_url": f"?{query.urlencode()}" if found.next else ""}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _in_figures(day: date | None) -> str:
    return f"{day.day} {day.month} {day.year}" if day else ""
