"""The records manager's start: what is to be done, the lists behind each figure, what falls due, and what if."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.audit import evidence, timekeeping
from docstore.core import clock
from docstore.retention import desk, disposal_desk, integrity, simulate, tiles
from docstore.retention.models import DisposalClass
from docstore.retention.tiles import Filters, Line
from docstore.retention.vocabulary import RecordKind
from docstore.web import charts, dates, exports, recordwords, words
from docstore.web.forms.records import FilterForm, SimulatorForm
from docstore.web.views.door import page

AT_ONCE = 50
MOST_HOLDS = 5
MONTHS_SHOWN = 12
COLUMNS = ("record", "kind", "case", "title", "court", "class", "version", "outcome", "due_on", "next_action")


@page("GET")
def show_dashboard(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The figures, each a link to exactly what it counts, and what waits for this person."""
    actor.require(Permission.MANAGE_RECORDS)
    counts = tiles.counts(actor)
    groups = [
        (
            name,
            [
                (counts[key], recordwords.TILES[key], _list_url(key))
                for key in keys
                if counts[key] or key in ("due", "held", "all")
            ],
        )
        for name, keys in recordwords.GROUPS
    ]
    context = {
        "groups": groups,
        "waiting": tiles.waiting_for(actor),
        "lists": disposal_desk.lists_waiting_for(actor),
        "lost": disposal_desk.lists_that_lost_records(actor),
        "overdue": tiles.overdue_holds(),
        "proposals": tiles.proposals(actor).count(),
        "backups": disposal_desk.lists_in_backups(actor).count(),
        "holds": desk.holds_in_force(actor)[:MOST_HOLDS],
        "anchored": evidence.anchored(),
        "astray": integrity.astray(actor).count(),
        "clock_off": timekeeping.off_by(),
        "runs": desk.runs_under_way(),
        "chart": _chart(actor),
        "places": places("dashboard"),
    }
    return render(request, "docstore/records/dashboard.html", context)


@page("GET")
def list_records(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The records behind one figure, narrowed by filters, as a page or as a file."""
    actor.require(Permission.MANAGE_RECORDS)
    tile = request.GET.get("show", "all")
    tile = tile if tile in tiles.BY_KEY else "all"
    form = FilterForm(
        request.GET, courts=Court.objects.all(), classes=DisposalClass.objects.all(), holds=desk.holds_in_force(actor)
    )
    filters = _filters(form, request)
    if sent := exports.asked(request, actor, tile, COLUMNS, lambda: _exported(actor, tile, filters)):
        return sent
    found = tiles.lines(actor, tile, filters, cursor=request.GET.get("after"), limit=AT_ONCE)
    query = request.GET.copy()
    query["after"] = found.next or ""
    context = {
        "form": form,
        "tile": tile,
        "what": recordwords.TILES[tile],
        "total": tiles.listed(actor, tile, filters).count(),
        "lines": [shown_line(one) for one in found.rows],
        "next_url": f"?{query.urlencode()}" if found.next else "",
        "files": exports.links(request),
        "places": places("list"),
    }
    return render(request, "docstore/records/list.html", context)


@page("GET")
def show_calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What falls due month by month, as a picture and as a table."""
    actor.require(Permission.MANAGE_RECORDS)
    today = clock.today()
    found = tiles.falling_due(actor, until=date(today.year + 10, 1, 1))
    years: dict[int, int] = {}
    for year, _month, count in found:
        years[year] = years.get(year, 0) + count
    lines = [(f"{year}-{month:02}", str(count)) for year, month, count in found]
    if sent := exports.asked(request, actor, "what falls due", ("month", "records"), lambda: lines):
        return sent
    months = [(_month_name(year, month), count, _due_url(year, month)) for year, month, count in found[:36]]
    context = {
        "chart": _chart(actor),
        "years_chart": charts.chart(_("By year"), [(str(year), str(year), count) for year, count in years.items()]),
        "months": months,
        "files": exports.links(request),
        "places": places("calendar"),
    }
    return render(request, "docstore/records/calendar.html", context)


@page("GET")
def show_simulator(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What would be due on another day, under another wording, without some holds. Writes nothing."""
    actor.require(Permission.MANAGE_RECORDS)
    versions, holds = desk.open_versions(), desk.holds_in_force(actor)
    form = SimulatorForm(request.GET, versions=versions, holds=holds, today=clock.today())
    found = None
    if request.GET and form.is_valid():
        chosen = form.cleaned_data
        version = next((one for one in versions if str(one.pk) == chosen["version"]), None)
        without = {UUID(one) for one in chosen["without"]}
        found = simulate.simulate(actor, as_of=chosen["as_of"], version=version, without=without)
    context = {
        "form": form,
        "found": found,
        "rows": _compared(found) if found else [],
        "newly_due": [shown_line(one) for one in tiles.with_cases(actor, found.newly_due)] if found else [],
        "places": places("simulator"),
    }
    return render(request, "docstore/records/simulator.html", context)


def places(here: str) -> list[dict[str, Any]]:
    """Return the navigation within records: seven places as somebody looks for things, and what lies in the open one."""
    known: tuple[tuple[tuple[str, str, str], ...], ...] = (
        (("dashboard", _("Overview"), "records"),),
        (
            ("list", _("All records"), "records-list"),
            ("calendar", _("What falls due"), "records-calendar"),
            ("simulator", _("What if"), "records-simulator"),
            ("stale", _("Cases that have lain open"), "records-stale"),
        ),
        (("schedules", _("Schedules"), "records-schedules"),),
        (("holds", _("Holds"), "records-holds"),),
        (
            ("disposal", _("Disposal lists"), "disposal-lists"),
            ("transfers", _("Transfers"), "records-transfers"),
            ("destroyed", _("Destroyed"), "records-destroyed"),
            ("switch", _("The switch for destruction"), "destruction-switch"),
        ),
        (
            ("protection", _("Requests to erase"), "records-protection"),
            ("processing", _("Records of processing"), "records-processing"),
            ("limitation", _("Storage-limitation report"), "records-limitation"),
        ),
        (("stored", _("Stored bytes"), "records-stored"),),
    )
    groups = {"list": _("Records"), "disposal": _("Disposal"), "protection": _("Data protection")}
    return [_group(some, groups.get(some[0][0], some[0][1]), here) for some in known]


def _group(some: Sequence[tuple[str, str, str]], name: str, here: str) -> dict[str, Any]:
    is_here = any(key == here for key, _name, _url in some)
    within = [{"name": one, "url": reverse(url), "here": key == here} for key, one, url in some]
    return {
        "name": name,
        "url": reverse(some[0][2]),
        "here": is_here,
        "within": within if is_here and len(some) > 1 else [],
    }


def _list_url(tile: str) -> str:
    return f"{reverse('records-list')}?show={tile}"


def _filters(form: FilterForm, request: HttpRequest) -> Filters:
    given = form.cleaned_data if form.is_valid() else {}
    hold = request.GET.get("hold", "")
    narrowed = ("outcome", "disposal_state", "version", "confidence_below", "drifted")
    return Filters(
        court=given.get("court", ""),
        disposal_class=given.get("disposal_class", ""),
        due_from=given.get("due_from"),
        due_to=given.get("due_to"),
        hold=_uuid(hold),
        **{name: given[name] for name in narrowed if given.get(name)},
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def shown_line(line: Line) -> dict[str, Any]:
    row, case = line.status, line.case
    is_case = row.kind == RecordKind.CASE
    name = "case-retention" if is_case else "document-retention"
    return {
        "url": reverse(name, kwargs={f"{row.kind}_id": row.record_id}),
        "reference": words.main_reference(case) if case else _("Record"),
        "title": line.title or (_("A case") if is_case else _("A document")),
        "court": case.court.name if case else "",
        "class": str(row.disposal_class) if row.disposal_class else "",
        "due": row.due_on,
        "state": recordwords.outcome(row.outcome),
        "flags": ", ".join(row.flags),
    }


def _chart(actor: Actor) -> charts.Chart:
    today = clock.today()
    found = {(year, month): count for year, month, count in tiles.falling_due(actor, until=date(today.year + 2, 1, 1))}
    ahead = [divmod(today.year * 12 + today.month - 1 + at, 12) for at in range(MONTHS_SHOWN)]
    bars = [
        (
            dates.day(date(year, month + 1, 1)).split()[1][:3],
            _month_name(year, month + 1),
            found.get((year, month + 1), 0),
        )
        for year, month in ahead
    ]
    return charts.chart(_("Records that fall due in the next twelve months"), bars)


def _month_name(year: int, month: int) -> str:
    return dates.day(date(year, month, 1)).partition(" ")[2]


def _due_url(year: int, month: int) -> str:
    last = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
    end = date.fromordinal(last)
    return f"{reverse('records-list')}?due_from=1+{month}+{year}&due_to={end.day}+{month}+{year}"


def _compared(found: simulate.Simulation) -> Sequence[tuple[str, int, int]]:
    return [
        (recordwords.outcome(one).text, found.now[one], found.then[one])
        for one in recordwords.OUTCOMES
        if found.now[one] or found.then[one]
    ]


def _exported(actor: Actor, tile: str, filters: Filters) -> list[Sequence[str]]:
    rows = tiles.listed(actor, tile, filters).order_by("id")[: exports.MOST]
    return [_line(one) for one in tiles.with_cases(actor, rows)]


def _line(line: Line) -> Sequence[str]:
    row, case = line.status, line.case
    return (
        str(row.record_id),
        row.kind,
        words.main_reference(case) if case else "",
        line.title,
        row.court.code if row.court else "",
        str(row.disposal_class or ""),
        str(row.class_version.number) if row.class_version else "",
        row.outcome,
        row.due_on.isoformat() if row.due_on else "",
        row.next_action,
    )
