"""One very large file, which is kept and not read, and how long boto3 alone takes to upload it: the bare limit of two promises."""

import hashlib
import os
import time
import uuid
from pathlib import Path

from boto3.s3.transfer import TransferConfig

from ops import bucket

GIB, MIB = 1024**3, 1024**2
SIZE = int(os.environ.get("DOCSTORE_UPLOAD_BYTES", GIB))
HEAD = b"ID3\x04\0\0"


def write_recording(path: Path) -> str:
    """Write a recording of `SIZE` bytes, in whole MiB; return its SHA-256."""
    block, digest = os.urandom(MIB), hashlib.sha256()
    with path.open("wb") as file:
        for at in range(SIZE // MIB):
            piece = HEAD + block[len(HEAD) :] if at == 0 else block
            file.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def bare_upload(path: Path) -> float:
    """Seconds of boto3's own multipart upload to the S3 server that the environment names."""
    s3, name, key = bucket.client(os.environ), os.environ["S3_BUCKET"], f"bench/{uuid.uuid4()}"
    begun = time.monotonic()
    s3.upload_file(str(path), name, key, Config=TransferConfig(multipart_chunksize=16 * MIB))
    spent = time.monotonic() - begun
    s3.delete_object(Bucket=name, Key=key)
    return spent
