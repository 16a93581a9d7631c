"""The port behind which a search engine stands, and what passes through it.

An engine holds a shadow of the database: it may be lost at any time and made again. It gives ids and counts, never
text to show; whether a hit may be shown is decided again in the database. Knows no rows and no engine.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from docstore.cases.scope import ScopeFilter
from docstore.core.errors import Unavailable
from docstore.search.tree import Node


class SearchUnavailable(Unavailable):
    """Search is not working just now. Cases and documents can still be opened from their lists. Try again in a minute."""

    code = "search-unavailable"


class Facet(StrEnum):
    """What may be counted beside the hits."""

    CASE = "case"
    COURT = "court"
    SECTION = "section"
    TYPE = "type"
    PARTY = "party"
    YEAR = "year"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Label:
    """A value as machines compare it and the name by which people look for it."""

    value: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One page of a document on one case.

    A document that is shown on several cases has its pages once for each, so that a filter or a facet of one case never
    tells of another; `repeated` is set on all but the first. `places` and `case` are of that one case, `cases` are all
    on which the document stands, for exclusions. Texts are as a person wrote them; engines normalise through search.text.
    """

    document: str
    version: int
    page: int
    case: str
    cases: frozenset[str]
    places: frozenset[str]
    rank: int
    sealed: bool
    repeated: bool = False
    label: str = ""
    title: str = ""
    text: str = ""
    language: str = ""
    confidence: float | None = None
    court: Label = Label("")
    section: Label = Label("")
    type: Label = Label("")
    filed_by: Label = Label("")
    parties: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    classification: str = ""
    filed_at: datetime
    dated_on: date | None = None
    hearings: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """All that the engine shall hold of a document as of one change of it; no entries means that it is gone."""

    document: str
    change: int
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrows a search; an empty member does not. Values of one member are alternatives."""

    documents: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    courts: frozenset[str] = frozenset()
    sections: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    classifications: frozenset[str] = frozenset()
    dated_from: date | None = None
    dated_to: date | None = None
    filed_from: date | None = None
    filed_to: date | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A search. No query means every page inside the scope and the filters.

    `hidden_documents` and `hidden_cases` are those whose entries may be older than a restriction of them.
    """

    scope: ScopeFilter
    query: Node | None = None
    hidden_documents: frozenset[str] = frozenset()
    hidden_cases: frozenset[str] = frozenset()
    filters: Filters = Filters()
    facets: tuple[Facet, ...] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that answers the search."""

    document: str
    version: int
    page: int
    case: str
    score: float


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many documents of the result bear a value."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in order, pages of one document together; counts of the whole result; the cursor of what follows."""

    hits: tuple[Hit, ...] = ()
    pages: int = 0
    documents: int = 0
    facets: Mapping[Facet, tuple[FacetCount, ...]] = field(default_factory=dict)
    next: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """How the index is: whether it answers, what it holds, and whether another one is being built beside it."""

    answers: bool
    detail: str
    entries: int = 0
    bytes: int = 0
    segments: int = 0
    rebuilding: str = ""


class Rebuild(Protocol):
    """A new index being filled beside the old one, which goes on answering. Replacements put meanwhile reach both."""

    @property
    def name(self) -> str:
        """Which new index this is; the same when an interrupted rebuild is taken up again."""

    def put(self, replacements: Iterable[Replacement]) -> None:
        """Put into the new index only. What a newer change has put there stays."""

    def finish(self) -> None:
        """Let the new index answer from now on, in one step, and remove the old one."""

    def abandon(self) -> None:
        """Remove the new index."""


class Engine(Protocol):
    """What a search engine must do. Every method raises SearchUnavailable where the engine does not answer."""

    def put(self, replacements: Iterable[Replacement]) -> None:
        """Replace what is held of each document, unless the same or a newer change of it was applied already.

        Where a call was interrupted it may be repeated. When it returns, the next `find` sees its effect.
        """

    def find(self, request: Request) -> Found:
        """Answer a search. Nothing outside the request's scope is given, counted or ranked by place."""

    def held(self, documents: Collection[str]) -> dict[str, int]:
        """Return the change number applied last of each of these documents that is known; removed ones included."""

    def state(self) -> State:
        """Tell how the index is; never raises."""

    def rebuild(self) -> Rebuild:
        """Begin a new index, or take up the one that was begun."""
