"""The start page and the landing page of records."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries
from docstore.cases.models import Hearing
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents import doubting, listed
from docstore.intake import queries as intake
from docstore.web import dates, daylist, shown
from docstore.web.sites import chosen_court
from docstore.web.views.door import page

RECENT = 10
NEW_SHOWN = 8
LISTED_SHOWN = 8
DOUBTS_SHOWN = 20
NEW_FOR = timedelta(days=21)


@page("GET")
def start(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is listed today where I work, what is new on my cases, my cases, and what I can act on."""
    scope = Scope.of(actor)
    today = clock.today()
    court = chosen_court(request, actor)
    rows, duties = queries.hearings_on(scope, today), queries.duties_of(scope, today)
    rows = [one for one in rows if not court or one.court.code == court]
    mine = _where_i_work(rows, {(one.court_id, one.room) for one in duties})
    visited = queries.visited_cases(scope, limit=RECENT)
    cases = visited or queries.list_cases(scope, court=court, limit=RECENT).rows
    lines = _lines(scope, sorted(mine, key=lambda one: one.starts_at))
    context = {
        "today": today,
        "rooms": sorted({one.room for one in duties}),
        "lines": [one for _, one in lines[:LISTED_SHOWN]],
        "more_lines": max(0, len(lines) - LISTED_SHOWN),
        "late": sum(bool(one.new_at) for _, one in lines),
        "new": _new(scope),
        "is_court_staff": actor.is_court_staff,
        "cases": [shown.case(one) for one in cases],
        "visited": bool(visited),
        "waiting": [*_in_doubt(scope), *(_waiting(scope) if actor.may(Permission.MANAGE_JOBS) else [])],
        "may_act": actor.may(Permission.MANAGE_JOBS) or actor.may(Permission.CONFIRM_DOUBTS),
        "may_see_day": actor.may(Permission.SEE_DAY_LIST),
        "may_manage_jobs": actor.may(Permission.MANAGE_JOBS),
        "opens_cases": bool(scope.grants),
    }
    return render(request, "docstore/start.html", context)


def _where_i_work(rows: list[Hearing], rooms: set[tuple[int, str]]) -> list[Hearing]:
    """The hearings of my courtrooms; all that I may see where I am in none."""
    return [one for one in rows if (one.court_id, one.room) in rooms] if rooms else rows


def _lines(scope: Scope, rows: list[Hearing]) -> list[tuple[Hearing, daylist.Line]]:
    cases = list({one.case_id: one.case for one in rows}.values())
    papers, names = listed.papers_of(scope, cases), listed.section_names(cases)
    since = daylist.morning_of(clock.today())
    return [(one, daylist.line(one, papers[one.case_id], names, since=since)) for one in rows]


def _new(scope: Scope) -> list[dict[str, object]]:
    found = listed.new_papers(scope, since=clock.now() - NEW_FOR, limit=NEW_SHOWN)
    return [
        {
            "when": dates.filed(filing.filed_at),
            "title": document.title,
            "url": reverse("document", kwargs={"document_id": document.pk}),
            "case": shown.case(filing.case),
        }
        for document, filing in found
    ]


def _in_doubt(scope: Scope) -> list[dict[str, object]]:
    """Papers that are held because they may lie on the wrong case."""
    return [
        {
            "title": one.document.title,
            "url": reverse("document", kwargs={"document_id": one.document_id}),
            "reason": doubt.reason,
        }
        for one in doubting.in_doubt(scope)[:DOUBTS_SHOWN]
        if (doubt := doubting.doubt_of(one)) is not None
    ]


def _waiting(scope: Scope) -> list[dict[str, object]]:
    return [
        {
            "title": one.document.title,
            "url": reverse("document", kwargs={"document_id": one.document.pk}),
            "reason": one.reason,
        }
        for one in intake.parked(scope, limit=20)
    ]
