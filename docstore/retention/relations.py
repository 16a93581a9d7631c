"""What happens to everything that hangs on a document when the document is destroyed.

Two tables without gaps, from which `pruning` carries destruction out: a test finds every relation to a document, version
or case, and every column that names a document by id, and fails where a new one has no answer here.
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
    "Outline.version": AtDestruction.DESTROYED,
    "CopyFault.version": AtDestruction.FORGOTTEN,
    "Repair.version": AtDestruction.FORGOTTEN,
    "PageTurn.document": AtDestruction.FORGOTTEN,
    "Filing.document": AtDestruction.STUB,
    "HoldMembership.document": AtDestruction.KEPT,
    "Document.parties": AtDestruction.LINK_ENDED,
    "Document.hearings": AtDestruction.LINK_ENDED,
    "Document.application": AtDestruction.LINK_ENDED,
    "Document.named": AtDestruction.STUB,
    "AuditEvent.document": AtDestruction.KEPT,
    "Alert.document": AtDestruction.FORGOTTEN,
    "IndexState.document_id": AtDestruction.STUB,
    "Job.subject": AtDestruction.FORGOTTEN,
    "Draft.document_id": AtDestruction.FORGOTTEN,
    "IdempotentRequest.answer": AtDestruction.FORGOTTEN,
    "Item.document": AtDestruction.STUB,
    "Part.document": AtDestruction.FORGOTTEN,
}

CASE_ANSWERS: dict[str, AtDestruction] = {
    "Reference.case": AtDestruction.DESTROYED,
    "Hearing.case": AtDestruction.DESTROYED,
    "CaseNote.case": AtDestruction.DESTROYED,
    "Visit.case": AtDestruction.FORGOTTEN,
    "Draft.case": AtDestruction.DESTROYED,
    "Party.case": AtDestruction.STUB,
    "Membership.case": AtDestruction.STUB,
    "Exclusion.case": AtDestruction.STUB,
    "Admission.case": AtDestruction.STUB,
    "CaseLink.case": AtDestruction.STUB,
    "CaseLink.other": AtDestruction.STUB,
    "Filing.case": AtDestruction.STUB,
    "Item.case": AtDestruction.STUB,
    "SeparatorSheet.case": AtDestruction.FORGOTTEN,
    "NonScannable.case": AtDestruction.STUB,
    "HoldMembership.case": AtDestruction.KEPT,
}

# What a row that stays no longer says. Memberships stay as they are: who could open the case is told that it is gone.
BLANKED: dict[str, dict[str, str | None]] = {
    "IndexState": {"sketch": None},
    "Party": {"name": "", "representative": "", "note": "", "role": ""},
    "Exclusion": {"reason": ""},
    "Admission": {"number": "", "reason": "", "decision_reason": ""},
    "CaseLink": {"reason": ""},
    "Filing": {"doubt": "", "end_note": ""},
    "Item": {"name": "", "case_reference": "", "suggested": "{}", "text": "", "detail": "", "key": ""},
    "NonScannable": {"notes": "", "kept_at": ""},
}
