"""The papers inside one item, each on its own case: all of them or none. The caller holds the station.

What was scanned in one go stays whole under the item; the sheets between the papers are in it and in no document.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from docstore.access.actor import Actor
from docstore.cases.days import day_of
from docstore.cases.models import Case, Section
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.core.jobs import Lane
from docstore.documents import actions as documents
from docstore.documents.models import Document, Filing, Stage
from docstore.documents.received import Received
from docstore.intake import sheets
from docstore.intake.matching import Doubt, find_case_of_part, suggestions_for
from docstore.intake.models import Batch, Item, Station
from docstore.intake.scan_models import Part

# Where scanned papers go by themselves, in this order: the first that the kind of case has.
SECTIONS = ("management", "correspondence", "private")
ALREADY = "It is on the case “{title}” already; it may have been scanned twice."


class NotCertain(Exception):
    """One paper in the item must be decided by a person, and so the item as a whole."""

    def __init__(self, doubt: Doubt) -> None:
        self.doubt = doubt
        super().__init__(doubt.code)


def file_parts(item: Item, *, by: Actor) -> list[tuple[Document, Case]]:
    """File every part where it belongs; raise NotCertain, and then nothing was filed."""
    if item.expected_pages and item.pages and item.pages != item.expected_pages:
        said = f"It was declared with {item.expected_pages} pages and has {item.pages}. A page may be missing."
        raise NotCertain(Doubt("page-count-mismatch", said, suggestions_for(item)))
    found = list(item.parts.select_related("sheet__case__case_type", "item__batch__station"))
    doubt = sheets.use([one.sheet for one in found if one.sheet], item)
    if doubt is not None:
        raise NotCertain(doubt)
    return [_file(one, by=by) for one in found]


def let_go(item: Item) -> None:
    """Forget the parts of an item that is filed whole: their bytes then belong to nothing and are swept."""
    if item.divided:
        item.parts.all().delete()
        item.divided = False
        item.save(update_fields=["divided"])


def documents_of(items: Iterable[Item]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Return the documents that each item became, in order; several where it was divided."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    divided: list[Item] = []
    for item in items:
        if item.divided:
            divided.append(item)
        elif item.document:
            found[item.pk] = [item.document]
    rows = Part.objects.filter(item__in=divided, document__isnull=False) if divided else Part.objects.none()
    for part in rows.order_by("number"):
        found.setdefault(part.item_id, []).extend([part.document] if part.document else [])
    return found


def title_of(type: str, control_number: str) -> str:
    """What a scanned paper is called until somebody gives it a better name."""
    kind = type.strip().replace("_", " ").replace("-", " ")
    named = kind[:1].upper() + kind[1:] if kind.lower() not in ("", "other") else "Scanned paper"
    return f"{named} {control_number}"[:200]


def section_of(type: str, station: Station, case: Case) -> str:
    """The section where a scanned paper goes: as its type says, as its station says, or the usual one."""
    codes = list(
        Section.objects.live(on=clock.today()).filter(case_type=case.case_type_id).values_list("code", flat=True)
    )
    for wanted in (type, station.section, *SECTIONS):
        if wanted in codes:
            return wanted
    return codes[-1]


def first_version(
    kept: Item | Part, *, batch: Batch, called: str, scanned_by: str, name: str = "", confirmed: tuple[str, ...] = ()
) -> Received:
    """Bytes from a station as the first version of a document. They stay where they are: one object, never two."""
    return Received(
        document_id=uuid.uuid4(),
        version_id=uuid.uuid4(),
        number=1,
        key=kept.key,
        kept=kept.kept,
        sha256=kept.sha256,
        size=kept.size,
        media_type=kept.media_type,
        original_name=name or f"{called}.{kept.media_type.rpartition('/')[2][:8]}",
        stage=Stage.CLEAN,
        scanned_by=scanned_by,
        confirmed=confirmed,
        arrived_at=batch.opened_at,
        received_on=_day(batch.claimed_opened_at),
        scanned_on=_day(batch.claimed_scanned_at),
    )


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None


def has_same_bytes(case: Case, sha256: str) -> bool:
    """Whether a live document on the case has these bytes. Staff alone are told which (DOM-3.7)."""
    rows = Filing.objects.filter(case=case, ended_at__isnull=True, document__withdrawn_at__isnull=True)
    return rows.filter(document__versions__sha256=sha256).exists()


def _file(part: Part, *, by: Actor) -> tuple[Document, Case]:
    case = _case_of(part)
    item = part.item
    try:
        document = documents.file_from_station(
            by=by,
            case=case,
            section=section_of(part.type, item.batch.station, case),
            title=title_of(part.type, f"{item.control_number}-{part.number}"),
            received=first_version(
                part, batch=item.batch, called=f"{item.control_number}-{part.number}", scanned_by=item.scanned_by
            ),
            type=part.type,
            lane=Lane.NORMAL,
        )
    except Refusal as refusal:
        raise _doubtful(part, Doubt("not-filed", refusal.sentence, suggestions_for(item))) from refusal
    part.document, part.text = document.pk, ""
    part.save(update_fields=["document", "text"])
    return document, case


def _case_of(part: Part) -> Case:
    found = find_case_of_part(part)
    if isinstance(found, Case) and _was_filed_before(part, found):
        found = Doubt("already-filed", ALREADY.format(title=found.title))
    if isinstance(found, Doubt):
        raise _doubtful(part, found)
    return found


def _was_filed_before(part: Part, case: Case) -> bool:
    """The same pages of the same scan, or the same bytes: cutting alone may make other bytes of the same pages."""
    twins = Part.objects.filter(item__sha256=part.item.sha256, pages=part.pages, document__isnull=False)
    filed = twins.exclude(item=part.item_id).values("document")
    rows = Filing.objects.filter(case=case, ended_at__isnull=True, document__withdrawn_at__isnull=True)
    return rows.filter(document__in=filed).exists() or has_same_bytes(case, part.sha256)


def _doubtful(part: Part, doubt: Doubt) -> NotCertain:
    """Say which pages the doubt is about. Suggestions are those of the paper."""
    numbers = part.page_numbers
    which = f"page {numbers[0]}" if len(numbers) == 1 else f"pages {numbers[0]} to {numbers[-1]}"
    return NotCertain(Doubt(doubt.code, f"Of the paper on {which}: {doubt.reason}", doubt.suggestions))
