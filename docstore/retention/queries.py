"""Questions about retention: one record's evaluation, its holds, and rows by code or id for those who may ask."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.errors import Invalid, NotFound
from docstore.documents.models import Document, Filing
from docstore.retention import explain, facts, status
from docstore.retention.evaluate import Evaluation, HoldFact
from docstore.retention.hold_models import Hold
from docstore.retention.models import DisposalClass, RetentionStatus, Schedule, Trigger
from docstore.retention.reach import managed_courts, record_seen
from docstore.retention.vocabulary import EVALUATED, Record, RecordKind


class ClassUnknown(Invalid):
    """There is no disposal class {code}. Where two schedules share a code, write SCHEDULE/CODE."""

    code = "class-unknown"


def case_record(case_id: UUID) -> Record:
    return Record(RecordKind.CASE, case_id)


def document_record(document_id: UUID) -> Record:
    return Record(RecordKind.DOCUMENT, document_id)


def evaluate_record(record: Record, as_of: date | None = None) -> Evaluation:
    """Work a record out from the database as it stands, with its reasons in words. Raises NotFound where there is none."""
    found = evaluate_records([record], as_of=as_of).get(record)
    if found is None:
        raise NotFound
    return found


def evaluate_records(records: Sequence[Record], *, as_of: date | None = None) -> dict[Record, Evaluation]:
    """Work several records out in one go, likewise."""
    found = status.evaluations(records, as_of=as_of or clock.today())
    return {one: explained(evaluation) for one, evaluation in found.items()}


def explained(found: Evaluation) -> Evaluation:
    """Return the evaluation with its sentences."""
    return Evaluation(
        **{name: getattr(found, name) for name in Evaluation.__dataclass_fields__ if name != "because"},
        because=explain.sentences(found),
    )


def locked_facts(
    records: Sequence[Record], papers: Collection[UUID] = (), *, as_of: date | None = None
) -> dict[Record, Evaluation]:
    """Evaluate records with themselves and every case they are bound to locked until the caller's transaction ends.

    For the check inside a claim, after `gate.shared()`. Locks in the order of design T1: cases, then documents, each
    ascending; further `papers` with them. Plain `select_for_update`, as a new hold's foreign key must wait for it (T3).
    """
    documents = [one.id for one in records if one.kind is RecordKind.DOCUMENT]
    cases = {one.id for one in records if one.kind is RecordKind.CASE}
    if documents:
        cases |= set(Filing.objects.filter(document__in=documents).values_list("case_id", flat=True))
    every = set().union(*facts.linked(cases).values()) if cases else set()
    if connection.features.has_select_for_update:
        list(Case.objects.select_for_update().filter(pk__in=every).order_by("pk").values_list("pk", flat=True))
        locked = Document.objects.select_for_update().filter(pk__in={*documents, *papers})
        list(locked.order_by("pk").values_list("pk", flat=True))
    return evaluate_records(records, as_of=as_of)


def locked_record(record: Record) -> Evaluation:
    """Evaluate one record likewise. Raises NotFound where there is none."""
    found = locked_facts([record]).get(record)
    if found is None:
        raise NotFound
    return found


def holds_on(record: Record) -> tuple[HoldFact, ...]:
    """Return the holds in force on a record now, inherited ones included, asked of the database."""
    return holds_on_each([record])[record]


def holds_on_each(records: Sequence[Record]) -> dict[Record, tuple[HoldFact, ...]]:
    """Return the same for several records. Raises NotFound where one of them is not there."""
    found = facts.load_holds(records)
    if set(records) - set(found):
        raise NotFound
    return found


def seen_evaluation(actor: Actor, record: Record, as_of: date | None = None) -> Evaluation:
    """Return what becomes of a record to somebody who may know."""
    record_seen(actor, record, Permission.SEE_RETENTION)
    return evaluate_record(record, as_of)


def lifecycle_of(record: Record, found: Evaluation) -> Lifecycle:
    """Return where a record stands: what disposal has made of it, else what its dates say."""
    model = Case if record.kind is RecordKind.CASE else Document
    stored = Lifecycle(model.objects.values_list("lifecycle", flat=True).get(pk=record.id))
    return status.lifecycle_of(found, clock.today()) if stored in EVALUATED else stored


def triggers_of(actor: Actor, record: Record) -> list[Trigger]:
    """Return every trigger of a record, the newest first, voided ones included; voiding rows are told by what they void."""
    record_seen(actor, record, Permission.SEE_RETENTION)
    rows = Trigger.objects.filter(kind=record.kind, record_id=record.id, voids__isnull=True)
    return list(rows.prefetch_related("voided_by").order_by("-id"))


def class_by_code(code: str) -> DisposalClass:
    """Return the class called CODE or SCHEDULE/CODE; raise ClassUnknown where there is none or more than one."""
    schedule, slash, last = code.rpartition("/")
    rows = DisposalClass.objects.select_related("schedule").filter(code=last)
    found = list((rows.filter(schedule__code=schedule) if slash else rows)[:2])
    if len(found) != 1:
        raise ClassUnknown(code=code)
    return found[0]


def managed_statuses(actor: Actor) -> QuerySet[RetentionStatus]:
    """Return the stored answers of the records that somebody manages."""
    if not actor.may(Permission.MANAGE_RECORDS):
        return RetentionStatus.objects.none()
    courts = managed_courts(actor)
    about = Q() if courts is None else Q(court__code__in=courts)
    return RetentionStatus.objects.filter(about)


def hold_by_id(actor: Actor, hold_id: UUID) -> Hold:
    """Return a hold to those who manage records; raise NotFound."""
    actor.require(Permission.MANAGE_RECORDS)
    found = Hold.objects.filter(pk=hold_id).first()
    if found is None:
        raise NotFound
    return found


def holds(actor: Actor) -> list[Hold]:
    """Return the holds, those in force first, to those who manage records."""
    actor.require(Permission.MANAGE_RECORDS)
    return sorted(Hold.objects.all(), key=lambda one: (one.released_at is not None, one.placed_at))


def schedules(actor: Actor) -> list[Schedule]:
    """Return every schedule with classes, versions and steps, to those who manage records."""
    actor.require(Permission.MANAGE_RECORDS)
    return list(Schedule.objects.prefetch_related("classes__schedule", "classes__versions__steps"))


def check_seen(actor: Actor, record: Record) -> None:
    """Raise unless somebody may know what becomes of this record; asked before what they sent is looked at."""
    record_seen(actor, record, Permission.SEE_RETENTION)


def check_trigger_seen(actor: Actor, trigger_id: int) -> None:
    row = Trigger.objects.filter(pk=trigger_id).first()
    if row is None:
        raise NotFound
    check_seen(actor, row.record)


def check_writes_schedules(actor: Actor) -> None:
    actor.require(Permission.DEFINE_SCHEDULES)


def check_places_holds(actor: Actor) -> None:
    actor.require(Permission.PLACE_HOLDS)


def is_held(record: Record) -> bool:
    """Whether any hold is in force on a record: for a badge, and cheap where there is no hold at all."""
    return Hold.objects.in_force().exists() and bool(holds_on(record))
