"""Where bytes are kept. Wraps Django's Storage; on S3 it puts conditionally, with digests that the server checks.

An object is put once under a key that holds its digest, and read back before anybody is told that it is safe. Knows
keys and digests, not documents or people.
"""

import base64
import hashlib
import io
import os
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from storages.backends.s3 import S3Storage

from docstore.core.errors import Unavailable
from docstore.core.hashing import CHUNK_BYTES, chunks, sha256_hex
from docstore.documents.kept import UNNAMED, Kept
from docstore.documents.outages import VaultIsDown, code_of, told_as_outage
from docstore.documents.parts import LARGE, PART_BYTES, THERE_ALREADY, S3Parts, SentPart, digest_of_digests, hand_over
from docstore.documents.s3_clients import client_of, versions_under


class ContentMissing(Unavailable):
    """The bytes of this document are not where they should be. Records staff have to look at this; its history is intact."""

    code = "content-missing"
    retryable = False


class ContentDamaged(Unavailable):
    """The bytes of this document are not what was filed, so they are not shown. Records staff have to look at this."""

    code = "content-damaged"
    retryable = False


class LegalHoldImpossible(Unavailable):
    """This storage has no write-once protection of its own, so no legal hold can be set in it."""

    code = "legal-hold-impossible"
    retryable = False


@dataclass(frozen=True, slots=True)
class Stored:
    """One object as the storage lists it. `seconds` is when it was written, by the storage's clock."""

    key: str
    size: int
    seconds: float


class Vault(Protocol):
    """Bytes under keys."""

    def put(self, key: str, source: IO[bytes], *, sha256: str, size: int, media_type: str) -> Kept:
        """Store once, where a power cut leaves it, and read back; the same bytes again under the same key are no fault."""
        ...

    @property
    def in_parts(self) -> S3Parts | None:
        """How a large object is put while it still arrives; None where objects are taken whole only."""
        ...

    def check(self, key: str, *, sha256: str, size: int, parts: Sequence[SentPart] = ()) -> Kept:
        """Read back what was put; raise ContentDamaged where it is not what was meant."""
        ...

    def read(self, key: str, *, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `first` to `last`, both included."""
        ...

    def has(self, key: str) -> bool: ...

    def stored(self, prefix: str) -> Iterator[Stored]:
        """Yield what lies under a prefix that ends in a slash."""
        ...

    @property
    def has_legal_holds(self) -> bool:
        """Whether the storage itself can refuse to delete an object."""
        ...

    def has_legal_hold(self, key: str) -> bool:
        """Whether every stored version under the key is under a legal hold; a missing answer counts as no."""
        ...

    def set_legal_hold(self, key: str, *, on: bool) -> None:
        """Put every stored version under the key under a legal hold, or take it off."""
        ...


def vault() -> Vault:
    """Return the vault that settings.STORAGES names."""
    storage = storages["vault"]
    return S3Vault(storage) if isinstance(storage, S3Storage) else FileVault(cast(FileSystemStorage, storage))


def fetch(key: str, *, sha256: str) -> IO[bytes]:
    """Return a whole object as an open temporary file, checked against its digest; raise ContentDamaged."""
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=8 * CHUNK_BYTES)  # noqa: SIM115 - the caller closes it
    digest = hashlib.sha256()
    for piece in vault().read(key):
        digest.update(piece)
        spool.write(piece)
    if digest.hexdigest() != sha256:
        spool.close()
        raise ContentDamaged
    spool.seek(0)
    return spool


def verified(pieces: Iterator[bytes], *, sha256: str) -> Iterator[bytes]:
    """Yield an object piece by piece, the last one only where the whole has this digest; else raise ContentDamaged.

    Whoever is being sent damaged bytes then gets an answer that breaks off, and never one that looks whole (REL-16).
    """
    digest, held = hashlib.sha256(), b""
    for piece in pieces:
        digest.update(piece)
        if held:
            yield held
        held = piece
    if digest.hexdigest() != sha256:
        raise ContentDamaged
    if held:
        yield held


def sync(path: Path) -> None:
    """Have the disk keep a file's bytes, or the names in a folder, through a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FileVault:
    """A folder; the embedded default. An object has its name only once it is whole, and both outlast a power cut."""

    def __init__(self, storage: FileSystemStorage) -> None:
        self._storage = storage

    def put(self, key: str, source: IO[bytes], *, sha256: str, size: int, media_type: str) -> Kept:
        try:
            self._save(key, source)
            self._sync_names(key)
        except OSError as error:  # the disk is full, or gone
            raise VaultIsDown from error
        return self.check(key, sha256=sha256, size=size)

    @property
    def in_parts(self) -> S3Parts | None:
        return None

    def check(self, key: str, *, sha256: str, size: int, parts: Sequence[SentPart] = ()) -> Kept:
        try:
            with self._storage.open(key) as stored:
                kept = sha256_hex(chunks(cast(IO[bytes], stored)))
        except OSError as error:
            raise VaultIsDown from error
        if kept != sha256:
            raise ContentDamaged
        return UNNAMED

    def _save(self, key: str, source: IO[bytes]) -> None:
        """Write beside the name, sync, and then link to it: neither another who puts the same, nor a crash, leaves half of it there."""
        if self._storage.exists(key):
            return
        source.seek(0)
        beside = self._storage.save(f"{key}.{uuid.uuid4().hex}", File(source))
        try:
            sync(Path(self._storage.path(beside)))
            with suppress(FileExistsError):  # somebody else put the same bytes between our look and our link
                os.link(self._storage.path(beside), self._storage.path(key))
        finally:
            self._storage.delete(beside)

    def _sync_names(self, key: str) -> None:
        """Make the name as durable as the bytes, with every folder above it: whoever made them may not have got as far."""
        top = Path(self._storage.location)
        for folder in Path(self._storage.path(key)).parents:
            sync(folder)
            if folder == top:
                return

    def read(self, key: str, *, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        try:
            handle = self._storage.open(key)
        except OSError as error:  # one file that is not there, or all of them
            raise (ContentMissing if self._is_there else VaultIsDown) from error
        with handle:
            handle.seek(first)
            left = None if last is None else last - first + 1
            while left is None or left > 0:
                piece = handle.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    @property
    def _is_there(self) -> bool:
        """Whether there is a vault at all: a disk that is away has lost nothing."""
        try:
            self._storage.listdir("")
        except OSError:
            return False
        return True

    def has(self, key: str) -> bool:
        return self._storage.exists(key)

    def stored(self, prefix: str) -> Iterator[Stored]:
        if not self._storage.exists(prefix.rstrip("/")):
            return
        folders, files = self._storage.listdir(prefix)
        for name in sorted(files):
            key = f"{prefix}{name}"
            with suppress(FileNotFoundError):  # gone between the listing and the look
                yield Stored(key, self._storage.size(key), self._storage.get_modified_time(key).timestamp())
        for name in sorted(folders):
            yield from self.stored(f"{prefix}{name}/")

    @property
    def has_legal_holds(self) -> bool:
        return False

    def has_legal_hold(self, key: str) -> bool:
        return False

    def set_legal_hold(self, key: str, *, on: bool) -> None:
        raise LegalHoldImpossible


class S3Vault:
    """An S3-compatible server: conditional put, the server's own SHA-256 check, ranges."""

    def __init__(self, storage: S3Storage) -> None:
        self._bucket = storage.bucket_name
        self.client: Any = client_of(storage)

    def put(self, key: str, source: IO[bytes], *, sha256: str, size: int, media_type: str) -> Kept:
        source.seek(0)
        if size >= LARGE:
            return self._put_in_parts(key, source, sha256=sha256, size=size, media_type=media_type)
        with told_as_outage():
            try:
                self.client.put_object(
                    Bucket=self._bucket,
                    Key=key,
                    Body=source,
                    ContentLength=size,
                    ContentType=media_type,
                    ChecksumSHA256=in_base64(sha256),
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if code_of(error) not in THERE_ALREADY:
                    raise
        return self.check(key, sha256=sha256, size=size)

    def _put_in_parts(self, key: str, source: IO[bytes], *, sha256: str, size: int, media_type: str) -> Kept:
        """Several parts are on their way at once; the digest of the whole is taken of the very bytes that are sent."""
        parts, digest, sending = self.in_parts, hashlib.sha256(), []
        assembly = parts.begin(key, media_type=media_type)

        def read() -> bytes:
            piece = source.read(PART_BYTES)
            digest.update(piece)
            return piece

        try:
            for number in range(1, -(-size // PART_BYTES) + 1):
                sending.append(hand_over(read, partial(parts.send, key, assembly, number)))
            sent = [one.result() for one in sending]
            if digest.hexdigest() != sha256:
                raise ContentDamaged
            parts.assemble(key, assembly, sent)
        except BaseException:
            wait(sending)
            with suppress(VaultIsDown):  # the sweeper finds it
                parts.forget(key, assembly)
            raise
        return self.check(key, sha256=sha256, size=size, parts=sent)

    @property
    def in_parts(self) -> S3Parts:
        return S3Parts(self.client, self._bucket)

    def check(self, key: str, *, sha256: str, size: int, parts: Sequence[SentPart] = ()) -> Kept:
        """The server's own digest is enough where it keeps one; every byte is read where it does not, or of other parts."""
        with told_as_outage():
            head = self.client.head_object(Bucket=self._bucket, Key=key, ChecksumMode="ENABLED")
        if head["ContentLength"] != size:
            raise ContentDamaged
        kept = Kept(head.get("VersionId", ""), head.get("ETag", "").strip('"'))
        told, _, of_parts = str(head.get("ChecksumSHA256") or "").partition("-")
        if told and told == (digest_of_digests(parts) if of_parts else in_base64(sha256)):
            return kept
        if (told and not of_parts) or sha256_hex(self.read(key)) != sha256:
            raise ContentDamaged
        return kept

    def read(self, key: str, *, first: int = 0, last: int | None = None) -> Iterator[bytes]:
        wanted = {} if not first and last is None else {"Range": f"bytes={first}-{'' if last is None else last}"}
        try:
            body = self.client.get_object(Bucket=self._bucket, Key=key, **wanted)["Body"]
            yield from body.iter_chunks(CHUNK_BYTES)
        except ClientError as error:
            missing = code_of(error) in ("NoSuchKey", "404")
            raise (ContentMissing if missing else VaultIsDown) from error
        except BotoCoreError as error:
            raise VaultIsDown from error

    def has(self, key: str) -> bool:
        try:
            self.client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if code_of(error) in ("NoSuchKey", "404"):
                return False
            raise VaultIsDown from error
        return True

    def stored(self, prefix: str) -> Iterator[Stored]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        try:
            for page in pages:
                for one in page.get("Contents", ()):
                    yield Stored(one["Key"], one["Size"], one["LastModified"].timestamp())
        except (ClientError, BotoCoreError) as error:
            raise VaultIsDown from error

    @property
    def has_legal_holds(self) -> bool:
        """Object lock can only be chosen when a bucket is made."""
        try:
            told = self.client.get_object_lock_configuration(Bucket=self._bucket)
        except ClientError as error:
            if code_of(error) == "ObjectLockConfigurationNotFoundError":
                return False
            raise VaultIsDown from error
        return bool(told.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")

    def has_legal_hold(self, key: str) -> bool:
        versions = list(self._versions(key))
        return bool(versions) and all(self._is_held(key, version) for version in versions)

    def set_legal_hold(self, key: str, *, on: bool) -> None:
        status = {"Status": "ON" if on else "OFF"}
        try:
            for version in self._versions(key):
                self.client.put_object_legal_hold(Bucket=self._bucket, Key=key, VersionId=version, LegalHold=status)
        except (ClientError, BotoCoreError) as error:
            raise VaultIsDown from error

    def _is_held(self, key: str, version: str) -> bool:
        try:
            told = self.client.get_object_legal_hold(Bucket=self._bucket, Key=key, VersionId=version)
        except ClientError as error:
            if code_of(error) in ("NoSuchObjectLockConfiguration", "NoSuchKey", "NoSuchVersion", "404"):
                return False
            raise VaultIsDown from error
        return bool(told["LegalHold"]["Status"] == "ON")

    def _versions(self, key: str) -> Iterator[str]:
        """Every stored version of one object; locks belong to versions, not to keys."""
        return (one["VersionId"] for one in versions_under(self.client, self._bucket, key))


def in_base64(sha256: str) -> str:
    """Return a digest as S3 takes it in headers."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def in_memory(content: bytes) -> IO[bytes]:
    """Small derived bytes, such as a page image, as a stream to put."""
    return io.BytesIO(content)
