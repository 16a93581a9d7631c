"""Search: the question travels by POST and is kept under an opaque id; results are pages, grouped by document."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries as cases
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound, Unavailable
from docstore.documents import queries as documents
from docstore.documents.delivery import Purpose
from docstore.documents.models import Rendition
from docstore.search import queries
from docstore.search.queries import Filters, Hit, Results
from docstore.web import dates, searches, shown
from docstore.web.pagepicture import rectangle
from docstore.web.searches import Kept
from docstore.web.views.door import page, see_other

AT_ONCE = 20
FACETS = ("section", "case", "type", "party")
FACET_NAMES = {"section": "Section", "case": "Case", "type": "Kind of paper", "party": "Party"}
FILTERS = (*FACETS, "dated_from", "dated_to")
SORTS = {"relevance": "Best match", "newest": "Newest", "oldest": "Oldest"}
UNCLEAR_BELOW = 70
STRIPS_PER_DOCUMENT = 3
PAGES_PER_DOCUMENT = 3
# A strip of the page around the first box: nine times as wide as high, and most of a line long.
STRIP_SHAPE = 9
STRIP_WIDTH = 0.62


@page("GET", "POST")
def search(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The search page. POST keeps the question and leads to its results, so a reload and Back do no harm."""
    actor.require(Permission.SEARCH)
    if request.method == "POST":
        name = searches.keep(request, _asked(request))
        return see_other(f"{reverse('search')}?s={name}#results")
    name = request.GET.get("s", "")
    kept = searches.recall(request, name)
    context: dict[str, Any] = {"query": "", "sorts": SORTS, "sort": "relevance", "chosen": {}}
    if kept and (kept.query.strip() or kept.filters):
        context |= {"query": kept.query, "sort": kept.sort, "s": name, "chosen": kept.filters}
        context |= _results(request, actor, kept, name)
    elif name and not kept:
        context["forgotten"] = True
    context["case_only"] = _case_only(actor, context["chosen"])
    return render(request, "docstore/search.html", context)


def _asked(request: HttpRequest) -> Kept:
    given = {name: request.POST.get(name, "").strip()[:160] for name in FILTERS}
    sort = request.POST.get("sort", "relevance")
    return Kept(
        query=request.POST.get("query", "")[:1000],
        filters={name: value for name, value in given.items() if value},
        sort=sort if sort in SORTS else "relevance",
    )


def _results(request: HttpRequest, actor: Actor, kept: Kept, name: str) -> dict[str, Any]:
    try:
        found = queries.search(
            by=actor,
            query=kept.query,
            filters=_filters(kept.filters),
            facets=FACETS,
            sort=kept.sort,
            limit=AT_ONCE,
            cursor=request.GET.get("after"),
        )
    except Unavailable as refusal:
        return {"down": refusal.sentence}
    kept.hits = [(str(one.document), one.page) for one in found.hits]
    searches.keep(request, kept, under=name)
    return {
        "found": found,
        "groups": _groups(found.hits, name),
        "facets": _facets(found, kept),
        "next_url": f"?s={name}&after={found.next}#results" if found.next else "",
        "first_url": f"?s={name}#results" if request.GET.get("after") else "",
    }


def _filters(chosen: dict[str, str]) -> Filters:
    return Filters(
        case=chosen.get("case"),
        section=chosen.get("section"),
        type=chosen.get("type"),
        party=chosen.get("party"),
        dated_from=dates.parse_day(chosen.get("dated_from", "")),
        dated_to=dates.parse_day(chosen.get("dated_to", "")),
    )


def _case_only(actor: Actor, chosen: dict[str, str]) -> shown.CaseShown | None:
    """The case that the search is narrowed to, if the person may open it."""
    try:
        return shown.case(cases.get_case(Scope.of(actor), UUID(chosen["case"]))) if "case" in chosen else None
    except (ValueError, NotFound):
        return None


def _facets(found: Results, kept: Kept) -> list[dict[str, Any]]:
    """Values to narrow by, with how many documents each would leave; the chosen one stays even when it leaves none."""
    rows = []
    for name in FACETS:
        values = [(one.value, one.name, one.documents) for one in found.facets.get(name, ()) if one.value]
        chosen = kept.filters.get(name, "")
        if len(values) > 1 or chosen:
            rows.append({"name": name, "label": FACET_NAMES[name], "values": values[:8], "chosen": chosen})
    return rows


def _groups(hits: Iterable[Hit], name: str) -> list[dict[str, Any]]:
    rows = list(hits)
    pictures = documents.pictures_at((one.placed.current.pk, one.page) for one in rows)
    groups = []
    for _, inside in groupby(rows, key=lambda one: one.document):
        pages = list(inside)
        first = pages[0]
        groups.append(
            {
                "title": first.title,
                "url": f"{reverse('document', kwargs={'document_id': first.document})}",
                "case": shown.case(first.placed.filing.case),
                "section": first.placed.filing.section.name,
                "dated": first.placed.document.dated_on,
                "pages_total": first.placed.current.pages_total,
                "badges": shown.document_badges(first.placed.document),
                "pages": [
                    _page(
                        one,
                        name,
                        pictures.get((one.placed.current.pk, one.page)) if place < STRIPS_PER_DOCUMENT else None,
                    )
                    for place, one in enumerate(pages[:PAGES_PER_DOCUMENT])
                ],
                "more": [
                    {"number": one.label or one.page, "url": _url(one, name)} for one in pages[PAGES_PER_DOCUMENT:]
                ],
            }
        )
    return groups


def _page(hit: Hit, name: str, made: Rendition | None) -> dict[str, Any]:
    return {
        "number": hit.label or hit.page,
        "url": _url(hit, name),
        "snippet": hit.snippet,
        "unclear": f"{hit.confidence:.0f}" if hit.confidence is not None and hit.confidence < UNCLEAR_BELOW else "",
        "strip": _strip(hit, made) if made and hit.boxes else None,
    }


def _url(hit: Hit, name: str) -> str:
    return f"{reverse('page', kwargs={'document_id': hit.document, 'number': hit.page})}?s={name}"


def _strip(hit: Hit, made: Rendition) -> dict[str, Any]:
    """The line where the first hit stands: a window on the page's picture, so no other picture has to be made."""
    left, top, right, bottom = hit.boxes[0]
    width = made.width * STRIP_WIDTH
    height = width / STRIP_SHAPE
    x = min(max(0.0, (left + right) / 2 * made.width - width / 2), made.width - width)
    y = min(max(0.0, (top + bottom) / 2 * made.height - height / 2), made.height - height)
    where = {"document_id": hit.document, "number": hit.page}
    return {
        "href": f"{reverse('picture', kwargs=where)}?for={Purpose.STRIP}",
        "view": f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}",
        "width": made.width,
        "height": made.height,
        "boxes": [rectangle(box, made.width, made.height) for box in hit.boxes],
    }
