"""Whether the operator's S3 server does what the vault relies on: tried, not looked up in a table.

Writes under `conformance/` in the vault's own bucket and leaves delete markers at most.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import storages

from docstore.core import conf
from docstore.documents.vault import S3Vault, vault

CONTENT = b"docstore conformance\n"


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing that was tried, and what to do where it failed."""

    name: str
    holds: bool
    advice: str


def try_storage() -> Iterator[Trial]:
    """Try everything that the vault relies on; a file vault has only its own folder to show."""
    storage = vault()
    if not isinstance(storage, S3Vault):
        writable = not storage.has("conformance/none")
        yield Trial("the vault's folder can be read", writable, "Check the folder's owner and rights.")
        return
    client, bucket = storage.client, storages["vault"].bucket_name  # type: ignore[attr-defined] # an S3Storage here
    key = f"conformance/{secrets.token_hex(8)}"
    yield from _as_configured(client, bucket)
    yield _checksums(client, bucket, key)
    yield _conditional_put(client, bucket, key)
    yield _ranges(client, bucket, key)
    yield _listing(client, bucket, key)


def astray() -> list[Trial]:
    """Return what of the vault's protection is not as configured: versions, locks, leave to list. Writes nothing (RET-J1)."""
    storage = vault()
    if not isinstance(storage, S3Vault):
        return []
    return [one for one in _as_configured(storage.client, storages["vault"].bucket_name) if not one.holds]  # type: ignore[attr-defined] # an S3Storage here


def _as_configured(client: Any, bucket: str) -> Iterator[Trial]:
    yield _versions(client, bucket)
    if conf.get().vault_lock:
        yield _locks(client, bucket)
    yield _leave_to_list(client, bucket)


def _leave_to_list(client: Any, bucket: str) -> Trial:
    def ask() -> bool:
        client.list_object_versions(Bucket=bucket, Prefix="conformance/", MaxKeys=1)
        client.list_multipart_uploads(Bucket=bucket, Prefix="conformance/", MaxUploads=1)
        return True

    return _trial("leave to list versions is given", ask, "Give the vault's credentials s3:ListBucketVersions.")


def _versions(client: Any, bucket: str) -> Trial:
    def ask() -> bool:
        return bool(client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled")

    return _trial("versions are kept", ask, "Turn on versioning for the bucket; a vault without it can lose papers.")


def _locks(client: Any, bucket: str) -> Trial:
    def ask() -> bool:
        told = client.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
        return bool(told["ObjectLockEnabled"] == "Enabled")

    return _trial(
        "objects can be locked", ask, "Make the bucket with object lock; it cannot be added later everywhere."
    )


def _checksums(client: Any, bucket: str, key: str) -> Trial:
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()

    def ask() -> bool:
        client.put_object(Bucket=bucket, Key=key, Body=CONTENT, ChecksumSHA256=digest)
        return bool(client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED").get("ChecksumSHA256") == digest)

    return _trial("SHA-256 digests are checked and told", ask, "Without this every upload is read back in full.")


def _conditional_put(client: Any, bucket: str, key: str) -> Trial:
    def ask() -> bool:
        try:
            client.put_object(Bucket=bucket, Key=key, Body=b"other", IfNoneMatch="*")
        except client.exceptions.ClientError as error:
            return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] == 412)
        return False

    return _trial(
        "a second put under one key is refused", ask, "The server ignores If-None-Match; use one that honours it."
    )


def _ranges(client: Any, bucket: str, key: str) -> Trial:
    def ask() -> bool:
        body = client.get_object(Bucket=bucket, Key=key, Range="bytes=3-7")["Body"].read()
        return bool(body == CONTENT[3:8])

    return _trial("parts of an object can be read", ask, "Without ranges large papers open slowly.")


def _listing(client: Any, bucket: str, key: str) -> Trial:
    def ask() -> bool:
        told = client.list_object_versions(Bucket=bucket, Prefix=key)
        return any(one["Key"] == key for one in told.get("Versions", ()))

    return _trial("all versions can be listed", ask, "Destruction cannot be proved without it.")


def _trial(name: str, ask: Any, advice: str) -> Trial:
    try:
        holds = ask()
    except Exception as error:  # noqa: BLE001 - whatever a strange server does, the operator is told which part failed
        return Trial(f"{name} ({type(error).__name__})", False, advice)
    return Trial(name, holds, "" if holds else advice)
