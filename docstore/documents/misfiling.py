"""Who opened a document, and who opened it while it lay on the wrong case: for breach reports (DOM-2.7, 8.9)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import READINGS, who_saw
from docstore.cases.models import Case, Right
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.documents.models import Document, EndReason, Filing
from docstore.documents.queries import get_document


@dataclass(frozen=True, slots=True)
class Reading:
    """One person's readings of a document in a span of time. `person` is empty for the service."""

    person: UUID | None
    times: int
    first: datetime
    last: datetime
    downloaded: bool


def readings_while_misfiled(*, by: Actor, case: Case, filing_id: UUID) -> tuple[Filing, list[Reading]]:
    """Return the stub on a case and who opened the document meanwhile, for those who may read trails of this case."""
    scope = Scope.of(by)
    readable = scope.sections_on(case, Right.READ)
    stub = (
        Filing.objects.filter(pk=filing_id, case=case, section_id__in=readable, end_reason=EndReason.MOVED)
        .select_related("section", "document")
        .first()
    )
    if stub is None or stub.ended_at is None or not scope.allows_on(case, Permission.READ_TRAILS):
        raise NotFound
    _write_down(by, stub.document_id, case.pk)
    seen = who_saw(str(stub.document_id), since=stub.filed_at, until=stub.ended_at)
    return stub, _by_person(seen)


def readings_of(*, by: Actor, document_id: UUID) -> tuple[Document, list[Reading]]:
    """Return a document and everybody who has opened it so far, for those who may read trails."""
    scope = Scope.of(by)
    document = get_document(scope, document_id)
    home = document.filings.select_related("case").get(is_home=True, ended_at__isnull=True)
    if not scope.allows_on(home.case, Permission.READ_TRAILS):
        raise NotFound
    _write_down(by, document_id, home.case_id)
    return document, _by_person(who_saw(str(document_id), since=document.filed_at, until=clock.now()))


def _by_person(rows: Iterable[AuditEvent]) -> list[Reading]:
    grouped: dict[str, list[AuditEvent]] = defaultdict(list)
    for one in rows:
        grouped[one.actor].append(one)
    return [
        Reading(
            person=UUID(actor) if actor else None,
            times=len(inside),
            first=inside[0].recorded_at,
            last=inside[-1].recorded_at,
            downloaded=any(one.type == Event.CONTENT_READ for one in inside),
        )
        for actor, inside in grouped.items()
    ]


@transaction.atomic
def _write_down(by: Actor, document_id: UUID, case_id: UUID) -> None:
    """Reading a trail is itself written down (SEC-91)."""
    refs = {"document": str(document_id), "case": str(case_id)}
    record(Event.TRAIL_READ, stamp=by.stamp, stream=access_stream(clock.now(), str(case_id)), refs=refs, facts={})


def changes_of(document: Document, *, limit: int) -> list[AuditEvent]:
    """Return the latest acts on a document, newest first; looking at it is none."""
    rows = AuditEvent.objects.filter(document=str(document.pk)).exclude(type__in=(*READINGS, Event.TRAIL_READ))
    return list(rows.order_by("-id")[:limit])
