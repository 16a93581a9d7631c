"""Reading one page to the end: its own text or OCR in the languages that it is in, and its pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from docstore.reading import quality, tongues
from docstore.reading.child import ocr_page, pictures
from docstore.reading.child.outcomes import Failed
from docstore.reading.child.sources import Native, Page
from docstore.reading.ocr import OcrEngine
from docstore.reading.shapes import Method, PagePicture, PageReading, Sheet

SURE = 70.0


@dataclass(frozen=True, slots=True)
class Tongues:
    """The languages in which to begin reading a page, and all in which it can be read."""

    first: Sequence[str]
    known: Sequence[str]


def read_page(
    page: Page, sheet: Sheet, engine: OcrEngine, languages: Tongues, *, dpi: int, picture: bool
) -> PageReading:
    """Read a page that is loaded. A page without a picture is still a page with text."""
    native = page.native()
    drawn, reason = _try_to_draw(page) if picture else (None, "")
    if native.decision.method is not Method.OCR:
        return _native(native, sheet, drawn, reason)
    grey, resolution = page.grey(dpi)
    found, read_in = _read_by_ocr(engine, grey, languages, dpi=resolution)
    if _own_text_is_better(native, found):
        return _native(native, sheet, drawn, reason)
    return PageReading(
        sheet=sheet,
        text=found.text,
        words=found.words,
        method=Method.OCR if found.words else Method.NONE,
        engine=engine.name,
        language="+".join(tongues.languages_of(found.text) or read_in),
        confidence=found.confidence if found.words else None,
        native_text=native.text,
        turned=found.turned,
        picture=drawn,
        reason=reason,
        because=native.decision.because,
    )


def _read_by_ocr(
    engine: OcrEngine, grey: Image.Image, languages: Tongues, *, dpi: int
) -> tuple[ocr_page.OcrReading, Sequence[str]]:
    """Read a picture, and once more where its words turn out to be in a language that was not looked for."""
    found = ocr_page.read(engine, grey, languages.first, dpi=dpi)
    seen = [one for one in tongues.languages_of(found.text) if one in languages.known]
    if set(seen) <= set(languages.first):
        return found, languages.first
    again = ocr_page.read(engine, grey, seen, dpi=dpi)
    return (again, seen) if again.sureness >= found.sureness else (found, languages.first)


def draw(page: Page, *, turned: int = 0) -> PagePicture:
    """Draw a page that is loaded, for people, turned clockwise by so many degrees; raise Failed."""
    try:
        shown = page.shown().rotate(-turned, expand=True) if turned else page.shown()
        image, thumbnail = pictures.encode(shown)
    except (OSError, ValueError) as error:
        raise Failed("PageUnreadable", "it cannot be drawn") from error
    return PagePicture(image, thumbnail, *shown.size)


def _try_to_draw(page: Page) -> tuple[PagePicture | None, str]:
    try:
        return draw(page), ""
    except Failed as error:
        return None, f"No picture of this page can be shown: {error}."


def _own_text_is_better(native: Native, found: ocr_page.OcrReading) -> bool:
    """Where doubt was the reason for OCR, the page's own text stays if OCR agrees with it or finds nothing."""
    if not native.decision.doubtful:
        return False
    sure = [word.text for word in found.words if (word.confidence or 0) >= SURE]
    if not quality.says_the_same((word.text for word in native.words), sure):
        return False
    # agreeing on a stamp is not enough where OCR reads far more than the page's own text says
    return len(native.words) >= 0.7 * len(sure)


def _native(native: Native, sheet: Sheet, drawn: PagePicture | None, reason: str) -> PageReading:
    return PageReading(
        sheet=sheet,
        text=native.text,
        words=native.words,
        method=Method.NATIVE if native.words else Method.NONE,
        engine="",
        language="+".join(tongues.languages_of(native.text)),
        confidence=None,
        native_text=native.text,
        turned=0,
        picture=drawn,
        reason=reason,
        because=native.decision.because,
    )
