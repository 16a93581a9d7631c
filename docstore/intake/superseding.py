"""What a rescan replaces: the earlier item or batch is kept, marked, and asks nobody for anything any more (DOM-1.15)."""

from docstore.core import clock
from docstore.intake.feed import tell
from docstore.intake.models import Act, Batch, Happening, IntakeException, Item, ItemState, Station

SUPERSEDED = "superseded"
REPLACED = "Replaced by a rescan, in the batch {name}."
OPEN_ENDS = (ItemState.NEEDS_ATTENTION, ItemState.REJECTED, ItemState.EXPECTED)


def supersede_replaced(station: Station, batch: Batch) -> None:
    """Mark what a settled batch replaces, and settle what still asked a person about it. The caller holds the station."""
    earlier = [one.replaces for one in batch.items.select_related("replaces") if one.replaces]
    if batch.replaces and not earlier:
        earlier = list(batch.replaces.items.filter(state__in=OPEN_ENDS))
    note = REPLACED.format(name=batch.external_id)
    for item in earlier:
        if item.code != SUPERSEDED:
            _supersede(station, item, note)


def _supersede(station: Station, item: Item, note: str) -> None:
    if item.state in OPEN_ENDS:
        item.state = ItemState.REJECTED
    item.code, item.detail, item.text = SUPERSEDED, note, ""
    item.save(update_fields=["state", "code", "detail", "text"])
    waiting = IntakeException.objects.filter(item=item, settled_at__isnull=True)
    waiting.update(settled_at=clock.now(), act=Act.RESCAN, note=note)
    tell(station, Happening.ITEM_SUPERSEDED, item.batch, item=item)
