"""The start page, the day list, and the landing page of records."""

from datetime import timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.models import Hearing
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.intake import queries as intake
from docstore.web import dates, shown
from docstore.web.views.door import page

RECENT = 10


@page("GET")
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is listed today, my newest cases, and what I can act on."""
    scope = Scope.of(actor)
    waiting = intake.parked(scope) if actor.may(Permission.MANAGE_JOBS) else []
    context = {
        "today": clock.today(),
        "sittings": [
            _sitting(one) for one in sorted(queries.hearings_on(scope, clock.today()), key=lambda one: one.starts_at)
        ],
        "is_court_staff": actor.is_court_staff,
        "cases": [shown.case(one) for one in queries.list_cases(scope, limit=RECENT).rows],
        "waiting": len(waiting),
        "may_see_day": actor.may(Permission.SEE_DAY_LIST),
        "may_manage_jobs": actor.may(Permission.MANAGE_JOBS),
        "opens_cases": bool(scope.grants),
    }
    return render(request, "docstore/start.html", context)


@page("GET")
def day_list(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Today's hearings by courtroom, or another day's with ?day=2026-11-24."""
    actor.require(Permission.SEE_DAY_LIST)
    scope = Scope.of(actor)
    day = dates.parse_iso(request.GET.get("day", "")) or clock.today()
    rows = queries.hearings_on(scope, day)
    rooms = [
        {"name": room, "court": court, "sittings": [_sitting(one) for one in inside]}
        for (court, room), inside in groupby(
            sorted(rows, key=lambda one: (one.court.name, one.room, one.starts_at)),
            key=lambda one: (one.court.name, one.room),
        )
    ]
    context = {
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == clock.today(),
        "rooms": rooms,
        "count": len(rows),
        "courts": len({one.court_id for one in rows}),
        "as_at": dates.time_of_day(clock.now()),
    }
    return render(request, "docstore/day.html", context)


@page("GET")
def show_records(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What records managers will find here, and what they can do already."""
    actor.require(Permission.MANAGE_RECORDS)
    return render(request, "docstore/records.html")


def _sitting(row: Hearing) -> dict[str, object]:
    return {
        "at": row.starts_at,
        "case": shown.case(row.case),
        "kind": row.kind,
        "room": row.room,
        "url": reverse("case", kwargs={"case_id": row.case_id}),
    }
