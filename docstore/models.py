"""Table of contents: every model, explicitly listed."""

from docstore.access.models import AccessReview, Court, RoleAssignment, ServiceKey, User
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint, PayloadErasure, SealedLog, StreamHead
from docstore.cases.models import (
    Admission,
    Case,
    CaseLink,
    CaseType,
    Duty,
    Exclusion,
    Hearing,
    Membership,
    Party,
    Reference,
    Section,
    SectionRight,
    Visit,
)
from docstore.core.jobs import Job
from docstore.documents.models import Document, Filing, Page, PageLayer, Rendition, Version
from docstore.intake.accounts import Reconciliation, Statement
from docstore.intake.models import (
    Batch,
    IdempotentRequest,
    IntakeEvent,
    IntakeException,
    Item,
    NonScannable,
    Station,
    Upload,
)
from docstore.markup.models import CaseNote, PageTurn
from docstore.search.models import Alert, IndexState, SavedSearch

__all__ = [
    "AccessReview",
    "Admission",
    "Alert",
    "AuditEvent",
    "AuditPayload",
    "Batch",
    "Case",
    "CaseLink",
    "CaseNote",
    "CaseType",
    "Checkpoint",
    "Court",
    "Document",
    "Duty",
    "Exclusion",
    "Filing",
    "Hearing",
    "IdempotentRequest",
    "IndexState",
    "IntakeEvent",
    "IntakeException",
    "Item",
    "Job",
    "Membership",
    "NonScannable",
    "Page",
    "PageLayer",
    "PageTurn",
    "Party",
    "PayloadErasure",
    "Reconciliation",
    "Reference",
    "Rendition",
    "RoleAssignment",
    "SavedSearch",
    "SealedLog",
    "Section",
    "SectionRight",
    "ServiceKey",
    "Statement",
    "Station",
    "StreamHead",
    "Upload",
    "User",
    "Version",
    "Visit",
]
