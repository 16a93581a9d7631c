"""Taking an item's bytes into custody. 201 means: in the vault, read back, and the row committed – nothing less does.

Bytes are spooled, hashed and limited while they arrive. What differs from its declared digest is refused and not kept.
"""

import errno
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol
from uuid import UUID

from django.conf import settings
from django.db import transaction

from docstore.access.actor import Actor
from docstore.audit.events import Event
from docstore.core import clock, conf, failpoints
from docstore.core.errors import Conflict, Invalid, Refusal, TooLarge, Unavailable
from docstore.core.hashing import CHUNK_BYTES
from docstore.documents.kept import Kept
from docstore.documents.vault import vault
from docstore.intake import quotas
from docstore.intake.batches import RECEIVABLE, BatchStale, go_on, own_item, record_on, require_open
from docstore.intake.feed import locked, tell
from docstore.intake.models import BatchState, Happening, Item, ItemState
from docstore.intake.receiving import words_for
from docstore.intake.relaying import key_of
from docstore.reading.formats import Kind

log = logging.getLogger(__name__)

PDF = "application/pdf"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
UNTOLD = ("", "application/octet-stream")
Read = Callable[[int], bytes]


class DigestMissing(Invalid):
    """Say which bytes you send: add the header Repr-Digest with their SHA-256, as sha-256=:…: in base64."""

    code = "digest-missing"
    status = 400


class DigestMismatch(Invalid):
    """The bytes that arrived are not the ones that Repr-Digest tells of. Nothing was kept; send them again."""

    code = "digest-mismatch"


class DifferentContent(Conflict):
    """These are not the bytes that the batch declares for this item. Nothing was kept; amend the batch, or send the right file."""

    code = "different-content"


class CutShort(Invalid):
    """The bytes ended before their announced length. Nothing was kept; send them again."""

    code = "cut-short"
    status = 400


class LengthMissing(Refusal):
    """Say how many bytes you send, as Content-Length."""

    code = "length-missing"
    status = 411


class TypeNotTaken(Refusal):
    """A station cannot send {declared}. Send PDF, or pictures as TIFF, JPEG or PNG; /stations/me lists what is taken."""

    code = "type-not-accepted"
    status = 415


class TypeDiffers(Refusal):
    """The batch declares {declared} for this item, and {sent} was sent. Amend the batch, or send the right file."""

    code = "type-mismatch"
    status = 415


class NoRoom(Unavailable):
    """There is no room just now for what you send. Nothing was taken; try again in a few minutes."""

    code = "no-room"
    status = 507


class Arrived(Protocol):
    """Bytes that have arrived whole."""

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...

    def put(self, key: str, media_type: str) -> Kept:
        """Have the vault keep them under this name, and read them back."""
        ...


@dataclass(frozen=True, slots=True)
class Spooled:
    """Bytes that lie on disk until they are in the vault."""

    path: Path
    size: int
    sha256: str

    def put(self, key: str, media_type: str) -> Kept:
        with self.path.open("rb") as source:
            return vault().put(key, source, sha256=self.sha256, size=self.size, media_type=media_type)


@dataclass(frozen=True, slots=True)
class Taken:
    """An item in custody, and whether it is so since just now."""

    item: Item
    is_new: bool


def receive_item(
    *, by: Actor, batch_id: UUID, seq: int, read: Read, length: int | None, digest: str | None, media_type: str
) -> Taken:
    """Take the whole bytes of an item. The same again is no fault; other bytes are refused and nothing is kept."""
    item = own_item(by, batch_id, seq)
    _before_bytes(item, length=length, digest=digest, media_type=media_type)
    with spooled(read, length=length or 0, limit=limit_for(media_type)) as arrived:
        if arrived.sha256 != digest:
            raise DigestMismatch
        return keep(by=by, item=item, arrived=arrived)


def keep(*, by: Actor, item: Item, arrived: Arrived) -> Taken:
    """Put what has arrived into the vault and say so in one transaction. Raises DifferentContent."""
    if (arrived.sha256, arrived.size) != (item.sha256, item.size):
        raise DifferentContent
    if item.state not in RECEIVABLE:
        return _held_already(item)
    require_open(item.batch)
    key = key_of(item)
    failpoints.reach("item-before-put")
    kept = arrived.put(key, item.declared_type or UNTOLD[1])
    failpoints.reach("item-after-put")
    taken = _commit(by, item, key, kept)
    failpoints.reach("item-after-commit")
    return taken


def _held_already(item: Item) -> Taken:
    """The same bytes again: no fault where they are here, and never a success where they were given up or never came."""
    if item.batch.state == BatchState.EXPIRED or item.received_at is None:
        raise BatchStale
    return Taken(item, is_new=False)


@transaction.atomic
def _commit(by: Actor, item: Item, key: str, kept: Kept) -> Taken:
    station = locked(item.batch.station_id)
    row = Item.objects.select_for_update().select_related("batch").get(pk=item.pk)
    if row.sha256 != item.sha256:
        raise DifferentContent
    if row.state not in RECEIVABLE:
        return _held_already(row)
    require_open(row.batch)
    row.state, row.key, row.received_at = ItemState.QUARANTINED, key, clock.now()
    row.storage_version, row.storage_etag = kept.version, kept.etag
    row.detail = "Safe. Waiting for the virus check."
    row.save(update_fields=["state", "key", "storage_version", "storage_etag", "received_at", "detail"])
    tell(station, Happening.ITEM_RECEIVED, row.batch, item=row)
    facts = {"item": row.seq, "sha256": row.sha256, "bytes": row.size}
    record_on(Event.ITEM_RECEIVED, by, row.batch, facts)
    go_on(row, station)
    failpoints.reach("item-before-commit")
    return Taken(row, is_new=True)


@contextmanager
def spooled(read: Read, *, length: int, limit: int) -> Iterator[Spooled]:
    """Spool `length` bytes to disk, hashed on the way; the file is gone after the block. Raises TooLarge and CutShort."""
    if length > limit:
        raise TooLarge(limit=words_for(limit))
    with while_there_is_room():
        handle, name = tempfile.mkstemp(suffix=".upload", dir=settings.FILE_UPLOAD_TEMP_DIR)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            arrived = _spool(file, path, read, length)
        if arrived.size != length:
            raise CutShort
        yield arrived
    finally:
        path.unlink(missing_ok=True)


def _spool(file: IO[bytes], path: Path, read: Read, length: int) -> Spooled:
    digest, size = hashlib.sha256(), 0
    with while_there_is_room():
        while size < length and (piece := read(min(CHUNK_BYTES, length - size))):
            digest.update(piece)
            file.write(piece)
            size += len(piece)
        file.flush()
    return Spooled(path, size, digest.hexdigest())


@contextmanager
def while_there_is_room() -> Iterator[None]:
    """Raise NoRoom where the disk is full, and tell the operator."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        log.error("There is no room for what stations send (%s): %s", settings.FILE_UPLOAD_TEMP_DIR, error.strerror)
        raise NoRoom from error


def check_type(item: Item, media_type: str) -> None:
    """Raise TypeNotTaken or TypeDiffers by what is said of the bytes; what they are is seen after the virus check."""
    if media_type in UNTOLD:
        return
    if media_type not in set(Kind):
        raise TypeNotTaken(declared=media_type[:60])
    if item.declared_type and item.declared_type != media_type:
        raise TypeDiffers(declared=item.declared_type, sent=media_type)


def limit_for(media_type: str) -> int:
    """The most bytes that one item of this type may have."""
    limits = conf.get().limits
    return limits.pdf_bytes if media_type == PDF else limits.file_bytes


def _before_bytes(item: Item, *, length: int | None, digest: str | None, media_type: str) -> None:
    if digest is None:
        raise DigestMissing
    if length is None:
        raise LengthMissing
    check_type(item, media_type)
    if item.state in RECEIVABLE:
        require_open(item.batch)
        quotas.check_station(item.batch.station, item.size)
