"""From a clean item to its case, or to a person. Called by workers; one transaction, safe to repeat."""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.access.key_scopes import KeyLimits
from docstore.access.queries import actor_for
from docstore.audit.events import Event
from docstore.cases.models import Case
from docstore.core import clock, failpoints
from docstore.core.errors import Refusal
from docstore.core.jobs import JobName, Lane
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.documents.received import Received
from docstore.intake import parts
from docstore.intake.batches import enqueue_settling, record_on
from docstore.intake.checking import held
from docstore.intake.feed import tell
from docstore.intake.matching import Doubt, find_case, suggestions_for
from docstore.intake.models import Happening, IntakeException, Item, ItemState, Station
from docstore.intake.parts import first_version, has_same_bytes, section_of, title_of

FOR_A_PERSON = "Safe. A person at the court decides where it belongs."
ALREADY = "These very bytes are on the case “{title}” already. It may have been scanned twice."
FILED = "On its case. Its pages are being read."


@transaction.atomic
def place_item(item_id: UUID) -> None:
    """File a clean item of a closed batch on its case, or put it before a person. Nothing is dropped (DOM-1.8)."""
    station, item = held(item_id)
    if item.state != ItemState.CLEAN or not item.batch.was_closed:
        return
    if item.code:  # looking inside has raised a doubt already
        queue_exception(station, item, Doubt(item.code, item.detail, suggestions_for(item)))
    elif item.divided:
        _place_parts(station, item)
    else:
        _place_whole(station, item)
    enqueue_settling(item.batch)
    failpoints.reach("place-before-commit")


def _place_whole(station: Station, item: Item) -> None:
    found = find_case(item)
    if isinstance(found, Case) and has_same_bytes(found, item.sha256):
        found = Doubt("already-filed", ALREADY.format(title=found.title), suggestions_for(item))
    if isinstance(found, Doubt):
        queue_exception(station, item, found)
    else:
        _file(station, item, found)


def _place_parts(station: Station, item: Item) -> None:
    """Every paper in the item goes to its case, or the whole item goes to a person: nothing is filed by halves."""
    try:
        with transaction.atomic():
            filed = parts.file_parts(item, by=_sender(station, item))
    except parts.NotCertain as doubtful:
        queue_exception(station, item, doubtful.doubt)
        return
    mark_filed(station, item, *filed[0])


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
    """The item's bytes as the first version of a document, under the name that they came with."""
    return first_version(
        item,
        batch=item.batch,
        called=item.control_number,
        scanned_by=item.scanned_by,
        name=item.name,
        confirmed=confirmed,
    )


def mark_filed(station: Station, item: Item, document: Document, case: Case) -> None:
    """The item is on its case; what was kept for matching is forgotten. The caller holds the station."""
    item.state, item.code, item.detail = ItemState.READING, "", FILED
    item.document, item.case, item.text, item.suggested = document.pk, case, "", "{}"
    item.save(update_fields=["state", "code", "detail", "document", "case", "text", "suggested"])
    item.scanned_pages.update(words="[]")
    item.batch.non_scannable.filter(case__isnull=True).update(case=case)
    tell(station, Happening.ITEM_FILED, item.batch, item=item)


def _file(station: Station, item: Item, case: Case) -> None:
    """File as the station whose paper it is, if that still may send (SEC-11)."""
    try:
        document = documents.file_from_station(
            by=_sender(station, item),
            case=case,
            section=section_of(item.type, station, case),
            title=title_of(item.type, item.control_number),
            received=received_of(item),
            type=item.type,
            lane=Lane.NORMAL,
        )
    except Refusal as refusal:
        queue_exception(station, item, Doubt("not-filed", refusal.sentence, suggestions_for(item)))
        return
    mark_filed(station, item, document, case)


def _sender(station: Station, item: Item) -> Actor:
    """The station, with what the key was good for that opened the batch: it may be ended by now, and still says so."""
    limits = KeyLimits.unpacked(item.batch.key_limits)
    return actor_for(station.user, method=f"station:{station.pk}", limits=limits)
