"""Keeping the answers: working out records in batches, storing what changed, and saying so in the audit.

One service function marks what has to be looked at again, in the transaction of the change (design T10). What time alone
changes is found by `next_change_on`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Field, Q

from docstore.access.actor import Actor
from docstore.audit import actions as audit
from docstore.audit.events import Event
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Filing
from docstore.retention import facts, policy
from docstore.retention.evaluate import Evaluation, evaluate
from docstore.retention.lock_marks import look_again
from docstore.retention.models import Assignment, RetentionStatus
from docstore.retention.trail import STREAM
from docstore.retention.vocabulary import DUE, Outcome, Record, RecordKind

BATCH = 500
LISTED = 500
STORED = (
    *("court_id", "disposal_class_id", "class_version_id", "trigger", "outcome", "due_on", "next_action"),
    *("flags", "reasons", "confidence", "past_maximum", "engine_version", "inputs_hash", "next_change_on"),
    *("waiting_since",),
)
KEYS = ("kind", "record_id")
WRITTEN = (*(name.removesuffix("_id") for name in STORED), "computed_at", "dirty")
WAITING = (Outcome.AWAITING_TRIGGER, Outcome.CANNOT_COMPUTE)


@dataclass(frozen=True, slots=True)
class Change:
    """One record whose stored answer is another now."""

    record: Record
    before: str
    after: str
    due_before: date | None
    due_after: date | None

    def as_fact(self) -> list[str]:
        days = ["" if day is None else day.isoformat() for day in (self.due_before, self.due_after)]
        return [str(self.record.kind), str(self.record.id), self.before, self.after, *days]


def evaluations(records: Collection[Record], *, as_of: date) -> dict[Record, Evaluation]:
    """Work out records as they stand in the database now; writes nothing."""
    chosen, known_on = policy.settings(), max(as_of, clock.today())
    subjects = facts.load_subjects(records)
    return {
        one: evaluate(subject, settings=chosen, as_of=as_of, known_on=known_on) for one, subject in subjects.items()
    }


def recompute(records: Collection[Record], *, by: Actor, why: str, version: int | None = None) -> list[Change]:
    """Work out records anew, store the answers and write down what changed. Runs in the caller's transaction."""
    if not records:
        return []
    today = clock.today()
    found = evaluations(records, as_of=today)
    courts = _courts(found)
    before = _stored(found)
    rows, changes = [], []
    for one, evaluation in found.items():
        row = _row(one, evaluation, courts.get(one), before.get(one.key), today)
        old = before.get(one.key)
        if old is None or _differs(old, row):
            rows.append(row)
        if old is None or (old.outcome, old.due_on) != (row.outcome, row.due_on):
            changes.append(
                Change(one, old.outcome if old else "", row.outcome, old.due_on if old else None, row.due_on)
            )
    _write(rows)
    _clean([one for one in found if one.key in before], rows)
    _tell(changes, by=by, why=why, version=version)
    look_again([one.record for one in changes if one.due_before != one.due_after])
    return changes


def touch(records: Iterable[Record]) -> None:
    """Mark stored answers as out of date: an input of theirs has changed. Lists leave them out until they are looked at."""
    every = list(records)
    for kind in RecordKind:
        ids = [one.id for one in every if one.kind is kind]
        if ids:
            RetentionStatus.objects.filter(kind=kind, record_id__in=ids).update(dirty=True)


def around_case(case_id: UUID) -> list[Record]:
    """Return the records whose answer depends on a case: it, the cases linked with it, their documents with own rules."""
    group = facts.linked([case_id])[case_id]
    filed = Filing.objects.filter(case__in=group).values("document_id")
    own = Assignment.objects.filter(
        kind=RecordKind.DOCUMENT, superseded_at__isnull=True, record_id__in=filed
    ).values_list("record_id", flat=True)
    return [Record(RecordKind.CASE, one) for one in sorted(group, key=str)] + [
        Record(RecordKind.DOCUMENT, one) for one in own.distinct()
    ]


def around(record: Record) -> list[Record]:
    """Return the records whose answer depends on this one."""
    if record.kind is RecordKind.CASE:
        return around_case(record.id)
    cases = Filing.objects.filter(document=record.id).values_list("case_id", flat=True).distinct()
    found = {one: None for case in cases for one in around_case(case)}
    own = Assignment.objects.filter(kind=RecordKind.DOCUMENT, record_id=record.id, superseded_at__isnull=True)
    return [*found, *([record] if record not in found and own.exists() else [])]


def _row(
    record: Record, found: Evaluation, court: int | None, old: RetentionStatus | None, today: date
) -> RetentionStatus:
    rule = found.basis.rule if found.basis else None
    waiting = found.outcome in WAITING
    return RetentionStatus(
        kind=record.kind,
        record_id=record.id,
        court_id=court,
        disposal_class_id=rule.class_id if rule else None,
        class_version_id=rule.id if rule else None,
        trigger=found.basis.trigger if found.basis else None,
        outcome=found.outcome,
        due_on=found.due_on,
        next_action=found.next_action,
        flags=list(found.flags),
        reasons=list(found.reasons),
        confidence=found.confidence,
        past_maximum="past maximum" in found.flags,
        computed_at=clock.now(),
        engine_version=found.engine_version,
        inputs_hash=found.inputs_hash,
        next_change_on=found.next_change_on,
        waiting_since=((old.waiting_since if old else None) or today) if waiting else None,
        dirty=False,
    )


def lifecycle_of(found: Evaluation, today: date) -> Lifecycle:
    """Return where a record stands by its dates alone; a hold is an overlay and moves nothing."""
    if found.outcome in DUE or (found.outcome is Outcome.HELD and found.due_on and found.due_on <= today):
        return Lifecycle.DUE
    if found.outcome in (Outcome.UNCLASSIFIED, Outcome.AWAITING_TRIGGER):
        return Lifecycle.ACTIVE
    return Lifecycle.RETAINING if found.due_on or found.outcome is not Outcome.HELD else Lifecycle.ACTIVE


def _courts(records: Iterable[Record]) -> dict[Record, int]:
    every = list(records)
    cases = [one.id for one in every if one.kind is RecordKind.CASE]
    documents = [one.id for one in every if one.kind is RecordKind.DOCUMENT]
    of_case = dict(Case.objects.filter(pk__in=cases).values_list("pk", "court_id")) if cases else {}
    homes = Filing.objects.filter(document__in=documents, is_home=True, ended_at__isnull=True)
    of_document = dict(homes.values_list("document_id", "case__court_id")) if documents else {}
    tables = {RecordKind.CASE: of_case, RecordKind.DOCUMENT: of_document}
    return {one: tables[one.kind][one.id] for one in every if one.id in tables[one.kind]}


def _stored(records: Iterable[Record]) -> dict[tuple[str, UUID], RetentionStatus]:
    every = list(records)
    about = Q(pk__in=[])
    for kind in RecordKind:
        ids = [one.id for one in every if one.kind is kind]
        if ids:
            about |= Q(kind=kind, record_id__in=ids)
    return {(row.kind, row.record_id): row for row in RetentionStatus.objects.filter(about)}


def _differs(old: RetentionStatus, new: RetentionStatus) -> bool:
    return any(getattr(old, name) != getattr(new, name) for name in STORED)


def _write(rows: Sequence[RetentionStatus]) -> None:
    """Store answers, new or changed. One statement run for many rows, because a policy change stores a million of them."""
    if not rows:
        return
    quote = connection.ops.quote_name
    fields = [cast("Field[Any, Any]", RetentionStatus._meta.get_field(name)) for name in KEYS + WRITTEN]
    names = [quote(str(one.column)) for one in fields]
    changes = ", ".join(f"{one} = EXCLUDED.{one}" for one in names[len(KEYS) :])
    statement = (
        f"INSERT INTO {quote(RetentionStatus._meta.db_table)} ({', '.join(names)})"  # noqa: S608 - names of our own columns
        f" VALUES ({', '.join(['%s'] * len(names))})"
        f" ON CONFLICT ({', '.join(names[: len(KEYS)])}) DO UPDATE SET {changes}"
    )
    values = [[one.get_db_prep_save(getattr(row, one.attname), connection) for one in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _clean(records: Iterable[Record], written: Sequence[RetentionStatus]) -> None:
    """Take the mark off records that were looked at and found as they were."""
    done = {(row.kind, row.record_id) for row in written}
    for kind in RecordKind:
        ids = [one.id for one in records if one.kind is kind and one.key not in done]
        if ids:
            RetentionStatus.objects.filter(kind=kind, record_id__in=ids, dirty=True).update(dirty=False)


def _tell(changes: Sequence[Change], *, by: Actor, why: str, version: int | None) -> None:
    """Write the old and the new dates down, a bounded number an event (RET-A6, T14)."""
    for at in range(0, len(changes), LISTED):
        told = [one.as_fact() for one in changes[at : at + LISTED]]
        only = changes[at].record if len(changes) == 1 else None
        audit.record(
            Event.RETENTION_RECOMPUTED,
            stamp=by.stamp,
            stream=STREAM,
            refs={str(only.kind): str(only.id)} if only else {},
            facts={"why": why, "class_version": version or 0, "changes": told},
        )
