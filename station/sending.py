"""The bytes of a batch: small files whole, large ones in parts that go on where the line broke; then the batch is closed."""

from collections.abc import Callable, Sequence
from typing import Any

from station import failpoints, manifest
from station.journal import Batch, BatchState, Item, ItemState, Journal
from station.outcomes import BatchWaits, KeyRefused, Refused
from station.putting_away import PuttingAway
from station.remedies import with_remedy
from station.server import Server, parts_of
from station.settings import Settings

GONE = (404, 410)
CHANGED = "The file was changed or taken away after it had been declared; what lies there now is taken up as a new one."
INCOMPLETE = "batch-incomplete"
MISSING = "missing"
TRIES_AFTER_DAMAGE = 2


class Sending:
    """Sends what a declared batch still lacks at the server."""

    def __init__(self, settings: Settings, journal: Journal, server: Server, *, between: Callable[[], None]) -> None:
        self._settings = settings
        self._journal = journal
        self._server = server
        self._away = PuttingAway(settings, journal)
        self._between = between
        self._damaged: dict[int, int] = {}

    def send(self, batch: Batch) -> None:
        """Send every item, leave out what the server refuses, and close the batch."""
        for item in self._journal.items(batch.id):
            if item.state is ItemState.DECLARED:
                self._send_item(batch, item)
                self._between()
        if not self._leave_out_what_was_refused(batch):
            self._journal.set_batch(batch.id, state=BatchState.ENDED)
            return
        self._close(batch)

    def _send_item(self, batch: Batch, item: Item) -> None:
        if not _unchanged(item):
            self._journal.set_item(item.id, state=ItemState.FAILED, note=CHANGED)
            return
        failpoints.reach("before-upload")
        try:
            if item.size < self._settings.whole_below_bytes:
                self._put(batch, item)
            else:
                self._send_in_parts(batch, item)
        except Refused as no:
            self._heed(item, no)
            return
        failpoints.reach("uploaded")
        self._journal.set_item(item.id, state=ItemState.UPLOADED, upload="")

    def _put(self, batch: Batch, item: Item) -> None:
        with item.path.open("rb") as source:
            self._server.put_content(
                batch.server_id, item.seq, source, size=item.size, sha256=item.sha256, media_type=item.media_type
            )

    def _send_in_parts(self, batch: Batch, item: Item) -> None:
        upload, start = self._place_to_go_on(batch, item)
        for offset, part, last in parts_of(
            item.path, start=start, size=item.size, part_bytes=self._settings.part_bytes
        ):
            self._server.send_part(upload, part, offset=offset, last=last)
            failpoints.reach("part-sent")
            self._between()

    def _place_to_go_on(self, batch: Batch, item: Item) -> tuple[str, int]:
        """Where an earlier upload stopped, as the server says; or a new one from the start."""
        if item.upload:
            try:
                return item.upload, self._server.offset(item.upload)
            except Refused as no:
                if no.status not in GONE:
                    raise
        upload = self._server.start_upload(
            batch.server_id, item.seq, size=item.size, sha256=item.sha256, media_type=item.media_type
        )
        self._journal.set_item(item.id, upload=upload)
        return upload, 0

    def _heed(self, item: Item, no: Refused) -> None:
        """Conclude from a refusal of one item. Wrong offsets and digests are a line's fault and are tried again."""
        if no.status == 403:
            raise KeyRefused(f"The server does not let this station send: {no.sentence}")
        if no.status in GONE:
            raise no
        if no.code in ("wrong-offset", "digest-mismatch", "cut-short"):
            self._damaged[item.id] = self._damaged.get(item.id, 0) + 1
            if self._damaged[item.id] <= TRIES_AFTER_DAMAGE:
                self._journal.set_item(item.id, upload="")
                raise BatchWaits(f"{item.path.name} arrived damaged; it is sent again.")
        self._journal.set_item(item.id, state=ItemState.REFUSED, note=with_remedy(no.code, no.sentence))

    def _leave_out_what_was_refused(self, batch: Batch) -> bool:
        """Take refused items out of the open batch, so that they hold up none of the others; whether any remain."""
        items = self._journal.items(batch.id)
        refused = [one for one in items if one.state in (ItemState.REFUSED, ItemState.FAILED)]
        kept = [one for one in items if one.state is ItemState.UPLOADED]
        if refused and kept:
            told, seen = self._server.batch(batch.server_id)
            if not _names_only(told, kept):
                self._server.amend(batch.server_id, {"items": [manifest.declared(one) for one in kept]}, seen=seen)
            failpoints.reach("amended")
        for one in refused:
            if one.state is ItemState.REFUSED:
                self._away.set_aside(one)
        return bool(kept)

    def _close(self, batch: Batch) -> None:
        failpoints.reach("before-close")
        try:
            self._server.close_batch(batch.server_id)
        except Refused as no:
            if no.code != INCOMPLETE:
                if no.status in GONE:
                    raise
                self._note_if_closed(batch, no)
                return
            self._take_up_what_is_wrong(batch, no)
            raise BatchWaits(f"Batch {batch.external_id} is not whole yet: {no.sentence}") from no
        self._journal.set_batch(batch.id, state=BatchState.CLOSED)

    def _note_if_closed(self, batch: Batch, no: Refused) -> None:
        """A batch may have been closed just before the power went."""
        told, _ = self._server.batch(batch.server_id)
        if told.get("state") == "open":
            raise BatchWaits(f"Batch {batch.external_id} cannot be closed: {no.sentence}") from no
        self._journal.set_batch(batch.id, state=BatchState.CLOSED)

    def _take_up_what_is_wrong(self, batch: Batch, no: Refused) -> None:
        """Send again what is missing; what is not as declared, such as its number of pages, is a person's to mend."""
        wrong = {fault.pointer.removeprefix("/items/"): fault for fault in no.faults}
        with self._journal.together():
            for one in self._journal.items(batch.id):
                fault = wrong.get(str(one.seq))
                if one.state is ItemState.UPLOADED and fault is not None:
                    state = ItemState.DECLARED if fault.code == MISSING else ItemState.REFUSED
                    self._journal.set_item(one.id, state=state, note=with_remedy(fault.code, fault.detail))


def _names_only(told: dict[str, Any], kept: Sequence[Item]) -> bool:
    return {one.get("seq") for one in told.get("items", [])} == {one.seq for one in kept}


def _unchanged(item: Item) -> bool:
    try:
        now = item.path.stat()
    except FileNotFoundError:
        return False
    return (now.st_size, now.st_mtime_ns) == (item.size, item.mtime_ns)
