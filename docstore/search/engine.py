"""The port to search engines: what goes in, what is asked, what comes out. Frozen values and one Protocol."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from django.utils.module_loading import import_string

from docstore.cases.scope import ScopeFilter
from docstore.core import conf
from docstore.core.errors import Unavailable
from docstore.search.tree import All, FieldName

DEEPEST = 10_000


class SearchIsDown(Unavailable):
    """Search is not working just now. You can still open cases by their reference; try the search again in a minute."""

    code = "search-unavailable"
    # An outage of a day must not leave a day's papers set aside, each waiting for somebody to try it again.
    is_outage = True


class FacetName(StrEnum):
    """What results can be counted by."""

    CASE = "case"
    COURT = "court"
    SECTION = "section"
    TYPE = "type"
    PARTY = "party"
    YEAR = "year"


class IndexIsOld(SearchIsDown):
    """Search is being prepared after an update and will be back by itself. You can still open cases by their reference."""

    code = "search-unavailable"


# Under which names both engines keep an entry, so that an index of either reads alike.
KEYWORDS = (
    "document",
    "places",
    "cases",
    "courts",
    "sections",
    "type",
    "parties",
    "references",
    "year",
    "language",
    "traits",
)
FACET_FIELDS = {
    FacetName.CASE: "cases",
    FacetName.COURT: "courts",
    FacetName.SECTION: "sections",
    FacetName.TYPE: "type",
    FacetName.PARTY: "parties",
    FacetName.YEAR: "year",
}
FIELD_OF = {
    FieldName.CASE: "references",
    FieldName.REFERENCE: "references",
    FieldName.SECTION: "sections",
    FieldName.TYPE: "type",
    FieldName.PARTY: "parties",
    FieldName.COURT: "courts",
    FieldName.LANGUAGE: "language",
    FieldName.IS: "traits",
}
TERMED = {FieldName.TITLE: "title", FieldName.FILED_BY: "filed_by"}
MOST_FACET_VALUES = 100


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page, as it is indexed. `places`, `cases`, `rank` and `sealed` are what the scope is held against;
    `filed` and `dated` are days, `moment` is the second of filing, by which newest and oldest are told."""

    document: str
    page: int
    body: Sequence[str]
    places: frozenset[str]
    cases: frozenset[str]
    courts: frozenset[str]
    sections: frozenset[str]
    rank: int
    sealed: bool
    title: Sequence[str]
    type: str
    parties: frozenset[str]
    references: frozenset[str]
    filed_by: Sequence[str]
    filed: int
    dated: int
    year: str
    language: str
    marks: Sequence[str] = ()
    traits: frozenset[str] = frozenset()
    moment: int = 0


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person narrowed the search to; None where they did not."""

    case: str | None = None
    reference: str | None = None
    court: str | None = None
    section: str | None = None
    type: str | None = None
    party: str | None = None
    dated_from: date | None = None
    dated_to: date | None = None
    filed_from: date | None = None
    filed_to: date | None = None
    classification: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One question to an engine. `without…` names documents and cases whose entries are not to be trusted just now;
    `only_documents`, where given, is where to look and nowhere else."""

    tree: All
    scope: ScopeFilter
    filters: Filters = Filters()
    facets: tuple[FacetName, ...] = ()
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    without_documents: frozenset[str] = frozenset()
    without_cases: frozenset[str] = frozenset()
    only_documents: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One page that was found."""

    document: str
    page: int
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found: some matches, how many pages and documents in all, and counts of documents by facet."""

    matches: tuple[Match, ...] = ()
    pages: int = 0
    documents: int = 0
    facets: Mapping[FacetName, tuple[tuple[str, int], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineState:
    """How the engine is: whether it answers, what it holds, and a sentence for `doctor`.

    `current` says whether the live index was built by the rules of this code; `leftovers` how many deleted entries have
    text in its files still.
    """

    well: bool
    pages: int
    detail: str
    current: bool = True
    leftovers: int = 0


class Engine(Protocol):
    """A search backend. Every method raises SearchIsDown where it cannot be reached."""

    def put(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        """Make the index hold exactly these entries of the document; none removes it. Older `seq` never wins, not even
        long after a removal."""
        ...

    def take_out(self, marks: Mapping[str, int]) -> Mapping[str, int]:
        """Remove documents, each as of its `seq`, in one go; return of how many pages a question still finds words.

        What `put` with no entries does, for many: where something newer is held, that stays, and is counted.
        """
        ...

    def find(self, request: Request) -> Found:
        """Answer a question, scope, counts and facets included."""
        ...

    def held(self, prefix: str) -> Mapping[str, tuple[int, int]]:
        """Return how many pages it holds, and of which `seq`, of every document whose id begins so."""
        ...

    def state(self) -> EngineState: ...

    def expunge(self) -> bool:
        """Make deleted text leave the files; False where only a rebuild can do that."""
        ...

    def rebuilding(self, begun: str | None = None) -> AbstractContextManager["Build"]:
        """Fill a new index beside the live one and swap them when the block ends well.

        Goes on with the one named `begun` where that is there still and was made by the rules of this code.
        """
        ...


class Build(Protocol):
    """An index in the making."""

    name: str

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        """Add entries, each with the sequence number of its document, all of a document together.

        What was added after the last checkpoint of an interrupted build may be added again.
        """
        ...

    def replace(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        """Make the new index hold exactly these entries of a document that has changed since it was added."""
        ...

    def mark(self, document: str, seq: int) -> None:
        """Add the mark of a document that is not in the index and was taken out of it, or had no words, by `seq`."""
        ...

    def checkpoint(self) -> None:
        """Make what was added so far outlast this process."""
        ...


def spellings(value: str) -> set[str]:
    """How a value that a person typed may stand in the index."""
    return {value, value.upper(), value.lower(), "".join(value.split()).upper()}


def keywords_of(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return what an entry is found by as it stands, field by field."""
    return {
        "document": (entry.document,),
        "places": tuple(entry.places),
        "cases": tuple(entry.cases),
        "courts": tuple(entry.courts),
        "sections": tuple(entry.sections),
        "type": (entry.type,),
        "parties": tuple(entry.parties),
        "references": tuple(entry.references),
        "year": (entry.year,),
        "language": tuple(entry.language.split("+")),
        "traits": tuple(entry.traits),
    }


def most_first(counts: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Counts of a facet by documents, not pages, as engines order them; what has no value is no choice to offer."""
    return tuple(sorted((one for one in counts if one[0]), key=lambda one: (-one[1], one[0])))


@lru_cache(maxsize=1)
def configured() -> Engine:
    """Return the engine that settings name; made once per process."""
    port = conf.get().search
    engine: Engine = import_string(port.backend)(**port.options)
    return engine
