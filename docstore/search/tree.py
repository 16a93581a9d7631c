"""What a query says, as a typed tree. Frozen values that the parser makes and the engines, the marker and reach read."""

from dataclasses import dataclass
from enum import StrEnum


class FieldName(StrEnum):
    """What can be asked for by name."""

    TITLE = "title"
    CASE = "case"
    REFERENCE = "reference"
    SECTION = "section"
    TYPE = "type"
    PARTY = "party"
    COURT = "court"
    FILED_BY = "filedby"
    LANGUAGE = "language"
    IS = "is"


class RangeName(StrEnum):
    """What can be asked for from–to. Days are ordinals; `hearing` is answered by the cases that are heard then."""

    DATED = "dated"
    FILED = "filed"
    HEARING = "hearing"
    PAGE = "page"


class Trait(StrEnum):
    """What `is:` can ask for."""

    UNCLEAR = "unclear"
    PARTIAL = "partial"
    REVISED = "revised"
    CORRECTED = "corrected"
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class Word:
    """A term, or any with the same stem. `alike` are other ways to say it, each of one term or several."""

    term: str
    alike: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms one after another, as they are."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation, sum, date or number, however it is written: `value` as the index holds it, `terms` as it was typed.

    A `loose` one is also found where its terms stand in a row.
    """

    value: str
    terms: tuple[str, ...]
    loose: bool


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every term that begins so."""

    term: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every term that differs by a letter or two."""

    term: str


@dataclass(frozen=True, slots=True)
class Near:
    """Two words at most so many words apart, in either order."""

    one: Word
    other: Word
    within: int


@dataclass(frozen=True, slots=True)
class InField:
    """A value in a named field."""

    field: FieldName
    value: str


@dataclass(frozen=True, slots=True)
class OnCases:
    """On one of these cases, by id. People do not type it: `reach` puts it where they asked for a hearing."""

    cases: frozenset[str]


@dataclass(frozen=True, slots=True)
class InRange:
    """A number or day from–to, both included; None is open."""

    field: RangeName
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Not:
    part: "Part"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them."""

    parts: tuple["Part", ...]


Said = Word | Phrase | Mark | Prefix | Fuzzy | Near
Told = InField | InRange | OnCases
Part = Said | Told | Not | Either | All


def positives(part: Part) -> list[Said]:
    """Return the parts that can be shown on a page: what to highlight."""
    match part:
        case All(parts) | Either(parts):
            return [one for inner in parts for one in positives(inner)]
        case Word() | Phrase() | Mark() | Prefix() | Fuzzy() | Near():
            return [part]
        case InField() | InRange() | OnCases() | Not():
            return []
