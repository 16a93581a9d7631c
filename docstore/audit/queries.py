"""Reading what was written. Whether it still stands as it was written is asked in `verify`."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docstore.audit.events import Event
from docstore.audit.kinds import CATALOGUE
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.core.paging import Slice, page

READINGS = (Event.DOCUMENT_VIEWED, Event.DOCUMENT_COMPARED, Event.PAGE_VIEWED, Event.CONTENT_READ)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a trail."""

    at: datetime
    event: str
    sentence: str
    actor: str
    role: str
    facts: dict[str, Any]
    erased: bool


def trail_of_document(
    document: str, *, without: Collection[Event] = (), cursor: str | None = None, limit: int = 50
) -> Slice[AuditEvent]:
    """Return what happened to a document, newest first."""
    rows = AuditEvent.objects.filter(document=document).exclude(type__in=without)
    return page(rows, keys=("-id",), cursor=cursor, limit=limit)


def trail_of_case(case: str, *, cursor: str | None = None, limit: int = 50) -> Slice[AuditEvent]:
    """Return what happened on a case, newest first."""
    return page(AuditEvent.objects.filter(case=case), keys=("-id",), cursor=cursor, limit=limit)


def trail_of_person(actor: str, *, cursor: str | None = None, limit: int = 50) -> Slice[AuditEvent]:
    """Return what a person did, newest first."""
    return page(AuditEvent.objects.filter(actor=actor), keys=("-id",), cursor=cursor, limit=limit)


def who_saw(document: str, *, since: datetime, until: datetime) -> list[AuditEvent]:
    """Return every reading of a document between two moments, in one query (DOM-11.8)."""
    rows = AuditEvent.objects.filter(
        document=document, type__in=READINGS, recorded_at__gte=since, recorded_at__lt=until
    )
    return list(rows.order_by("id"))


def entries(rows: Iterable[AuditEvent]) -> list[Entry]:
    """Return events as lines for people."""
    rows = list(rows)
    payloads = {one.event_id: one for one in AuditPayload.objects.filter(event_id__in=[row.pk for row in rows])}
    return [_entry(row, payloads.get(row.pk)) for row in rows]


def _entry(row: AuditEvent, payload: AuditPayload | None) -> Entry:
    header = json.loads(bytes(row.header))
    return Entry(
        at=row.recorded_at,
        event=row.type,
        sentence=CATALOGUE[Event(row.type)].sentence,
        actor=row.actor,
        role=header["role"],
        facts=json.loads(bytes(payload.payload)) if payload else {},
        erased=payload is None,
    )
