"""What a child found on pages, in the shape in which documents keep it."""

import logging

from docstore.documents import models as documents
from docstore.documents.models import Word
from docstore.documents.outline_models import Heading
from docstore.documents.received import PageText
from docstore.reading.faults import ReadingFault
from docstore.reading.readers import Reader
from docstore.reading.shapes import Method, NativePage, PageReading
from docstore.reading.tongues import languages_of

log = logging.getLogger(__name__)


def outline_of(reader: Reader) -> list[Heading]:
    """The outline that the file brings; one that cannot be had keeps no paper from being read."""
    try:
        return [Heading(one.level, one.title, one.page) for one in reader.outline()]
    except ReadingFault as fault:
        log.info("The outline of a file could not be read: %s", type(fault).__name__)
        return []


def text_of(reading: PageReading) -> PageText:
    sheet = reading.sheet
    return PageText(
        number=sheet.number,
        label=sheet.label,
        width=sheet.width,
        height=sheet.height,
        text=reading.text,
        words=_words(reading),
        method=documents.Method(reading.method.value),
        engine=reading.engine,
        language=reading.language,
        confidence=reading.confidence,
        reason=reading.reason,
        own_text=reading.native_text if reading.method is not Method.NATIVE else "",
    )


def text_of_native(page: NativePage) -> PageText:
    sheet = page.sheet
    return PageText(
        number=sheet.number,
        label=sheet.label,
        width=sheet.width,
        height=sheet.height,
        text=page.text,
        words=documents.Columns(page.words.texts, page.words.edges, [documents.UNKNOWN] * len(page.words)),
        method=documents.Method.NATIVE,
        engine="pdfium",
        language="+".join(languages_of(page.text)),
    )


def _words(page: PageReading) -> list[Word]:
    return [
        Word(
            one.text,
            (one.left, one.top, one.right, one.bottom),
            None if one.confidence is None else round(one.confidence),
        )
        for one in page.words
    ]
