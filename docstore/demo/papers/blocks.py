"""What stands on a paper, before anybody decides whether it is typed, printed, scanned or photographed.

Knows words and their order on the page. Must not know PDF, pixels or Word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """How a line of words looks, in every kind of file."""

    TITLE = "title"
    HEADING = "heading"
    BODY = "body"
    SMALL = "small"
    RIGHT = "right"
    CENTRE = "centre"
    TYPED = "typed"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of words in one style."""

    text: str
    style: Style = Style.BODY


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph with its number in the margin, as statements and orders have them."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: a name in large letters, the address beside it, a rule below."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row is the head. Widths are shares of the page."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    lined: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """A scrawl, then who it is meant to be."""

    name: str
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class PageEnd:
    """What follows begins on a new page."""


Block = Line | Numbered | Letterhead | Table | Signature | PageEnd


@dataclass(frozen=True, slots=True)
class Paper:
    """One document as it would be handed over the counter."""

    title: str
    blocks: tuple[Block, ...]
    footer: str = ""
    typewriter: bool = False


def lines(*texts: str, style: Style = Style.BODY) -> tuple[Line, ...]:
    """Return one paragraph per text."""
    return tuple(Line(text, style) for text in texts)


def numbered(texts: Sequence[str], *, start: int = 1) -> tuple[Numbered, ...]:
    """Return the texts as paragraphs numbered from `start`."""
    return tuple(Numbered(f"{place}.", text) for place, text in enumerate(texts, start))


def words_of(paper: Paper) -> str:
    """Return all words of a paper in reading order, one block to a line: what a perfect reader would see."""
    return "\n".join(part for block in paper.blocks for part in _words(block))


def _words(block: Block) -> tuple[str, ...]:
    match block:
        case Line(text=text):
            return (text,)
        case Numbered(number=number, text=text):
            return (f"{number} {text}",)
        case Letterhead(name=name, address=address):
            return (name, address)
        case Table(rows=rows):
            return tuple("  ".join(row) for row in rows)
        case Signature(name=name, capacity=capacity):
            return (name, capacity) if capacity else (name,)
        case PageEnd():
            return ()
