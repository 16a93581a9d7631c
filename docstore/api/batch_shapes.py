"""Batches, stations and their events as JSON, member by member as design/api.md §3 fixes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from docstore.access.models import ServiceKey
from docstore.api.shapes import moment
from docstore.core import clock, conf
from docstore.intake.feed import Told
from docstore.intake.following import Followed
from docstore.intake.models import Batch, Item, Station
from docstore.reading.formats import Kind

POLICY_VERSION = "2026-11"
SKEW_SECONDS = 120


def station(row: Station, key: ServiceKey | None, *, told: datetime | None) -> dict[str, Any]:
    """What a station is told of itself. `told` is the time that it says it is."""
    skew = round((told - clock.now()).total_seconds()) if told else None
    body: dict[str, Any] = {
        "station": str(row.pk),
        "name": row.name,
        "site": row.court.code,
        "server_time": moment(clock.now()),
        "policy_version": POLICY_VERSION,
        "limits": limits(),
        "accepted_types": [str(one) for one in Kind],
        "key": _key(key) if key else None,
        "clock_skew_seconds": skew,
        "warnings": [],
    }
    if skew is not None and abs(skew) > SKEW_SECONDS:
        body["warnings"] = [f"The clock of this station is {abs(skew)} seconds off. Its times count for nothing here."]
    return body


def _key(key: ServiceKey) -> dict[str, Any]:
    """The key in use: until when it is good, and for what. Lists of cases that are empty mean all."""
    return {
        "id": key.pk,
        "expires_at": moment(key.expires_at),
        "scopes": key.scopes.split(),
        "case_types": sorted(key.limits.case_types),
        "jurisdictions": sorted(key.limits.jurisdictions),
    }


def limits() -> dict[str, int]:
    """What is accepted at most."""
    most, intake = conf.get().limits, conf.get().intake
    return {
        "item_bytes": most.file_bytes,
        "pdf_bytes": most.pdf_bytes,
        "pages": most.pages,
        "pixels": most.pixels,
        "batch_items": intake.batch_items,
        "batch_age_seconds": intake.batch_hours * 3600,
        "upload_age_seconds": intake.upload_hours * 3600,
        "parallel_uploads": intake.parallel_uploads,
        "bytes_a_day": intake.day_bytes,
        "requests_a_minute": intake.requests_per_minute,
    }


def batch(found: Followed) -> dict[str, Any]:
    row: Batch = found.batch
    return {
        "id": str(row.pk),
        "external_id": row.external_id,
        "station": str(row.station_id),
        "state": row.state,
        "opened_at": moment(row.opened_at),
        "closed_at": moment(row.closed_at),
        "settled_at": moment(row.settled_at),
        "expires_at": moment(row.expires_at),
        "rescan_for": row.rescan_for or None,
        "items": [item(one, documents=found.became.get(one.pk, ())) for one in found.items],
        "expected": len(found.items),
        "received": found.received,
        "accepted": found.accepted,
        "rejected": found.rejected,
        "needs_attention": found.needs_attention,
    }


def item(row: Item, *, documents: Sequence[UUID] = ()) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "control_number": row.control_number,
        "state": row.state,
        "code": row.code or None,
        "detail": row.detail or None,
        "bytes": row.size,
        "sha256": row.sha256,
        "pages": row.pages,
        "document": str(row.document) if row.document else None,
        "documents": [str(one) for one in documents],
        "received_at": moment(row.received_at),
    }


def event(told: Told) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": str(told.id),
        "at": moment(told.at),
        "event": told.happening,
        "batch": str(told.batch) if told.batch else None,
    }
    if told.item is not None:
        body["item"] = told.item
    if told.detail:
        body["detail"] = told.detail
    return body
