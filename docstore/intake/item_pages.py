"""Pages of a scanned item that is on no case yet, as pictures: for the person who decides where it belongs.

Drawn in the sandbox when they are asked for, and only of bytes that passed the virus check (SEC-24).
"""

from typing import BinaryIO, cast

from docstore.core.errors import NotFound, Refusal
from docstore.documents.vault import fetch
from docstore.intake.models import Item, ItemState
from docstore.reading import readers
from docstore.reading.faults import ReadingFault
from docstore.reading.formats import Kind
from docstore.reading.shapes import PagePicture

SHOWN_AT = (ItemState.CLEAN, ItemState.NEEDS_ATTENTION, ItemState.READING, ItemState.AVAILABLE)


class PageCannotBeShown(Refusal):
    """No picture of this page can be made. Ask for a new scan, or look at its text."""

    code = "page-cannot-be-shown"
    status = 409


def may_be_shown(item: Item) -> bool:
    """Whether an item's bytes passed the checks, so that its pages may be drawn."""
    return item.state in SHOWN_AT and bool(item.scanned_by) and bool(item.pages)


def picture(item: Item, number: int, *, turned: int = 0) -> PagePicture:
    """Return the picture of a page, turned clockwise; raise NotFound or PageCannotBeShown."""
    if not may_be_shown(item) or not 1 <= number <= (item.pages or 0):
        raise NotFound

    def opener() -> BinaryIO:
        return cast(BinaryIO, fetch(item.key, sha256=item.sha256))

    try:
        with readers.of_process().borrow(key=f"item:{item.pk}", source=opener, kind=Kind(item.media_type)) as reader:
            drawn = reader.picture(number, turned=turned)
    except (Refusal, ReadingFault) as problem:
        raise PageCannotBeShown from problem
    return drawn
