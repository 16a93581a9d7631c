"""Finding pages: scope, engine, then the database again. Nothing is shown that the second look does not allow."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from docstore.access.actor import Actor
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.search.asking import Asked, ask, find
from docstore.search.drift import IndexHealth, index_health
from docstore.search.engine import FacetName, Filters, Sort
from docstore.search.export import export_results
from docstore.search.hits import Hit, allowed_hits
from docstore.search.query import All, Fuzzy, Problem, Word
from docstore.search.rankings import begin, go_on, question_of
from docstore.search.reach import named
from docstore.search.saved_queries import Saved, alerts, saved_search, saved_searches
from docstore.search.text import page_terms
from docstore.search.within import Within, find_in_document

__all__ = [
    "FacetName",
    "Filters",
    "Hit",
    "IndexHealth",
    "Results",
    "Saved",
    "Sort",
    "Within",
    "alerts",
    "export_results",
    "find_in_document",
    "index_health",
    "saved_search",
    "saved_searches",
    "search",
]

MOST_RECORDED = 200


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to narrow by, its name for people, and how many documents it would leave."""

    value: str
    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class Results:
    """What this person may know of what was found."""

    hits: tuple[Hit, ...]
    pages: int
    documents: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    suggestion: str | None
    problems: tuple[Problem, ...]
    next: str | None

    @property
    def not_understood(self) -> tuple[str, ...]:
        """The pieces of the query that were left out, as they were typed; `problems` says where and why."""
        return tuple(one.text for one in self.problems)


def search(
    *,
    by: Actor,
    query: str,
    filters: Filters = Filters(),
    facets: Sequence[str] = (),
    sort: str = Sort.RELEVANCE,
    limit: int = 20,
    cursor: str | None = None,
) -> Results:
    """Find pages for `by`. Raises SearchIsDown; a query that is not understood never raises, it is told."""
    scope, names = Scope.of(by), tuple(FacetName(one) for one in facets)
    question = question_of(by, query, filters, sort)
    asked = ask(scope, query, filters, facets=names, sort=Sort(sort), limit=1 if cursor else limit)
    found = find(asked.request)
    here = go_on(asked, question, by=by, cursor=cursor, limit=limit) if cursor else begin(found, question)
    hits = allowed_hits(scope, here.matches, asked.query.tree)
    _write_down(by, query, found.pages, hits)
    return Results(
        hits=hits,
        pages=found.pages,
        documents=found.documents,
        facets={name.value: _named(scope, name, found.facets.get(name, ()), hits) for name in names},
        suggestion=_suggestion(asked) if not found.pages else None,
        problems=asked.query.problems,
        next=here.next,
    )


def _named(
    scope: Scope, name: FacetName, counts: Sequence[tuple[str, int]], hits: Sequence[Hit]
) -> tuple[FacetValue, ...]:
    beside = {hit.case: hit.placed.filing.case for hit in hits}.values()
    names = named(scope, name, [value for value, _ in counts], beside=beside)
    return tuple(FacetValue(value, names[value], count) for value, count in counts if value in names)


def _suggestion(asked: Asked) -> str | None:
    """A word that does stand on a page this person may read, where theirs stands on none."""
    request = asked.request
    for wanted in request.tree.parts if request else ():
        if not isinstance(wanted, Word) or request is None:
            continue
        fuzzy = Fuzzy(wanted.term)
        alike = All(tuple(fuzzy if one == wanted else one for one in request.tree.parts))
        found = find(replace(request, tree=alike, facets=(), offset=0, limit=3))
        for hit in allowed_hits(asked.scope, found.matches, All((fuzzy,))):
            for part in hit.snippet:
                near = page_terms(part.text) if part.hit else []
                if near and near[0] != wanted.term:
                    return near[0]
    return None


def _write_down(by: Actor, query: str, pages: int, hits: Sequence[Hit]) -> None:
    """A search is an act of reading: who, what was found, and a digest of what was asked – it may hold a name."""
    facts = {
        "query_sha256": hashlib.sha256(query.encode()).hexdigest(),
        "pages": pages,
        "results": [f"{hit.document}:{hit.page}" for hit in hits[:MOST_RECORDED]],
    }
    stream = access_stream(clock.now(), str(by.user_id))
    record_alone(Event.SEARCH_PERFORMED, stamp=by.stamp, stream=stream, refs={}, facts=facts)
