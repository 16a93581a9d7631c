"""Manifests of batches, for tests and for runs without Django."""

import base64
import hashlib
import uuid
from typing import Any

STAMP = "2026-11-20T15:52:00Z"


def manifest(site: str, *contents: bytes, reference: str | None = None, **more: Any) -> dict[str, Any]:
    """The manifest of a batch with one item for each content."""
    told = {
        "external_id": f"test-{uuid.uuid4().hex[:12]}",
        "site": site,
        "opened_at": STAMP,
        "scanned_at": STAMP,
        "operator": "op-1",
        "items": [item(at, content) for at, content in enumerate(contents, start=1)],
        "non_scannable": [],
        **more,
    }
    return {**told, "case_reference": reference} if reference else told


def item(seq: int, content: bytes, **more: Any) -> dict[str, Any]:
    """One declared item."""
    return {
        "seq": seq,
        "control_number": str(uuid.uuid4().int % 10**17),
        "type": "other",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **more,
    }


def told_of(content: bytes) -> dict[str, str]:
    """The header that tells which bytes are sent."""
    return {"Repr-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"}
