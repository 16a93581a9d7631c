"""Plain text and the words of web pages as a document: laid out on A4 by us, so that its pages can be shown and its words boxed."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from docstore.reading.child import pictures
from docstore.reading.child.outcomes import Refused
from docstore.reading.child.sources import MOST_PAGES, Native
from docstore.reading.quality import Decision
from docstore.reading.shapes import Inspection, Method, Sheet, Word
from docstore.reading.text_bytes import decode

WIDTH, HEIGHT = 595.0, 842.0
MARGIN = 54.0
SIZE = 10.0
LEADING = 13.0
ADVANCE = 0.602 * SIZE
COLUMNS = int((WIDTH - 2 * MARGIN) / ADVANCE)
ROWS = int((HEIGHT - 2 * MARGIN) / LEADING)
FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf",
)
LONGEST_BODY = 20_000_000


class TextDocument:
    """Lines of text on pages."""

    def __init__(self, text: str) -> None:
        self._pages = _lay_out(text)

    def inspect(self) -> Inspection:
        """Only the number of pages can be wrong with text."""
        if len(self._pages) > MOST_PAGES:
            raise Refused("TooManyPages", pages=f"{len(self._pages):,}", limit=f"{MOST_PAGES:,}")
        return Inspection(pages=len(self._pages))

    def sheets(self) -> Sequence[Sheet]:
        """All pages are A4."""
        return [Sheet(number, str(number), WIDTH, HEIGHT) for number in range(1, min(len(self._pages), MOST_PAGES) + 1)]

    def page(self, number: int) -> "TextPage":
        """Give one page."""
        return TextPage(self._pages[number - 1])


@dataclass(frozen=True, slots=True)
class TextPage:
    """The rows of one page."""

    rows: list[str]

    def native(self) -> Native:
        """The words where they were set."""
        words = tuple(word for at, row in enumerate(self.rows) for word in _words(row, at))
        text = "\n".join(row.strip() for row in self.rows).strip()
        return Native(text, words, Decision(Method.NATIVE if words else Method.NONE, "plain text"))

    def grey(self, dpi: int) -> tuple[Image.Image, int]:
        """Drawn for completeness; text is never read by OCR."""
        return self._draw(dpi / 72), dpi

    def shown(self) -> Image.Image:
        """Drawn as it is laid out."""
        return self._draw(pictures.shown_scale(WIDTH, HEIGHT))

    def resolution(self) -> float | None:
        """It was never scanned."""
        return None

    def close(self) -> None:
        """Nothing is held."""

    def _draw(self, scale: float) -> Image.Image:
        paper = Image.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255)
        pen = ImageDraw.Draw(paper)
        font = _font(SIZE * scale)
        for at, row in enumerate(self.rows):
            for found in re.finditer(r"\S+", row):
                place = ((MARGIN + found.start() * ADVANCE) * scale, (MARGIN + at * LEADING) * scale)
                pen.text(place, found.group(), font=font, fill=20)
        return paper


def open_text(path: Path, most_pixels: int) -> TextDocument:
    """Read a text file in whatever encoding it has."""
    del most_pixels
    text = decode(path.read_bytes()[:LONGEST_BODY])
    if text is None:
        raise Refused("Malformed", what="it is not plain text throughout")
    return TextDocument(text)


def open_page(path: Path, most_pixels: int) -> TextDocument:
    """Read the words of a web page; nothing in it is fetched, run or kept as markup (SEC-30)."""
    del most_pixels
    text = decode(path.read_bytes()[:LONGEST_BODY])
    if text is None:
        raise Refused("Malformed", what="it is not a web page throughout")
    return TextDocument(plain_of(text))


class _Stripper(HTMLParser):
    """Keeps the words of a web page and where its blocks end; fetches and runs nothing."""

    BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"})
    SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain_of(page: str) -> str:
    """Return the words of a web page, a line to a block."""
    stripper = _Stripper()
    stripper.feed(page)
    return re.sub(r"\n{3,}", "\n\n", "".join(stripper.parts))


def _lay_out(text: str) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    for part_number, part in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\f")):
        if part_number and pages[-1]:
            pages.append([])
        for line in part.split("\n"):
            clean = "".join(letter for letter in line.expandtabs(8) if letter.isprintable())
            for row in textwrap.wrap(clean, COLUMNS, drop_whitespace=False, replace_whitespace=False) or [""]:
                if len(pages[-1]) >= ROWS:
                    pages.append([])
                pages[-1].append(row)
            if len(pages) > MOST_PAGES:
                return pages
    return pages


def _words(row: str, at: int) -> list[Word]:
    top, bottom = (MARGIN + at * LEADING) / HEIGHT, (MARGIN + (at + 1) * LEADING) / HEIGHT
    return [
        Word(
            found.group(),
            round((MARGIN + found.start() * ADVANCE) / WIDTH, 5),
            round(top, 5),
            round(min(1.0, (MARGIN + found.end() * ADVANCE) / WIDTH), 5),
            round(bottom, 5),
        )
        for found in re.finditer(r"\S+", row)
    ]


def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for place in FONTS:
        if Path(place).exists():
            return ImageFont.truetype(place, size)
    return ImageFont.load_default(size)
