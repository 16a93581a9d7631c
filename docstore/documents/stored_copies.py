"""Every stored copy of one object: each version under its name in the vault, and the one in the replica that an operator may name.

For checking all of them, and for putting a good one where the vault's own was lost or changed. Knows keys and digests, not
documents or people.
"""

import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from botocore.exceptions import ClientError
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from storages.backends.s3 import S3Storage

from docstore.core.hashing import CHUNK_BYTES, sha256_hex
from docstore.documents.outages import MISSING, code_of, told_as_outage
from docstore.documents.s3_clients import client_of, versions_under
from docstore.documents.vault import ContentDamaged, ContentMissing, in_base64, sync, vault


class Place(StrEnum):
    """Where a copy is kept."""

    VAULT = "vault"
    REPLICA = "replica"


@dataclass(frozen=True, slots=True)
class Copy:
    """One stored copy. `version` is the storage's own id of it, empty where it has none; the current one is what is served."""

    place: Place
    version: str = ""
    is_current: bool = True


def places() -> tuple[Place, ...]:
    """Return where copies should be: the vault, and the replica where one is named."""
    return tuple(one for one in Place if one.value in storages.backends)


def copies_of(key: str) -> list[Copy]:
    """Return every stored copy under a name, the vault's first, the newest first."""
    return [copy for place in places() for copy in _copies_in(place, key)]


def digest_of(key: str, copy: Copy) -> str:
    """Read a copy to its end and return its SHA-256; raise ContentMissing where it is gone."""
    return sha256_hex(_read(key, copy))


def put_back(key: str, good: Copy, *, sha256: str, size: int) -> None:
    """Put the bytes of a good copy where the vault's own should be, checked while read and again once they are there.

    On a versioned server what lay there stays beneath as an older version: it is evidence.
    """
    with tempfile.SpooledTemporaryFile(max_size=8 * CHUNK_BYTES) as spool:
        digest = hashlib.sha256()
        for piece in _read(key, good):
            digest.update(piece)
            spool.write(piece)
        if digest.hexdigest() != sha256:
            raise ContentDamaged
        spool.seek(0)
        _replace(key, spool, sha256=sha256, size=size)
    if sha256_hex(vault().read(key)) != sha256:
        raise ContentDamaged


def _copies_in(place: Place, key: str) -> Iterator[Copy]:
    storage = storages[place.value]
    if not isinstance(storage, S3Storage):
        if storage.exists(key):
            yield Copy(place)
        return
    with told_as_outage():
        found = list(versions_under(client_of(storage), storage.bucket_name, key))
    for one in found:
        yield Copy(place, one["VersionId"], bool(one["IsLatest"]))


def _read(key: str, copy: Copy) -> Iterator[bytes]:
    storage = storages[copy.place.value]
    if isinstance(storage, S3Storage):
        yield from _read_version(storage, key, copy)
        return
    try:
        with storage.open(key) as handle:
            while piece := handle.read(CHUNK_BYTES):
                yield piece
    except FileNotFoundError as error:
        raise ContentMissing from error


def _read_version(storage: S3Storage, key: str, copy: Copy) -> Iterator[bytes]:
    which: dict[str, Any] = {"VersionId": copy.version} if copy.version else {}
    with told_as_outage():
        try:
            body = client_of(storage).get_object(Bucket=storage.bucket_name, Key=key, **which)["Body"]
        except ClientError as error:
            if code_of(error) in MISSING:
                raise ContentMissing from error
            raise
        yield from body.iter_chunks(CHUNK_BYTES)


def _replace(key: str, source: IO[bytes], *, sha256: str, size: int) -> None:
    storage = storages[Place.VAULT.value]
    if isinstance(storage, S3Storage):
        with told_as_outage():
            client_of(storage).put_object(
                Bucket=storage.bucket_name,
                Key=key,
                Body=source,
                ContentLength=size,
                ChecksumSHA256=in_base64(sha256),
            )
        return
    _replace_file(storage, key, source)


def _replace_file(storage: Storage, key: str, source: IO[bytes]) -> None:
    beside = storage.save(f"{key}.{uuid.uuid4().hex}", File(source))
    sync(Path(storage.path(beside)))
    os.replace(storage.path(beside), storage.path(key))
    sync(Path(storage.path(key)).parent)
