"""What is said of a body in its headers: length, type, digests (RFC 9530)."""

import base64
import binascii
import re

from rest_framework.request import Request

_SHA256 = re.compile(r"(?:^|,)\s*sha-256\s*=\s*:([A-Za-z0-9+/]{43}=):")


def digest_of(request: Request) -> str | None:
    """Return the SHA-256 that Repr-Digest tells of, in hexadecimal; None where it tells of none."""
    found = _SHA256.search(request.headers.get("Repr-Digest", ""))
    if found is None:
        return None
    try:
        return base64.b64decode(found.group(1), validate=True).hex()
    except binascii.Error:
        return None


def length_of(request: Request, name: str = "Content-Length") -> int | None:
    """Return a count of bytes from a header; None where there is none."""
    text = request.headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def media_type_of(request: Request) -> str:
    """Return the type that a body is said to have, without parameters."""
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
