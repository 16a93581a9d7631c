"""Finding pages: scope, engine, then the database again. Nothing is shown that the second look does not allow."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core import clock, jobs
from docstore.core.paging import CursorUnknown, decode, encode
from docstore.documents.models import Page
from docstore.documents.queries import Placed, placed
from docstore.documents.visibility import engine_filter, visible_to
from docstore.search.engine import DEEPEST, FacetName, Filters, Found, Match, Request, Sort, configured
from docstore.search.highlight import Box, Part, boxes, snippet
from docstore.search.query import All, Fuzzy, Query, Word, parse
from docstore.search.reach import named, within_reach
from docstore.search.text import terms

__all__ = ["FacetName", "Filters", "Hit", "Results", "Sort", "search"]

MOST_RECORDED = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """One page that was found. Boxes are fractions of the page as displayed."""

    document: UUID
    title: str
    case: UUID
    reference: str
    page: int
    label: str
    snippet: tuple[Part, ...]
    confidence: float | None
    score: float
    boxes: tuple[Box, ...]
    placed: Placed


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
    hits = _hits(scope, found.matches, asked)
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


def _hits(scope: Scope, matches: Sequence[Match], asked: Query) -> tuple[Hit, ...]:
    """Matches that the database allows too, pages of one document together, in the order of their best page."""
    ids = list(dict.fromkeys(UUID(one.document) for one in matches))
    rows = visible_to(scope).filter(pk__in=ids, withdrawn_at__isnull=True).select_related("filed_by")
    allowed = {one.document.pk: one for one in placed(scope, rows)}
    pages = _pages(allowed.values(), matches)
    references = _references({one.filing.case_id for one in allowed.values()})
    hits = []
    for document_id in ids:
        for match in matches:
            where, page = allowed.get(document_id), pages.get((document_id, match.page))
            if match.document == str(document_id) and where and page:
                hits.append(_hit(where, page, match, asked, references.get(where.filing.case_id, "")))
    return tuple(hits)


def _hit(where: Placed, page: Page, match: Match, asked: Query, reference: str) -> Hit:
    return Hit(
        document=where.document.pk,
        title=where.document.title,
        case=where.filing.case_id,
        reference=reference,
        page=page.number,
        label=page.label,
        snippet=snippet(page.text, asked.tree),
        confidence=page.confidence,
        score=round(match.score, 4),
        boxes=boxes(page.words, asked.tree),
        placed=where,
    )


def _pages(found: Iterable[Placed], matches: Sequence[Match]) -> dict[tuple[UUID, int], Page]:
    """The matching pages of the current versions, and no others: each brings its text and its words along."""
    current = {str(one.document.pk): one.current.pk for one in found}
    wanted: dict[UUID, list[int]] = defaultdict(list)
    for match in matches:
        if match.document in current:
            wanted[current[match.document]].append(match.page)
    if not wanted:
        return {}
    places = reduce(or_, (Q(version=version, number__in=numbers) for version, numbers in wanted.items()))
    documents = {version: UUID(document) for document, version in current.items()}
    return {(documents[row.version_id], row.number): row for row in Page.objects.filter(places).order_by()}


def _references(cases: set[UUID]) -> dict[UUID, str]:
    rows = Case.objects.filter(pk__in=cases).prefetch_related("references")
    return {row.pk: next((one.value for one in row.references.all()), "") for row in rows}


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
        for hit in _hits(scope, found.matches, replace(asked, tree=All((fuzzy,)))):
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
