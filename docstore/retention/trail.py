"""Where retention writes down what was done: on the case's own stream, and on one for schedules, holds and lists."""

from collections.abc import Collection, Mapping
from uuid import UUID

from docstore.access.actor import Actor
from docstore.audit import actions as audit
from docstore.audit.events import Event
from docstore.cases.actions import case_stream
from docstore.documents.models import Filing
from docstore.retention.vocabulary import Record, RecordKind

STREAM = "records"


def tell(event: Event, by: Actor, record: Record, facts: Mapping[str, object]) -> None:
    """Write an event on the stream of the case that a record belongs to."""
    case = record.id if record.kind is RecordKind.CASE else home_of(record.id)
    refs = {str(record.kind): str(record.id), **({"case": str(case)} if case else {})}
    audit.record(event, stamp=by.stamp, stream=case_stream(case) if case else STREAM, refs=refs, facts=facts)


def tell_all(event: Event, by: Actor, facts: Mapping[str, object]) -> None:
    """Write an event that is about no single record."""
    audit.record(event, stamp=by.stamp, stream=STREAM, refs={}, facts=facts)


def home_of(document_id: UUID) -> UUID | None:
    """Return the case that a document is at home on, or was last."""
    rows = Filing.objects.filter(document=document_id).order_by("-is_home", "-filed_at")
    return rows.values_list("case_id", flat=True).first()


def homes_of(documents: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the case of each of these documents, likewise."""
    rows = Filing.objects.filter(document__in=documents).order_by("is_home", "filed_at")
    return dict(rows.values_list("document_id", "case_id"))
