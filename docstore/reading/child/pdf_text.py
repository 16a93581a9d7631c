"""The text layer of one PDF page.

Words with boxes as fractions of the page as displayed, whatever its rotation and crop.
"""

import ctypes
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from docstore.reading.quality import Line
from docstore.reading.shapes import Word

MOST_CHARACTERS = 400_000
HYPHENS = frozenset({0x02, 0xFFFE})
BREAKS = frozenset({0x0A, 0x0D})
SPACES = frozenset({0x09, 0x20, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F, 0x3000, 0x0B, 0x0C})
STOPS = HYPHENS | BREAKS | SPACES
CHARACTERS_TO_JUDGE = 2_000
CHARACTERS_TO_ASK = 400


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
    layer, line, start = TextLayer(), 0, 0
    count = min(pdfium.FPDFText_CountChars(text_page), MOST_CHARACTERS)
    codes = _codes(text_page, count)
    letters, boxes = _letters(codes), _Boxes(text_page, frame_of(page))
    for at in [*(at for at, code in enumerate(codes) if code in STOPS), count]:
        code = codes[at] if at < count else 0x0A
        # pdfium writes a word that is broken at the end of a line as one; on the page it stands in two
        broken = code in HYPHENS and pdfium.FPDFText_IsHyphen(text_page, at) == 1
        if code in HYPHENS and not broken:
            continue
        word = _word("".join(letters[start : at + broken]), boxes, start, at + broken) if at + broken > start else None
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


def _letters(codes: list[int]) -> list[str]:
    """What is written for every code, each worked out once."""
    known = {code: _letter(code) for code in set(codes)}
    return [known[code] for code in codes]


def _letter(code: int) -> str:
    if code in HYPHENS:
        return "-"
    return chr(code) if code and code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _word(text: str, boxes: "_Boxes", start: int, end: int) -> Word | None:
    """The word between these letters; none where it is empty or where nobody who looks at the page sees it."""
    if not text.strip():
        return None
    box = boxes.around(start, end)
    return Word(text, *box) if box is not None else None


class _Boxes:
    """Where the letters of one page stand. There are thousands, so one rectangle serves them all."""

    def __init__(self, text_page: Any, frame: Frame) -> None:
        self._text_page = text_page
        self._frame = frame
        self._rect = pdfium.FS_RECTF()
        self._into = ctypes.byref(self._rect)

    def around(self, start: int, end: int) -> tuple[float, float, float, float] | None:
        """The box of a word in fractions of the page; nothing for one without a place or outside the visible part.

        Between its first and its last letter that has a box stands the word, whichever way it runs.
        """
        first = self._first(range(start, end))
        last = self._first(range(end - 1, start - 1, -1)) if first is not None else None
        if first is None or last is None:
            return None
        shown = self._frame.shown(
            min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3])
        )
        left, top, right, bottom = [0.0 if edge < 0 else 1.0 if edge > 1 else round(edge, 5) for edge in shown]
        return (left, top, right, bottom) if right > left and bottom > top else None

    def _first(self, places: range) -> tuple[float, float, float, float] | None:
        """The first box in page units: left, bottom, right, top."""
        rect = self._rect
        for at in places:
            if not pdfium.FPDFText_GetLooseCharBox(self._text_page, at, self._into):
                continue
            left, right, bottom, top = rect.left, rect.right, rect.bottom, rect.top
            if left > right:
                left, right = right, left
            if bottom > top:
                bottom, top = top, bottom
            if right > left or top > bottom:
                return left, bottom, right, top
        return None


def _unmapped(text_page: Any, codes: list[int]) -> float:
    """The share of characters for which the font names no letter, among some spread over the first two thousand."""
    known = [at for at, code in enumerate(codes[:CHARACTERS_TO_JUDGE]) if code not in SPACES and code not in BREAKS]
    tried = known[:: max(1, len(known) // CHARACTERS_TO_ASK)]
    if not tried:
        return 0.0
    return float(sum(pdfium.FPDFText_HasUnicodeMapError(text_page, at) == 1 for at in tried) / len(tried))
