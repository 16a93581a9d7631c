"""What reading finds out, as plain values that cross the wall of the sandbox.

Bound read-only into the sandbox, therefore standard library only. Knows nothing of rows, rooms or settings.
Lengths are points (1/72 inch) of the page as displayed, boxes are fractions of that page from its top left corner.
"""

from dataclasses import dataclass
from enum import StrEnum


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
    words: tuple[Word, ...]
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
