"""Schedules in and out as CSV: our own form, which keeps every digest, and the published starter form of eleven columns.

Whatever comes in is a draft, or an earlier wording to read: nothing taken in counts before a person approves it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import FieldError, Invalid, NotFound, Refusal
from docstore.retention import starter
from docstore.retention.drafts import Draft, draft_of, parse_steps
from docstore.retention.models import ClassVersion, DisposalClass, Schedule
from docstore.retention.schedules import next_number, write_version
from docstore.retention.trail import tell_all
from docstore.retention.vocabulary import AppliesTo, Level, VersionStatus

LARGEST_BYTES = 5 * 1024 * 1024
COLUMNS = (
    *("schedule", "code", "title", "description", "mandate", "scope_notes", "level", "sensitive", "regulatory"),
    *("number", "effective_from", "applies_to", "guard_days", "descriptive", "source", "steps", "content_sha256"),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ScheduleUnreadable(Invalid):
    """The schedule cannot be taken in: {why} Nothing of it was kept."""

    code = "schedule-unreadable"


class ScheduleNameMissing(Invalid):
    """Say under which code the schedule is to be kept: add ?schedule=CODE to the address."""

    code = "schedule-name-missing"


@dataclass(frozen=True, slots=True)
class Row:
    """One class version on its way in."""

    schedule: str
    code: str
    told: Mapping[str, Any]
    draft: Draft
    number: int | None = None
    is_earlier_wording: bool = False
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import has added."""

    schedule: Schedule
    classes: int
    versions: int
    descriptive: int
    holds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """A schedule as CSV and the digest of its wordings."""

    csv: str
    sha256: str


@transaction.atomic
def import_schedule(*, by: Actor, content: bytes, schedule: str) -> Taken:
    """Take a schedule in as drafts. Either all of it is good, or none is kept and every wrong row is named."""
    by.require(Permission.DEFINE_SCHEDULES)
    header, lines = _read(content)
    if set(starter.COLUMNS) <= set(header):
        if not schedule:
            raise ScheduleNameMissing
        rows, holds = _starter_rows(lines, schedule)
    elif set(COLUMNS) <= set(header):
        rows, holds = [_own_row(line, place) for place, line in enumerate(lines, start=2)], ()
    else:
        raise ScheduleUnreadable(why="its columns are neither those of an export nor those of the starter schedule.")
    if not rows or len({row.schedule for row in rows}) != 1:
        raise ScheduleUnreadable(why="it has to hold the classes of one schedule.")
    home, _ = Schedule.objects.get_or_create(
        code=rows[0].schedule, defaults={"title": rows[0].schedule, "created_at": clock.now()}
    )
    before = home.classes.count()
    versions = [_keep(row, home, by) for row in rows]
    written = [one for one in versions if one is not None]
    facts = {"schedule": home.code, "content_sha256": schedule_hash(home)}
    added = home.classes.count() - before
    tell_all(Event.SCHEDULE_IMPORTED, by, {**facts, "classes": added, "versions": len(written)})
    return Taken(home, added, len(written), sum(one.descriptive for one in written), holds)


@transaction.atomic
def export_schedule(*, by: Actor, code: str) -> Exported:
    """Return a schedule in our own form, every version of every class."""
    by.require(Permission.MANAGE_RECORDS)
    row = Schedule.objects.filter(code=code).first()
    if row is None:
        raise NotFound
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for version in _versions(row):
        writer.writerow({name: _safe(value) for name, value in _as_row(version).items()})
    digest = schedule_hash(row)
    tell_all(Event.SCHEDULE_EXPORTED, by, {"schedule": code, "content_sha256": digest})
    return Exported(out.getvalue(), digest)


def schedule_hash(row: Schedule) -> str:
    """Return the digest of all wordings of a schedule; the same wherever it is imported (RET-A13)."""
    digests = sorted(one.content_hash for one in _versions(row))
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _versions(row: Schedule) -> list[ClassVersion]:
    rows = ClassVersion.objects.filter(disposal_class__schedule=row).select_related("disposal_class__schedule")
    return list(rows.prefetch_related("steps").order_by("disposal_class__code", "number"))


def _read(content: bytes) -> tuple[Sequence[str], list[dict[str, str]]]:
    if len(content) > LARGEST_BYTES:
        raise ScheduleUnreadable(why="it is larger than 5 MB.")
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScheduleUnreadable(why="it is not CSV in UTF-8.") from error
    if any(None in line or None in line.values() for line in lines):
        raise ScheduleUnreadable(why="not every row has as many columns as the first one.")
    return reader.fieldnames or (), lines


def _starter_rows(lines: Sequence[dict[str, str]], schedule: str) -> tuple[list[Row], tuple[str, ...]]:
    rows, holds = [], []
    for place, line in enumerate(lines, start=2):
        if line["level"] == starter.HOLD:
            holds.append(line["code"])
            continue
        with _naming(place):
            found = starter.parse(line)
        draft = Draft(
            clock.today(), AppliesTo.ALL_LIVE, None, parse_steps(found.steps), found.descriptive, found.source
        )
        rows.append(Row(schedule, found.code, found.told, draft, is_earlier_wording=found.is_earlier_wording))
    return sorted(rows, key=lambda row: (row.code, not row.is_earlier_wording)), tuple(holds)


def _own_row(line: Mapping[str, str], place: int) -> Row:
    given = {name: _unsafe(value) for name, value in line.items()}
    with _naming(place):
        steps = parse_steps(json.loads(given["steps"]))
        draft = Draft(
            effective_from=date.fromisoformat(given["effective_from"]),
            applies_to=AppliesTo(given["applies_to"]),
            guard_days=int(given["guard_days"]) if given["guard_days"] else None,
            steps=steps,
            descriptive=given["descriptive"] == "yes",
            source=given["source"],
        )
        told = {name: given[name] for name in ("title", "description", "mandate", "scope_notes")}
        flags = {name: given[name] == "yes" for name in ("sensitive", "regulatory")}
        told_all = {**told, **flags, "level": Level(given["level"])}
        return Row(
            given["schedule"], given["code"], told_all, draft, int(given["number"]), sha256=given["content_sha256"]
        )


class _naming:  # noqa: N801 - reads as a word where it is used
    """Say in which row something was wrong."""

    def __init__(self, place: int) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, Refusal | ValueError | KeyError):
            detail = "; ".join(one.detail for one in error.errors) if isinstance(error, Refusal) else str(error)
            raise ScheduleUnreadable(
                errors=(FieldError(f"/{self.place}", "row-unreadable", detail or str(error)),),
                why=f"row {self.place} is wrong ({detail or error}).",
            ) from error


def _keep(row: Row, home: Schedule, by: Actor) -> ClassVersion | None:
    """Keep a version where it is new. The same wording twice is kept once; a draft that is on its way is not overwritten."""
    kind, _ = DisposalClass.objects.get_or_create(
        schedule=home, code=row.code, defaults={**row.told, "created_at": clock.now(), "created_by": by.user_id}
    )
    kind.schedule = home
    known = kind.versions.filter(number=row.number).first() if row.number else None
    if known is not None or _same_steps(kind, row.draft):
        return None
    waiting = kind.versions.filter(status__in=[VersionStatus.DRAFT, VersionStatus.PENDING]).exists()
    status = VersionStatus.WITHDRAWN if row.is_earlier_wording or waiting else VersionStatus.DRAFT
    version = write_version(by=by, kind=kind, draft=row.draft, number=row.number or next_number(kind), status=status)
    if row.sha256 and version.content_hash != row.sha256:
        raise ScheduleUnreadable(why=f"the digest of {row.code}, version {version.number}, is not that of its wording.")
    return version


def _same_steps(kind: DisposalClass, draft: Draft) -> bool:
    return any(draft_of(one).steps == draft.steps for one in kind.versions.prefetch_related("steps"))


def _as_row(version: ClassVersion) -> Mapping[str, str]:
    kind, draft = version.disposal_class, draft_of(version)
    return {
        "schedule": kind.schedule.code,
        "code": kind.code,
        "title": kind.title,
        "description": kind.description,
        "mandate": kind.mandate,
        "scope_notes": kind.scope_notes,
        "level": kind.level,
        "sensitive": "yes" if kind.sensitive else "no",
        "regulatory": "yes" if kind.regulatory else "no",
        "number": str(version.number),
        "effective_from": version.effective_from.isoformat(),
        "applies_to": version.applies_to,
        "guard_days": "" if version.guard_days is None else str(version.guard_days),
        "descriptive": "yes" if version.descriptive else "no",
        "source": version.source,
        "steps": json.dumps(draft.steps, sort_keys=True),
        "content_sha256": version.content_hash,
    }


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text.startswith((*FORMULA, "'")) else text


def _unsafe(text: str) -> str:
    return text.removeprefix("'")
