"""What every act on a document shares: the gate and the lock before it, the row, the index and the audit after it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.actions import case_stream
from docstore.cases.lifecycle import gone
from docstore.cases.models import Case, Classification, Partition, Right, Section, Side
from docstore.cases.queries import is_heard_soon
from docstore.cases.scope import Grant, Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionRequired, Stale
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.core.many_jobs import enqueue_each
from docstore.documents.models import Document, EndReason, Filing, Stage, Version
from docstore.documents.queries import get_document
from docstore.documents.received import Received


class ReasonMissing(Invalid):
    """Say why: the reason stays with the document for as long as its history is kept."""

    code = "reason-missing"


class Withdrawn(Conflict):
    """The document is withdrawn. Restore it before you change it."""

    code = "withdrawn"


@dataclass(frozen=True, slots=True)
class Paper:
    """What is said of a new document, and its bytes in the vault."""

    title: str
    received: Received
    type: str = ""
    dated_on: date | None = None
    classification: Classification | None = None
    language: str = ""


def create(paper: Paper, case: Case, *, by: Actor, side: str) -> Document:
    """Write the row of a new document; never below its case."""
    own = Classification(paper.classification if paper.classification is not None else case.classification)
    return Document.objects.create(
        id=paper.received.document_id,
        title=paper.title,
        type=paper.type,
        dated_on=paper.dated_on,
        received_on=paper.received.received_on,
        received_at=paper.received.arrived_at or clock.now(),
        scanned_on=paper.received.scanned_on,
        language=paper.language,
        classification=own,
        rank=max(own, case.classification),
        filed_at=clock.now(),
        filed_by_id=by.user_id,
        side=side,
        current=1,
    )


def changing(
    by: Actor, document_id: UUID, seen: str | None, permission: Permission, *, right: Right = Right.READ
) -> tuple[Document, Case]:
    """Return the document, locked, and the case it is seen on, if the actor may do this and has seen its latest state."""
    scope = Scope.of(by)
    get_document(scope, document_id)
    document = Document.objects.select_for_update().get(pk=document_id)
    if document.is_gone:  # its destruction began between our look and our lock
        raise gone(document.certificate)
    check_seen(document, seen)
    home = document.filings.select_related("case__court", "section").get(is_home=True, ended_at__isnull=True)
    if not _allowed(scope, home, permission, right):
        raise Forbidden
    return document, home.case


def check_seen(document: Document, seen: str | None) -> None:
    """Raise PreconditionRequired or Stale unless the actor has said that they saw the latest state."""
    if seen is None:
        raise PreconditionRequired
    if seen.strip() != document.etag:
        raise Stale


def _allowed(scope: Scope, home: Filing, permission: Permission, right: Right) -> bool:
    def fits(grant: Grant) -> bool:
        return permission in grant.role.permissions and home.section_id in grant.sections(right)

    return any(fits(grant) for grant in scope.grants_on(home.case))


def save(document: Document, *, restricts: bool = False) -> None:
    """Store a change of the document under the next change number, and have the index follow."""
    document.change += 1
    document.index_seq += 1
    document.save()
    follow_in_index(document.pk, restricts=restricts, at_once=True)


def follow_in_index(document_id: UUID, *, restricts: bool = False, at_once: bool = False) -> None:
    """Have the index catch up with a document whose `index_seq` has just grown."""
    enqueue(
        JobName.SEARCH_INDEX,
        subject=f"document:{document_id}",
        lane=Lane.FIRST,
        dedupe=f"{JobName.SEARCH_INDEX} {document_id}",
        restricts=restricts,
        at_once=at_once,
    )


def leave_search(documents: Collection[UUID]) -> None:
    """Have the index let go of documents that nobody reads any more; until it has, searches leave them out."""
    subjects = {f"document:{one}": f"{JobName.SEARCH_INDEX} {one}" for one in documents}
    enqueue_each(JobName.SEARCH_INDEX, subjects=subjects, lane=Lane.FIRST, restricts=True)


def add_version(document: Document, received: Received, *, by: Actor, reason: str) -> Version:
    tell_retention(document.pk)
    return Version.objects.create(
        id=received.version_id,
        document=document,
        number=received.number,
        sha256=received.sha256,
        bytes=received.size,
        media_type=received.media_type,
        original_name=received.original_name,
        key=received.key,
        storage_version=received.kept.version,
        storage_etag=received.kept.etag,
        filed_at=clock.now(),
        filed_by_id=by.user_id,
        reason=reason,
        confirmed=" ".join(received.confirmed),
        stage=received.stage,
        stage_reason=received.stage_reason,
        scanned_by=received.scanned_by,
        unguarded=received.stage == Stage.RECEIVED,
    )


def enqueue_reading(version: Version, case: Case, *, lane: Lane | None = None) -> None:
    """A checked version is opened, an unchecked one is checked first; papers for a hearing soon overtake others."""
    name = JobName.READING_CHECK if version.stage == Stage.RECEIVED else JobName.READING_OPEN
    if version.stage in (Stage.RECEIVED, Stage.CLEAN):
        lane = lane if lane is not None else Lane.HEARING if is_heard_soon(case.pk) else Lane.FIRST
        subject = f"version:{version.pk}"
        enqueue(name, subject=subject, lane=lane, share=str(case.pk), dedupe=f"{name} {version.pk}")


def tell_retention(document_id: UUID) -> None:
    """Where a paper stands, and each version of it, decides how long it is kept and whether storage must hold it."""
    name = JobName.RETENTION_FOLLOW_DOCUMENT
    enqueue(name, subject=f"document:{document_id}", lane=Lane.BULK, dedupe=f"{name} {document_id}")


def place_on(document: Document, case: Case, section: Section, *, by: Actor, scope: Scope, is_home: bool) -> Filing:
    tell_retention(document.pk)
    return Filing.objects.create(
        document=document,
        case=case,
        section=section,
        partition=partition_for(scope, case, section),
        is_home=is_home,
        filed_at=clock.now(),
        filed_by=by.user_id,
    )


def place_for_court(document: Document, case: Case, section: Section, *, by: Actor) -> Filing:
    """Place a document where court staff alone read it, whatever the section shares."""
    return Filing.objects.create(
        document=document,
        case=case,
        section=section,
        partition=f"side:{Side.COURT}",
        is_home=True,
        filed_at=clock.now(),
        filed_by=by.user_id,
    )


def end_filing(document: Document, case: Case, *, by: Actor, note: str) -> None:
    rows = Filing.objects.filter(document=document, case=case, ended_at__isnull=True)
    if not rows.update(ended_at=clock.now(), ended_by=by.user_id, end_reason=EndReason.MOVED, end_note=note, doubt=""):
        raise NotFound


def partition_for(scope: Scope, case: Case, section: Section) -> str:
    """Who shares what is filed here: everybody who may read the section, or the filer's side or party alone."""
    grants = scope.grants_on(case)
    match Partition(section.partition):
        case Partition.SHARED:
            return ""
        case Partition.SIDE:
            return f"side:{grants[0].side}"
        case Partition.PARTY:
            return own_partition(grants)


def own_partition(grants: Sequence[Grant]) -> str:
    """Whoever files, and nobody beyond their own party, or their side where they act for no party."""
    party = next((grant.party for grant in grants if grant.party), None)
    return f"party:{party}" if party else f"side:{grants[0].side}"


def side_of(scope: Scope, case: Case) -> str:
    return next((grant.side for grant in scope.grants_on(case)), "court")


def floor_of(document: Document) -> int:
    return max(document.filings.filter(ended_at__isnull=True).values_list("case__classification", flat=True))


def require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def require_live(document: Document) -> None:
    if document.is_withdrawn:
        raise Withdrawn


def record_on(event: Event, by: Actor, document: Document, case: Case, facts: Mapping[str, object]) -> None:
    refs = {"document": str(document.pk), "case": str(case.pk)}
    record(event, stamp=by.stamp, stream=case_stream(case.pk), refs=refs, facts=facts)
