"""Keeping a record longer than its rules ask for: until when, by whose word, and past which limits (RET-D5, F8, H5).

Two limits stand above a records manager. The most that a class allows is passed only by somebody with a higher right; and
twenty years after a case was closed the law wants its papers in an archive, unless an instrument says otherwise.
"""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.errors import FieldError, Forbidden, Invalid
from docstore.retention import actions, status
from docstore.retention.evaluate import Evaluation
from docstore.retention.models import DisposalClass, Extension
from docstore.retention.periods import Period, add_period
from docstore.retention.queries import evaluate_record
from docstore.retention.reach import record_seen
from docstore.retention.trail import home_of, tell
from docstore.retention.vocabulary import Record, RecordKind

# Public Records Act 1958, section 3(4): records are transferred not later than twenty years after their creation.
LIMIT_YEARS = 20
WARNED_AT = (18, 19)


class EarlierThanTheRules(Invalid):
    """The rules keep this until {due}. A person can set a later date and never an earlier one."""

    code = "earlier-than-the-rules"


class BeyondMaximum(Forbidden):
    """Its class keeps this until {most} at the most. Only a judge can have it kept longer; until then choose an earlier day."""

    code = "beyond-maximum"


class InstrumentMissing(Invalid):
    """From {limit} on the law wants this in an archive. Give the number of the instrument under which it is kept longer."""

    code = "instrument-missing"


@transaction.atomic
def extend(*, by: Actor, record: Record, until: date, reason: str, instrument: str = "") -> Extension:
    """Keep a record longer than its rules ask for. What was set before stays in the history, and so does what the rules say."""
    is_higher = by.may(Permission.KEEP_BEYOND_MAXIMUM)
    record_seen(by, record, Permission.KEEP_BEYOND_MAXIMUM if is_higher else Permission.ASSIGN_CLASSES)
    now = evaluate_record(record)
    if now.due_on and until <= now.due_on:
        raise EarlierThanTheRules(due=now.due_on.isoformat())
    most = min((one.maximum_on for one in now.findings if one.maximum_on), default=None)
    if most and until > most and not is_higher:
        raise BeyondMaximum(most=most.isoformat())
    _check_instrument(record, now, until, instrument)
    row = Extension.objects.create(
        kind=record.kind,
        record_id=record.id,
        until=until,
        reason=reason,
        instrument=instrument.strip(),
        set_at=clock.now(),
        set_by=by.user_id,
    )
    facts = {"kind": str(record.kind), "record": str(record.id), "until": until.isoformat(), "reason": reason}
    tell(Event.RECORD_EXTENDED, by, record, {**facts, "instrument": row.instrument})
    actions.work_out(status.around(record), by=by, why="kept longer")
    return row


def past_limit(years: int, until: int | None, today: date) -> Q:
    """Return which stored answers are of cases closed so many years ago for which no instrument is recorded (RET-H5)."""
    closed = Case.objects.filter(closed_on__lte=years_back(today, years))
    if until is not None:
        closed = closed.filter(closed_on__gt=years_back(today, until))
    allowed = Extension.objects.filter(until__gte=today).exclude(instrument="").values("record_id")
    about = Q(kind=RecordKind.CASE, record_id__in=closed.values("pk"))
    return about & ~Q(disposal_class__instrument__gt="") & ~Q(record_id__in=allowed)


def years_back(day: date, years: int) -> date:
    """Return the same day years ago; of 29 February the day before."""
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def _check_instrument(record: Record, now: Evaluation, until: date, instrument: str) -> None:
    case_id: UUID | None = record.id if record.kind is RecordKind.CASE else home_of(record.id)
    closed_on = Case.objects.filter(pk=case_id).values_list("closed_on", flat=True).first() if case_id else None
    limit = add_period(closed_on, Period(LIMIT_YEARS * 12, 0)) if closed_on else None
    if limit is None or until <= limit or instrument.strip() or _has_instrument(now):
        return
    sentence = InstrumentMissing(limit=limit.isoformat()).sentence
    raise InstrumentMissing(
        errors=(FieldError("/instrument", "instrument-missing", sentence),), limit=limit.isoformat()
    )


def _has_instrument(now: Evaluation) -> bool:
    if now.basis is None:
        return False
    rule = now.basis.rule
    return DisposalClass.objects.filter(schedule__code=rule.schedule, code=rule.code).exclude(instrument="").exists()
