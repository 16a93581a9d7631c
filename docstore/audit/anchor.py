"""Locked storage outside the database, for what must outlive it: checkpoints, certificates, the ledger of destruction.

Everything is put once and never changed. On S3 the server itself keeps it (compliance lock, other credentials); in a
folder only the mode of the file does, which pages and health checks say.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage

from docstore.core import clock, conf
from docstore.core.errors import Unavailable


class AnchorIsDown(Unavailable):
    """The locked storage for evidence cannot be reached. Nothing is destroyed and nothing is certified until it answers."""

    code = "anchor-unavailable"


class AnchorDiffers(Unavailable):
    """The locked storage holds other bytes under {key} than were to be put there. Records staff have to look at this at once."""

    code = "anchor-differs"
    retryable = False


class Anchor(Protocol):
    """Bytes under names, written once."""

    def put(self, key: str, content: bytes) -> None:
        """Store and read back. The same bytes again are no fault; other bytes raise AnchorDiffers."""
        ...

    def read(self, key: str) -> bytes | None: ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield all names that begin with `prefix`, in order."""
        ...

    @property
    def is_locked(self) -> bool:
        """Whether the storage itself keeps what was put."""
        ...


def anchor() -> Anchor:
    """Return the locked storage that settings.STORAGES names."""
    storage = storages["anchor"]
    return S3Anchor(storage) if isinstance(storage, S3Storage) else FileAnchor(Path(storage.path("")))


class FileAnchor:
    """A folder whose files are made once and are read-only."""

    is_locked = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.write_bytes(content)
        fresh.chmod(0o400)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        if path.read_bytes() != content:
            raise AnchorDiffers(key=key)

    def read(self, key: str) -> bytes | None:
        path = self._root / key
        return path.read_bytes() if path.is_file() else None

    def keys(self, prefix: str) -> Iterator[str]:
        folder = self._root / prefix.rpartition("/")[0]  # never above the root, where other things lie
        found = (str(one.relative_to(self._root)) for one in folder.rglob("*") if one.is_file())
        yield from sorted(one for one in found if one.startswith(prefix) and "/." not in one)


class S3Anchor:
    """A bucket with object lock, best under credentials of its own."""

    def __init__(self, storage: S3Storage) -> None:
        self._bucket, self._location = storage.bucket_name, storage.location.strip("/")
        self._client: Any = storage.connection.meta.client

    @property
    def is_locked(self) -> bool:
        return conf.get().anchor_lock_seconds > 0

    def put(self, key: str, content: bytes) -> None:
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=self._at(key), Body=content, IfNoneMatch="*", **self._lock()
            )
        except ClientError as error:
            if _code(error) not in ("PreconditionFailed", "412"):
                raise AnchorIsDown from error
        except BotoCoreError as error:
            raise AnchorIsDown from error
        if self.read(key) != content:
            raise AnchorDiffers(key=key)

    def read(self, key: str) -> bytes | None:
        try:
            content: bytes = self._client.get_object(Bucket=self._bucket, Key=self._at(key))["Body"].read()
        except ClientError as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise AnchorIsDown from error
        except BotoCoreError as error:
            raise AnchorIsDown from error
        return content

    def keys(self, prefix: str) -> Iterator[str]:
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._at(prefix))
            for page in pages:
                yield from (one["Key"].removeprefix(f"{self._location}/") for one in page.get("Contents", ()))
        except (ClientError, BotoCoreError) as error:
            raise AnchorIsDown from error

    def _at(self, key: str) -> str:
        return f"{self._location}/{key}" if self._location else key

    def _lock(self) -> dict[str, Any]:
        """The lock counts real time, as the server does: the demo court's clock cannot stretch or shorten it."""
        seconds = conf.get().anchor_lock_seconds
        if not seconds:
            return {}
        until = clock.now() - clock.ahead() + timedelta(seconds=seconds)
        return {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until, "ChecksumAlgorithm": "SHA256"}


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
