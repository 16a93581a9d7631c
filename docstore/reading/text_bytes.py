"""Bytes as text, or not: bound into the sandbox, standard library only."""

import re


def decode(raw: bytes) -> str | None:
    """Return the bytes as text, or None where they are none.

    Control characters that no text has, or no known encoding.
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw[: len(raw) & ~1].decode("utf-16", errors="replace")
    if re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", raw):
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 4:
            return raw[: error.start].decode("utf-8-sig")
    return raw.decode("cp1252", errors="replace")
