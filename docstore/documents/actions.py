"""The acts on a document. Every act: gate, state, write, audit, jobs – one transaction, no network inside."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.actions import CaseIsClosed
from docstore.cases.models import Case, Classification, Right, Section, Side
from docstore.cases.queries import get_case, section_for
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, Invalid, NotFound
from docstore.core.jobs import JobName, Lane, cancel, enqueue
from docstore.documents.attachments import carried_on
from docstore.documents.change import (
    Paper,
    add_version,
    changing,
    create,
    end_filing,
    enqueue_reading,
    floor_of,
    place_for_court,
    place_on,
    record_on,
    require_live,
    require_reason,
    save,
    side_of,
)
from docstore.documents.heldback import hold_back, widen
from docstore.documents.models import Document, Filing, Stage, Version
from docstore.documents.progress import lay_down
from docstore.documents.queries import version_of
from docstore.documents.received import Received
from docstore.documents.retained import check_may_change


class AlreadyWithdrawn(Conflict):
    """The document is withdrawn already."""

    code = "already-withdrawn"


class NotWithdrawn(Conflict):
    """The document is not withdrawn."""

    code = "not-withdrawn"


class AlreadySealed(Conflict):
    """The document is sealed already."""

    code = "already-sealed"


class NotSealed(Conflict):
    """The document is not sealed."""

    code = "not-sealed"


class BelowTheCase(Invalid):
    """The case is {floor}, so nothing on it can be kept less closely. Choose {floor} or higher."""

    code = "below-the-case"


class KeyNotForCase(Forbidden):
    """It was sent with a key that is not good for cases of this kind. Somebody at the court decides where it belongs."""

    code = "key-not-for-case"


class AlreadyThere(Conflict):
    """The document is on that case already."""

    code = "already-there"


class VersionTaken(Conflict):
    """Somebody else filed a version at the same moment. Look at it, and send yours again if it is still wanted."""

    code = "version-taken"


@transaction.atomic
def file_document(
    *,
    by: Actor,
    case_id: UUID,
    section: str,
    title: str,
    received: Received,
    type: str = "",
    dated_on: date | None = None,
    classification: Classification | None = None,
    language: str = "",
    lane: Lane | None = None,
    parties: Sequence[UUID] = (),
) -> Document:
    """Place a new document on a case. Its bytes are in the vault already. `lane` is for papers that come in bulk."""
    scope = Scope.of(by)
    case, place = filing_place(scope, case_id, section)
    paper = Paper(title, received, type, dated_on, classification, language)
    document = create(paper, case, by=by, side=side_of(scope, case))
    document.parties.set(case.parties.filter(pk__in=parties))
    place_on(document, case, place, by=by, scope=scope, is_home=True)
    return _filed(document, received, case, place, by=by, lane=lane)


@transaction.atomic
def file_for_court(
    *, by: Actor, case_id: UUID, section: str, title: str, received: Received, type: str = ""
) -> Document:
    """Place a new document that nobody but court staff reads until one of them shares it (DOM-8.2)."""
    case, place = filing_place(Scope.of(by), case_id, section)
    document = create(Paper(title, received, type), case, by=by, side=Side.COURT)
    place_for_court(document, case, place, by=by)
    return _filed(document, received, case, place, by=by, lane=None)


@transaction.atomic
def file_from_station(
    *, by: Actor, case: Case, section: str, title: str, received: Received, type: str = "", lane: Lane | None = None
) -> Document:
    """Place what a scanning station sent, for court staff alone. The station needs no right to see the case, nor gets one."""
    by.require(Permission.SEND_BATCHES)
    if case.court.code not in by.courts:
        raise NotFound
    if not by.limits.admits(case_type=case.case_type.code, jurisdiction=case.case_type.jurisdiction):
        raise KeyNotForCase
    if not case.is_open:
        raise CaseIsClosed
    place = Section.objects.live(on=clock.today()).filter(case_type=case.case_type_id, code=section).first()
    if place is None:
        raise NotFound
    document = create(Paper(title, received, type), case, by=by, side=Side.COURT)
    place_for_court(document, case, place, by=by)
    return _filed(document, received, case, place, by=by, lane=lane)


def _filed(
    document: Document, received: Received, case: Case, place: Section, *, by: Actor, lane: Lane | None
) -> Document:
    version = add_version(document, received, by=by, reason="")
    hold_back(document, by=by)
    record_on(Event.DOCUMENT_FILED, by, document, case, {**received.facts, "section": place.code})
    _have_read(version, case, received, lane=lane)
    return document


def _have_read(version: Version, case: Case, received: Received, *, lane: Lane | None = None) -> None:
    """Have a new version read, or store what was read of it before; then only its pictures are left, in one job."""
    if received.read is None or version.stage != Stage.CLEAN:
        enqueue_reading(version, case, lane=lane)
        return
    lay_down(version.pk, received.read)
    pages = {"page": 1, "last": len(received.read.pages)}
    enqueue(JobName.READING_PICTURE, subject=f"version:{version.pk}", payload=pages, lane=Lane.BULK, share=str(case.pk))


def filing_place(scope: Scope, case_id: UUID, section: str) -> tuple[Case, Section]:
    """Return the open case and the section where the actor may file; raise NotFound, Forbidden or CaseIsClosed."""
    case = get_case(scope, case_id)
    if not scope.allows_on(case, Permission.FILE_DOCUMENTS):
        raise Forbidden
    place = section_for(scope, case, section, Right.FILE)
    if not case.is_open:
        raise CaseIsClosed
    return case, place


@transaction.atomic
def supersede(*, by: Actor, document_id: UUID, seen: str | None, received: Received, reason: str) -> Document:
    """File a new version and make it the current one; the earlier ones stay (DOM-3.2)."""
    document, case = changing(by, document_id, seen, Permission.FILE_DOCUMENTS, right=Right.FILE)
    check_may_change(by, case)
    require_reason(reason)
    require_live(document)
    if received.number != next_number(document):
        raise VersionTaken
    old = version_of(document)
    version = add_version(document, received, by=by, reason=reason)
    document.current = version.number
    cancel(subject=f"version:{old.pk}")
    hold_back(document, by=by)
    save(document, restricts=True)
    record_on(Event.DOCUMENT_SUPERSEDED, by, document, case, {**received.facts, "reason": reason})
    _have_read(version, case, received)
    return document


def next_number(document: Document) -> int:
    """Return the number that the next version will bear; confirmed by a unique constraint when it is filed."""
    last = Version.objects.filter(document=document).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


@transaction.atomic
def withdraw(*, by: Actor, document_id: UUID, seen: str | None, reason: str) -> Document:
    """Take a document out of the case file; records staff still see it and it can be restored (DOM-3.6)."""
    document, case = changing(by, document_id, seen, Permission.WITHDRAW_DOCUMENTS)
    check_may_change(by, case)
    require_reason(reason)
    if document.is_withdrawn:
        raise AlreadyWithdrawn
    document.withdrawn_at, document.withdrawn_by, document.withdrawn_reason = clock.now(), by.user_id, reason
    save(document, restricts=True)
    record_on(Event.DOCUMENT_WITHDRAWN, by, document, case, {"reason": reason})
    return document


@transaction.atomic
def restore(*, by: Actor, document_id: UUID, seen: str | None, reason: str) -> Document:
    """Put a withdrawn document back."""
    document, case = changing(by, document_id, seen, Permission.WITHDRAW_DOCUMENTS)
    check_may_change(by, case)
    require_reason(reason)
    if not document.is_withdrawn:
        raise NotWithdrawn
    document.withdrawn_at, document.withdrawn_by, document.withdrawn_reason = None, None, ""
    save(document)
    record_on(Event.DOCUMENT_RESTORED, by, document, case, {"reason": reason})
    return document


@transaction.atomic
def reclassify(
    *, by: Actor, document_id: UUID, seen: str | None, classification: Classification, reason: str
) -> Document:
    """Change how closely a document is kept; never below the cases that it is on."""
    document, case = changing(by, document_id, seen, Permission.RECLASSIFY_DOCUMENTS)
    require_reason(reason)
    floor = floor_of(document)
    if classification < floor:
        raise BelowTheCase(floor=Classification(floor).name)
    before = document.classification
    document.classification, document.rank = classification, classification
    save(document, restricts=True)
    facts = {"before": before, "after": int(classification), "reason": reason}
    record_on(Event.DOCUMENT_RECLASSIFIED, by, document, case, facts)
    return document


@transaction.atomic
def seal(*, by: Actor, document_id: UUID, seen: str | None, reason: str, named: tuple[User, ...] = ()) -> Document:
    """Seal a document: open to clerk, adviser and judge of its court and to the people named, at once and everywhere.

    What a message carried is sealed with it, as long as it stands on the same case.
    """
    document, case = changing(by, document_id, seen, Permission.SEAL_DOCUMENTS)
    require_reason(reason)
    if document.sealed:
        raise AlreadySealed
    for one in (document, *carried_on(document, case)):
        if not one.sealed:
            _seal(one, case, by=by, reason=reason, named=named)
    return document


def _seal(document: Document, case: Case, *, by: Actor, reason: str, named: tuple[User, ...]) -> None:
    document.sealed, document.sealed_reason = True, reason
    save(document, restricts=True)
    document.named.set(named)
    record_on(Event.DOCUMENT_SEALED, by, document, case, {"reason": reason, "named": [str(one.pk) for one in named]})


@transaction.atomic
def unseal(*, by: Actor, document_id: UUID, seen: str | None, reason: str) -> Document:
    """Lift a document's seal. What a message carried stays sealed until each is unsealed: nothing opens unasked."""
    document, case = changing(by, document_id, seen, Permission.SEAL_DOCUMENTS)
    require_reason(reason)
    if not document.sealed:
        raise NotSealed
    document.sealed, document.sealed_reason = False, ""
    document.named.clear()
    save(document, restricts=True)
    record_on(Event.DOCUMENT_UNSEALED, by, document, case, {"reason": reason})
    return document


@transaction.atomic
def move(*, by: Actor, document_id: UUID, seen: str | None, case_id: UUID, section: str, reason: str) -> Document:
    """Move a misfiled document to another place; a stub stays behind (DOM-2.7)."""
    document, case = changing(by, document_id, seen, Permission.MOVE_DOCUMENTS)
    check_may_change(by, case)
    require_reason(reason)
    scope = Scope.of(by)
    target, place = filing_place(scope, case_id, section)
    end_filing(document, case, by=by, note=reason)
    if Filing.objects.filter(document=document, case=target, ended_at__isnull=True).exists():
        raise AlreadyThere
    place_on(document, target, place, by=by, scope=scope, is_home=True)
    widen(document)  # the move is the answer to what was in doubt
    hold_back(document, by=by)
    document.parties.clear()
    document.rank = max(document.classification, floor_of(document))
    save(document, restricts=True)
    facts = {"from_case": str(case.pk), "to_case": str(target.pk), "section": place.code, "reason": reason}
    record_on(Event.DOCUMENT_MOVED, by, document, case, facts)
    if target.pk != case.pk:
        record_on(Event.DOCUMENT_MOVED, by, document, target, facts)
    return document


@transaction.atomic
def show_on(*, by: Actor, document_id: UUID, seen: str | None, case_id: UUID, section: str) -> Document:
    """Show a document on another case too, without copying its bytes (DOM-2.5)."""
    document, case = changing(by, document_id, seen, Permission.MOVE_DOCUMENTS)
    require_live(document)
    scope = Scope.of(by)
    target, place = filing_place(scope, case_id, section)
    if Filing.objects.filter(document=document, case=target, ended_at__isnull=True).exists():
        raise AlreadyThere
    place_on(document, target, place, by=by, scope=scope, is_home=False)
    hold_back(document, by=by)
    document.rank = max(document.classification, floor_of(document))
    save(document, restricts=True)
    facts = {"case": str(target.pk), "section": place.code}
    for one in (case, target):
        record_on(Event.DOCUMENT_SHOWN, by, document, one, facts)
    return document


@transaction.atomic
def reread(*, by: Actor, document_id: UUID, seen: str | None) -> Document:
    """Have the current version read again from its original bytes (DOM-4.2). Never before a clean virus check."""
    document, case = changing(by, document_id, seen, Permission.REREAD_DOCUMENTS)
    version = version_of(document)
    if version.stage == Stage.QUARANTINED:
        version.stage, version.stage_reason = Stage.RECEIVED, "Waiting for the virus check."
    elif version.stage != Stage.RECEIVED:
        version.stage, version.stage_reason = Stage.CLEAN, ""
    version.save(update_fields=["stage", "stage_reason"])
    cancel(subject=f"version:{version.pk}")
    save(document)
    record_on(Event.DOCUMENT_REREAD, by, document, case, {"version": version.number})
    enqueue_reading(version, case)
    return document
