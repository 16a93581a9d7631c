"""One PDF page: what is drawn on it, its pictures, and which text counts."""

import ctypes
import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from docstore.reading import quality
from docstore.reading.child import pictures
from docstore.reading.child.outcomes import Failed
from docstore.reading.child.pdf_text import TextLayer, frame_of, read_layer

GRID = 40
MOST_OBJECTS = 20_000
DEEPEST_FORM = 3
INK = 140
INK_WIDTH = 420
INVISIBLE = 3
SCAN_SHARE = 0.5
DRAWN_ANNOTATIONS = frozenset({pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP})


class PdfPage:
    """A loaded page. Close it: pdfium keeps what it decoded until then."""

    def __init__(self, document: pypdfium2.PdfDocument, index: int) -> None:
        self._document = document
        self._index = index
        try:
            self._page = document[index]
            if _flatten(self._page):
                self._page.close()
                self._page = document[index]
        except pypdfium2.PdfiumError as error:
            raise Failed("PageUnreadable", "it cannot be loaded") from error
        self.width, self.height = self._page.get_size()

    def close(self) -> None:
        """Let go of the page."""
        self._page.close()

    @cached_property
    def _text_page(self) -> Any:
        try:
            found = self._page.get_textpage()
            turned = pdfium.FPDFPage_GetRotation(self._page.raw)
            if turned and _runs_as_drawn(found.raw):
                # pdfium puts lines in the order of the turned page, which for print that lies on its side is backwards
                found.close()
                found = self._text_unturned(turned)
        except pypdfium2.PdfiumError:
            return None
        return found

    def _text_unturned(self, turned: int) -> Any:
        """The text in the order in which it was drawn; boxes are in page units and stay what they are."""
        pdfium.FPDFPage_SetRotation(self._page.raw, 0)
        self._text_holder = self._document[self._index]
        pdfium.FPDFPage_SetRotation(self._page.raw, turned)
        return self._text_holder.get_textpage()

    @cached_property
    def layer(self) -> TextLayer:
        """Its own words."""
        return read_layer(self._page.raw, self._text_page.raw) if self._text_page is not None else TextLayer()

    def decide(self) -> quality.Decision:
        """Say what is to be done about this page."""
        return quality.decide(
            quality.Facts(
                width=self.width,
                height=self.height,
                lines=self.layer.lines(self.width, self.height),
                unmapped=self.layer.unmapped,
                empty=pdfium.FPDFPage_CountObjects(self._page.raw) <= 0,
                pictured=self._pictured,
                curves=self._curves,
                hidden=self._hidden,
                unexplained=self._unexplained,
            )
        )

    def grey(self, dpi: int) -> tuple[Image.Image, int]:
        """Render for OCR.

        Grey, at this resolution or as near to it as the page's size allows; and the resolution used.
        """
        scale = pictures.ocr_scale(self.width, self.height, dpi)
        return self._render(scale, grayscale=True), max(70, round(scale * 72))

    def shown(self) -> Image.Image:
        """Render for people."""
        return self._render(pictures.shown_scale(self.width, self.height))

    def resolution(self) -> float | None:
        """Pixels to an inch of the largest picture that covers most of the page: measured, not what a scanner wrote."""
        frame, best = frame_of(self._page.raw), None
        for thing in self._objects():
            if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_IMAGE or (box := _bounds(thing)) is None:
                continue
            left, top, right, bottom = frame.shown(*box)
            across, down = abs(right - left), abs(bottom - top)
            wide, high = ctypes.c_uint(), ctypes.c_uint()
            if across * down < SCAN_SHARE or not pdfium.FPDFImageObj_GetImagePixelSize(thing, wide, high):
                continue
            dots = math.sqrt(wide.value * high.value / (across * self.width * down * self.height)) * 72
            best = max(best or 0.0, dots)
        return best

    def _render(self, scale: float, *, grayscale: bool = False) -> Image.Image:
        try:
            image: Image.Image = self._page.render(
                scale=scale, grayscale=grayscale, rev_byteorder=not grayscale
            ).to_pil()
            return image
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise Failed("PageUnreadable", "it cannot be drawn") from error

    def _objects(self, holder: Any = None, depth: int = 0) -> Iterator[Any]:
        raw = self._page.raw
        count = pdfium.FPDFFormObj_CountObjects(holder) if holder else pdfium.FPDFPage_CountObjects(raw)
        for at in range(min(max(count, 0), MOST_OBJECTS)):
            thing = pdfium.FPDFFormObj_GetObject(holder, at) if holder else pdfium.FPDFPage_GetObject(raw, at)
            if not thing:
                continue
            yield thing
            if depth < DEEPEST_FORM and pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_FORM:
                yield from self._objects(thing, depth + 1)

    def _pictured(self) -> float:
        """The share of the page that pictures cover, on a coarse grid.

        A form's pictures count with the form's own box.
        """
        frame = frame_of(self._page.raw)
        cells: set[tuple[int, int]] = set()
        forms = 0
        for thing in self._objects():
            kind = pdfium.FPDFPageObj_GetType(thing)
            forms += kind == pdfium.FPDF_PAGEOBJ_FORM
            if kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING) and (box := _bounds(thing)) is not None:
                left, top, right, bottom = frame.shown(*box)
                cells |= {
                    (x, y)
                    for x in range(max(0, round(left * GRID)), min(GRID, round(right * GRID)))
                    for y in range(max(0, round(top * GRID)), min(GRID, round(bottom * GRID)))
                }
        return len(cells) / (GRID * GRID)

    def _curves(self) -> int:
        segments = 0
        for thing in self._objects():
            if pdfium.FPDFPageObj_GetType(thing) == pdfium.FPDF_PAGEOBJ_PATH:
                segments += max(0, pdfium.FPDFPath_CountSegments(thing))
        return segments

    def _hidden(self) -> float:
        """The share of words written invisibly, as scanners lay text under their pictures."""
        starts = self.layer.starts[:200]
        hidden = 0
        for at in starts:
            thing = pdfium.FPDFText_GetTextObject(self._text_page.raw, at)
            hidden += bool(thing) and pdfium.FPDFTextObj_GetTextRenderMode(thing) == INVISIBLE
        return hidden / len(starts) if starts else 0.0

    def _unexplained(self) -> float:
        """The share of ink that stands outside every word of the text layer."""
        small = self._render(INK_WIDTH / self.width, grayscale=True)
        ink = small.point([255 if level < INK else 0 for level in range(256)])
        all_ink = ink.histogram()[255]
        width, height = ink.size
        for word in self.layer.words:
            box = (
                int(word.left * width) - 1,
                int(word.top * height) - 1,
                int(word.right * width) + 2,
                int(word.bottom * height) + 2,
            )
            ink.paste(0, box)
        return ink.histogram()[255] / all_ink if all_ink > 200 else 0.0


def _runs_as_drawn(text_page: Any) -> bool:
    """Whether most of the first letters stand upright in the page's own units, whatever turn is asked for display."""
    angles = [
        pdfium.FPDFText_GetCharAngle(text_page, at) for at in range(min(pdfium.FPDFText_CountChars(text_page), 400))
    ]
    known = [angle for angle in angles if angle >= 0]
    return bool(sum(angle < 0.2 or angle > 6.08 for angle in known) > len(known) / 2)


def _bounds(thing: Any) -> tuple[float, float, float, float] | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(thing, *(ctypes.byref(edge) for edge in edges)):
        return None
    return edges[0].value, edges[1].value, edges[2].value, edges[3].value


def _flatten(page: pypdfium2.PdfPage) -> bool:
    """Make what forms and notes show part of the page, so that its words count; whether anything was there."""
    raw = page.raw
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(raw), 5_000)):
        note = pdfium.FPDFPage_GetAnnot(raw, at)
        if not note:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind in DRAWN_ANNOTATIONS:
            return bool(pdfium.FPDFPage_Flatten(raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS)
    return False


def sizes(document: pypdfium2.PdfDocument) -> Sequence[tuple[float, float]]:
    """The displayed size of every page, without loading them."""
    size = pdfium.FS_SIZEF()
    found = []
    for index in range(len(document)):
        known = pdfium.FPDF_GetPageSizeByIndexF(document.raw, index, ctypes.byref(size))
        found.append((size.width, size.height) if known and size.width > 0 and size.height > 0 else (612.0, 792.0))
    return found
