"""The log of papers that lay on the wrong case: how many, how long, and how many people had opened them there (DOM-12.3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import READINGS
from docstore.cases.days import start_of
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.models import EndReason, Filing

MOST = 500


@dataclass(frozen=True, slots=True)
class Misfile:
    """A paper that lay on a case where it did not belong. `opened_by` counts people other than the one who filed it."""

    filing_id: UUID
    case: Case
    may_open: bool
    lay_from: datetime
    lay_until: datetime
    why: str
    opened_by: int

    @property
    def lay_for(self) -> timedelta:
        """How long it took to put right."""
        return self.lay_until - self.lay_from


@dataclass(frozen=True, slots=True)
class MisfileLog:
    """What was put right in a span of days, the latest first."""

    rows: tuple[Misfile, ...]

    @property
    def opened(self) -> int:
        """How many were opened by somebody while they lay wrong: each of these may be a breach to report."""
        return sum(bool(one.opened_by) for one in self.rows)

    @property
    def usual_time(self) -> timedelta | None:
        """The median time to put one right."""
        return timedelta(seconds=median(one.lay_for.total_seconds() for one in self.rows)) if self.rows else None


def read_misfile_log(*, by: Actor, since: date, until: date) -> MisfileLog:
    """Return the log of the cases that somebody keeps, or of all for those who watch access. Days are both included."""
    by.require(Permission.READ_TRAILS)
    scope = Scope.of(by)
    watches = by.may(Permission.WATCH_ACCESS)
    rows = Filing.objects.filter(
        end_reason=EndReason.MOVED, ended_at__gte=start_of(since), ended_at__lt=start_of(until + timedelta(days=1))
    )
    rows = rows if watches else rows.filter(case__in=scope.cases())
    found = list(rows.select_related("case__court").prefetch_related("case__references").order_by("-ended_at")[:MOST])
    stream = access_stream(clock.now(), str(by.user_id))
    record_alone(Event.TRAIL_READ, stamp=by.stamp, stream=stream, refs={}, facts={})
    readers = _readers(found)
    return MisfileLog(tuple(_misfile(one, readers, may_open=not watches) for one in found))


def _misfile(row: Filing, readers: dict[UUID, int], *, may_open: bool) -> Misfile:
    return Misfile(
        filing_id=row.pk,
        case=row.case,
        may_open=may_open,
        lay_from=row.filed_at,
        lay_until=row.ended_at or row.filed_at,
        why=row.end_note,
        opened_by=readers.get(row.pk, 0),
    )


def _readers(rows: Sequence[Filing]) -> dict[UUID, int]:
    """How many people, other than who filed it, opened each paper while it lay there; one query for all of them."""
    asked = AuditEvent.objects.filter(document__in=[str(one.document_id) for one in rows], type__in=READINGS)
    readings = defaultdict(list)
    for document, actor, at in asked.values_list("document", "actor", "recorded_at"):
        readings[document].append((actor, at))
    return {
        row.pk: len(
            {
                actor
                for actor, at in readings[str(row.document_id)]
                if row.filed_at <= at < (row.ended_at or at) and actor not in ("", str(row.filed_by))
            }
        )
        for row in rows
    }
