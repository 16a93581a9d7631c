"""What reading finds out, as plain values that cross the wall of the sandbox.

Bound read-only into the sandbox, therefore standard library only. Knows nothing of rows, rooms or settings.
Lengths are points (1/72 inch) of the page as displayed, boxes are fractions of that page from its top left corner.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload


class Method(StrEnum):
    """Where the words of a page come from."""

    NATIVE = "native"
    OCR = "ocr"
    NONE = "none"


class Active(StrEnum):
    """Something inside a PDF that acts or carries other files (DOM-1.11, SEC-31). The value is what people read."""

    SCRIPT = "scripts"
    LAUNCH = "an action that starts a program or opens another file"
    ATTACHMENT = "attached files"
    MEDIA = "sound, film or 3D content"
    XFA = "an XFA form"
    OPENS_LINK = "a link that opens by itself"


class Doubt(StrEnum):
    """What may be wrong with a scanned page (DOM-1.19). Advice for a person, unless a station's policy says more."""

    LOW_RESOLUTION = "low-resolution"
    BLANK = "blank"
    SKEWED = "skewed"
    TURNED = "turned"
    CLIPPED = "clipped"
    BLACK_BORDER = "black-border"
    LOW_CONTRAST = "low-contrast"
    TOO_DARK = "too-dark"
    REPEATED = "repeated"
    ODD_SIZE = "odd-size"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about a page, and what was measured: dots per inch, degrees, per cent."""

    doubt: Doubt
    measured: float


@dataclass(frozen=True, slots=True)
class PageSurvey:
    """What can be seen of a page without reading its words: marks printed for machines, and doubts about the scan.

    `marks` are the texts of QR and Code 128 symbols, unjudged: anybody can print one.
    """

    number: int
    marks: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def is_blank(self) -> bool:
        return any(one.doubt is Doubt.BLANK for one in self.findings)


@dataclass(frozen=True, slots=True)
class Word:
    """One word and its box; confidence is 0–100 where OCR read it and None where the file itself says it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float | None = None


class WordColumns(Sequence[Word]):
    """The words that a file itself gives for a page, in columns: thousands cross the wall without becoming objects.

    `edges` has all left ones, then all top, right and bottom ones, in hundred-thousandths of the page.
    """

    PARTS = 100_000

    def __init__(self, texts: Sequence[str], edges: "array[int]") -> None:
        if len(edges) != 4 * len(texts):
            raise ValueError("every word has four edges")
        self.texts = texts
        self.edges = edges

    @classmethod
    def of(cls, words: Sequence[Word]) -> "WordColumns":
        """Put words side by side; confidences are left out, for what the file says is sure."""
        sides: tuple[Iterable[float], ...] = (
            [word.left for word in words],
            [word.top for word in words],
            [word.right for word in words],
            [word.bottom for word in words],
        )
        edges = array("i", [round(edge * cls.PARTS) for side in sides for edge in side])
        return cls([word.text for word in words], edges)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> Word: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Word, ...]: ...

    def __getitem__(self, at: int | slice) -> Word | tuple[Word, ...]:
        if isinstance(at, slice):
            return tuple(self._word(one) for one in range(len(self))[at])
        return self._word(range(len(self))[at])

    def __iter__(self) -> Iterator[Word]:
        return map(self._word, range(len(self)))

    def _word(self, at: int) -> Word:
        left, top, right, bottom = (edge / self.PARTS for edge in self.edges[at :: len(self)])
        return Word(self.texts[at], left, top, right, bottom)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file may be refused for, or a person must be asked about, before it is kept.

    Refusals are raised, not returned.
    """

    pages: int | None
    active: tuple[Active, ...] = ()
    repaired: bool = False
    restricted: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page before it is read: its place, the label printed on it by the file, its displayed size in points."""

    number: int
    label: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the outline that a file brings: how deep it stands (0 is outermost), its words, the page it leads to."""

    level: int
    title: str
    page: int


@dataclass(frozen=True, slots=True)
class NativePage:
    """The text that the file itself gives for a page, and what must be done: keep it, read by OCR, or nothing."""

    sheet: Sheet
    text: str
    words: WordColumns
    decision: Method
    because: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came inside a message: its place, its name as sent, its bytes; None where it is too large to be had."""

    number: int
    name: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as people see it, in the size of a page and of a thumbnail, both as WebP. Pixels of the larger one."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page, read: the words in use, the text that the file itself gave, and its pictures if they were asked for.

    `method` is NONE for a page without words, which is no failure. `turned` is by how many degrees clockwise the
    picture must be turned for its words to stand upright; boxes are those of the page as displayed all the same.
    `picture` is None where none can be had; `reason` then says why.
    """

    sheet: Sheet
    text: str
    words: tuple[Word, ...]
    method: Method
    engine: str
    language: str
    confidence: float | None
    native_text: str
    turned: int
    picture: PagePicture | None
    reason: str
    because: str
