"""Table of contents: every model, explicitly listed."""

from docstore.access.models import AccessReview, Court, RoleAssignment, ServiceKey, User
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint, PayloadErasure, SealedLog, StreamHead
from docstore.cases.models import (
    Admission,
    Case,
    CaseLink,
    CaseType,
    Exclusion,
    Hearing,
    Membership,
    Party,
    Reference,
    Section,
    SectionRight,
)
from docstore.core.jobs import Job
from docstore.documents.models import Document, Filing, Page, PageLayer, Rendition, Version
from docstore.intake.models import IdempotentRequest
from docstore.markup.models import PageTurn
from docstore.retention.hold_models import Hold, HoldMembership, HoldTarget
from docstore.retention.models import (
    Assignment,
    AssignmentRule,
    ClassVersion,
    ClosureProposal,
    CompletedStep,
    DisposalClass,
    DisposalStep,
    Extension,
    Recomputation,
    ReleasedFiling,
    RetentionStatus,
    Schedule,
    Trigger,
)
from docstore.search.models import IndexState

__all__ = [
    "AccessReview",
    "Admission",
    "Assignment",
    "AssignmentRule",
    "AuditEvent",
    "AuditPayload",
    "Case",
    "CaseLink",
    "CaseType",
    "Checkpoint",
    "ClassVersion",
    "ClosureProposal",
    "CompletedStep",
    "Court",
    "DisposalClass",
    "DisposalStep",
    "Document",
    "Exclusion",
    "Extension",
    "Filing",
    "Hearing",
    "Hold",
    "HoldMembership",
    "HoldTarget",
    "IdempotentRequest",
    "IndexState",
    "Job",
    "Membership",
    "Page",
    "PageLayer",
    "PageTurn",
    "Party",
    "PayloadErasure",
    "Recomputation",
    "Reference",
    "ReleasedFiling",
    "Rendition",
    "RetentionStatus",
    "RoleAssignment",
    "Schedule",
    "SealedLog",
    "Section",
    "SectionRight",
    "ServiceKey",
    "StreamHead",
    "Trigger",
    "User",
    "Version",
]
