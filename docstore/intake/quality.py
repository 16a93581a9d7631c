"""Scanned pages in doubt, and what a person does about each: accept, turn, split before it, ask for a new scan.

Only pages of papers that are on a case already and that this person may open; what waits for a case is in the exception
queue. What is turned or split becomes a new version or new documents: what was scanned stays as it came.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, NotFound
from docstore.documents.change import require_reason
from docstore.documents.models import Document
from docstore.documents.visibility import visible_to
from docstore.intake import dividing
from docstore.intake.batches import record_on
from docstore.intake.dividing import Part as NewDocument
from docstore.intake.feed import locked, tell
from docstore.intake.models import Happening, Item, ItemState
from docstore.intake.scan_models import Part, ScannedPage

ON_A_CASE = (ItemState.READING, ItemState.AVAILABLE)
QUARTERS = (90, 180, 270)


class SettledAlready(Conflict):
    """Somebody has looked at this page already. Nothing was done twice."""

    code = "already-settled"


class NotYetReadable(Conflict):
    """The paper is still being read. Try it again in a minute."""

    code = "not-yet-readable"


class NothingBefore(Conflict):
    """This is the first page of its paper, so there is nothing before it to be split off."""

    code = "nothing-before"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A page in doubt, the document that it is in now, and its number there."""

    page: ScannedPage
    item: Item
    document: Document
    number: int


def waiting_pages(by: Actor) -> QuerySet[ScannedPage]:
    """Return pages in doubt that nobody has looked at, the oldest first, of papers that this person may open."""
    courts = {held.court for held in by.roles if held.court and Permission.DECIDE_EXCEPTIONS in held.role.permissions}
    mine = visible_to(Scope.of(by)).values("pk")
    in_part = Part.objects.filter(item=OuterRef("item"), document__in=mine)
    rows = ScannedPage.objects.filter(
        Q(item__divided=False, item__document__in=mine) | Q(Exists(in_part), item__divided=True),
        doubtful=True,
        settled_at__isnull=True,
        item__state__in=ON_A_CASE,
        item__batch__court__code__in=courts,
    )
    return rows.select_related("item__batch__station", "item__batch__court").order_by(
        "item__received_at", "item", "number"
    )


def get_page(by: Actor, item_id: UUID, number: int) -> Doubtful:
    """Return a page in doubt with the document that it is in, settled or not; raise NotFound."""
    by.require(Permission.DECIDE_EXCEPTIONS)
    courts = {held.court for held in by.roles if held.court and Permission.DECIDE_EXCEPTIONS in held.role.permissions}
    rows = ScannedPage.objects.filter(item=item_id, number=number, doubtful=True, item__batch__court__code__in=courts)
    page = rows.select_related("item__batch__station", "item__batch__court").first()
    place = _place(page) if page is not None and page.item.state in ON_A_CASE else None
    document = visible_to(Scope.of(by)).filter(pk=place[0]).first() if place else None
    if page is None or place is None or document is None:
        raise NotFound
    return Doubtful(page, page.item, document, place[1])


def accept(*, by: Actor, item_id: UUID, number: int) -> ScannedPage:
    """The page is good enough."""
    return _settle(by, get_page(by, item_id, number), "accept", "")


def turn(*, by: Actor, item_id: UUID, number: int, degrees: int, reason: str) -> ScannedPage:
    """Turn the page clockwise, as a new version of its document."""
    found = _open(by, item_id, number)
    if degrees not in QUARTERS:
        raise NotFound
    dividing.turn_pages(
        by=by,
        document_id=found.document.pk,
        seen=found.document.etag,
        turned={found.number: degrees},
        reason=reason or f"Page {found.number} was scanned turned.",
    )
    return _settle(by, found, "turn", reason)


def split(*, by: Actor, item_id: UUID, number: int, reason: str) -> ScannedPage:
    """Make two documents of one: what is before this page, and what begins with it. The original stays whole."""
    found = _open(by, item_id, number)
    if found.number < 2:
        raise NothingBefore
    total = dividing.pages_in(found.document)
    home = found.document.filings.select_related("section").get(is_home=True, ended_at__isnull=True)
    halves = (range(1, found.number), range(found.number, total + 1))
    parts = [
        NewDocument(f"{found.document.title}, part {at}"[:200], home.section.code, list(pages))
        for at, pages in enumerate(halves, start=1)
    ]
    dividing.split_document(
        by=by,
        document_id=found.document.pk,
        seen=found.document.etag,
        parts=parts,
        reason=reason or f"Two papers were scanned as one; the second begins on page {found.number}.",
    )
    return _settle(by, found, "split", reason)


@transaction.atomic
def ask_for_rescan(*, by: Actor, item_id: UUID, number: int, reason: str) -> ScannedPage:
    """Have the station scan the paper again. It goes to the same case, and this one is then marked as replaced."""
    found = get_page(by, item_id, number)
    require_reason(reason)
    settled = _settle(by, found, "rescan", reason)
    station = locked(found.item.batch.station_id)
    tell(station, Happening.ITEM_RESCAN_WANTED, found.item.batch, item=found.item, detail=f"page {number}")
    return settled


ACTS: dict[str, Callable[..., ScannedPage]] = {
    "accept": accept,
    "turn": turn,
    "split": split,
    "rescan": ask_for_rescan,
}


def _open(by: Actor, item_id: UUID, number: int) -> Doubtful:
    """The page, if nobody has settled it and its document can be taken apart by now."""
    found = get_page(by, item_id, number)
    if found.page.settled_at is not None:
        raise SettledAlready
    if not dividing.pages_in(found.document):
        raise NotYetReadable
    return found


@transaction.atomic
def _settle(by: Actor, found: Doubtful, act: str, reason: str) -> ScannedPage:
    locked(found.item.batch.station_id)
    page = ScannedPage.objects.select_for_update().get(pk=found.page.pk)
    if page.settled_at is not None:
        raise SettledAlready
    page.settled_at, page.settled_by = clock.now(), by.user_id
    page.save(update_fields=["settled_at", "settled_by"])
    facts = {"item": found.item.seq, "page": page.number, "act": act, "reason": reason.strip()}
    record_on(Event.SCAN_REVIEWED, by, found.item.batch, facts)
    return page


def _place(page: ScannedPage) -> tuple[UUID, int] | None:
    """In which document a page is, and which page of it."""
    item = page.item
    if not item.divided:
        return (item.document, page.number) if item.document else None
    for part in item.parts.filter(document__isnull=False):
        numbers: Sequence[int] = part.page_numbers
        if page.number in numbers and part.document:
            return part.document, numbers.index(page.number) + 1
    return None
