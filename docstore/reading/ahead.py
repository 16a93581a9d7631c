"""Reading before filing: the child that has checked a file tells its words, and of a short typed paper all that there is.

What it tells is kept with the filing, so that such a paper needs no second child. Knows nothing of cases.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.documents.received import ReadAhead
from docstore.reading import readers
from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import Kind
from docstore.reading.readers import Reader
from docstore.reading.shapes import Method, NativePage
from docstore.reading.texts import outline_of, text_of_native

log = logging.getLogger(__name__)

GLANCE_PAGES = 2
GLANCE_DPI = 150
# Somebody waits for the answer meanwhile: longer papers are read by a worker, and so are those that take their time.
MOST_PAGES = 25
MOST_SECONDS = 3.0
TYPED = frozenset({Kind.PDF, Kind.TEXT, Kind.HTML})


@dataclass(frozen=True, slots=True)
class Ahead:
    """The words of the first pages; and the whole paper where it could be read at once."""

    words: tuple[str, ...] = ()
    read: ReadAhead | None = None


NOTHING = Ahead()


def look_ahead(path: Path, *, media_type: str) -> Ahead:
    """Return what a checked file says before it is filed. Nothing where nothing can be read: that keeps no paper out.

    The first page is read by OCR where the file gives no text for it, for suggestions and for the wrong-case guard.
    """
    kind = Kind(media_type)
    if kind.is_kept_only:
        return NOTHING

    def opener() -> BinaryIO:
        return path.open("rb")

    try:
        with readers.of_process().borrow(key=f"inspect:{path}", source=opener, kind=kind) as reader:
            pages = list(reader.natives(last=GLANCE_PAGES))
            texts = [one.text for one in pages]
            if pages and pages[0].decision is Method.OCR:
                texts[0] = reader.page(1, languages=("eng",), dpi=GLANCE_DPI, picture=False).text
            return Ahead(tuple(texts), _whole(reader, pages) if kind in TYPED else None)
    except (ReadingFault, Refusal) as problem:
        log.info("A file could not be glanced at: %s", problem)
        return NOTHING


def _whole(reader: Reader, pages: Sequence[NativePage]) -> ReadAhead | None:
    """The whole of a paper that begins with these pages, if it is short and all its pages bring their own text."""
    if not pages or not _is_typed(pages) or len(reader.open()) > MOST_PAGES:
        return None
    until, read = clock.monotonic() + MOST_SECONDS, list(pages)
    if len(pages) == GLANCE_PAGES:
        for one in reader.natives(first=GLANCE_PAGES + 1):
            read.append(one)
            if clock.monotonic() > until:
                return None
    return ReadAhead(tuple(map(text_of_native, read)), tuple(outline_of(reader))) if _is_typed(read) else None


def _is_typed(pages: Sequence[NativePage]) -> bool:
    return all(one.decision is Method.NATIVE for one in pages)
