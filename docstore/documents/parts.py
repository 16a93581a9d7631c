"""Large objects on an S3 server, put part by part: begun, sent by several threads at once, assembled once.

The server checks the SHA-256 of each part as it comes, and keeps the digest over those digests with the object: that is
what is read back. Nothing has the object's name before it is whole; a part that was sent belongs to nobody until then.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from botocore.exceptions import ClientError

from docstore.documents.outages import code_of, told_as_outage

# 10,000 parts are the most that S3 takes: 78 GiB, far beyond the largest file that is let in.
PART_BYTES = 8 * 1024 * 1024
LARGE = 4 * PART_BYTES
SENDERS = 3
GONE = ("NoSuchUpload", "404")
THERE_ALREADY = ("PreconditionFailed", "412")

# Shared by all uploads of a process, so that its memory stays the same however many there are.
_senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="vault-part")
_room = BoundedSemaphore(SENDERS + 1)


@dataclass(frozen=True, slots=True)
class SentPart:
    """One part that the server holds. `sha256` is in base64, as the server tells it."""

    number: int
    etag: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Begun:
    """An object that somebody began to put and nobody has assembled yet. `seconds` is by the storage's clock."""

    key: str
    assembly: str
    seconds: float


def hand_over(read: Callable[[], bytes], send: Callable[[bytes], SentPart]) -> "Future[SentPart]":
    """Read a part once there is room in memory for it, and send it while the caller goes on."""
    _room.acquire()
    try:
        future = _senders.submit(send, read())
    except BaseException:
        _room.release()
        raise
    future.add_done_callback(lambda _: _room.release())
    return future


def base64_sha256(content: bytes) -> str:
    """Return the SHA-256 of a part as S3 writes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def digest_of_digests(parts: Sequence[SentPart]) -> str:
    """Return what the server keeps as the digest of the whole: that over the digests of its parts."""
    return base64_sha256(b"".join(base64.b64decode(one.sha256) for one in parts))


class S3Parts:
    """Objects of one bucket that are put part by part."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def begin(self, key: str, *, media_type: str) -> str:
        """Begin an object and return the name of this attempt."""
        with told_as_outage():
            told = self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=media_type, ChecksumAlgorithm="SHA256"
            )
        return str(told["UploadId"])

    def send(self, key: str, assembly: str, number: int, content: bytes) -> SentPart:
        """Send a part, the server checking its digest; the same number again takes its place."""
        digest = base64_sha256(content)
        with told_as_outage():
            told = self._client.upload_part(
                Bucket=self._bucket,
                Key=key,
                UploadId=assembly,
                PartNumber=number,
                Body=content,
                ChecksumSHA256=digest,
            )
        return SentPart(number, told["ETag"], digest)

    def sent(self, key: str, assembly: str) -> dict[int, SentPart] | None:
        """Return the parts that the server holds, by number; None where it knows nothing of the attempt."""
        pages = self._client.get_paginator("list_parts").paginate(Bucket=self._bucket, Key=key, UploadId=assembly)
        with told_as_outage():
            try:
                listed = [one for page in pages for one in page.get("Parts", ())]
            except ClientError as error:
                if code_of(error) in GONE:
                    return None
                raise
        known = (SentPart(one["PartNumber"], one["ETag"], one.get("ChecksumSHA256", "")) for one in listed)
        return {one.number: one for one in known}

    def assemble(self, key: str, assembly: str, parts: Sequence[SentPart]) -> None:
        """Make the object of its parts. Where one is there already it stays, and what was sent goes."""
        listed = [{"PartNumber": one.number, "ETag": one.etag, "ChecksumSHA256": one.sha256} for one in parts]
        with told_as_outage():
            try:
                self._client.complete_multipart_upload(
                    Bucket=self._bucket,
                    Key=key,
                    UploadId=assembly,
                    MultipartUpload={"Parts": listed},
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if code_of(error) not in THERE_ALREADY:
                    raise
                self.forget(key, assembly)

    def forget(self, key: str, assembly: str) -> None:
        """Give an attempt up. One that is gone is no fault."""
        with told_as_outage():
            try:
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=assembly)
            except ClientError as error:
                if code_of(error) not in GONE:
                    raise

    def begun(self, prefix: str) -> Iterator[Begun]:
        """Yield what was begun under a prefix and is neither assembled nor given up."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix)
        with told_as_outage():
            for page in pages:
                for one in page.get("Uploads", ()) or ():
                    yield Begun(one["Key"], one["UploadId"], one["Initiated"].timestamp())
