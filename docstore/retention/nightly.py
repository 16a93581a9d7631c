"""What the night does: lets versions start, gives new cases their class, sweeps holds, and works out what time or a
change of facts has made different. On a day with nothing to do it reads a few indexes and ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from docstore.access.actor import Actor, system
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE
from docstore.cases.models import Case
from docstore.core import clock, locks
from docstore.retention import assignment, gathering, holds, stale, status, storage_holds
from docstore.retention.models import Assignment, ClassVersion, Recomputation, RetentionStatus
from docstore.retention.trail import tell_all
from docstore.retention.vocabulary import Record, RecordKind, VersionStatus

BATCH = 500
LOCK = "retention night"
SHARE = 100


@dataclass(frozen=True, slots=True)
class Night:
    """What one pass has done."""

    classified: int = 0
    held: int = 0
    looked_at: int = 0
    changed: int = 0
    proposed: int = 0
    gathered: int = 0


def pass_night(*, by: Actor | None = None) -> Night:
    """Do everything that is due by now. Safe to repeat, and to break off: each batch is its own transaction."""
    actor = by or system("retention")
    with locks.named(LOCK):
        end_superseded()
        new = take_in_new_cases(by=actor)
        held = holds.sweep(by=actor)
        looked_at = changed = 0
        for batch in _waiting():
            with transaction.atomic():
                assignment.assign_by_rule(batch, by=actor)
                changed += len(status.recompute(batch, by=actor, why="night"))
            looked_at += len(batch)
        proposed = stale.propose(by=actor)
        gathered = gathering.gather(by=actor)
    return Night(classified=new, held=held, looked_at=looked_at, changed=changed, proposed=proposed, gathered=gathered)


def end_superseded() -> None:
    """Mark versions whose successor has started."""
    over = ClassVersion.objects.filter(status=VersionStatus.APPROVED, effective_to__lte=clock.today())
    over.update(status=VersionStatus.SUPERSEDED)


def take_in_new_cases(*, by: Actor) -> int:
    """Give every case that retention has not met yet its class by rule and its stored answer (RET-B1)."""
    met = RetentionStatus.objects.filter(kind=RecordKind.CASE, record_id=OuterRef("pk"))
    unmet = Case.objects.exclude(lifecycle__in=GONE).filter(~Q(Exists(met))).order_by("pk").values_list("pk", flat=True)
    count = 0
    while batch := [Record(RecordKind.CASE, one) for one in unmet[:BATCH]]:
        with transaction.atomic():
            assignment.assign_by_rule(batch, by=by)
            status.recompute(batch, by=by, why="new")
        count += len(batch)
    return count


def recompute_run(run_id: int, *, by: Actor | None = None) -> Recomputation:
    """Work out the records of a policy change, a batch a transaction, from where it was broken off (RET-P1, T14)."""
    actor = by or system("retention")
    while True:
        with transaction.atomic():
            run = Recomputation.objects.select_for_update().get(pk=run_id)
            batch = list(_of_run(run).filter(pk__gt=run.cursor).values_list("pk", "kind", "record_id")[:BATCH])
            if not batch:
                run.finished_at = run.finished_at or clock.now()
                run.save(update_fields=["finished_at"])
                return run
            records = list(dict.fromkeys(Record(RecordKind(kind), pk) for _, kind, pk in batch))
            changes = status.recompute(records, by=actor, why=run.why, version=run.class_version_id)
            run.cursor, run.seen, run.changed = batch[-1][0], run.seen + len(batch), run.changed + len(changes)
            run.save(update_fields=["cursor", "seen", "changed"])


def _of_run(run: Recomputation) -> QuerySet[Assignment]:
    version = run.class_version
    rows = Assignment.objects.filter(superseded_at__isnull=True).order_by("pk")
    return rows.filter(disposal_class=version.disposal_class_id) if version else rows


def _waiting() -> Iterator[list[Record]]:
    """Records with the mark of a changed input, then those that the calendar changes today."""
    yield from _each(Q(dirty=True))
    yield from _each(Q(next_change_on__lte=clock.today()))


def _each(about: Q) -> Iterator[list[Record]]:
    last = 0
    rows = RetentionStatus.objects.filter(about).order_by("pk")
    while batch := list(rows.filter(pk__gt=last).values_list("pk", "kind", "record_id")[:BATCH]):
        last = batch[-1][0]
        yield [Record(RecordKind(kind), UUID(str(pk))) for _, kind, pk in batch]


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a comparison of stored and fresh dates has found."""

    looked_at: int
    changes: tuple[status.Change, ...]


def reconcile(*, by: Actor | None = None, share: int = SHARE, most: int = 5000) -> Reconciled:
    """Work out one record in `share` anew, and raise an alarm where the stored answer was another (RET-P2)."""
    actor, today = by or system("retention"), clock.today()
    rows = RetentionStatus.objects.filter(dirty=False).annotate(turn=F("id") % share)
    chosen = rows.filter(turn=today.toordinal() % share).order_by("pk").values_list("kind", "record_id")[:most]
    looked_at, changes = 0, []
    for batch in _in_batches([Record(RecordKind(kind), pk) for kind, pk in chosen]):
        with transaction.atomic():
            changes += status.recompute(batch, by=actor, why="reconciliation")
        looked_at += len(batch)
    storage_holds.reconcile(by=actor)
    if changes:
        with transaction.atomic():
            facts = {"looked_at": looked_at, "changes": [one.as_fact() for one in changes]}
            tell_all(Event.RETENTION_DRIFTED, actor, facts)
    return Reconciled(looked_at, tuple(changes))


def _in_batches(records: list[Record]) -> Iterator[list[Record]]:
    for at in range(0, len(records), BATCH):
        yield records[at : at + BATCH]
