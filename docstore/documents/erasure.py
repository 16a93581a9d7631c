"""The only way out of the vault: every stored copy of an object found, told apart, removed and seen to be gone.

What stands under one name on a versioned server is several things: versions, delete markers over them, and parts of uploads that never
ended. Each is removed by its own id, because a delete without one succeeds and destroys nothing. Knows keys and locks,
not documents or people; `retention` alone may import it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import Storage, storages
from storages.backends.s3 import S3Storage

from docstore.core import conf
from docstore.core.errors import Conflict, Unavailable
from docstore.documents.outages import MISSING, NO_LOCK, WITHHELD, VaultIsDown, code_of
from docstore.documents.s3_clients import client_of

BULK = 500
# So many questions to the server are on their way at a time: enough to fill the time that each of them takes.
AT_ONCE = 4


class StorageRefuses(Conflict):
    """The storage refuses to let go of a copy ({why}). It stays on the list and is tried again."""

    code = "storage-refuses"


class NotTheDestroyer(Unavailable):
    """This process removes nothing: the disposal worker alone has the identity that may."""

    code = "not-the-destroyer"


class CopyKind(StrEnum):
    """What the server keeps under one key."""

    VERSION = "object version"
    MARKER = "delete marker"
    PART = "multipart part"


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """One thing that the storage holds. `is_lock_known` is false where the server would not say: never read as free."""

    key: str
    kind: CopyKind
    version: str = ""
    size: int = 0
    locked_until: datetime | None = None
    mode: str = ""
    legal_hold: bool = False
    is_lock_known: bool = True

    def blocks(self, now: datetime) -> bool:
        """Whether a lock keeps it beyond this moment."""
        held = self.locked_until is not None and self.locked_until > now
        return held or self.legal_hold or not self.is_lock_known


@dataclass(frozen=True, slots=True)
class Refused:
    """A copy that the server did not remove, and what it said."""

    copy: StoredCopy
    why: str


class Eraser(Protocol):
    """Removing from one kind of storage."""

    def survey(self, prefix: str) -> list[StoredCopy]:
        """Return everything that is stored under names with this beginning, with its locks; nothing is changed."""
        ...

    def survey_all(self, places: Collection[str]) -> Mapping[str, Sequence[StoredCopy]]:
        """Return the same of many places at a time. A place is a folder, whose name ends in a slash, or one whole name."""
        ...

    def remaining_all(self, places: Collection[str]) -> Mapping[str, Sequence[StoredCopy]]:
        """Return what a listing still shows in each of these places, likewise."""
        ...

    def remove(self, copies: Sequence[StoredCopy]) -> list[Refused]:
        """Remove copies, each by its own id. What is gone already counts as removed; what was refused is returned."""
        ...

    def remaining(self, prefix: str) -> list[StoredCopy]:
        """Return what a listing still shows under names with this beginning; empty is the only proof that it is gone."""
        ...


def eraser() -> Eraser:
    """Return the eraser that belongs to the configured vault. It looks as the vault's identity, and removes as its own."""
    storage, destroyer = storages["vault"], storages["destroyer"]
    if isinstance(storage, S3Storage) and isinstance(destroyer, S3Storage):
        return S3Eraser(storage, destroyer)
    return FileEraser(storage)


def _check_is_destroyer() -> None:
    if not conf.get().removes:
        raise NotTheDestroyer


class FileEraser:
    """Any storage without versions: what is there is one copy, and a lock exists only in our own rules."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def survey(self, prefix: str) -> list[StoredCopy]:
        return [
            StoredCopy(key, CopyKind.VERSION, size=self._storage.size(key)) for key in self._keys(prefix.rstrip("/"))
        ]

    def remove(self, copies: Sequence[StoredCopy]) -> list[Refused]:
        _check_is_destroyer()
        refused = []
        for copy in copies:
            try:
                self._storage.delete(copy.key)
            except OSError as error:
                refused.append(Refused(copy, str(error.strerror or type(error).__name__)))
        return refused

    def remaining(self, prefix: str) -> list[StoredCopy]:
        return self.survey(prefix)

    def survey_all(self, places: Collection[str]) -> Mapping[str, Sequence[StoredCopy]]:
        return {one: self.survey(one) for one in places}

    def remaining_all(self, places: Collection[str]) -> Mapping[str, Sequence[StoredCopy]]:
        return self.survey_all(places)

    def _keys(self, folder: str) -> Iterator[str]:
        try:
            folders, files = self._storage.listdir(folder)
        except FileNotFoundError:
            return
        except NotADirectoryError:  # one object was asked about by its whole name
            yield folder
            return
        yield from (f"{folder}/{name}" for name in sorted(files))
        for name in folders:
            yield from self._keys(f"{folder}/{name}")


class S3Eraser:
    """A versioned S3 server, with or without object lock. Nothing here ever asks for a bypass of a lock."""

    def __init__(self, storage: S3Storage, destroyer: S3Storage) -> None:
        self._bucket = storage.bucket_name
        self._client: Any = client_of(storage)
        self._remover: Any = client_of(destroyer)

    def survey(self, prefix: str) -> list[StoredCopy]:
        return [self._with_locks(copy) if copy.kind is CopyKind.VERSION else copy for copy in self.remaining(prefix)]

    def remaining(self, prefix: str) -> list[StoredCopy]:
        try:
            return [*self._versions(prefix), *self._parts(prefix)]
        except (ClientError, BotoCoreError) as error:
            raise VaultIsDown from error

    def survey_all(self, places: Collection[str]) -> Mapping[str, Sequence[StoredCopy]]:
        found = self.remaining_all(places)
        every = {one: one for copies in found.values() for one in copies if one.kind is CopyKind.VERSION}
        with ThreadPoolExecutor(AT_ONCE) as pool:
            locks = dict(zip(every, pool.map(self._with_locks, every), strict=True))
        return {place: [locks.get(one, one) for one in copies] for place, copies in found.items()}

    def remaining_all(self, places: Collection[str]) -> Mapping[str, Sequence[StoredCopy]]:
        """A listing of a folder serves every place in it; one answer for a whole area serves all, where that holds little."""
        listed: list[StoredCopy] = []
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for area, tops in groupby(_tops(places), key=_area):
                    wanted = list(tops)
                    asked = [area] if self._holds_little(area, len(wanted)) else wanted
                    for some in pool.map(lambda one: list(self._versions(one)), asked):
                        listed += some
                    listed += self._parts(area)
        except (ClientError, BotoCoreError) as error:
            raise VaultIsDown from error
        return _by_place(listed, places)

    def _holds_little(self, area: str, many: int) -> bool:
        """Whether a whole area is listed with fewer answers than so many places in it, each for itself."""
        told = self._client.list_object_versions(Bucket=self._bucket, Prefix=area, MaxKeys=many)
        return not told.get("IsTruncated", True)

    def remove(self, copies: Sequence[StoredCopy]) -> list[Refused]:
        _check_is_destroyer()
        parts = [copy for copy in copies if copy.kind is CopyKind.PART]
        objects = [copy for copy in copies if copy.kind is not CopyKind.PART]
        refused = [one for copy in parts for one in self._abort(copy)]
        for some in _in_bulk(objects):
            refused += self._delete(some)
        return refused

    def _versions(self, prefix: str) -> Iterator[StoredCopy]:
        """Oldest first, so that content goes in the order in which it came; markers after all versions."""
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        versions, markers = [], []
        for page in pages:
            versions += page.get("Versions", ())
            markers += page.get("DeleteMarkers", ())
        versions.reverse()  # they are listed newest first, and times are whole seconds
        for one in sorted(versions, key=lambda one: one["LastModified"]):
            yield StoredCopy(one["Key"], CopyKind.VERSION, one["VersionId"], size=one.get("Size", 0))
        for one in markers:
            yield StoredCopy(one["Key"], CopyKind.MARKER, one["VersionId"])

    def _parts(self, prefix: str) -> Iterator[StoredCopy]:
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for one in page.get("Uploads", ()) or ():
                yield StoredCopy(one["Key"], CopyKind.PART, one["UploadId"])

    def _with_locks(self, copy: StoredCopy) -> StoredCopy:
        where = {"Bucket": self._bucket, "Key": copy.key, "VersionId": copy.version}
        retention, is_known = self._told(self._client.get_object_retention, where, "Retention")
        hold, is_hold_known = self._told(self._client.get_object_legal_hold, where, "LegalHold")
        return StoredCopy(
            copy.key,
            copy.kind,
            copy.version,
            copy.size,
            locked_until=retention.get("RetainUntilDate"),
            mode=retention.get("Mode", ""),
            legal_hold=hold.get("Status") == "ON",
            is_lock_known=is_known and is_hold_known,
        )

    def _told(self, ask: Any, where: dict[str, str], member: str) -> tuple[dict[str, Any], bool]:
        """What the server says of a lock, and whether it said anything: no answer is unknown, never unlocked."""
        try:
            return ask(**where).get(member) or {}, True
        except ClientError as error:
            if code_of(error) in NO_LOCK or code_of(error) in MISSING:
                return {}, True
            if code_of(error) in WITHHELD:
                return {}, False
            raise VaultIsDown from error
        except BotoCoreError as error:
            raise VaultIsDown from error

    def _delete(self, copies: Sequence[StoredCopy]) -> list[Refused]:
        """Delete by version id. The answer is 200 even where single keys were refused, so each is looked at."""
        wanted = [{"Key": copy.key, "VersionId": copy.version} for copy in copies]
        try:
            told = self._remover.delete_objects(Bucket=self._bucket, Delete={"Objects": wanted})
        except (ClientError, BotoCoreError) as error:
            raise VaultIsDown from error
        by_id = {(copy.key, copy.version): copy for copy in copies}
        return [
            Refused(by_id[one["Key"], one.get("VersionId", "")], one.get("Code", "unknown"))
            for one in told.get("Errors", ())
            if one.get("Code") not in MISSING and (one["Key"], one.get("VersionId", "")) in by_id
        ]

    def _abort(self, copy: StoredCopy) -> list[Refused]:
        try:
            self._remover.abort_multipart_upload(Bucket=self._bucket, Key=copy.key, UploadId=copy.version)
        except ClientError as error:
            return [] if code_of(error) in MISSING else [Refused(copy, code_of(error))]
        except BotoCoreError as error:
            raise VaultIsDown from error
        return []


def _tops(places: Collection[str]) -> list[str]:
    """The folders and names among these that lie in no other of them, in order."""
    found: list[str] = []
    for one in sorted(set(places)):
        if not (found and found[-1].endswith("/") and one.startswith(found[-1])):
            found.append(one)
    return found


def _area(place: str) -> str:
    """The part of the vault in which a place lies, such as `cases/`."""
    return place.partition("/")[0] + "/"


def _by_place(listed: Iterable[StoredCopy], places: Collection[str]) -> dict[str, list[StoredCopy]]:
    """Say of each place what lies in it, in the order in which it was listed."""
    wanted, found = set(places), defaultdict[str, list[StoredCopy]](list)
    for copy in listed:
        steps = copy.key.split("/")
        folders = ("/".join(steps[:deep]) + "/" for deep in range(1, len(steps)))
        for place in (*folders, copy.key):
            if place in wanted:
                found[place].append(copy)
    return {one: found[one] for one in places}


def _in_bulk(copies: Sequence[StoredCopy]) -> Iterable[Sequence[StoredCopy]]:
    for start in range(0, len(copies), BULK):
        yield copies[start : start + BULK]
