"""Nothing waits in silence: what takes too long is told to a person, what can go on by itself does (design/api.md §6).

Called every few seconds by the scheduler; each step is safe to repeat.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.core import clock, conf
from docstore.core.jobs import Job
from docstore.documents.models import Stage, Version
from docstore.intake.batches import enqueue_settling, go_on, record_on
from docstore.intake.checking import held
from docstore.intake.feed import locked, tell
from docstore.intake.matching import Doubt
from docstore.intake.models import Act, Batch, BatchState, Happening, IntakeException, Item, ItemState, Station
from docstore.intake.parts import documents_of
from docstore.intake.placing import queue_exception

MOST_AT_ONCE = 500
TRY_AGAIN_SECONDS = 30
UNFINISHED = (
    "The batch {name} was opened over an hour ago and is not finished: {missing} of {expected} items are missing."
)
GIVEN_UP = (
    "The batch {name} was never finished and was given up. {missing} of {expected} items never came. Chase the station."
)
CHECK_STOPPED = "check-stopped"
STOPPED = "It could not be checked: {reason}"
WATCHER = system("intake.watch")


def watch() -> int:
    """Make one round; return how many things were moved or told."""
    return sum((drain_quarantine(), mark_available(), tell_of_overdue(), expire_batches()))


def drain_quarantine() -> int:
    """Have items without a verdict checked again; those whose check has stopped go to a person."""
    before = clock.seconds() - TRY_AGAIN_SECONDS
    rows = Item.objects.filter(state__in=[ItemState.QUARANTINED, ItemState.CLEAN], tried_seconds__lt=before)
    rows = rows.filter(Q(state=ItemState.QUARANTINED) | Q(batch__closed_at__isnull=False))
    moved = 0
    for item in rows.select_related("batch__station").order_by("tried_seconds")[:MOST_AT_ONCE]:
        moved += _again(item)
    return moved


@transaction.atomic
def _again(item: Item) -> bool:
    waiting = Job.objects.waiting().filter(subject=f"item:{item.pk}")
    stopped = waiting.parked().first()
    if stopped is None:
        if waiting.exists():
            return False
        Item.objects.filter(pk=item.pk).update(tried_seconds=clock.seconds())
        go_on(item, item.batch.station)
        return True
    if not item.batch.was_closed:
        return False
    station, row = held(item.pk)
    if row.state not in (ItemState.QUARANTINED, ItemState.CLEAN):
        return False
    queue_exception(station, row, Doubt(CHECK_STOPPED, STOPPED.format(reason=stopped.reason)))
    enqueue_settling(row.batch)
    return True


def mark_available() -> int:
    """Say of items whose documents can be read by now that they are available."""
    rows = Item.objects.filter(state=ItemState.READING).order_by("received_at")[:MOST_AT_ONCE]
    became = documents_of(rows)
    wanted = [document for documents in became.values() for document in documents]
    first = Version.objects.filter(document__in=wanted, number=1, stage__in=[Stage.READABLE, Stage.SEARCHABLE])
    readable = set(first.values_list("document_id", flat=True))
    found = [item_id for item_id, documents in became.items() if readable.issuperset(documents)]
    for item_id in found:
        _mark_available(item_id)
    return len(found)


@transaction.atomic
def _mark_available(item_id: UUID) -> None:
    station, item = held(item_id)
    if item.state == ItemState.READING:
        Item.objects.filter(pk=item.pk).update(state=ItemState.AVAILABLE, detail="")
        tell(station, Happening.ITEM_AVAILABLE, item.batch, item=item)


def tell_of_overdue() -> int:
    """Put before a person what should have been finished an hour ago (DOM-1.18)."""
    before = clock.now() - timedelta(minutes=conf.get().intake.overdue_minutes)
    rows = Batch.objects.filter(
        state__in=[BatchState.OPEN, BatchState.VERIFYING], opened_at__lt=before, overdue_at__isnull=True
    )
    ids = list(rows.order_by("opened_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for batch_id in ids:
        _tell_of_overdue(batch_id)
    return len(ids)


@transaction.atomic
def _tell_of_overdue(batch_id: UUID) -> None:
    station, batch = _held(batch_id)
    if batch.overdue_at is not None or batch.is_settled:
        return
    batch.overdue_at = clock.now()
    batch.save(update_fields=["overdue_at"])
    tell(station, Happening.BATCH_OVERDUE, batch)
    _raise_on(batch, "batch-overdue", UNFINISHED)


def expire_batches() -> int:
    """Give up open batches after the advertised age; their control numbers may be used again."""
    rows = Batch.objects.filter(state=BatchState.OPEN, expires_at__lte=clock.now())
    ids = list(rows.order_by("expires_at").values_list("pk", flat=True)[:MOST_AT_ONCE])
    for batch_id in ids:
        _expire(batch_id)
    return len(ids)


@transaction.atomic
def _expire(batch_id: UUID) -> None:
    station, batch = _held(batch_id)
    if not batch.is_open or batch.expires_at > clock.now():
        return
    batch.state, batch.settled_at, batch.change = BatchState.EXPIRED, clock.now(), batch.change + 1
    batch.save(update_fields=["state", "settled_at", "change"])
    missing = batch.items.filter(received_at__isnull=True).count()
    settle_on(batch, note="The batch was given up.")
    _raise_on(batch, "batch-stale", GIVEN_UP)
    batch.items.update(state=ItemState.REJECTED, code="batch-stale", claimed=False, text="", suggested="{}")
    batch.non_scannable.update(claimed=False)
    tell(station, Happening.BATCH_EXPIRED, batch)
    record_on(Event.BATCH_EXPIRED, WATCHER, batch, {"missing": missing})


def settle_on(batch: Batch, *, note: str) -> None:
    """Settle what was asked about a batch as a whole, because it has answered itself."""
    rows = IntakeException.objects.filter(batch=batch, item__isnull=True, settled_at__isnull=True)
    rows.update(settled_at=clock.now(), act=Act.SETTLED, note=note)


def _held(batch_id: UUID) -> tuple[Station, Batch]:
    station = locked(Batch.objects.values_list("station_id", flat=True).get(pk=batch_id))
    return station, Batch.objects.select_for_update().get(pk=batch_id)


def _raise_on(batch: Batch, code: str, sentence: str) -> None:
    """Put a batch as a whole before a person."""
    missing = batch.items.filter(received_at__isnull=True).count()
    said = sentence.format(name=batch.external_id, missing=missing, expected=batch.items.count())
    IntakeException.objects.create(
        court_id=batch.court_id, batch=batch, item=None, code=code, reason=said, raised_at=clock.now()
    )
    record_on(Event.EXCEPTION_RAISED, WATCHER, batch, {"item": 0, "code": code})
