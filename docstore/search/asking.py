"""From what a person asks to the engine's question: narrowed to what they may know of, without what is just changing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from docstore.access.permissions import Permission
from docstore.cases.scope import Scope
from docstore.core import jobs
from docstore.documents.visibility import engine_filter
from docstore.search.engine import FacetName, Filters, Found, Match, Request, Sort, configured
from docstore.search.query import Query, parse
from docstore.search.reach import within_reach

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of one person, ready to be put to the engine. `request` is None where it can have no answer."""

    scope: Scope
    query: Query
    request: Request | None


def ask(
    scope: Scope,
    query: str,
    filters: Filters = Filters(),
    *,
    facets: tuple[FacetName, ...] = (),
    sort: Sort = Sort.RELEVANCE,
    offset: int = 0,
    limit: int = AT_ONCE,
) -> Asked:
    """Return the engine's question. What is about to change is left out: its entries may say what is no longer so."""
    asked = parse(query)
    allowed = engine_filter(scope) if scope.may(Permission.SEARCH) else None
    nothing_left = not asked.tree.parts and bool(asked.not_understood)
    if allowed is None or not allowed.alternatives or nothing_left:
        return Asked(scope, asked, None)
    doubtful = [one.partition(":") for one in jobs.pending_restrictions()]
    tree, narrowed = within_reach(scope, asked.tree, filters)
    request = Request(
        tree=tree,
        scope=allowed,
        filters=narrowed,
        facets=facets,
        sort=sort,
        offset=offset,
        limit=limit,
        without_documents=frozenset(one for kind, _, one in doubtful if kind == "document"),
        without_cases=frozenset(one for kind, _, one in doubtful if kind == "case"),
    )
    return Asked(scope, asked, request)


def find(request: Request | None) -> Found:
    """Put a question to the engine; nothing is found where there is none. Raises SearchIsDown."""
    return configured().find(request) if request is not None else Found()


def documents_matching(asked: Asked, *, among: frozenset[str] | None = None, most: int) -> list[str]:
    """Return up to `most` documents that match, whichever of their pages do; `among` limits where to look."""
    found: list[str] = []
    request = asked.request
    if request is not None and among is not None:
        request = replace(request, only_documents=among)
    while request is not None and len(found) < most:
        fresh = list(dict.fromkeys(one.document for one in find(request).matches))
        if not fresh:
            break
        found += fresh
        request = replace(request, without_documents=request.without_documents | set(fresh))
    return found[:most]


def every_match(asked: Asked, *, most: int) -> Iterator[tuple[Match, ...]]:
    """Yield the matches in slices, best first, up to `most` pages: of one answer, so that none comes twice."""
    if asked.request is None:
        return
    matches = find(replace(asked.request, limit=most)).matches
    for at in range(0, len(matches), AT_ONCE):
        yield matches[at : at + AT_ONCE]
