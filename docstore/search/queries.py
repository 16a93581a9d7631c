"""Finding pages: scope, engine, then the database again. Nothing is shown that the second look does not allow."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock, jobs
from docstore.core.paging import CursorUnknown, decode, encode
from docstore.documents.visibility import engine_filter
from docstore.search.engine import DEEPEST, FacetName, Filters, Found, Request, Sort, configured
from docstore.search.hits import Hit, allowed_hits
from docstore.search.query import All, Fuzzy, Query, Word, parse
from docstore.search.reach import named, within_reach
from docstore.search.text import terms

__all__ = ["FacetName", "Filters", "Hit", "Results", "Sort", "search"]

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
    not_understood: tuple[str, ...]
    next: str | None


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
    scope, asked = Scope.of(by), parse(query)
    names = tuple(FacetName(one) for one in facets)
    request = _request(scope, asked, filters, names, Sort(sort), _offset(cursor), limit)
    can_find = scope.may(Permission.SEARCH) and bool(request.scope.alternatives)
    nothing_left = not asked.tree.parts and bool(asked.not_understood)
    found = configured().find(request) if can_find and not nothing_left else Found(facets=dict.fromkeys(names, ()))
    hits = allowed_hits(scope, found.matches, asked.tree)
    _write_down(by, query, found, hits)
    end = request.offset + limit
    return Results(
        hits=hits,
        pages=found.pages,
        documents=found.documents,
        facets={name.value: _named(scope, name, found.facets.get(name, ())) for name in names},
        suggestion=_suggestion(scope, request, asked) if can_find and not found.pages else None,
        not_understood=asked.not_understood,
        next=encode([end]) if end < min(found.pages, DEEPEST) else None,
    )


def _request(
    scope: Scope, asked: Query, filters: Filters, facets: tuple[FacetName, ...], sort: Sort, offset: int, limit: int
) -> Request:
    """The engine's question, without what is about to change: its entries may still say what is no longer so."""
    doubtful = [one.partition(":") for one in jobs.pending_restrictions()]
    tree, narrowed = within_reach(scope, asked.tree, filters)
    return Request(
        tree=tree,
        scope=engine_filter(scope),
        filters=narrowed,
        facets=facets,
        sort=sort,
        offset=offset,
        limit=limit,
        without_documents=frozenset(one for kind, _, one in doubtful if kind == "document"),
        without_cases=frozenset(one for kind, _, one in doubtful if kind == "case"),
    )


def _offset(cursor: str | None) -> int:
    if not cursor:
        return 0
    text = decode(cursor, length=1)[0]
    if not text.isdigit() or int(text) > DEEPEST:
        raise CursorUnknown
    return int(text)


def _named(scope: Scope, name: FacetName, counts: Sequence[tuple[str, int]]) -> tuple[FacetValue, ...]:
    names = named(scope, name, [value for value, _ in counts])
    return tuple(FacetValue(value, names[value], count) for value, count in counts if value in names)


def _suggestion(scope: Scope, request: Request, asked: Query) -> str | None:
    """A word that does stand on a page this person may read, where theirs stands on none."""
    for wanted in request.tree.parts:
        if not isinstance(wanted, Word):
            continue
        fuzzy = Fuzzy(wanted.term)
        alike = All(tuple(fuzzy if one == wanted else one for one in request.tree.parts))
        found = configured().find(replace(request, tree=alike, facets=(), offset=0, limit=3))
        for hit in allowed_hits(scope, found.matches, All((fuzzy,))):
            for part in hit.snippet:
                near = terms(part.text) if part.hit else []
                if near and near[0] != wanted.term:
                    return near[0]
    return None


def _write_down(by: Actor, query: str, found: Found, hits: Sequence[Hit]) -> None:
    """A search is an act of reading: who, what was found, and a digest of what was asked – it may hold a name."""
    facts = {
        "query_sha256": hashlib.sha256(query.encode()).hexdigest(),
        "pages": found.pages,
        "results": [f"{hit.document}:{hit.page}" for hit in hits[:MOST_RECORDED]],
    }
    stream = access_stream(clock.now(), str(by.user_id))
    record_alone(Event.SEARCH_PERFORMED, stamp=by.stamp, stream=stream, refs={}, facts=facts)
