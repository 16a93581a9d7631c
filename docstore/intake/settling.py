"""From the last item's end to the signed receipt. Called by workers; safe to repeat."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.core import clock, failpoints, signing
from docstore.core.jobs import JobName
from docstore.intake.batches import record_on
from docstore.intake.feed import locked, tell
from docstore.intake.models import SETTLED_ITEMS, Batch, BatchState, Happening, Item, ItemState
from docstore.intake.parts import documents_of
from docstore.intake.superseding import supersede_replaced
from docstore.intake.times import moment
from docstore.intake.watching import settle_on

PAYLOAD_TYPE = "application/vnd.docstore.receipt+json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a batch ends, and the exact text of its receipt; none where nothing of it was taken."""

    state: BatchState
    payload: bytes | None


def settle_batch(batch_id: UUID) -> None:
    """Settle a closed batch whose items have all come to their end, and sign its receipt. Nothing happens before that."""
    batch = Batch.objects.select_related("station__court").get(pk=batch_id)
    items = list(batch.items.all())
    if batch.state != BatchState.VERIFYING or any(one.state not in SETTLED_ITEMS for one in items):
        return
    issued_at = clock.now()
    outcome = _outcome(batch, items, issued_at)
    envelope = signing.sign(outcome.payload, payload_type=PAYLOAD_TYPE) if outcome.payload else None
    failpoints.reach("receipt-signed")
    _commit(batch_id, outcome, json.dumps(envelope) if envelope else "", issued_at)
    failpoints.reach("receipt-after-commit")


@transaction.atomic
def _commit(batch_id: UUID, outcome: Outcome, receipt: str, at: datetime) -> None:
    known = Batch.objects.get(pk=batch_id)
    station = locked(known.station_id)
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    if batch.state != BatchState.VERIFYING:
        return
    batch.state, batch.settled_at = outcome.state, at
    batch.receipt, batch.receipt_issued_at = receipt, at if receipt else None
    batch.change += 1
    batch.save(update_fields=["state", "settled_at", "receipt", "receipt_issued_at", "change"])
    by = system(JobName.INTAKE_SETTLE)
    tell(station, Happening.BATCH_SETTLED, batch, detail=outcome.state)
    record_on(Event.BATCH_SETTLED, by, batch, {"state": str(outcome.state)})
    supersede_replaced(station, batch)
    settle_on(batch, note="The batch was finished.")
    if receipt:
        tell(station, Happening.RECEIPT_ISSUED, batch)
        digest = hashlib.sha256(receipt.encode()).hexdigest()
        record_on(Event.RECEIPT_ISSUED, by, batch, {"custody": str(outcome.state), "receipt_sha256": digest})
    failpoints.reach("receipt-before-commit")


def _outcome(batch: Batch, items: list[Item], issued_at: datetime) -> Outcome:
    rejected = [one for one in items if one.state == ItemState.REJECTED]
    waiting = [one for one in items if one.state == ItemState.NEEDS_ATTENTION]
    if len(rejected) == len(items):
        return Outcome(BatchState.REJECTED, None)
    became = documents_of(items)
    state = BatchState.ACCEPTED_WITH_EXCEPTIONS if rejected or waiting else BatchState.ACCEPTED
    payload = {
        "batch": str(batch.pk),
        "external_id": batch.external_id,
        "station": str(batch.station_id),
        "site": batch.station.court.code,
        "custody": str(state),
        "issued_at": moment(issued_at),
        "items": [_receipted(one, became.get(one.pk, [])) for one in items],
        "exceptions": [
            {"seq": one.seq, "control_number": one.control_number, "state": one.state, "code": one.code}
            for one in (*waiting, *rejected)
        ],
    }
    return Outcome(state, json.dumps(payload, sort_keys=True, ensure_ascii=False).encode())


def _receipted(item: Item, documents: Sequence[UUID]) -> dict[str, object]:
    """One line of the receipt. `safe` is false for what was rejected: its paper has to be scanned again.

    `documents` are all that it became; `document` is the first of them.
    """
    return {
        "seq": item.seq,
        "control_number": item.control_number,
        "sha256": item.sha256,
        "bytes": item.size,
        "pages": item.pages,
        "document": str(item.document) if item.document else None,
        "documents": [str(one) for one in documents],
        "custody_at": moment(item.received_at),
        "safe": item.state != ItemState.REJECTED,
    }
