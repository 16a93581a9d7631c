"""Bytes of an item that arrive in pieces, over bad lines: one store for the IETF draft and for tus 1.0.

The pieces lie in one file on the disk that the web processes share (`incoming/`), written and synced before the new
offset is told; what the file has beyond the told offset after a crash is cut off. One writer at a time, by a lock on the
file; the offset never goes back. Losing that disk loses only what nobody was promised: the station begins again.
`relaying` sends large ones on to the vault meanwhile.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import UnreadablePostError

from docstore.access.actor import Actor
from docstore.access.key_scopes import KeyScope
from docstore.core import clock, conf, failpoints
from docstore.core.errors import Conflict, Invalid, NotFound, Refusal
from docstore.core.hashing import CHUNK_BYTES, chunks, sha256_hex
from docstore.documents.outages import VaultIsDown
from docstore.documents.vault import sync
from docstore.intake import quotas, relaying
from docstore.intake.batches import RECEIVABLE, own_item, require_open
from docstore.intake.custody import (
    Arrived,
    Read,
    Spooled,
    Taken,
    check_type,
    keep,
    while_there_is_room,
)
from docstore.intake.feed import locked
from docstore.intake.models import Item, ItemState, Upload
from docstore.intake.relaying import key_of
from docstore.intake.stations import own_station

FOLDER = "uploads"


class WrongOffset(Conflict):
    """This upload stands at byte {offset}. Go on from there."""

    code = "wrong-offset"


class OtherWriter(Conflict):
    """Somebody else is writing to this upload just now. It stands at byte {offset}; ask again in a few seconds."""

    code = "wrong-offset"
    retryable = True


class UploadExpired(Refusal):
    """This upload was left unfinished for too long, or its pieces are gone. Begin a new one; nothing was taken yet."""

    code = "upload-expired"
    status = 410


class UploadComplete(Conflict):
    """This upload is complete. There is nothing to add to it."""

    code = "upload-complete"


class TooManyUploads(Refusal):
    """This station has {most} uploads under way, which is as many as it may. Finish one of them first."""

    code = "too-many-uploads"
    status = 429
    retryable = True
    retry_after = 30


class LengthDiffers(Invalid):
    """The batch declares {size} bytes for this item. Announce that length, or amend the batch."""

    code = "length-mismatch"


class ChecksumMismatch(Refusal):
    """This piece is not the one that its checksum tells of. It was not added; send it again from the same offset."""

    code = "digest-mismatch"
    status = 460  # what tus 1.0 says for this


class AlgorithmUnknown(Invalid):
    """Checksums of pieces are taken as sha1 or sha256. Use one of them."""

    code = "checksum-unknown"
    status = 400


@dataclass(frozen=True, slots=True)
class Checksum:
    """What one piece should add up to. SHA-1 only because tus asks for it; the item's own SHA-256 decides in the end."""

    algorithm: str
    digest: str

    def __post_init__(self) -> None:
        if self.algorithm not in ("sha1", "sha256"):
            raise AlgorithmUnknown


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an upload stands; `taken` once its last byte has come and the item is in custody."""

    upload: Upload
    taken: Taken | None = None


def begin_upload(*, by: Actor, batch_id: UUID, seq: int, size: int | None, media_type: str) -> Upload:
    """Begin to send an item in pieces. An unfinished upload of the same item is left to expire."""
    item = own_item(by, batch_id, seq)
    require_open(item.batch)
    check_type(item, media_type)
    if size is not None and size != item.size:
        raise LengthDiffers(size=item.size)
    upload = _write_down(item, media_type)
    with while_there_is_room():
        _path(upload).parent.mkdir(parents=True, exist_ok=True)
        _path(upload).touch()
        sync(_path(upload).parent)
    return upload


@transaction.atomic
def _write_down(item: Item, media_type: str) -> Upload:
    station, now = locked(item.batch.station_id), clock.now()
    most = conf.get().intake.parallel_uploads
    under_way = Upload.objects.filter(item__batch__station=station, is_complete=False, expires_at__gt=now)
    if under_way.exclude(item=item).count() >= most:
        raise TooManyUploads(most=most)
    if item.state in RECEIVABLE:
        quotas.check_station(station, item.size)
    Item.objects.filter(pk=item.pk, state=ItemState.EXPECTED).update(state=ItemState.RECEIVING)
    return Upload.objects.create(
        item=item,
        size=item.size,
        media_type=media_type,
        created_at=now,
        expires_at=now + timedelta(hours=conf.get().intake.upload_hours),
    )


def own_upload(by: Actor, upload_id: UUID) -> Upload:
    """Return an upload of the asking station; raise NotFound for another's, and UploadExpired."""
    station = own_station(by, KeyScope.INTAKE_WRITE)
    rows = Upload.objects.filter(pk=upload_id, item__batch__station=station)
    found = rows.select_related("item__batch__station").first()
    if found is None:
        raise NotFound
    if not found.is_complete and (found.expires_at <= clock.now() or not _path(found).exists()):
        raise UploadExpired
    return found


def append(
    *, by: Actor, upload_id: UUID, offset: int, read: Read, length: int, checksum: Checksum | None = None
) -> Progress:
    """Add a piece at `offset`. What arrived of a piece that was cut off is kept, unless it bears a checksum of its own.

    Raises WrongOffset, OtherWriter, UploadComplete, ChecksumMismatch.
    """
    upload = own_upload(by, upload_id)
    if upload.is_complete:
        raise UploadComplete
    with _only_writer(upload) as file, relaying.in_use(upload):
        upload.refresh_from_db()
        if upload.is_complete:
            raise UploadComplete
        if offset != upload.received:
            raise _at(WrongOffset, upload)
        if offset + length > upload.size:
            raise LengthDiffers(size=upload.size)
        _write(upload, file, read, length, checksum)
        failpoints.reach("upload-after-sync")
        if upload.received < upload.size:
            return Progress(upload)
        return _complete(by, upload, file)


@transaction.atomic
def give_up(*, by: Actor, upload_id: UUID) -> None:
    """Forget an upload and its pieces, because the station says so."""
    upload = own_upload(by, upload_id)
    if upload.is_complete:
        raise UploadComplete
    item, left = upload.item, Upload(pk=upload.pk, assembly=upload.assembly)
    upload.delete()
    if not Upload.objects.filter(item=item, is_complete=False).exists():
        Item.objects.filter(pk=item.pk, state=ItemState.RECEIVING).update(state=ItemState.EXPECTED)
    transaction.on_commit(lambda: relaying.give_back(left, key_of(item)))
    transaction.on_commit(lambda: _path(upload_id).unlink(missing_ok=True))


def sweep_uploads() -> int:
    """Delete uploads that nobody finished in time, and pieces that belong to none; return how many files went."""
    old = Upload.objects.filter(expires_at__lte=clock.now())
    for upload in old.filter(is_complete=False).exclude(assembly="").select_related("item"):
        relaying.give_back(upload, key_of(upload.item))
    Item.objects.filter(uploads__in=old, state=ItemState.RECEIVING).update(state=ItemState.EXPECTED)
    old.delete()
    folder, count = _folder(), 0
    for one in folder.glob("*.part"):
        if not Upload.objects.filter(pk=one.stem, is_complete=False).exists():
            one.unlink(missing_ok=True)
            count += 1
    return count


def _write(upload: Upload, file: IO[bytes], read: Read, length: int, checksum: Checksum | None) -> None:
    """Write a piece after what was told of before, sync it, and only then say how far it goes."""
    file.truncate(upload.received)
    file.seek(upload.received)
    relay = _relay_while_it_arrives(upload)
    try:
        with while_there_is_room():
            if checksum is None:
                written = _take(file, read, length, relay, upload.received)
            else:
                written = _take_checked(upload, file, read, length, checksum)
            os.fdatasync(file.fileno())  # the size is synced with the bytes; when they were written is not worth a wait
    except BaseException:
        relaying.drop(upload)  # it may have sent what comes differently the next time
        raise
    upload.received += written
    Upload.objects.filter(pk=upload.pk).update(received=upload.received)
    if relay is not None:
        relay.go_on(upload.received)


def _relay_while_it_arrives(upload: Upload) -> relaying.Relay | None:
    """A vault that is away does not keep bytes from arriving: they are on disk, and are sent when all are there."""
    try:
        return relaying.relay_of(upload, _path(upload), key_of(upload.item))
    except VaultIsDown:
        return None


def _take(file: IO[bytes], read: Read, length: int, relay: relaying.Relay | None, offset: int) -> int:
    """Write what comes, be it cut off, and have it sent on meanwhile; return how much it was."""
    written = 0
    for piece in _pieces(read, length):
        file.write(piece)
        written += len(piece)
        if relay is not None:
            file.flush()
            relay.go_on(offset + written)
    file.flush()
    return written


def _take_checked(upload: Upload, file: IO[bytes], read: Read, length: int, checksum: Checksum) -> int:
    """Write what comes where it adds up; raise ChecksumMismatch."""
    digest, written = hashlib.new(checksum.algorithm), 0
    for piece in _pieces(read, length):
        file.write(piece)
        digest.update(piece)
        written += len(piece)
    if digest.hexdigest() != checksum.digest:
        file.truncate(upload.received)
        raise ChecksumMismatch
    file.flush()
    return written


def _pieces(read: Read, length: int) -> Iterator[bytes]:
    """Yield what comes of so many bytes, until the line is cut."""
    left = length
    with suppress(UnreadablePostError, ConnectionError):
        while left and (piece := read(min(CHUNK_BYTES, left))):
            left -= len(piece)
            yield piece


def _complete(by: Actor, upload: Upload, file: IO[bytes]) -> Progress:
    """All bytes are here: take the item into custody, or throw them away where they are not what was declared."""
    path, key = _path(upload), key_of(upload.item)
    try:
        taken = keep(by=by, item=upload.item, arrived=_arrived(upload, file, key))
    except Refusal as refusal:
        relaying.drop(upload)
        if refusal.status < 500:
            relaying.give_back(upload, key)
            Upload.objects.filter(pk=upload.pk).delete()
            path.unlink(missing_ok=True)
            Item.objects.filter(pk=upload.item_id, state=ItemState.RECEIVING).update(state=ItemState.EXPECTED)
        raise
    relaying.drop(upload)
    if not taken.is_new:
        relaying.give_back(upload, key)
    Upload.objects.filter(pk=upload.pk).update(is_complete=True)
    upload.is_complete = True
    path.unlink(missing_ok=True)
    return Progress(upload, taken)


def _arrived(upload: Upload, file: IO[bytes], key: str) -> Arrived:
    relay = relaying.relay_of(upload, _path(upload), key)
    if relay is None:
        return Spooled(_path(upload), upload.size, _digest(file))
    sha256, sent = relay.finish(upload.size)
    return relaying.Relayed(_path(upload), upload.size, sha256, relay, sent)


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    return sha256_hex(chunks(file))


@contextmanager
def _only_writer(upload: Upload) -> Iterator[IO[bytes]]:
    with _path(upload).open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            upload.refresh_from_db()
            raise _at(OtherWriter, upload) from None
        yield file


def _at(kind: type[WrongOffset] | type[OtherWriter], upload: Upload) -> Conflict:
    return kind(offset=upload.received, members={"offset": upload.received})


def _folder() -> Path:
    return Path(settings.FILE_UPLOAD_TEMP_DIR) / FOLDER


def _path(upload: Upload | UUID) -> Path:
    return _folder() / f"{upload.pk if isinstance(upload, Upload) else upload}.part"
