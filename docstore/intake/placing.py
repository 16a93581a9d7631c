"""From a clean item to its case, or to a person. Called by workers; one transaction, safe to repeat."""

import uuid
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.access.queries import actor_for
from docstore.audit.events import Event
from docstore.cases.models import Case, Section
from docstore.core import clock, failpoints
from docstore.core.errors import Refusal
from docstore.core.jobs import JobName, Lane
from docstore.documents import actions as documents
from docstore.documents.models import Document, Filing, Stage
from docstore.documents.received import Received
from docstore.intake.batches import enqueue_settling, record_on
from docstore.intake.checking import held
from docstore.intake.feed import tell
from docstore.intake.matching import Doubt, find_case, suggestions_for
from docstore.intake.models import BatchState, Happening, IntakeException, Item, ItemState, Station

# Where scanned papers go by themselves, in this order: the first that the kind of case has.
SECTIONS = ("management", "correspondence", "private")
FOR_A_PERSON = "Safe. A person at the court decides where it belongs."
FILED = "On its case. Its pages are being read."


@transaction.atomic
def place_item(item_id: UUID) -> None:
    """File a clean item of a closed batch on its case, or put it before a person. Nothing is dropped (DOM-1.8)."""
    station, item = held(item_id)
    if item.state != ItemState.CLEAN or item.batch.state != BatchState.VERIFYING:
        return
    found = find_case(item)
    if isinstance(found, Case) and _has_same_bytes(found, item.sha256):
        said = f"These very bytes are on the case “{found.title}” already. It may have been scanned twice."
        found = Doubt("already-filed", said, suggestions_for(item))
    if isinstance(found, Doubt):
        queue_exception(station, item, found)
    else:
        _file(station, item, found)
    enqueue_settling(item.batch)
    failpoints.reach("place-before-commit")


def queue_exception(station: Station, item: Item, doubt: Doubt) -> IntakeException:
    """Put an item before a person. The caller holds the station."""
    item.state, item.code, item.detail = ItemState.NEEDS_ATTENTION, doubt.code, FOR_A_PERSON
    item.save(update_fields=["state", "code", "detail"])
    raised = IntakeException.objects.create(
        court_id=item.batch.court_id,
        batch=item.batch,
        item=item,
        code=doubt.code,
        reason=doubt.reason,
        suggestions=doubt.packed,
        raised_at=clock.now(),
    )
    tell(station, Happening.ITEM_QUEUED, item.batch, item=item, detail=doubt.code)
    facts = {"item": item.seq, "code": doubt.code}
    record_on(Event.EXCEPTION_RAISED, system(JobName.INTAKE_PLACE), item.batch, facts)
    return raised


def received_of(item: Item, *, confirmed: tuple[str, ...] = ()) -> Received:
    """The item's bytes as the first version of a document. They stay where they are: one object, never two."""
    return Received(
        document_id=uuid.uuid4(),
        version_id=uuid.uuid4(),
        number=1,
        key=item.key,
        sha256=item.sha256,
        size=item.size,
        media_type=item.media_type,
        original_name=item.name or f"{item.control_number}.{item.media_type.rpartition('/')[2][:8]}",
        stage=Stage.CLEAN,
        scanned_by=item.scanned_by,
        confirmed=confirmed,
    )


def title_of(item: Item) -> str:
    """What a scanned paper is called until somebody gives it a better name."""
    kind = item.type.strip().replace("_", " ").replace("-", " ")
    named = kind[:1].upper() + kind[1:] if kind.lower() not in ("", "other") else "Scanned paper"
    return f"{named} {item.control_number}"[:200]


def section_of(item: Item, case: Case) -> str:
    """The section where a scanned paper goes: as its type says, as its station says, or the usual one."""
    codes = list(
        Section.objects.live(on=clock.today()).filter(case_type=case.case_type_id).values_list("code", flat=True)
    )
    for wanted in (item.type, item.batch.station.section, *SECTIONS):
        if wanted in codes:
            return wanted
    return codes[-1]


def mark_filed(station: Station, item: Item, document: Document, case: Case) -> None:
    """The item is on its case; what was kept for matching is forgotten. The caller holds the station."""
    item.state, item.code, item.detail = ItemState.READING, "", FILED
    item.document, item.case, item.text, item.suggested = document.pk, case, "", "{}"
    item.save(update_fields=["state", "code", "detail", "document", "case", "text", "suggested"])
    item.batch.non_scannable.filter(case__isnull=True).update(case=case)
    tell(station, Happening.ITEM_FILED, item.batch, item=item)


def _file(station: Station, item: Item, case: Case) -> None:
    """File as the station whose paper it is, if that still may send (SEC-11)."""
    try:
        document = documents.file_from_station(
            by=_sender(station),
            case=case,
            section=section_of(item, case),
            title=title_of(item),
            received=received_of(item),
            type=item.type,
            lane=Lane.NORMAL,
        )
    except Refusal as refusal:
        queue_exception(station, item, Doubt("not-filed", refusal.sentence, suggestions_for(item)))
        return
    mark_filed(station, item, document, case)


def _sender(station: Station) -> Actor:
    return actor_for(station.user, method=f"station:{station.pk}")


def _has_same_bytes(case: Case, sha256: str) -> bool:
    """Whether a live document on the case has these bytes. Staff alone are told which (DOM-3.7)."""
    rows = Filing.objects.filter(case=case, ended_at__isnull=True, document__withdrawn_at__isnull=True)
    return rows.filter(document__versions__sha256=sha256).exists()
