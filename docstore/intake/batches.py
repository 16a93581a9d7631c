"""Opening, amending and closing batches, and asking to send an item again: what a station does before and after the bytes."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from docstore.access.actor import Actor
from docstore.access.key_scopes import KeyScope
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock, conf, failpoints
from docstore.core.errors import Conflict, FieldError, Forbidden, NotFound, PreconditionRequired, Refusal, Stale
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.intake.actions import NO_CLAIM, Claim
from docstore.intake.feed import locked, tell
from docstore.intake.manifest import Declared, Manifest, duplicate, parse
from docstore.intake.models import Batch, BatchState, Happening, Item, ItemState, NonScannable, Station
from docstore.intake.relaying import let_go_after_commit
from docstore.intake.shapes import fault
from docstore.intake.stations import own_station
from docstore.intake.times import moment

RECEIVABLE = (ItemState.EXPECTED, ItemState.RECEIVING)


class AnotherSite(Forbidden):
    """This key is for another site. A station sends papers to its own court only."""

    code = "another-site"


class DuplicateBatch(Conflict):
    """A batch with this name was opened before. Ask for that one; use a new name for other papers."""

    code = "duplicate-batch"


class BatchClosed(Conflict):
    """The batch is closed, so it cannot be changed any more. Open another one for what is missing."""

    code = "batch-closed"


class StillOpen(Conflict):
    """The batch is still open. Amend it instead: the item has not been judged yet."""

    code = "batch-open"


class BatchStale(Refusal):
    """The batch was not finished in time and was given up. Open a new one and send its papers again."""

    code = "batch-stale"
    status = 410


class BatchIncomplete(Conflict):
    """Some items are missing or are not what was declared. Each is named; send them and close the batch again."""

    code = "batch-incomplete"


@transaction.atomic
def open_batch(
    *,
    by: Actor,
    manifest: Manifest,
    claim: Claim = NO_CLAIM,
    envelope: str = "",
    payments: Sequence[str] = (),
    content_sha256: str = "",
) -> Batch:
    """Open a batch for what a station will send. Names and control numbers that were used before are refused."""
    own = own_station(by, KeyScope.INTAKE_WRITE)
    if manifest.site != own.court.code:
        raise AnotherSite
    station = locked(own.pk)
    twin = Batch.objects.filter(station=station, external_id=manifest.external_id).first()
    if twin is not None:
        raise DuplicateBatch(members={"batch": str(twin.pk), "state": twin.state})
    _check_numbers_unused(manifest, station)
    now = clock.now()
    batch = Batch.objects.create(
        station=station,
        court_id=station.court_id,
        external_id=manifest.external_id,
        manifest=manifest.text,
        manifest_sha256=manifest.sha256,
        key_limits=by.limits.packed,
        case_reference=manifest.case_reference,
        operator=manifest.operator,
        rescan_for=manifest.rescan_for,
        replaces=_replaced(station, manifest.rescan_for),
        envelope=envelope,
        payments=json.dumps(list(payments)),
        content_sha256=content_sha256,
        claimed_opened_at=manifest.opened_at,
        claimed_scanned_at=manifest.scanned_at,
        opened_at=now,
        expires_at=now + timedelta(hours=conf.get().intake.batch_hours),
    )
    _declare(batch, manifest)
    tell(station, Happening.BATCH_OPENED, batch)
    facts = {"manifest_sha256": manifest.sha256, "items": len(manifest.items)}
    record_on(Event.BATCH_OPENED, by, batch, facts)
    claim.settle(batch)
    failpoints.reach("batch-before-commit")
    return batch


@transaction.atomic
def amend_batch(*, by: Actor, batch_id: UUID, seen: str | None, manifest: Manifest) -> Batch:
    """Replace the manifest of an open batch. Items that arrived already and are declared the same stay as they are."""
    station, batch = _changing(by, batch_id)
    check_seen(batch, seen)
    require_open(batch)
    if manifest.site != station.court.code:
        raise AnotherSite
    if manifest.external_id != batch.external_id:
        raise fault("/external_id", "invalid", "A batch keeps its name. Open another batch under the other name.")
    known = {one.seq: one for one in batch.items.all()}
    kept = {one.seq for one in manifest.items if one.seq in known and _is_same(known[one.seq], one)}
    dropped = batch.items.exclude(seq__in=kept)
    let_go_after_commit(dropped)
    dropped.delete()
    batch.non_scannable.all().delete()
    _check_numbers_unused(manifest, station, besides=batch)
    for one in manifest.items:
        if one.seq in kept:
            Item.objects.filter(batch=batch, seq=one.seq).update(**_told(one))
    _declare(batch, manifest, besides=kept)
    batch.manifest, batch.manifest_sha256 = manifest.text, manifest.sha256
    batch.case_reference, batch.operator = manifest.case_reference, manifest.operator
    batch.rescan_for, batch.replaces = manifest.rescan_for, _replaced(station, manifest.rescan_for)
    batch.change += 1
    batch.save()
    tell(station, Happening.BATCH_AMENDED, batch)
    record_on(Event.BATCH_AMENDED, by, batch, {"items": len(manifest.items)})
    return batch


@transaction.atomic
def close_batch(*, by: Actor, batch_id: UUID, seen: str | None = None) -> Batch:
    """Say that all was sent. Refused with the missing and mismatched items named; closing twice is no fault."""
    station, batch = _changing(by, batch_id)
    if seen is not None:
        check_seen(batch, seen)
    if batch.state == BatchState.EXPIRED:
        raise BatchStale
    if not batch.is_open:
        return batch
    faults = _shortfall(batch)
    if faults:
        raise BatchIncomplete(errors=faults)
    batch.state, batch.closed_at, batch.change = BatchState.VERIFYING, clock.now(), batch.change + 1
    batch.save(update_fields=["state", "closed_at", "change"])
    tell(station, Happening.BATCH_CLOSED, batch)
    record_on(Event.BATCH_CLOSED, by, batch, {"items": batch.items.count()})
    for item in batch.items.all():
        go_on(item, station)
    enqueue_settling(batch)
    failpoints.reach("close-before-commit")
    return batch


@transaction.atomic
def open_rescan(*, by: Actor, batch_id: UUID, seq: int, declared: Mapping[str, Any]) -> Batch:
    """Open a batch of one for an item that is scanned again. The old item is kept, and marked once the new one is in."""
    item = own_item(by, batch_id, seq)
    if item.batch.is_open:
        raise StillOpen
    station = locked(item.batch.station_id)
    count = Batch.objects.filter(station=station, replaces=item.batch).count()
    told = {
        "external_id": f"{item.batch.external_id[:170]}.rescan-{seq}-{count + 1}",
        "site": item.batch.court.code,
        "opened_at": moment(clock.now()),
        "scanned_at": moment(clock.now()),
        "operator": item.batch.operator,
        "rescan_for": item.batch.external_id,
        "case_reference": item.case_reference or item.batch.case_reference or None,
        "items": [{**declared, "seq": 1}],
        "non_scannable": [],
    }
    batch = open_batch(by=by, manifest=parse(told))
    Item.objects.filter(batch=batch, seq=1).update(replaces=item)
    return batch


def go_on(item: Item, station: Station) -> None:
    """Have a worker do the next thing with an item: check it, or find its place once its batch is closed."""
    match ItemState(item.state):
        case ItemState.QUARANTINED:
            name = JobName.INTAKE_CHECK
        case ItemState.CLEAN if item.batch.was_closed:
            name = JobName.INTAKE_PLACE
        case _:
            return
    enqueue(
        name,
        subject=f"item:{item.pk}",
        lane=Lane.FIRST,
        share=f"station:{station.pk}",
        dedupe=f"{name} {item.pk}",
    )


def enqueue_settling(batch: Batch) -> None:
    """Have a worker see whether a closed batch is settled."""
    name = JobName.INTAKE_SETTLE
    enqueue(
        name,
        subject=f"batch:{batch.pk}",
        lane=Lane.FIRST,
        share=f"station:{batch.station_id}",
        dedupe=f"{name} {batch.pk}",
    )


def own_batch(by: Actor, batch_id: UUID, scope: KeyScope = KeyScope.INTAKE_READ) -> Batch:
    """Return a batch of the asking station; raise NotFound for another's as for none (SEC-9)."""
    station = own_station(by, scope)
    found = Batch.objects.filter(pk=batch_id, station=station).select_related("station__court").first()
    if found is None:
        raise NotFound
    return found


def own_item(by: Actor, batch_id: UUID, seq: int, scope: KeyScope = KeyScope.INTAKE_WRITE) -> Item:
    """Return an item of a batch of the asking station; raise NotFound."""
    batch = own_batch(by, batch_id, scope)
    found = Item.objects.filter(batch=batch, seq=seq).select_related("batch__station").first()
    if found is None:
        raise NotFound
    return found


def check_seen(batch: Batch, seen: str | None) -> None:
    """Raise PreconditionRequired or Stale unless the sender has said that they saw the latest manifest.

    An ETag has the manifest's number before its dot; that bytes arrived meanwhile makes no amendment stale.
    """
    if seen is None:
        raise PreconditionRequired
    if seen.strip().strip('"').partition(".")[0] != str(batch.change):
        raise Stale


def require_open(batch: Batch) -> None:
    """Raise BatchStale or BatchClosed where nothing can be added any more."""
    if batch.state == BatchState.EXPIRED:
        raise BatchStale
    if not batch.is_open:
        raise BatchClosed


def record_on(event: Event, by: Actor, batch: Batch, facts: Mapping[str, object]) -> None:
    """Write an event about a batch into the stream of its station."""
    refs = {"batch": str(batch.pk), "station": str(batch.station_id)}
    stream = f"intake:{batch.station_id}"
    record(event, stamp=by.stamp, stream=stream, refs=refs, facts={"batch": str(batch.pk), **facts})


def _changing(by: Actor, batch_id: UUID) -> tuple[Station, Batch]:
    own = own_batch(by, batch_id, KeyScope.INTAKE_WRITE)
    station = locked(own.station_id)
    return station, Batch.objects.select_for_update().get(pk=batch_id)


def _check_numbers_unused(manifest: Manifest, station: Station, *, besides: Batch | None = None) -> None:
    """Control numbers are unique everywhere. Another court's batch is never named (SEC-9)."""
    pointers = dict(manifest.pointers)
    mine = Q(batch=besides) if besides else Q(pk__in=[])
    for model in (Item, NonScannable):
        rows: Any = model._default_manager.filter(control_number__in=pointers, claimed=True).exclude(mine)
        used = rows.select_related("batch").order_by("control_number").first()
        if used is not None:
            same = used.batch.court_id == station.court_id
            where = f", in the batch {used.batch.external_id}" if same else ""
            raise duplicate(used.control_number, where=where, pointer=pointers[used.control_number])


def _declare(batch: Batch, manifest: Manifest, *, besides: Collection[int] = ()) -> None:
    try:
        with transaction.atomic():
            _insert(batch, manifest, besides)
    except IntegrityError:  # another station claimed one of the numbers between our look and our write
        _check_numbers_unused(manifest, batch.station, besides=batch)
        raise


def _insert(batch: Batch, manifest: Manifest, besides: Collection[int]) -> None:
    Item.objects.bulk_create(
        Item(
            batch=batch,
            seq=one.seq,
            control_number=one.control_number,
            size=one.size,
            sha256=one.sha256,
            name=one.name,
            suggested=one.suggested,
            **_told(one),
        )
        for one in manifest.items
        if one.seq not in besides
    )
    NonScannable.objects.bulk_create(
        NonScannable(
            batch=batch, control_number=one.control_number, type=one.type, kept_at=one.kept_at, notes=one.notes
        )
        for one in manifest.non_scannable
    )


def _told(one: Declared) -> dict[str, Any]:
    """What may be said differently of an item without its bytes becoming others."""
    return {
        "type": one.type,
        "case_reference": one.case_reference,
        "expected_pages": one.expected_pages,
        "declared_type": one.media_type,
        "colour": one.colour,
        "dpi": one.dpi,
    }


def _is_same(item: Item, one: Declared) -> bool:
    return (item.control_number, item.sha256, item.size) == (one.control_number, one.sha256, one.size)


def _replaced(station: Station, external_id: str) -> Batch | None:
    return Batch.objects.filter(station=station, external_id=external_id).first() if external_id else None


def _shortfall(batch: Batch) -> tuple[FieldError, ...]:
    found = []
    for item in batch.items.all():
        pointer = f"/items/{item.seq}"
        if item.state in RECEIVABLE:
            found.append(FieldError(pointer, "missing", f"Item {item.seq} was declared and has not arrived. Send it."))
        elif item.expected_pages and item.pages and item.pages != item.expected_pages:
            said = f"Item {item.seq} was declared with {item.expected_pages} pages and has {item.pages}."
            found.append(FieldError(pointer, "page-count-mismatch", f"{said} Scan it again or amend the batch."))
    return tuple(found)
