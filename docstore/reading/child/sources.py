"""The shapes of a document inside the child: every kind of file answers the same four questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PIL import Image

from docstore.reading.quality import Decision
from docstore.reading.shapes import Heading, Inspection, Sheet, Word

MOST_PAGES = 5_000
LONGEST_SIDE = 14_400.0


@dataclass(frozen=True, slots=True)
class Native:
    """A page's own text and what to do about it."""

    text: str
    words: tuple[Word, ...]
    decision: Decision


class Page(Protocol):
    """One page, loaded."""

    def native(self) -> Native:
        """Its own text."""
        ...

    def grey(self, dpi: int) -> tuple[Image.Image, int]:
        """A grey picture for OCR and its resolution."""
        ...

    def shown(self) -> Image.Image:
        """The picture that people see."""
        ...

    def resolution(self) -> float | None:
        """Dots per inch of the scan that it is; None where no scan covers the page."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True, slots=True)
class Carried:
    """A file inside a message; its bytes are empty where the message only points to it."""

    name: str
    content: bytes


@runtime_checkable
class Splits(Protocol):
    """A document of which some pages can be had as a file of their own."""

    def part(self, pages: Sequence[int], turned: Mapping[int, int]) -> tuple[bytes, str]:
        """These pages, some turned clockwise, and the type of the file."""
        ...


@runtime_checkable
class Outlined(Protocol):
    """A document that may bring an outline of itself."""

    def outline(self) -> Sequence[Heading]:
        """Its headings in reading order; none where it brings no outline."""
        ...


@runtime_checkable
class Carries(Protocol):
    """A document with files inside."""

    def attachments(self) -> Sequence[Carried]:
        """The files in their order."""
        ...


class Document(Protocol):
    """One file, open."""

    def inspect(self) -> Inspection:
        """Check it as filing demands; raise Refused."""
        ...

    def sheets(self) -> Sequence[Sheet]:
        """Its pages, unread."""
        ...

    def page(self, number: int) -> Page:
        """Load one page, counted from 1; raise Failed."""
        ...
