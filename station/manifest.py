"""What a station declares before it sends: a batch and its items, as the server's published schema has them."""

from collections.abc import Sequence
from typing import Any

from station.journal import Batch, Item


def of(batch: Batch, items: Sequence[Item], *, site: str, operator: str) -> dict[str, Any]:
    """The manifest of a batch; the same rows make the same bytes, so that a repeated request is recognised."""
    told: dict[str, Any] = {
        "external_id": batch.external_id,
        "site": site,
        "opened_at": batch.opened_at,
        "scanned_at": batch.opened_at,
        "operator": operator,
        "items": [declared(one) for one in items],
        "non_scannable": [],
    }
    return {**told, "case_reference": batch.reference} if batch.reference else told


def declared(item: Item) -> dict[str, Any]:
    """An item as a manifest says it."""
    told: dict[str, Any] = {
        "seq": item.seq,
        "control_number": item.control_number,
        "type": item.type,
        "bytes": item.size,
        "sha256": item.sha256,
        "media_type": item.media_type,
    }
    if item.pages:
        told["expected_pages"] = item.pages
    if item.reference:
        told["case_reference"] = item.reference
    return told
