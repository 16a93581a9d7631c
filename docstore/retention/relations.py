"""What happens to everything that hangs on a document when the document is destroyed.

A table without gaps: a test finds every relation to a document or version, and every column that names one by id, and
fails where a new one has no answer here. Destruction itself is still to come and will be carried out from this table.
"""

from enum import StrEnum


class AtDestruction(StrEnum):
    """The answers."""

    DESTROYED = "destroyed with the document"
    STUB = "kept as a stub without content"
    LINK_ENDED = "the link ends, what it led to stays"
    KEPT = "kept: it is evidence and holds no content"
    FORGOTTEN = "dropped: it describes work or a shadow, not the record"


ANSWERS: dict[str, AtDestruction] = {
    "Version.document": AtDestruction.DESTROYED,
    "Document.attached_to": AtDestruction.LINK_ENDED,
    "Rendition.version": AtDestruction.DESTROYED,
    "Page.version": AtDestruction.DESTROYED,
    "PageLayer.version": AtDestruction.DESTROYED,
    "PageTurn.document": AtDestruction.FORGOTTEN,
    "Filing.document": AtDestruction.STUB,
    "HoldMembership.document": AtDestruction.KEPT,
    "Document.parties": AtDestruction.LINK_ENDED,
    "Document.named": AtDestruction.LINK_ENDED,
    "AuditEvent.document": AtDestruction.KEPT,
    "Alert.document": AtDestruction.FORGOTTEN,
    "IndexState.document_id": AtDestruction.FORGOTTEN,
    "Job.subject": AtDestruction.FORGOTTEN,
    "Draft.document_id": AtDestruction.FORGOTTEN,
    "IdempotentRequest.answer": AtDestruction.FORGOTTEN,
    "Item.document": AtDestruction.KEPT,
}
