"""Sends what has come of a large upload on to the vault while the rest still arrives, and hashes it on the way.

The synced file on disk stays the truth, and nothing here is promised to anybody: a relay that is lost with its process
costs time and no bytes. The next process reads the file again and sends only the parts that the vault does not hold. The
digest of the whole is taken of the very bytes that are sent, so that what is assembled is what was hashed.
"""

import hashlib
import os
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from uuid import UUID

from django.db import transaction

from docstore.documents.kept import Kept
from docstore.documents.outages import VaultIsDown
from docstore.documents.parts import LARGE, PART_BYTES, S3Parts, SentPart, base64_sha256, hand_over
from docstore.documents.vault import vault
from docstore.intake.models import Item, Upload

MOST = 32
UNTOLD = "application/octet-stream"

_relays: OrderedDict[UUID, "Relay"] = OrderedDict()
_in_use: Counter[UUID] = Counter()
_one_at_a_time = Lock()


def key_of(item: Item) -> str:
    """Where the bytes that a batch declares for an item are kept."""
    return f"batches/{item.batch_id}/{item.pk}/{item.sha256}"


class Relay:
    """The way of one upload into the vault. Used by one request at a time; its own thread reads the file in order."""

    def __init__(self, path: Path, key: str, parts: S3Parts, assembly: str, known: Mapping[int, SentPart]) -> None:
        self.key = key
        self._path, self._parts, self._assembly = path, parts, assembly
        self._known = known
        self._digest = hashlib.sha256()
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="relay")
        self._passed_on: list[Future[Future[SentPart]]] = []
        self._seen = 0

    def catch_up(self, received: int) -> None:
        """Go on where an earlier piece ended. What came since through another process may be in the vault already."""
        if self._seen and received != self._seen:
            self._known = self._parts.sent(self.key, self._assembly) or {}
        self.go_on(received)

    def go_on(self, received: int) -> None:
        """Send each part that is whole by now."""
        self._seen = received
        while (len(self._passed_on) + 1) * PART_BYTES <= received:
            self._submit()

    def finish(self, size: int) -> tuple[str, Sequence[SentPart]]:
        """Send the rest; return the digest of all bytes, and the parts that they are in."""
        self.go_on(size)
        if len(self._passed_on) * PART_BYTES < size:
            self._submit()
        sent = [one.result().result() for one in self._passed_on]
        return self._digest.hexdigest(), sent

    def assemble(self, sent: Sequence[SentPart]) -> None:
        """Give the object its name."""
        self._parts.assemble(self.key, self._assembly, sent)

    def close(self) -> None:
        """Stop sending. What is under way comes to its end first, so that nothing is sent after it."""
        self._reader.shutdown(wait=True, cancel_futures=True)
        wait([one.result() for one in self._passed_on if not one.cancelled() and one.exception() is None])

    def _submit(self) -> None:
        number = len(self._passed_on) + 1
        self._passed_on.append(self._reader.submit(self._pass_on, number))

    def _pass_on(self, number: int) -> "Future[SentPart]":
        return hand_over(partial(self._read, number), partial(self._send, number))

    def _read(self, number: int) -> bytes:
        with self._path.open("rb") as file:
            content = os.pread(file.fileno(), PART_BYTES, (number - 1) * PART_BYTES)
        self._digest.update(content)
        return content

    def _send(self, number: int, content: bytes) -> SentPart:
        known = self._known.get(number)
        if known is not None and known.sha256 == base64_sha256(content):
            return known
        return self._parts.send(self.key, self._assembly, number, content)


@dataclass(frozen=True, slots=True)
class Relayed:
    """Bytes that have arrived whole and lie in parts in the vault, and on disk until they have their name there."""

    path: Path
    size: int
    sha256: str
    relay: Relay
    sent: Sequence[SentPart]

    def put(self, key: str, media_type: str) -> Kept:
        """Give the bytes their name. Where the batch was amended meanwhile it is another one, and they are put anew."""
        if key == self.relay.key:
            self.relay.assemble(self.sent)
            return vault().check(key, sha256=self.sha256, size=self.size, parts=self.sent)
        with self.path.open("rb") as source:
            return vault().put(key, source, sha256=self.sha256, size=self.size, media_type=media_type)


@contextmanager
def in_use(upload: Upload) -> Iterator[None]:
    """Keep the relay of an upload from being forgotten while a request adds to it."""
    with _one_at_a_time:
        _in_use[upload.pk] += 1
    try:
        yield
    finally:
        with _one_at_a_time:
            _in_use.subtract([upload.pk])
            if _in_use[upload.pk] == 0:
                del _in_use[upload.pk]


def relay_of(upload: Upload, path: Path, key: str) -> Relay | None:
    """Return the relay of an upload; None where the vault takes objects whole only, or the item is small."""
    parts = vault().in_parts
    if parts is None or upload.size < LARGE:
        return None
    with _one_at_a_time:
        relay = _relays.get(upload.pk)
    if relay is None or relay.key != key:
        drop(upload)
        relay = _made(upload, path, key, parts)
    for one in _remembered(upload.pk, relay):
        one.close()
    relay.catch_up(upload.received)
    return relay


def _remembered(pk: UUID, relay: Relay) -> list[Relay]:
    """Remember a relay as the latest; return those to be forgotten for it: idle ones, the longest unused first."""
    with _one_at_a_time:
        _relays[pk] = relay
        _relays.move_to_end(pk)
        idle = [one for one in _relays if one != pk and not _in_use[one]]
        return [_relays.pop(one) for one in idle[: max(0, len(_relays) - MOST)]]


def _made(upload: Upload, path: Path, key: str, parts: S3Parts) -> Relay:
    """Go on with what the vault knows of; begin anew where it knows nothing, or the batch was amended."""
    known = parts.sent(key, upload.assembly) if upload.assembly else None
    if known is None:
        known, upload.assembly = {}, parts.begin(key, media_type=upload.item.declared_type or UNTOLD)
        Upload.objects.filter(pk=upload.pk).update(assembly=upload.assembly)
    return Relay(path, key, parts, upload.assembly, known)


def drop(upload: Upload) -> None:
    """Stop sending an upload on. What was sent stays in the vault for whoever goes on with it."""
    with _one_at_a_time:
        relay = _relays.pop(upload.pk, None)
    if relay is not None:
        relay.close()


def give_back(upload: Upload, key: str) -> None:
    """Have the vault forget the parts of an upload that comes to nothing. Where it cannot now, its sweeper does later."""
    drop(upload)
    parts = vault().in_parts
    if parts is not None and upload.assembly:
        with suppress(VaultIsDown):
            parts.forget(key, upload.assembly)


def let_go_after_commit(items: Iterable[Item]) -> None:
    """Have the vault forget what has come so far of items that are about to go, once they are gone."""
    begun = Upload.objects.filter(item__in=items, is_complete=False).exclude(assembly="").select_related("item")
    left = [(one, key_of(one.item)) for one in begun]
    if left:
        transaction.on_commit(partial(_give_back_all, left))


def _give_back_all(left: Sequence[tuple[Upload, str]]) -> None:
    for upload, key in left:
        give_back(upload, key)
