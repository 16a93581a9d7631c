"""The query language: words (all must match), "a phrase", -not, OR, prefix*, word~ and field:value.

Turns what a person typed into a typed tree. Nothing raises and nothing is dropped in silence: what was not understood
comes back by name. Lengths and counts are bounded, so no query can cost more than a page of text would.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from docstore.search.text import terms

LONGEST = 1000
MOST_PARTS = 40
SHORTEST_PREFIX = 2


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


@dataclass(frozen=True, slots=True)
class Word:
    """A term, or any with the same stem."""

    term: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms one after another, as they are."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every term that begins so."""

    term: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every term that differs by a letter or two."""

    term: str


@dataclass(frozen=True, slots=True)
class InField:
    """A value in a named field."""

    field: FieldName
    value: str


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


Part = Word | Phrase | Prefix | Fuzzy | InField | Not | Either | All


@dataclass(frozen=True, slots=True)
class Query:
    """What was understood, and what was not. `is_empty` where nothing was asked."""

    tree: All
    not_understood: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.tree.parts and not self.not_understood


_PIECE = re.compile(r'(?P<not>-)?(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"|(?P<bare>[^\s"]+))')


def parse(text: str) -> Query:
    """Return the query that `text` says."""
    groups: list[list[Part]] = []
    strange: list[str] = []
    joins = False
    if len(text) > LONGEST:
        strange.append(f"everything after {LONGEST} characters")
    for count, match in enumerate(_PIECE.finditer(text[:LONGEST].replace("“", '"').replace("”", '"'))):
        if count >= MOST_PARTS:
            strange.append(f"everything after {MOST_PARTS} words")
            break
        if match.group() == "OR":
            joins = bool(groups)
            continue
        part = _part(match)
        if part is None:
            strange.append(match.group())
        elif joins:
            groups[-1].append(part)
        else:
            groups.append([part])
        joins = False
    parts = tuple(group[0] if len(group) == 1 else Either(tuple(group)) for group in groups)
    return Query(All(parts), tuple(strange))


def _part(match: re.Match[str]) -> Part | None:
    name, phrase, bare = match.group("field"), match.group("phrase"), match.group("bare")
    if name is not None:
        part = _in_field(name.lower(), phrase if phrase is not None else bare)
    else:
        part = _phrase(phrase) if phrase is not None else _bare(bare)
    return Not(part) if part is not None and match.group("not") else part


def _in_field(name: str, value: str) -> Part | None:
    if name not in set(FieldName) or not value.strip():
        return None
    return InField(FieldName(name), value.strip())


def _bare(text: str) -> Part | None:
    core, found = text.rstrip("*~"), None
    marks = text[len(core) :]
    parts = terms(core)
    if len(parts) == 1 and marks == "*":
        found = Prefix(parts[0]) if len(parts[0]) >= SHORTEST_PREFIX else None
    elif len(parts) == 1 and marks == "~":
        return Fuzzy(parts[0])
    elif not marks:
        return _words(core)
    return found


def _phrase(text: str) -> Part | None:
    parts = terms(text)
    return Phrase(tuple(parts)) if parts else None


def _words(text: str) -> Part | None:
    """What punctuation joins stays together: 12/345/26 and well-known are looked for as phrases."""
    parts = terms(text)
    return Word(parts[0]) if len(parts) == 1 else _phrase(text)


def positives(part: Part) -> list[Word | Phrase | Prefix | Fuzzy]:
    """Return the parts that can be shown on a page: what to highlight."""
    match part:
        case All(parts) | Either(parts):
            return [one for inner in parts for one in positives(inner)]
        case Word() | Phrase() | Prefix() | Fuzzy():
            return [part]
        case InField() | Not():
            return []
