"""Files that came inside a message: documents of their own, linked to the version that carried them (DOM-3.10).

Filed by the service where the message stands, seen by whoever sees the message there. From then on each is a document like
any other, except that a seal on the message closes it too.
"""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import system
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.documents.change import add_version, enqueue_reading, record_on
from docstore.documents.heldback import hold_back
from docstore.documents.models import Document, Filing, Version
from docstore.documents.queries import Placed, get_document, placed
from docstore.documents.received import Received
from docstore.documents.visibility import visible_to

READER = system("reading")


@transaction.atomic
def file_attachment(*, carrier_id: UUID, number: int, title: str, received: Received) -> Document:
    """File what a message carried beside it, with its places, classification, seal and side. Safe to repeat."""
    carrier = Version.objects.select_for_update().get(pk=carrier_id)
    there = Document.objects.filter(attached_to=carrier, attachment=number).first()
    if there is not None:
        return there
    message = Document.objects.select_for_update().get(pk=carrier.document_id)
    document = Document.objects.create(
        id=received.document_id,
        title=title[:200],
        language=message.language,
        classification=message.classification,
        rank=message.rank,
        sealed=message.sealed,
        sealed_reason=message.sealed_reason,
        withdrawn_at=message.withdrawn_at,
        withdrawn_by=message.withdrawn_by,
        withdrawn_reason=message.withdrawn_reason,
        filed_at=clock.now(),
        filed_by_id=message.filed_by_id,
        side=message.side,
        attached_to=carrier,
        attachment=number,
    )
    document.named.set(message.named.all())
    home = _place_beside(document, message)
    version = add_version(document, received, by=READER, reason="")
    hold_back(document, by=READER)
    facts = {**received.facts, "section": home.section.code, "message": str(message.pk), "number": number}
    record_on(Event.ATTACHMENT_FILED, READER, document, home.case, facts)
    enqueue_reading(version, home.case)
    return document


def has_attachment(carrier_id: UUID, number: int) -> bool:
    """Whether this attachment of a version is filed already."""
    return Document.objects.filter(attached_to=carrier_id, attachment=number).exists()


def depth_of(version: Version) -> int:
    """How many messages this version came wrapped in."""
    depth, carrier = 0, version.document.attached_to
    while carrier is not None:
        depth, carrier = depth + 1, carrier.document.attached_to
    return depth


def attachments_of(scope: Scope, document_id: UUID) -> list[Placed]:
    """Return what came inside any version of a message, as far as this person may open it."""
    message = get_document(scope, document_id)
    rows = visible_to(scope).filter(attached_to__document=message, withdrawn_at__isnull=True)
    return placed(scope, rows.select_related("filed_by").order_by("attached_to__number", "attachment"))


def message_of(scope: Scope, document_id: UUID) -> Document | None:
    """Return the message that carried a document, if there is one and this person may open it."""
    document = get_document(scope, document_id)
    return visible_to(scope).filter(versions=document.attached_to_id).first() if document.attached_to_id else None


def carried_on(message: Document, case: Case) -> list[Document]:
    """Return everything that a message carried, however deep, and that still has its home on this case; locked."""
    found: list[Document] = []
    inside = [message.pk]
    while inside:
        home = Filing.objects.filter(case=case, is_home=True, ended_at__isnull=True).values("document")
        rows = Document.objects.filter(attached_to__document__in=inside, pk__in=home).exclude(lifecycle__in=GONE)
        carried = list(rows.select_for_update(of=("self",)).order_by("pk"))
        found += carried
        inside = [one.pk for one in carried]
    return found


def _place_beside(document: Document, message: Document) -> Filing:
    """Give the document every live place of the message; return its home."""
    live = Filing.objects.filter(document=message, ended_at__isnull=True).select_related("case", "section")
    rows = [
        Filing(
            document=document,
            case=one.case,
            section=one.section,
            partition=one.partition,
            partition_after=one.partition_after,
            is_home=one.is_home,
            filed_at=clock.now(),
            filed_by=one.filed_by,
        )
        for one in live
    ]
    Filing.objects.bulk_create(rows)
    return next(one for one in rows if one.is_home)
