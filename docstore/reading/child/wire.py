"""Frames between a reading session and its child: a length, a JSON head, then the bytes of pictures. No pickle."""

import json
import struct
from collections.abc import Sequence
from typing import Any, BinaryIO

HEAD = struct.Struct("!II")
MOST_JSON = 64 * 1024 * 1024
MOST_BYTES = 64 * 1024 * 1024


class BrokenWire(RuntimeError):
    """The other side sent something that is no frame, or more than is allowed."""


def pack(message: dict[str, Any], blobs: Sequence[bytes] = ()) -> bytes:
    """Return one frame."""
    head = json.dumps({**message, "blobs": [len(blob) for blob in blobs]}, separators=(",", ":")).encode()
    return HEAD.pack(len(head), sum(map(len, blobs))) + head + b"".join(blobs)


def sizes(raw: bytes) -> tuple[int, int]:
    """Return how many bytes of JSON and of pictures follow; raise BrokenWire beyond the caps."""
    json_bytes, blob_bytes = HEAD.unpack(raw)
    if json_bytes > MOST_JSON or blob_bytes > MOST_BYTES:
        raise BrokenWire("a frame larger than allowed")
    return json_bytes, blob_bytes


def unpack(head: bytes, body: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return the message and its pictures."""
    try:
        message = json.loads(head)
        lengths = [int(length) for length in message.pop("blobs")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenWire("a frame without a proper head") from error
    if sum(lengths) != len(body) or any(length < 0 for length in lengths):
        raise BrokenWire("a frame whose parts do not add up")
    blobs, at = [], 0
    for length in lengths:
        blobs.append(body[at : at + length])
        at += length
    return message, blobs


def receive(stream: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read one frame from a blocking stream; None at its end."""
    raw = stream.read(HEAD.size)
    if len(raw) < HEAD.size:
        return None
    json_bytes, blob_bytes = sizes(raw)
    return unpack(stream.read(json_bytes), stream.read(blob_bytes) if blob_bytes else b"")
