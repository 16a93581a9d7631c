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

from docstore.documents.outages import code_of, told_as_outage
from docstore.documents.s3_clients import client_of

GOVERNANCE, COMPLIANCE = "GOVERNANCE", "COMPLIANCE"
NONE_SET = ("NoSuchObjectLockConfiguration", "ObjectLockConfigurationNotFoundError", "InvalidRequest")
WITHHELD = ("AccessDenied", "ObjectLocked", "403")


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
            pages = self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=key)
            found = [one["VersionId"] for page in pages for one in page.get("Versions", ()) if one["Key"] == key]
            return [self._seen(key, version) for version in found]

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
            if code_of(error) in NONE_SET:
                return Lock(version)
            if code_of(error) in WITHHELD:
                return Lock(version, is_known=False)
            raise
        return Lock(version, told["RetainUntilDate"].astimezone(UTC), told["Mode"])
