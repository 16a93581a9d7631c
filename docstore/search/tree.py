"""What a person asked for, as a typed tree. The parser makes it; engines and the highlighter read it.

Every term in a tree is already normalised by search.text. Nothing here knows an engine's syntax.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Field(StrEnum):
    """The fields that a query may name."""

    TITLE = "title"
    REFERENCE = "reference"
    SECTION = "section"
    TYPE = "type"
    PARTY = "party"
    COURT = "court"
    FILED_BY = "filed_by"
    LANGUAGE = "language"


class Day(StrEnum):
    """The days that a query may name."""

    DATED = "dated"
    FILED = "filed"
    HEARING = "hearing"


@dataclass(frozen=True, slots=True)
class Word:
    """A word in any of its forms."""

    term: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other exactly so, across line ends, never across pages."""

    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    """Every word that begins so."""

    term: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Every word at most `distance` letters away; two letters in the wrong order count as one."""

    term: str
    distance: int


type Leaf = Word | Phrase | Prefix | Fuzzy


@dataclass(frozen=True, slots=True)
class Named:
    """A leaf that is looked for in one field and not on the page."""

    field: Field
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Between:
    """A day from–to, both included; open where None."""

    day: Day
    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class Every:
    """All of these."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not this."""

    node: "Node"


type Node = Leaf | Named | Between | Every | Either | Without


def leaves(node: Node | None) -> tuple[Leaf, ...]:
    """Return what is looked for on the page itself: what a highlighter may mark."""
    match node:
        case Word() | Phrase() | Prefix() | Fuzzy():
            return (node,)
        case Every(nodes) | Either(nodes):
            return tuple(leaf for one in nodes for leaf in leaves(one))
        case _:
            return ()
