"""Retain-until dates of stored objects: what a storage says of them, and lengthening them. There is no way here to shorten one.

Locks belong to stored versions, not to keys. Knows keys and dates, not documents or people. A missing answer is *unknown*,
never *unlocked*.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from botocore.exceptions import ClientError
from django.core.files.storage import storages
from storages.backends.s3 import S3Storage

from docstore.documents.outages import NO_LOCK, WITHHELD, code_of, told_as_outage
from docstore.documents.s3_clients import client_of, versions_under

GOVERNANCE, COMPLIANCE = "GOVERNANCE", "COMPLIANCE"


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock of one stored version. `until` is None where there is none; `is_known` false where the server would not say."""

    version: str
    until: datetime | None = None
    mode: str = ""
    is_known: bool = True


class Locker(Protocol):
    """Locks of one kind of storage."""

    def seen(self, key: str) -> list[Lock]:
        """Return the lock of every stored version under a key."""
        ...

    def lengthen(self, key: str, lock: Lock, *, until: datetime, mode: str) -> bool:
        """Have a stored version kept until then; False where the server refuses, as it does what would shorten."""
        ...


def locker() -> Locker | None:
    """Return how the configured vault locks; None where it cannot."""
    storage = storages["vault"]
    return S3Locker(storage) if isinstance(storage, S3Storage) else None


class S3Locker:
    """A bucket with object lock."""

    def __init__(self, storage: S3Storage) -> None:
        self._bucket = storage.bucket_name
        self._client: Any = client_of(storage)

    def seen(self, key: str) -> list[Lock]:
        with told_as_outage():
            found = list(versions_under(self._client, self._bucket, key))
            return [self._seen(key, one["VersionId"]) for one in found]

    def lengthen(self, key: str, lock: Lock, *, until: datetime, mode: str) -> bool:
        kept = {"Mode": mode, "RetainUntilDate": until}
        with told_as_outage():
            try:
                self._client.put_object_retention(
                    Bucket=self._bucket, Key=key, VersionId=lock.version, Retention=kept, ChecksumAlgorithm="SHA256"
                )
            except ClientError as error:
                if code_of(error) not in WITHHELD:
                    raise
                return False
        return True

    def _seen(self, key: str, version: str) -> Lock:
        try:
            told = self._client.get_object_retention(Bucket=self._bucket, Key=key, VersionId=version)["Retention"]
        except ClientError as error:
            if code_of(error) in NO_LOCK:
                return Lock(version)
            if code_of(error) in WITHHELD:
                return Lock(version, is_known=False)
            raise
        return Lock(version, told["RetainUntilDate"].astimezone(UTC), told["Mode"])
