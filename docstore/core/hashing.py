"""Streaming SHA-256 digests."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import IO

CHUNK_BYTES = 1024 * 1024


def chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of `stream` in pieces of one mebibyte."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk


def sha256_hex(pieces: Iterable[bytes]) -> str:
    """Return the digest of all pieces, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
