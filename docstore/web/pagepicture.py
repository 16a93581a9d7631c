"""A page's picture as plain values for SVG: its size, how it is turned, boxes over it and its words under the pointer.

Coordinates are attributes, so a page needs no style of its own under the content policy. The words are drawn without
ink at the places where they stand on the picture: they can be selected, copied and found by the browser, script or no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from docstore.documents.models import Rendition, Word
from docstore.web import pagetext

Box = tuple[float, float, float, float]

AIR = 0.15
BASELINE = 0.22
LETTER_HEIGHT = 0.92


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A box in pixels of the picture."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word, where its baseline begins and how long it is: as text, because a page has hundreds and a template takes
    several times as long over numbers."""

    text: str
    x: str
    y: str
    length: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side, in letters of one size."""

    size: int
    words: tuple[PlacedWord, ...]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of `width` × `height` pixels, shown turned: `view` is the window and `turn` what is done to it."""

    url: str
    width: int
    height: int
    view: str
    turn: str
    lines: tuple[Line, ...] = ()
    hits: tuple[Rectangle, ...] = ()
    unclear: tuple[Rectangle, ...] = ()


def picture(
    made: Rendition, url: str, *, words: Sequence[Word], hits: Sequence[Box], unclear: Sequence[Box], quarters: int
) -> PagePicture:
    """Return a page's picture with what is laid over it, turned clockwise by `quarters`."""
    view, turn = _turned(made.width, made.height, quarters)
    return PagePicture(
        url=url,
        width=made.width,
        height=made.height,
        view=view,
        turn=turn,
        lines=lines(words, made.width, made.height),
        hits=tuple(rectangle(box, made.width, made.height) for box in hits),
        unclear=tuple(rectangle(box, made.width, made.height) for box in unclear),
    )


def rectangle(box: Box, width: int, height: int) -> Rectangle:
    """Return a box in pixels of the picture, with a little air around it so that it does not touch the letters."""
    left, top, right, bottom = box
    air = (bottom - top) * height * AIR
    return Rectangle(
        x=round(left * width - air),
        y=round(top * height - air),
        width=round((right - left) * width + 2 * air),
        height=round((bottom - top) * height + 2 * air),
    )


def lines(words: Sequence[Word], width: int, height: int) -> tuple[Line, ...]:
    """Return the words of a page line by line, where they stand on a picture of this size."""
    if not words:
        return ()
    return tuple(_line([words[at] for at in places], width, height) for places in pagetext.lines(words))


def _line(words: Sequence[Word], width: int, height: int) -> Line:
    tall = median((word.box[3] - word.box[1]) * height for word in words)
    placed = (
        PlacedWord(
            text=word.text,
            x=str(round(word.box[0] * width)),
            y=str(round((word.box[3] - BASELINE * (word.box[3] - word.box[1])) * height)),
            length=str(max(1, round((word.box[2] - word.box[0]) * width))),
        )
        for word in words
    )
    return Line(max(1, round(tall * LETTER_HEIGHT)), tuple(placed))


def _turned(width: int, height: int, quarters: int) -> tuple[str, str]:
    match quarters % 4:
        case 1:
            return f"0 0 {height} {width}", f"translate({height} 0) rotate(90)"
        case 2:
            return f"0 0 {width} {height}", f"translate({width} {height}) rotate(180)"
        case 3:
            return f"0 0 {height} {width}", f"translate(0 {width}) rotate(270)"
        case _:
            return f"0 0 {width} {height}", ""
