"""Questions about batches: how each item stands now, as its station may know it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from docstore.access.actor import Actor
from docstore.core.errors import Conflict
from docstore.documents.models import Stage, Version
from docstore.intake.batches import own_batch
from docstore.intake.models import Batch, BatchState, Item, ItemState
from docstore.intake.parts import documents_of

AVAILABLE_AT = (Stage.READABLE, Stage.SEARCHABLE)
ON_A_CASE = (ItemState.READING, ItemState.AVAILABLE)
ASK_AGAIN_SECONDS = 2


class ReceiptNotYet(Conflict):
    """There is no receipt yet: the batch is {state}. Ask again once it is accepted, and keep the paper until then."""

    code = "receipt-not-yet"


@dataclass(frozen=True, slots=True)
class Followed:
    """A batch with its items, their states as of now, and how many there are of each kind."""

    batch: Batch
    items: list[Item]
    became: Mapping[UUID, Sequence[UUID]]
    received: int
    accepted: int
    rejected: int
    needs_attention: int

    @property
    def etag(self) -> str:
        """Changes with everything that is told; what stands before the dot is the manifest's own."""
        states = " ".join(f"{one.seq}:{one.state}:{one.code}" for one in self.items)
        digest = hashlib.sha256(f"{self.batch.state} {states}".encode()).hexdigest()[:16]
        return f'"{self.batch.change}.{digest}"'

    @property
    def ask_again(self) -> int | None:
        """In how many seconds there may be news; None where nothing changes by itself any more."""
        return ASK_AGAIN_SECONDS if self.batch.state == BatchState.VERIFYING else None


def follow(*, by: Actor, batch_id: UUID) -> Followed:
    """Return how a batch of the asking station stands."""
    return followed(own_batch(by, batch_id))


def followed(batch: Batch) -> Followed:
    """Return how a batch stands, in three queries, or four where an item was divided."""
    items = list(batch.items.all())
    became = documents_of(items)
    readable = _readable(document for documents in became.values() for document in documents)
    for one in items:
        if one.state == ItemState.READING and readable.issuperset(became.get(one.pk, [None])):
            one.state, one.detail = ItemState.AVAILABLE, ""
    return Followed(
        batch,
        items,
        became,
        received=sum(one.received_at is not None for one in items),
        accepted=sum(one.state in ON_A_CASE for one in items),
        rejected=sum(one.state == ItemState.REJECTED for one in items),
        needs_attention=sum(one.state == ItemState.NEEDS_ATTENTION for one in items),
    )


def receipt_of(*, by: Actor, batch_id: UUID) -> str:
    """Return the signed receipt exactly as it was signed; raise ReceiptNotYet."""
    batch = own_batch(by, batch_id)
    if not batch.receipt:
        raise ReceiptNotYet(state=batch.state.replace("_", " "))
    return batch.receipt


def _readable(documents: Iterable[UUID]) -> set[UUID]:
    """Which of these documents can be read: their first version, which is what the station sent."""
    ids = list(documents)
    rows = Version.objects.filter(document__in=ids, number=1, stage__in=AVAILABLE_AT) if ids else Version.objects.none()
    return set(rows.values_list("document_id", flat=True))
