"""One batch, step by step: hashed, declared, sent, closed, receipted, put away. Each step is in the journal before the next.

A power cut between any two steps leads back to the same step, and every request may be repeated: the server answers the
same batch to the same request key, the same item to the same digest, and the rest of an upload from where it stopped.
"""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from station import failpoints, gathering, manifest, quick_check, shelves
from station.journal import Batch, BatchState, Item, ItemState, Journal
from station.outcomes import BatchWaits, KeyRefused, Refused, Stopped
from station.putting_away import PuttingAway
from station.receipts import Sent, check_says_what_was_sent, is_held
from station.remedies import with_remedy
from station.sending import Sending
from station.server import Server
from station.settings import Settings
from station.trust import Trust

ENDED_BADLY = ("rejected", "expired")
GONE = (404, 410)
GOES_AWAY = "The file was taken away before it was sent."


class Courier:
    """Carries batches of one station to the server."""

    def __init__(
        self, settings: Settings, journal: Journal, server: Server, trust: Trust, *, between: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._server = server
        self._trust = trust
        self._sending = Sending(settings, journal, server, between=between)
        self._away = PuttingAway(settings, journal)

    def advance(self, id: int) -> None:
        """Take a batch as far as it goes just now. Raises Stopped where nothing can go on."""
        steps = {
            BatchState.FOUND: self._declare,
            BatchState.DECLARED: self._send,
            BatchState.CLOSED: self._collect,
            BatchState.RECEIPTED: self._put_away,
        }
        while (batch := self._journal.batch(id)).state is not BatchState.ENDED:
            if not steps[batch.state](batch):
                return

    def _declare(self, batch: Batch) -> bool:
        if not all(self._hash(one) for one in self._live(batch)):
            return False
        live = self._live(batch)
        if not live:
            self._journal.set_batch(batch.id, state=BatchState.ENDED)
            return True
        failpoints.reach("hashed")
        try:
            told = self._server.open_batch(
                manifest.of(batch, live, site=self._site(), operator=self._settings.operator), key=batch.request_key
            )
        except Refused as no:
            self._heed(batch, live, no)
            return True
        failpoints.reach("manifest-sent")
        self._adopt(batch, live, told)
        return True

    def _hash(self, item: Item) -> bool:
        """Give an item its digest; False where the file still changes. A file that went away leaves the batch."""
        if item.state is not ItemState.DISCOVERED:
            return True
        try:
            before = item.path.stat()
            sha256 = shelves.sha256_of(item.path)
            after = item.path.stat()
        except FileNotFoundError:
            self._journal.set_item(item.id, state=ItemState.FAILED, note=GOES_AWAY)
            return True
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            return False
        checked = quick_check.look(item.path, item.media_type) if self._settings.quick_check else quick_check.NOTHING
        self._journal.set_item(
            item.id,
            state=ItemState.HASHED,
            sha256=sha256,
            size=after.st_size,
            mtime_ns=after.st_mtime_ns,
            advice=checked.sentence,
        )
        return True

    def _site(self) -> str:
        return self._settings.site or str(self._server.me().get("site", ""))

    def _adopt(self, batch: Batch, live: Sequence[Item], told: dict[str, Any]) -> None:
        with self._journal.together():
            self._journal.set_batch(batch.id, state=BatchState.DECLARED, server_id=str(told["id"]), site=self._site())
            for one in live:
                self._journal.set_item(one.id, state=ItemState.DECLARED)

    def _heed(self, batch: Batch, live: Sequence[Item], no: Refused) -> None:
        """Draw the conclusion from a manifest that was refused; what cannot be mended here is raised."""
        if no.status == 403:
            raise KeyRefused(f"The server does not let this station send: {no.sentence}")
        if no.code == "duplicate-batch":
            self._look_at_earlier(batch, live, no)
            return
        bad = {place for fault in no.faults if (place := _place_of(fault.pointer)) is not None and place < len(live)}
        with self._journal.together():
            # another manifest is another request
            self._journal.set_batch(batch.id, request_key=str(uuid.uuid4()))
            if no.code == "idempotency-key-reused":
                return
            for place, one in enumerate(live):
                if place in bad or not bad:
                    why = " ".join(f.detail for f in no.faults if _place_of(f.pointer) == place) or no.sentence
                    self._journal.set_item(one.id, state=ItemState.REFUSED, note=why)
        for one in self._live(batch):
            if one.state is ItemState.REFUSED:
                self._away.set_aside(one)

    def _look_at_earlier(self, batch: Batch, live: Sequence[Item], no: Refused) -> None:
        """The name of the batch is taken: by this very batch before a power cut, or by another."""
        told, _ = self._server.batch(str(no.problem.get("batch", "")))
        theirs = {(one["seq"], one["control_number"], one["sha256"]) for one in told.get("items", [])}
        if {(one.seq, one.control_number, one.sha256) for one in live} <= theirs:
            self._adopt(batch, live, told)
            return
        name = gathering.new_external_id(batch.external_id.rpartition("-")[0])
        self._journal.set_batch(batch.id, external_id=name, request_key=str(uuid.uuid4()))

    def _send(self, batch: Batch) -> bool:
        try:
            self._sending.send(batch)
        except Refused as no:
            if no.status in GONE:
                self._begin_again(batch)
                return True
            raise BatchWaits(f"Batch {batch.external_id} is refused: {no.sentence}") from no
        failpoints.reach("closed")
        return True

    def _begin_again(self, batch: Batch) -> None:
        """The server has given up on an open batch (it was too old). Its files are declared anew, under new numbers."""
        with self._journal.together():
            name = gathering.new_external_id(batch.external_id.rpartition("-")[0])
            self._journal.set_batch(
                batch.id, state=BatchState.FOUND, external_id=name, request_key=str(uuid.uuid4()), server_id=""
            )
            for one in self._live(batch):
                number = gathering.new_control_number()
                self._journal.set_item(one.id, state=ItemState.HASHED, control_number=number, upload="")

    def _collect(self, batch: Batch) -> bool:
        """Fetch the receipt once the batch is through; nothing is moved without one whose signature holds."""
        try:
            told, _ = self._server.batch(batch.server_id)
        except Refused as no:
            raise BatchWaits(f"Batch {batch.external_id} cannot be asked for: {no.sentence}") from no
        state = told.get("state")
        if state == "open":
            self._journal.set_batch(batch.id, state=BatchState.DECLARED)
            return True
        if state in ENDED_BADLY:
            self._end_badly(batch, told)
            return True
        if state not in ("accepted", "accepted_with_exceptions"):
            return False
        try:
            envelope = self._server.receipt(batch.server_id)
        except Refused:
            return False
        self._check(batch, envelope)
        failpoints.reach("receipt-read")
        with self._journal.together():
            self._keep_reasons(batch, told)
            self._journal.set_batch(batch.id, state=BatchState.RECEIPTED, receipt=envelope)
        failpoints.reach("receipted")
        return True

    def _check(self, batch: Batch, envelope: bytes) -> set[int]:
        sent = [Sent(one.seq, one.control_number, one.sha256, one.size) for one in self._live(batch)]
        receipt = self._trust.verified(envelope)
        return check_says_what_was_sent(
            receipt, batch=batch.server_id, external_id=batch.external_id, site=batch.site, sent=sent
        )

    def _keep_reasons(self, batch: Batch, told: dict[str, Any]) -> None:
        said = {one.get("seq"): one for one in told.get("items", [])}
        for one in self._live(batch):
            theirs = said.get(one.seq, {})
            note = str(theirs.get("detail") or theirs.get("code") or "")
            if theirs.get("state") == "rejected":
                note = with_remedy(str(theirs.get("code")), note)
            self._journal.set_item(one.id, state=ItemState.RECEIPTED, note=note if theirs.get("code") else "")

    def _end_badly(self, batch: Batch, told: dict[str, Any]) -> None:
        if told.get("state") == "expired":
            self._begin_again(batch)
            return
        with self._journal.together():
            self._keep_reasons(batch, told)
        for one in self._live(batch):
            self._away.set_aside(one)
        self._journal.set_batch(batch.id, state=BatchState.ENDED)

    def _put_away(self, batch: Batch) -> bool:
        if batch.receipt is None:
            raise Stopped(f"The journal has no receipt for {batch.external_id}; nothing of it is moved.")
        live = self._live(batch)
        if not live:
            self._away.end(batch)
            return True
        receipt = self._trust.verified(batch.receipt)
        held = {int(one["seq"]): one for one in receipt.items if is_held(one)}
        self._away.put(batch, live, held)
        return True

    def _live(self, batch: Batch) -> list[Item]:
        return [one for one in self._journal.items(batch.id) if not one.is_over]


def _place_of(pointer: str) -> int | None:
    """Which item a JSON pointer leads into."""
    parts = pointer.split("/")
    return int(parts[2]) if len(parts) > 2 and parts[1] == "items" and parts[2].isdigit() else None
