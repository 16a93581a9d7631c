"""The closed lists of retention, as design/retention.md names them. Names only; nothing is decided here."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from docstore.cases.lifecycle import Lifecycle

ENGINE_VERSION = "1"


class Outcome(StrEnum):
    """What evaluation can say. Only ELIGIBLE can be destroyed."""

    UNCLASSIFIED = "UNCLASSIFIED"
    AWAITING_TRIGGER = "AWAITING_TRIGGER"
    CANNOT_COMPUTE = "CANNOT_COMPUTE"
    PROVISIONAL = "PROVISIONAL"
    NOT_DUE = "NOT_DUE"
    REVIEW_DUE = "REVIEW_DUE"
    TRANSFER_DUE = "TRANSFER_DUE"
    ELIGIBLE = "ELIGIBLE"
    HELD = "HELD"
    PERMANENT = "PERMANENT"
    CONFLICT = "CONFLICT"


DUE = (Outcome.ELIGIBLE, Outcome.REVIEW_DUE, Outcome.TRANSFER_DUE)


EVALUATED = (Lifecycle.ACTIVE, Lifecycle.RETAINING, Lifecycle.DUE)


class RecordKind(StrEnum):
    """What a rule can be about."""

    CASE = "case"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Record:
    """One case or document, named without being loaded."""

    kind: RecordKind
    id: UUID

    @property
    def key(self) -> tuple[str, UUID]:
        return (self.kind, self.id)


class Level(StrEnum):
    """What a disposal class is made for. System and office rows describe, and are not assigned to cases or documents."""

    CASE = "case"
    DOCUMENT = "document"
    SYSTEM = "system"
    ADMIN = "admin"


class StubFact(StrEnum):
    """What a stub may keep besides what always stays: reference, class, day of destruction and certificate (RET-I4)."""

    TYPE = "type"
    FURTHER_REFERENCES = "references"
    AUTHORITY = "authority"
    OPENED_ON = "opened_on"
    TRIGGER_ON = "trigger_on"
    DUE_ON = "due_on"
    DOCUMENTS = "documents"


class StepAction(StrEnum):
    """One act of a class version."""

    CUTOFF = "cutoff"
    REVIEW = "review"
    STRIP = "strip"
    NOTICE = "notice"
    TRANSFER = "transfer"
    DESTROY = "destroy"
    RETAIN = "retain"


class Cutoff(StrEnum):
    """At whose end the period begins."""

    NONE = "none"
    CALENDAR_YEAR = "calendar_year"
    FISCAL_YEAR = "fiscal_year"
    QUARTER = "quarter"
    MONTH = "month"


class AppliesTo(StrEnum):
    """Which records a new class version takes over."""

    NEW_TRIGGERS = "new_triggers"
    UNTRIGGERED = "untriggered"
    ALL_LIVE = "all_live"


class VersionStatus(StrEnum):
    """The life of a class version."""

    DRAFT = "draft"
    PENDING = "pending_approval"
    APPROVED = "approved"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


IN_FORCE = (VersionStatus.APPROVED, VersionStatus.SUPERSEDED)


class TriggerType(StrEnum):
    """The dated facts that can start a clock (design/retention.md 6.2)."""

    CREATION = "creation"
    COMMENCEMENT = "commencement"
    DOCUMENT_DATE = "document_date"
    HEARING = "hearing"
    TRIAL = "trial"
    DECISION = "decision"
    FINAL_ORDER = "final_order"
    JUDGMENT_SENT = "judgment_sent"
    FINAL_DISPOSAL = "final_disposal"
    CASE_CLOSED = "case_closed"
    LAST_PAPER = "last_paper"
    LAST_ACTION = "last_action"
    LAST_ENTRY = "last_entry"
    APPEAL_CONCLUDED = "appeal_concluded"
    APPEAL_TIME_ENDS = "appeal_time_ends"
    SENTENCE_END = "sentence_end"
    TOTAL_SENTENCE = "total_sentence"
    INVESTIGATION_COMPLETED = "investigation_completed"
    REPORT_PUBLISHED = "report_published"
    ORDER_EXPIRES = "order_expires"
    JURISDICTION_TERMINATED = "jurisdiction_terminated"
    BIRTH = "birth"
    ARCHIVED = "archived"
    ANNUAL = "annual"
    MANUAL = "manual"


# Spellings in published schedules that mean one of ours.
SPELLINGS: dict[str, TriggerType] = {
    "submission": TriggerType.CREATION,
    "recording_date": TriggerType.CREATION,
    "recording": TriggerType.CREATION,
    "hearing_date": TriggerType.HEARING,
    "date_of_trial": TriggerType.TRIAL,
    "trial_end": TriggerType.TRIAL,
    "final_judgment_sent": TriggerType.JUDGMENT_SENT,
    "decision_promulgated": TriggerType.JUDGMENT_SENT,
    "final_disposition": TriggerType.FINAL_DISPOSAL,
    "disposal_of_case": TriggerType.FINAL_DISPOSAL,
    "file_closed": TriggerType.CASE_CLOSED,
    "case_end_unspecified": TriggerType.CASE_CLOSED,
    "date_of_last_paper": TriggerType.LAST_PAPER,
    "date_of_last_action": TriggerType.LAST_ACTION,
    "final_report": TriggerType.REPORT_PUBLISHED,
}

TRIGGER_WORDS: dict[TriggerType, str] = {
    TriggerType.CREATION: "the day it was made",
    TriggerType.COMMENCEMENT: "the start of the case",
    TriggerType.DOCUMENT_DATE: "the date of the document",
    TriggerType.HEARING: "the hearing",
    TriggerType.TRIAL: "the end of the trial",
    TriggerType.DECISION: "the decision",
    TriggerType.FINAL_ORDER: "the final order",
    TriggerType.JUDGMENT_SENT: "the day the judgment was sent",
    TriggerType.FINAL_DISPOSAL: "the final disposal of the case",
    TriggerType.CASE_CLOSED: "the closing of the case",
    TriggerType.LAST_PAPER: "the last paper",
    TriggerType.LAST_ACTION: "the last action",
    TriggerType.LAST_ENTRY: "the last entry",
    TriggerType.APPEAL_CONCLUDED: "the end of the appeal",
    TriggerType.APPEAL_TIME_ENDS: "the end of the time to appeal",
    TriggerType.SENTENCE_END: "the end of the sentence",
    TriggerType.TOTAL_SENTENCE: "the length of the sentence",
    TriggerType.INVESTIGATION_COMPLETED: "the end of the investigation",
    TriggerType.REPORT_PUBLISHED: "the publication of the report",
    TriggerType.ORDER_EXPIRES: "the end of the order",
    TriggerType.JURISDICTION_TERMINATED: "the end of the court's jurisdiction",
    TriggerType.BIRTH: "the date of birth",
    TriggerType.ARCHIVED: "the day it was archived",
    TriggerType.ANNUAL: "the yearly run",
    TriggerType.MANUAL: "a date set by a person",
}


class Source(StrEnum):
    """Who told of a trigger."""

    USER = "user"
    INTEGRATION = "integration"
    INFERRED = "inferred"


class Origin(StrEnum):
    """How a record came by its class. What is inherited from the case is worked out, never stored."""

    EXPLICIT = "explicit"
    RULE = "rule"
    INHERITED = "inherited"


class HoldKind(StrEnum):
    """What a hold names."""

    CASE = "case"
    DOCUMENT = "document"
    PERSON = "person"
    CLASS = "class"
    QUERY = "query"
    SYSTEM = "system"


class Via(StrEnum):
    """How a record came under a hold."""

    DIRECT = "direct"
    INHERITED = "inherited"
    PARTY = "party"
    CLASS = "class"
    QUERY = "query"
    SWEEP = "sweep"
    SYSTEM = "system"
