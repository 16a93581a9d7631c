"""A look at a scanned page without reading its words: marks printed for machines, and what may be wrong with the scan.

One grey picture of the page at 200 dpi serves all; where pages are compared, what is needed of the page before is kept.
"""

from collections.abc import Iterator
from typing import Any

import zxingcpp
from PIL import Image

from docstore.reading.child import looks
from docstore.reading.child.sources import Page
from docstore.reading.shapes import Doubt, Sheet

DPI = 200
SMALL_DPI = 100
LEAST_DPI = 195
MOST_SKEW = 1.0
LEAST_CONTRAST = 90
DARK_PAPER = 140
PALE_INK = 150
CLIPPED_INK = 0.012
BORDER_INK = 0.5
ODD_SIZE = 0.15
LONGEST_MARK = 500
MOST_MARKS = 20
FORMATS = zxingcpp.BarcodeFormat.QRCode | zxingcpp.BarcodeFormat.Code128

Measured = Iterator[tuple[Doubt, float]]


class Surveyor:
    """Looks at the pages of one document in order."""

    def __init__(self) -> None:
        self._before: Image.Image | None = None
        self._first: Sheet | None = None

    def look_at(self, page: Page, sheet: Sheet) -> dict[str, Any]:
        """Return what is seen of a page as the wire carries it."""
        grey, dpi = page.grey(DPI)
        small = looks.smaller(grey, SMALL_DPI / max(dpi, 1))
        marks = read_marks(grey)
        findings = [*self._scan(page), *self._picture(small), *self._beside_others(sheet, small)]
        self._before, self._first = small, self._first or sheet
        return {
            "number": sheet.number,
            "marks": marks,
            "findings": [(str(one), round(value, 2)) for one, value in findings],
        }

    def _scan(self, page: Page) -> Measured:
        dots = page.resolution()
        if dots is not None and dots < LEAST_DPI:
            yield Doubt.LOW_RESOLUTION, dots

    def _picture(self, small: Image.Image) -> Measured:
        if looks.is_blank(small):
            yield Doubt.BLANK, 0.0
            return
        paper, ink = looks.paper_and_ink(small)
        if paper < DARK_PAPER:
            yield Doubt.TOO_DARK, paper
        elif ink > PALE_INK or paper - ink < LEAST_CONTRAST:
            yield Doubt.LOW_CONTRAST, paper - ink
        turned = looks.turned(small)
        if turned:
            yield Doubt.TURNED, turned
        elif abs(skew := looks.skew(small)) >= MOST_SKEW:
            yield Doubt.SKEWED, skew
        edge = looks.ink_at_edge(small)
        if edge > BORDER_INK:
            yield Doubt.BLACK_BORDER, edge * 100
        elif edge > CLIPPED_INK:
            yield Doubt.CLIPPED, edge * 100

    def _beside_others(self, sheet: Sheet, small: Image.Image) -> Measured:
        if self._before is not None and looks.is_repeat(small, self._before):
            yield Doubt.REPEATED, sheet.number - 1
        first = self._first
        if first is not None and abs(sheet.width * sheet.height / (first.width * first.height) - 1) > ODD_SIZE:
            yield Doubt.ODD_SIZE, sheet.width / 72 * 25.4


def read_marks(grey: Image.Image) -> list[str]:
    """The texts of QR and Code 128 symbols on a page, at any angle."""
    found = zxingcpp.read_barcodes(grey, formats=FORMATS, try_rotate=True, try_downscale=True, try_invert=False)
    texts = (one.text for one in found if one.valid)
    return [text for text in texts if text.isprintable() and len(text) <= LONGEST_MARK][:MOST_MARKS]
