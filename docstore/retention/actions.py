"""What people do to single records: closing, triggers, assignment, later dates. Gate, state, write, audit, recompute."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases import actions as cases
from docstore.cases.models import Case, Party
from docstore.core import clock, conf
from docstore.core.errors import Conflict, FieldError, Invalid, NotFound
from docstore.documents.change import require_reason
from docstore.documents.models import EndReason, Filing
from docstore.retention import assignment, gate, periods, status, storage_holds, withdrawals
from docstore.retention.models import (
    Assignment,
    ClassVersion,
    CompletedStep,
    ReleasedFiling,
    Trigger,
)
from docstore.retention.queries import class_by_code, evaluate_record
from docstore.retention.reach import managed_cases, record_seen
from docstore.retention.trail import tell
from docstore.retention.triggers import event_type
from docstore.retention.vocabulary import DUE, Origin, Record, RecordKind, Source, TriggerType

FIRST_YEAR = 1900
FURTHEST_YEARS = 200
# What lies ahead by its nature.
MAY_LIE_AHEAD = frozenset(
    {
        TriggerType.SENTENCE_END,
        TriggerType.TOTAL_SENTENCE,
        TriggerType.APPEAL_TIME_ENDS,
        TriggerType.ORDER_EXPIRES,
        TriggerType.MANUAL,
        TriggerType.HEARING,
        TriggerType.TRIAL,
    }
)
LONG_AGO_IS_USUAL = frozenset({TriggerType.BIRTH})
UNUSUAL_DATE = "unusual-date"


class TriggerTypeUnknown(Invalid):
    """There is no trigger called {name}. Choose one of the names that the schedule uses, such as case_closed or sentence_end."""

    code = "trigger-type-unknown"


class DateImpossible(Invalid):
    """{day} cannot be right: dates before 1900 and more than 200 years ahead are not taken. Check it against the paper."""

    code = "date-impossible"


class DateUnusual(Conflict):
    """{day} lies {where}. Check it, and send it again with “unusual-date” in confirm if it is right."""

    code = UNUSUAL_DATE


class LengthMissing(Invalid):
    """A total sentence is a length. Give it as a period, such as P4Y6M."""

    code = "length-missing"


class AlreadyVoid(Conflict):
    """This trigger is void already."""

    code = "already-void"


class StepUnknown(Conflict):
    """The record has no such step to complete now. Look at it again."""

    code = "step-unknown"


@transaction.atomic
def close_case(
    *,
    by: Actor,
    case_id: UUID,
    closed_on: date,
    outcome: str,
    reason: str,
    confirmed: tuple[str, ...] = (),
    source: Source = Source.USER,
    confidence: int = 100,
    provisional_until: date | None = None,
) -> Case:
    """Close a case and start its retention clock, which stays provisional for a week (DOM-2.6, DOM-10.10)."""
    _check_date(TriggerType.CASE_CLOSED, closed_on, confirmed)
    case = cases.close_case(by=by, case_id=case_id, closed_on=closed_on, outcome=outcome, reason=reason)
    _follow(
        by=by, case_id=case_id, reason=reason, source=source, confidence=confidence, provisional_until=provisional_until
    )
    return case


@transaction.atomic
def close_unread_case(*, by: Actor, case_id: UUID, closed_on: date, outcome: str, reason: str, confidence: int) -> Case:
    """Close a case that was proposed for closing; the caller has seen that it is this person's to decide (RET-C16)."""
    case = cases.close_unread_case(by=by, case_id=case_id, closed_on=closed_on, outcome=outcome, reason=reason)
    _follow(by=by, case_id=case_id, reason=reason, source=Source.INFERRED, confidence=confidence)
    return case


@transaction.atomic
def reopen_case(*, by: Actor, case_id: UUID, reason: str) -> Case:
    """Open a closed case again: its clocks stop, and closing it again starts a new one (RET-C6)."""
    gate.alone()
    case = cases.reopen_case(by=by, case_id=case_id, reason=reason)
    follow_case(by=by, case_id=case_id, reason=reason)
    return case


@transaction.atomic
def follow_case(*, by: Actor, case_id: UUID, reason: str = "") -> None:
    """Bring class and closing trigger of a case in line with the case itself. Safe to repeat.

    Whoever closes or opens cases without knowing of retention announces this as a job.
    """
    _follow(by=by, case_id=case_id, reason=reason)


def _follow(
    *,
    by: Actor,
    case_id: UUID,
    reason: str,
    source: Source = Source.USER,
    confidence: int = 100,
    provisional_until: date | None = None,
) -> None:
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return
    record = Record(RecordKind.CASE, case.pk)
    standing = list(_standing(record, TriggerType.CASE_CLOSED))
    for one in standing:
        if case.is_open or one.event_on != case.closed_on:
            _void(one, by=by, reason=reason or "The case was opened again.")
    if case.closed_on and all(one.event_on != case.closed_on for one in standing):
        _record(
            by,
            record,
            TriggerType.CASE_CLOSED,
            case.closed_on,
            reason=reason or "The case was closed.",
            source=source,
            confidence=confidence,
            provisional_until=provisional_until,
        )
    assignment.assign_by_rule([record], by=by)
    work_out(status.around_case(case.pk), by=by, why="case")


def follow_document(*, by: Actor, document_id: UUID) -> None:
    """Give a new or changed document what rules and holds ask for: its own class, and the storage's legal hold (RET-E12)."""
    record = Record(RecordKind.DOCUMENT, document_id)
    if not Filing.objects.filter(document=document_id).exists():
        return
    with transaction.atomic():
        assignment.assign_by_rule([record], by=by)
        work_out(status.around(record), by=by, why="document")
        withdrawals.withdraw_refiled(document_id, by=by)
    storage_holds.follow_document(document_id, by=by)


@transaction.atomic
def record_trigger(
    *,
    by: Actor,
    record: Record,
    type: str,
    event_on: str,
    source: Source,
    reason: str,
    confidence: int = 100,
    provisional_until: date | None = None,
    party: UUID | None = None,
    evidence: str = "",
    length: str = "",
    confirmed: tuple[str, ...] = (),
) -> Trigger:
    """Record a dated fact that can start a clock (RET-C3). A year or a month alone means its last day (RET-C19)."""
    record_seen(by, record, Permission.RECORD_TRIGGERS)
    kind = event_type(type)
    if kind is None:
        raise TriggerTypeUnknown(name=type)
    on = periods.latest_day(event_on)
    _check_date(kind, on, confirmed)
    if kind is TriggerType.TOTAL_SENTENCE and not length:
        raise LengthMissing
    if party and not Party.objects.filter(pk=party, case_id=record.id).exists():
        raise NotFound
    row = _record(
        by,
        record,
        kind,
        on,
        reason=reason,
        source=source,
        confidence=confidence,
        provisional_until=provisional_until,
        party=party,
        evidence=evidence,
        length=str(periods.parse(length)) if length else "",
        as_told="" if len(event_on.strip()) == len("2019-01-01") else event_on.strip(),
    )
    work_out(status.around(record), by=by, why="trigger")
    return row


@transaction.atomic
def void_trigger(*, by: Actor, trigger_id: int, reason: str) -> Trigger:
    """Void a wrong or duplicate trigger; dates follow from those that remain (RET-C5)."""
    row = Trigger.objects.filter(pk=trigger_id, voids__isnull=True).first()
    if row is None:
        raise NotFound
    record_seen(by, row.record, Permission.RECORD_TRIGGERS)
    if row.voided_by.exists():
        raise AlreadyVoid
    gate.alone()
    _void(row, by=by, reason=reason)
    work_out(status.around(row.record), by=by, why="trigger voided")
    return row


@transaction.atomic
def assign_class(*, by: Actor, record: Record, code: str, reason: str) -> Assignment:
    """Give a record a class by a person's choice, and say why; rules do not overwrite it (RET-B4, B5)."""
    record_seen(by, record, Permission.ASSIGN_CLASSES)
    require_reason(reason)
    chosen = class_by_code(code)
    assignment.check_assignable(chosen, record)
    row = assignment.give(record, chosen, origin=Origin.EXPLICIT, by=by, reason=reason)
    work_out(status.around(record), by=by, why="class assigned")
    return row


@transaction.atomic
def release_filing(*, by: Actor, filing_id: UUID, reason: str) -> ReleasedFiling:
    """Say that the case from which a document was moved no longer keeps it (RET-B8)."""
    filing = Filing.objects.filter(pk=filing_id, end_reason=EndReason.MOVED, case__in=managed_cases(by)).first()
    if filing is None:
        raise NotFound
    by.require(Permission.ASSIGN_CLASSES)
    row = ReleasedFiling.objects.create(filing=filing, reason=reason, released_at=clock.now(), released_by=by.user_id)
    record = Record(RecordKind.DOCUMENT, filing.document_id)
    tell(Event.FILING_RELEASED, by, record, {"filing": str(filing.pk), "reason": reason})
    work_out(status.around(record), by=by, why="filing released")
    return row


@transaction.atomic
def complete_step(
    *, by: Actor, record: Record, version: ClassVersion, order: int, completed_on: date, certificate: str = ""
) -> CompletedStep:
    """Note that a step was carried out; the next one counts from it (RET-A10). Called by disposal, within its own act."""
    now = evaluate_record(record)
    found = next(
        (one for one in now.findings if one.rule.id == version.pk and one.step and one.step.order == order), None
    )
    if found is None:
        raise StepUnknown
    row = CompletedStep.objects.create(
        kind=record.kind,
        record_id=record.id,
        class_version=version,
        order=order,
        completed_on=completed_on,
        original_on=found.base_on or completed_on,
        certificate=certificate,
        recorded_at=clock.now(),
        recorded_by=by.user_id,
    )
    facts = {"kind": str(record.kind), "record": str(record.id), "class_version": version.pk, "step": order}
    tell(Event.STEP_COMPLETED, by, record, {**facts, "completed_on": completed_on.isoformat()})
    work_out(status.around(record), by=by, why="step completed")
    return row


def _check_date(kind: TriggerType, on: date, confirmed: tuple[str, ...]) -> None:
    """Refuse an impossible date, and ask twice about an unusual one (RET-C15)."""
    today = clock.today()
    if on.year < FIRST_YEAR or on.year > today.year + FURTHEST_YEARS:
        raise DateImpossible(errors=(FieldError("/event_on", "date-impossible", f"{on.isoformat()} cannot be right."),),
                             day=on.isoformat())  # fmt: skip
    if UNUSUAL_DATE in confirmed:
        return
    if on > today and kind not in MAY_LIE_AHEAD:
        raise DateUnusual(day=on.isoformat(), where="in the future")
    oldest = conf.get().retention.oldest_trigger_years
    if on.year < today.year - oldest and kind not in LONG_AGO_IS_USUAL:
        raise DateUnusual(day=on.isoformat(), where=f"more than {oldest} years back")


def work_out(records: list[Record], *, by: Actor, why: str) -> None:
    """Work records out anew, and take off every list that is still open what is no longer due (RET-C6, F5)."""
    changes = status.recompute(records, by=by, why=why)
    gone = [one.record for one in changes if one.before in DUE and one.after not in DUE]
    withdrawals.withdraw_for(gone, by=by, why="What decides about it has changed since the list was made.")


def _standing(record: Record, kind: TriggerType) -> list[Trigger]:
    rows = Trigger.objects.filter(kind=record.kind, record_id=record.id, type=kind, voids__isnull=True)
    return list(rows.filter(voided_by__isnull=True))


def _record(
    by: Actor,
    record: Record,
    kind: TriggerType,
    on: date,
    *,
    reason: str,
    source: Source = Source.USER,
    confidence: int = 100,
    provisional_until: date | None = None,
    party: UUID | None = None,
    evidence: str = "",
    length: str = "",
    as_told: str = "",
) -> Trigger:
    week = timedelta(days=conf.get().retention.provisional_days)
    row = Trigger.objects.create(
        kind=record.kind,
        record_id=record.id,
        party=party,
        type=kind,
        event_on=on,
        as_told=as_told,
        length=length,
        zone=clock.COURT_ZONE.key,
        source=source,
        confidence=confidence,
        reason=reason,
        evidence=evidence,
        provisional_until=provisional_until or clock.today() + week,
        recorded_at=clock.now(),
        recorded_by=by.user_id,
    )
    facts = {"kind": str(record.kind), "record": str(record.id), "trigger": row.pk, "type": str(kind)}
    told = {"event_on": on.isoformat(), "source": str(source), "confidence": confidence, "reason": reason}
    tell(Event.TRIGGER_RECORDED, by, record, {**facts, **told})
    return row


def _void(row: Trigger, *, by: Actor, reason: str) -> None:
    Trigger.objects.create(
        kind=row.kind,
        record_id=row.record_id,
        party=row.party,
        type=row.type,
        event_on=row.event_on,
        zone=row.zone,
        source=Source.USER,
        reason=reason,
        voids=row,
        recorded_at=clock.now(),
        recorded_by=by.user_id,
    )
    facts = {"kind": row.kind, "record": str(row.record_id), "trigger": row.pk, "type": row.type, "reason": reason}
    tell(Event.TRIGGER_VOIDED, by, row.record, facts)
