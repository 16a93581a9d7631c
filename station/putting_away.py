"""What becomes of files at the end of a batch: to done/ with the receipt, to failed/ with the reason, and tidying much later."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from station import clock, failpoints, notes, shelves
from station.journal import Batch, BatchState, Item, ItemState, Journal
from station.settings import Settings
from station.shelves import Moved

RECEIPT = "receipt.json"
NOT_HELD = "The receipt does not name it, so the court does not have it."


class PuttingAway:
    """Moves the files of one station's batches."""

    def __init__(self, settings: Settings, journal: Journal) -> None:
        self._settings = settings
        self._journal = journal

    def put(self, batch: Batch, live: Sequence[Item], held: Mapping[int, Mapping[str, Any]]) -> None:
        """Move the files of a batch whose receipt holds; those that it does not name go to failed/."""
        folder = self._settings.done / batch.external_id
        shelves.write_whole(folder / RECEIPT, batch.receipt or b"")
        for item in live:
            if item.seq in held:
                self._keep(folder, item, held[item.seq])
            else:
                self.set_aside(item)

    def _keep(self, folder: Path, item: Item, told: Mapping[str, Any]) -> None:
        target = self._target(folder, item)
        text = notes.safe(item.path.name, told, detail=item.note, advice=item.advice)
        shelves.write_whole(target.with_name(f"{target.name}.txt"), text)
        failpoints.reach("before-move")
        how = shelves.move(item.path, target, sha256=item.sha256)
        failpoints.reach("moved")
        self._journal.set_item(item.id, state=ItemState.DONE, note=_said(item.note, how))

    def set_aside(self, item: Item) -> None:
        """Move a refused file to failed/, with a text that says what to do."""
        target = self._target(self._settings.failed, item)
        text = notes.not_taken(item.path.name, item.note or NOT_HELD, advice=item.advice)
        shelves.write_whole(target.with_name(f"{target.name}.txt"), text)
        how = shelves.move(item.path, target, sha256=item.sha256)
        self._journal.set_item(item.id, state=ItemState.FAILED, note=_said(item.note or NOT_HELD, how))

    def _target(self, folder: Path, item: Item) -> Path:
        """Where a file goes; decided once, and written down before it is moved."""
        if item.target:
            return Path(item.target)
        target = shelves.place_for(folder, item.path.name)
        self._journal.set_item(item.id, target=str(target))
        return target

    def end(self, batch: Batch) -> None:
        """Close a batch in the journal; its index file goes with its scans."""
        if batch.index_file:
            index = Path(batch.index_file)
            shelves.move(index, self._settings.done / batch.external_id / index.name, sha256="")
        self._journal.set_batch(batch.id, state=BatchState.ENDED, ended_at=clock.stamp(clock.now()))


def _said(note: str, how: Moved) -> str:
    return note if how in (Moved.MOVED, Moved.WAS_THERE) else f"{note} When it was to be moved, {how.value}.".strip()
