"""The shapes in which the demo court is written down: who, which case, which paper. Data only.

Days are counted from the day on which the demo court is built, so that there is always a hearing today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from docstore.core.references import with_luhn_digit


class Form(StrEnum):
    """What a paper looks like when it reaches the court."""

    TYPED = "typed"
    GREY = "grey scan, 200 dpi"
    FINE = "grey scan, 300 dpi"
    BLACK = "black and white scan, 300 dpi"
    COLOUR = "colour scan, 200 dpi"
    STAMPED = "scan with nothing but a filing stamp in its text layer"
    MIXED = "typed pages, then scanned ones"
    TIFF = "multi-page TIFF"
    PHOTO = "photograph"
    WORD = "Word document"
    TEXT = "plain text"


@dataclass(frozen=True, slots=True)
class DemoCourt:
    """A court and what it hears."""

    code: str
    name: str
    jurisdictions: str


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who can sign in. `court` is empty for roles that belong to no court."""

    username: str
    name: str
    role: str
    court: str = ""


@dataclass(frozen=True, slots=True)
class DemoParty:
    """Somebody in a case; `acts` is the demo person who represents them, empty for none."""

    name: str
    role: str
    side: str
    representative: str = ""
    note: str = ""
    acts: str = ""


@dataclass(frozen=True, slots=True)
class DemoHearing:
    """A sitting, `day` days from the first day of the demo court; those before it have been heard."""

    day: int
    at: str
    room: str
    kind: str


@dataclass(frozen=True, slots=True)
class DemoDocument:
    """One paper. `age` is how many days before the first day it was written; `told` must be findable in it."""

    section: str
    type: str
    title: str
    form: Form
    by: str
    age: int
    pages: int
    author: str
    told: tuple[str, ...]
    restricted: bool = False
    sealed: str = ""
    named: tuple[str, ...] = ()
    withdrawn: str = ""
    shown_on: tuple[str, str] | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class DemoCase:
    """One case with everything that hangs on it. `key` names it within the demo court only."""

    key: str
    court: str
    case_type: str
    title: str
    references: tuple[tuple[str, str], ...]
    parties: tuple[DemoParty, ...]
    hearings: tuple[DemoHearing, ...]
    documents: tuple[DemoDocument, ...]
    members: tuple[tuple[str, str], ...] = ()
    restriction: str = ""
    sealed: str = ""
    restricted: bool = False
    excluded: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    closed: tuple[int, str] | None = None

    @property
    def clerk(self) -> str:
        return "clerk" if self.court == FIRST_COURT else "clerk2"

    @property
    def reference(self) -> str:
        return self.references[0][1]


FIRST_COURT, SECOND_COURT = "NGATE", "EMERE"


@dataclass(frozen=True, slots=True)
class Told:
    """What a paper says beyond the usual wording of its kind, and who signs it."""

    author: str
    sentences: tuple[str, ...] = field(default=())


def by(author: str, *sentences: str) -> Told:
    """Name the author and the sentences of a paper."""
    return Told(author, sentences)


def paper(
    place: str, title: str, form: Form, filer: str, age: int, told: Told, *, pages: int = 1, **more: object
) -> DemoDocument:
    """Write down one paper; `place` is its section and its kind, such as 'statements/statement'."""
    section, kind = place.split("/")
    return DemoDocument(section, kind, title, form, filer, age, pages, told.author, told.sentences, **more)  # type: ignore[arg-type]


def urn(number: int) -> tuple[str, str]:
    """Return a police reference of the demo court's own invented force."""
    return ("urn", f"45MC{1234500 + number:07d}")


def ccd(number: int) -> tuple[str, str]:
    """Return a sixteen-digit case number with its check digit."""
    return ("ccd", with_luhn_digit(f"1795382044{17000 + number:05d}"))


def hearings(room: str, *rows: tuple[int, str, str]) -> tuple[DemoHearing, ...]:
    """Return sittings in one room."""
    return tuple(DemoHearing(day, at, room, kind) for day, at, kind in rows)


def papers_of(cases: Iterable[DemoCase]) -> Iterable[tuple[DemoCase, int, DemoDocument]]:
    """Yield every paper with its case and its place on it, from 1."""
    for case in cases:
        for place, document in enumerate(case.documents, 1):
            yield case, place, document
