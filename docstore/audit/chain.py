"""Bytes and digests of the chain, as audit.md fixes them. Pure: no rows, no clock."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

FORMAT = 1
LARGEST_NUMBER = 2**53 - 1
_PAYLOAD, _EVENT = b"\x02", b"\x03"


def canonical(value: Mapping[str, object]) -> bytes:
    """Return canonical JSON (RFC 8785 for the subset used: text, whole numbers, booleans, lists; never floats)."""
    _refuse_ambiguous(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def first_hash(stream: str) -> bytes:
    """What the first event of a stream is chained to."""
    return hashlib.sha256(b"docstore-audit-v1" + stream.encode()).digest()


def commitment(salt: bytes, payload: bytes) -> bytes:
    """Bind an event to its payload without holding it, so that the payload may be erased."""
    return hashlib.sha256(_PAYLOAD + salt + payload).digest()


def event_hash(prev: bytes, header: bytes, payload_commitment: bytes) -> bytes:
    """The next link."""
    return hashlib.sha256(_EVENT + prev + len(header).to_bytes(8, "big") + header + payload_commitment).digest()


def moment(at: datetime) -> str:
    """Return an aware time as the text that is hashed: UTC, always with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _refuse_ambiguous(value: object) -> None:
    """Refuse what two programs could write in two ways: floats, numbers beyond 2^53, keys that sort in two ways."""
    match value:
        case float():
            raise TypeError("an audit event holds no floats: their text differs between machines")
        case int() if abs(value) > LARGEST_NUMBER:
            raise TypeError("an audit event holds no number beyond 2^53: readers would round it")
        case Mapping():
            for key, part in value.items():
                if not (isinstance(key, str) and key.isascii()):
                    raise TypeError("an audit event has keys of plain ASCII: others sort in two ways")
                _refuse_ambiguous(part)
        case list() | tuple():
            for part in value:
                _refuse_ambiguous(part)
        case _:
            return
