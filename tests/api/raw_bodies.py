"""How bodies that are no JSON go over the wire when schemathesis makes them up."""

from typing import Any

import schemathesis

BYTES = ("application/zip", "application/partial-upload", "application/offset+octet-stream")


@schemathesis.serializer(*BYTES)
def as_bytes(context: Any, value: Any) -> bytes:
    """Send whatever bytes the example has."""
    return value if isinstance(value, bytes) else str(value).encode()
