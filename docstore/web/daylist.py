"""The day list as plain values: what is listed where, whether its papers are ready, what came in late.

Knows how a list looks. Which hearings and papers this person sees has been decided in the rooms below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from docstore.cases import expected
from docstore.cases.days import start_of
from docstore.cases.list_models import Duty
from docstore.cases.models import Hearing
from docstore.core import clock
from docstore.documents.listed import Paper, Papers
from docstore.documents.models import Stage
from docstore.web import dates, shown, words
from docstore.web.shown import CaseShown, Mark

MORNING = timedelta(hours=8)
# What came with the case itself is not late, even where the case was opened today.
COMES_WITH_THE_CASE = timedelta(hours=2)
LATE_SHOWN = 6
SEEN = "day list seen"
NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the papers of a case are ready, as a mark and a sentence. `is_ready` counts, `needs` calls a person."""

    mark: Mark
    sentence: str
    is_ready: bool
    needs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One hearing on the list."""

    hearing_id: str
    at: datetime
    case: CaseShown
    kind: str
    room: str
    judges: str
    readiness: Readiness
    new_at: str
    first_url: str
    first_title: str
    change_url: str


@dataclass(frozen=True, slots=True)
class Room:
    """One courtroom with its lines, who works there, and where its cases can be moved."""

    anchor: str
    name: str
    court: str
    code: str
    people: str
    lines: tuple[Line, ...]
    others: tuple[str, ...]
    may_list: bool
    people_url: str


@dataclass(frozen=True, slots=True)
class Late:
    """A paper that came in since the morning on a listed case."""

    at: str
    title: str
    url: str
    case: CaseShown
    sentence: str


def line(row: Hearing, papers: Papers, names: dict[tuple[int, str], str], *, since: datetime) -> Line:
    """Return one hearing with the state of its papers."""
    late = late_papers(row, papers, since=since)
    first = papers.first
    where = {"case_id": row.case_id, "hearing_id": row.pk}
    return Line(
        hearing_id=str(row.pk),
        at=row.starts_at,
        case=shown.case(row.case),
        kind=row.kind,
        room=row.room,
        judges=row.judges,
        readiness=readiness(row, papers, names, late=len(late)),
        new_at=dates.time_of_day(max(one.filed_at for one in late)) if late else "",
        first_url=_page_url(first) if first else "",
        first_title=first.title if first else "",
        change_url=reverse("hearing", kwargs=where),
    )


def late_papers(row: Hearing, papers: Papers, *, since: datetime) -> list[Paper]:
    """Return what was filed on a listed case since the morning, and not with the case itself."""
    after = max(since, row.case.created_at + COMES_WITH_THE_CASE)
    return [one for one in papers.seen if one.filed_at >= after]


def list_seen(request: HttpRequest) -> datetime:
    """Return when this person last looked at today's list; the beginning of time where they have not."""
    kept = parse_datetime(str(request.session.get(SEEN, "")))
    return kept or NEVER


def mark_list_seen(request: HttpRequest) -> None:
    """Keep, in the session, that they are looking at today's list now."""
    request.session[SEEN] = clock.now().isoformat()


def morning_of(day: date) -> datetime:
    """Return the moment from which a filing counts as late for the day's list."""
    return start_of(day) + MORNING


def readiness(row: Hearing, papers: Papers, names: dict[tuple[int, str], str], *, late: int = 0) -> Readiness:
    """Say whether the papers are ready: what is missing or stopped first, then what is still being read."""
    seen, count = papers.seen, _documents(len(papers.seen))
    stopped = sum(one.stage is Stage.QUARANTINED for one in seen)
    missing = papers.missing(expected.sections_for(row.case, row.kind))
    reading = [one for one in seen if one.is_being_read]
    failed = [one for one in seen if one.pages_failed or one.stage is Stage.UNREADABLE]
    if stopped:
        said = _("%(stopped)d of %(count)s may carry a virus and cannot be opened.")
        return Readiness(Mark(_("Quarantined"), "red"), said % {"stopped": stopped, "count": count}, False, True)
    if missing:
        sections = ", ".join(_(names.get((row.case.case_type_id, code), code)) for code in missing)
        said = _("%(count)s. Nothing filed in %(sections)s.") % {"count": count, "sections": sections}
        return Readiness(Mark(_("Not ready"), "red"), said, False, True)
    if reading:
        return Readiness(_reading(reading), _still_read(count, len(reading)), False, bool(late))
    if failed:
        pages = sum(one.pages_failed for one in failed)
        said = _("%(failed)s could not be read. All can be viewed.") % {"failed": shown.pages(pages or len(failed))}
        return Readiness(Mark(_("Partly read"), "yellow"), said, True, bool(late))
    return Readiness(Mark(_("Ready, %(count)s") % {"count": count}), "", True, False)


def _reading(reading: Sequence[Paper]) -> Mark:
    pages, done = sum(one.pages for one in reading), sum(one.pages_done for one in reading)
    if not pages:
        return Mark(_("Being checked"), "blue")
    return Mark(_("Reading %(done)d of %(pages)s") % {"done": done, "pages": shown.pages(pages)}, "blue")


def _still_read(count: str, reading: int) -> str:
    return _("%(count)s, %(reading)d still being read") % {"count": count, "reading": reading}


def _documents(count: int) -> str:
    return ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}


def rooms(lines: Sequence[tuple[Hearing, Line]], duties: Sequence[Duty], *, day: date, listers: set[str]) -> list[Room]:
    """Return the lines by courtroom, in their order; `listers` are the courts whose list this person keeps."""
    grouped: dict[tuple[str, str, str], list[Line]] = {}
    for row, one in lines:
        grouped.setdefault((row.court.name, row.court.code, row.room), []).append(one)
    found = []
    for at, ((court, code, name), inside) in enumerate(grouped.items(), start=1):
        others = [room for _, of, room in grouped if of == code and room != name]
        query = f"?court={code}&room={_quoted(name)}&day={day.isoformat()}"
        found.append(
            Room(
                anchor=f"room-{at}",
                name=name,
                court=court,
                code=code,
                people=people(inside, [one for one in duties if (one.court.code, one.room) == (code, name)]),
                lines=tuple(inside),
                others=tuple(others),
                may_list=code in listers,
                people_url=reverse("courtroom") + query,
            )
        )
    return found


def people(lines: Sequence[Line], duties: Sequence[Duty]) -> str:
    """Return who sits in a room and who works there, as a line of sentences."""
    sitting = list(dict.fromkeys(one.judges for one in lines if one.judges))
    said = [f"{one}." for one in sitting]
    said += [f"{words.role(one.role)}: {one.person.name}." for one in duties]
    return " ".join(said)


def late_list(lines: Sequence[tuple[Hearing, Papers]], *, since: datetime) -> list[Late]:
    """Return what came in since the morning, the newest first."""
    found = [(paper, row) for row, papers in lines for paper in late_papers(row, papers, since=since)]
    unique = {paper.document_id: (paper, row) for paper, row in found}.values()
    return [_late(paper, row) for paper, row in sorted(unique, key=lambda one: one[0].filed_at, reverse=True)]


def _late(paper: Paper, row: Hearing) -> Late:
    side, when = words.side(paper.side).lower(), dates.time_of_day(row.starts_at)
    facts = {"side": side, "kind": row.kind, "when": when, "room": row.room}
    said = _("filed by the %(side)s. %(kind)s at %(when)s in %(room)s.") % facts
    pages = f" {shown.pages(paper.pages)}." if paper.pages else ""
    return Late(
        dates.time_of_day(paper.filed_at), paper.title, _document_url(paper), shown.case(row.case), said + pages
    )


def _page_url(paper: Paper) -> str:
    if not paper.pages:
        return _document_url(paper)
    return reverse("page", kwargs={"document_id": paper.document_id, "number": 1})


def _document_url(paper: Paper) -> str:
    return reverse("document", kwargs={"document_id": paper.document_id})


def _quoted(text: str) -> str:
    return quote(text, safe="")
