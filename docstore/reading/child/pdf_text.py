"""The text layer of one PDF page.

Words with boxes as fractions of the page as displayed, whatever its rotation and crop.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from docstore.reading.quality import Line
from docstore.reading.shapes import Word

MOST_CHARACTERS = 400_000
HYPHENS = frozenset({0x02, 0xFFFE})
BREAKS = frozenset({0x0A, 0x0D})
SPACES = frozenset({0x09, 0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000, 0x0B, 0x0C})
CHARACTERS_TO_JUDGE = 2_000


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a page in its own units, and how far it is turned for display."""

    left: float
    bottom: float
    right: float
    top: float
    quarter_turns: int

    def shown(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Return a box of page units as fractions of the displayed page: left, top, right, bottom."""
        width, height = max(self.right - self.left, 1e-6), max(self.top - self.bottom, 1e-6)
        x0, x1 = (left - self.left) / width, (right - self.left) / width
        y0, y1 = (self.top - top) / height, (self.top - bottom) / height
        match self.quarter_turns:
            case 1:
                return 1 - y1, x0, 1 - y0, x1
            case 2:
                return 1 - x1, 1 - y1, 1 - x0, 1 - y0
            case 3:
                return y0, 1 - x1, y1, 1 - x0
            case _:
                return x0, y0, x1, y1


@dataclass(slots=True)
class TextLayer:
    """The words of a page in the order of the file, with the line in which each stands."""

    words: list[Word] = field(default_factory=list)
    lines_of: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    unmapped: float = 0.0

    @property
    def text(self) -> str:
        """The words again as text, one line to a line."""
        parts: list[str] = []
        for at, word in enumerate(self.words):
            if at:
                parts.append(" " if self.lines_of[at] == self.lines_of[at - 1] else "\n")
            parts.append(word.text)
        return "".join(parts)

    def lines(self, width: float, height: float) -> list[Line]:
        """The lines in points of the displayed page, for judging."""
        by_line: dict[int, list[Word]] = {}
        for word, line in zip(self.words, self.lines_of, strict=True):
            by_line.setdefault(line, []).append(word)
        return [
            Line(
                tuple(word.text for word in words),
                min(word.left for word in words) * width,
                min(word.top for word in words) * height,
                max(word.right for word in words) * width,
                max(word.bottom for word in words) * height,
            )
            for words in by_line.values()
        ]


def frame_of(page: Any) -> Frame:
    """Return the visible part of a loaded page."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(box)):
        box.left, box.bottom, box.right, box.top = 0, 0, 612, 792
    return Frame(box.left, box.bottom, box.right, box.top, pdfium.FPDFPage_GetRotation(page) % 4)


def read_layer(page: Any, text_page: Any) -> TextLayer:
    """Read all words of a loaded page."""
    frame, layer, line = frame_of(page), TextLayer(), 0
    count = min(pdfium.FPDFText_CountChars(text_page), MOST_CHARACTERS)
    codes = _codes(text_page, count)
    start = 0
    for at in range(count + 1):
        code = codes[at] if at < count else 0x0A
        # pdfium writes a word that is broken at the end of a line as one; on the page it stands in two
        broken = code in HYPHENS and pdfium.FPDFText_IsHyphen(text_page, at) == 1
        if code not in BREAKS and code not in SPACES and not broken:
            continue
        end = at + broken
        word = _word(text_page, frame, codes, start, end) if end > start else None
        if word is not None:
            layer.words.append(word)
            layer.lines_of.append(line)
            layer.starts.append(start)
        line += broken or code in BREAKS
        start = at + 1
    layer.unmapped = _unmapped(text_page, codes)
    return layer


def _codes(text_page: Any, count: int) -> list[int]:
    """The code of every letter: in one piece where none is left out or takes two places, else one by one."""
    kept = (ctypes.c_ushort * (count + 1))()
    if pdfium.FPDFText_GetText(text_page, 0, count, kept) == count + 1:
        codes = list(kept)[:count]
        if not any(0xD800 <= code <= 0xDFFF for code in codes):
            return codes
    return [pdfium.FPDFText_GetUnicode(text_page, at) for at in range(count)]


def _word(text_page: Any, frame: Frame, codes: list[int], start: int, end: int) -> Word | None:
    text = "".join(_letters(codes[start:end]))
    boxes = list(_ends(text_page, start, end))
    if not text.strip() or not boxes:
        return None
    shown = frame.shown(
        min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    )
    left, top, right, bottom = (min(1.0, max(0.0, edge)) for edge in shown)
    if right <= left or bottom <= top:
        # outside the visible part of the page: nobody who looks at it sees the word
        return None
    return Word(text, round(left, 5), round(top, 5), round(right, 5), round(bottom, 5))


def _ends(text_page: Any, start: int, end: int) -> Iterator[tuple[float, float, float, float]]:
    """The boxes of the first and of the last letter that has one: between them stands the word, whichever way it runs."""
    for places in (range(start, end), range(end - 1, start - 1, -1)):
        found = next((box for at in places if (box := _box(text_page, at)) is not None), None)
        if found is None:
            return
        yield found


def _letters(codes: list[int]) -> Iterator[str]:
    for code in codes:
        if code in HYPHENS:
            yield "-"
        elif code and code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            yield chr(code)


def _box(text_page: Any, at: int) -> tuple[float, float, float, float] | None:
    rect = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(rect)):
        return None
    left, right = min(rect.left, rect.right), max(rect.left, rect.right)
    bottom, top = min(rect.bottom, rect.top), max(rect.bottom, rect.top)
    return (left, bottom, right, top) if right > left or top > bottom else None


def _unmapped(text_page: Any, codes: list[int]) -> float:
    """The share of characters for which the font names no letter, among the first two thousand."""
    tried = [at for at, code in enumerate(codes[:CHARACTERS_TO_JUDGE]) if code not in SPACES and code not in BREAKS]
    if not tried:
        return 0.0
    return float(sum(pdfium.FPDFText_HasUnicodeMapError(text_page, at) == 1 for at in tried) / len(tried))
