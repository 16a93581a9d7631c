"""Taking in a list of hearings as CSV from a listing system. The same list twice changes nothing (DOM-7.1).

A row is found again by its `listing_id`, else by case, day and kind. Rows that fit no case are reported, never guessed.
"""

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.access.queries import court_of
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.actions import list_hearing
from docstore.cases.days import sits_on
from docstore.cases.listing import Listed, change_hearing, listed
from docstore.cases.models import Case, Hearing
from docstore.cases.queries import list_cases
from docstore.cases.scope import Scope
from docstore.core.clock import COURT_ZONE
from docstore.core.errors import Forbidden, Invalid, Refusal

COLUMNS = ("reference", "date", "time", "room", "hearing")
MORE_COLUMNS = ("judges", "listing_id")
MOST_ROWS = 2000
DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y")
TIMES = ("%H:%M", "%H.%M", "%H:%M:%S", "%I:%M%p", "%I%p", "%I.%M%p")


class ListUnreadable(Invalid):
    """This is not a list of hearings: {why}. Save it as CSV with the columns reference, date, time, room, hearing."""

    code = "list-unreadable"


class What(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, with its number in the file."""

    line: int
    reference: str
    on: date
    at: time
    room: str
    kind: str
    judges: str
    listing_id: str

    @property
    def to(self) -> Listed:
        starts_at = datetime.combine(self.on, self.at, tzinfo=COURT_ZONE)
        return Listed(self.room, starts_at, self.kind, self.judges)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line, and why where nothing did."""

    line: int
    reference: str
    what: What
    why: str = ""


@dataclass(slots=True)
class Report:
    """What one list did."""

    results: list[Result] = field(default_factory=list)

    def count(self, what: What) -> int:
        return sum(one.what is what for one in self.results)

    @property
    def unmatched(self) -> list[Result]:
        return [one for one in self.results if one.what is What.UNMATCHED]


def import_hearings(*, by: Actor, court: str, content: bytes) -> Report:
    """List, change or pass over each row of a CSV file; a row that fits nothing keeps no other from being taken."""
    where = court_of(by, court)
    if not any(held.court == court and Permission.LIST_HEARINGS in held.role.permissions for held in by.roles):
        raise Forbidden
    report = Report()
    for one in _rows(content):
        report.results.append(one if isinstance(one, Result) else _take(by, where, one))
    counts: dict[str, object] = {str(what): report.count(what) for what in What}
    facts = counts | {"sha256": hashlib.sha256(content).hexdigest()}
    _record(by, facts)
    return report


@transaction.atomic
def _record(by: Actor, facts: dict[str, object]) -> None:
    record(Event.HEARINGS_IMPORTED, stamp=by.stamp, stream="security", refs={}, facts=facts)


def _rows(content: bytes) -> Iterator[Row | Result]:
    table = csv.DictReader(io.StringIO(_text(content)), restkey="", restval="")
    table.fieldnames = [name.strip().lower().replace(" ", "_") for name in table.fieldnames or ()]
    missing = [name for name in COLUMNS if name not in table.fieldnames]
    if missing:
        raise ListUnreadable(why=f"it has no column called {' or '.join(missing)}")
    try:
        for line, cells in enumerate(table, start=2):
            if line > MOST_ROWS + 1:
                raise ListUnreadable(why=f"it has more than {MOST_ROWS} rows")
            given = {name: str(cells.get(name) or "").strip() for name in (*COLUMNS, *MORE_COLUMNS)}
            if any(given.values()):
                yield _row(line, given)
    except csv.Error as error:
        raise ListUnreadable(why=f"line {table.line_num} cannot be read") from error


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    raise ListUnreadable(why="its letters are in no encoding that we know")


def _row(line: int, given: dict[str, str]) -> Row | Result:
    on, at = _first(given["date"], DAYS), _first(given["time"].lower().replace(" ", ""), TIMES)
    faults = [
        said
        for is_wrong, said in (
            (not given["reference"], "It names no case."),
            (on is None, f"“{given['date'][:20]}” is no date. Write 24/11/2026."),
            (at is None, f"“{given['time'][:20]}” is no time. Write 10:00."),
            (not given["room"], "It names no courtroom."),
            (not given["hearing"], "It does not say what kind of hearing."),
        )
        if is_wrong
    ]
    if faults or on is None or at is None:
        return Result(line, given["reference"][:60], What.UNMATCHED, " ".join(faults))
    return Row(
        line,
        given["reference"][:100],
        on.date(),
        at.time(),
        given["room"][:40],
        given["hearing"][:80],
        given["judges"][:200],
        given["listing_id"][:60],
    )


def _first(text: str, shapes: tuple[str, ...]) -> datetime | None:
    for shape in shapes:
        try:
            return datetime.strptime(text, shape)  # noqa: DTZ007 - a civil date or time of day; its zone is the courts'
        except ValueError:
            continue
    return None


def _take(by: Actor, court: Court, row: Row) -> Result:
    found = list_cases(Scope.of(by), reference=row.reference, court=court.code, limit=2).rows
    if len(found) != 1:
        why = f"No case of {court} that you may open has this number." if not found else "Two cases have this number."
        return Result(row.line, row.reference, What.UNMATCHED, f"{why} Check it against the paper.")
    try:
        return Result(row.line, row.reference, _list(by, found[0], row))
    except Refusal as refusal:
        return Result(row.line, row.reference, What.UNMATCHED, refusal.sentence)


@transaction.atomic
def _list(by: Actor, case: Case, row: Row) -> What:
    known = _known(case, row)
    if known is None:
        to = row.to
        list_hearing(
            by=by,
            case_id=case.pk,
            room=to.room,
            starts_at=to.starts_at,
            kind=to.kind,
            judges=to.judges,
            listing_id=row.listing_id,
        )
        return What.ADDED
    if listed(known) == row.to or known.vacated_at is not None:
        return What.SAME
    change_hearing(by=by, hearing_id=known.pk, to=row.to)
    return What.CHANGED


def _known(case: Case, row: Row) -> Hearing | None:
    rows = Hearing.objects.filter(case=case)
    if row.listing_id:
        found = rows.filter(listing_id=row.listing_id).first()
        if found is not None:
            return found
    return rows.filter(sits_on(row.on), kind__iexact=row.kind, vacated_at__isnull=True).first()
