"""Clearing done/ after the days that the operator chose. A scan goes only under a receipt that still holds and names it."""

import shutil
from datetime import timedelta

from station import clock, shelves
from station.journal import Batch, ItemState, Journal
from station.putting_away import RECEIPT
from station.receipts import is_held
from station.settings import Settings
from station.trust import Trust


def tidy(settings: Settings, journal: Journal, trust: Trust, ahead: timedelta) -> None:
    """Delete what lay in done/ long enough; raise ReceiptForged rather than delete under a receipt that does not hold."""
    before = clock.stamp(clock.now() + ahead - timedelta(days=settings.keep_days))
    for batch in journal.batches_to_clear(before):
        _clear(settings, journal, trust, batch)


def _clear(settings: Settings, journal: Journal, trust: Trust, batch: Batch) -> None:
    folder = settings.done / batch.external_id
    if not (folder / RECEIPT).is_file():
        journal.set_batch(batch.id, cleared=1)
        return
    receipt = trust.verified((folder / RECEIPT).read_bytes())
    named = {str(one["sha256"]) for one in receipt.items if is_held(one)}
    safe = True
    for item in journal.items(batch.id):
        if item.state is ItemState.DONE and item.target:
            safe = safe and (item.sha256 in named)
    if safe and receipt.external_id == batch.external_id:
        shutil.rmtree(folder)
        shelves.sync_folder(settings.done)
        journal.set_batch(batch.id, cleared=1)
