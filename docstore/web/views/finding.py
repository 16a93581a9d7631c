"""Search: the question travels by POST and is kept under an opaque id; results are pages, grouped by document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases import queries as cases
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound, Unavailable
from docstore.search import queries
from docstore.web import results, searches, shown
from docstore.web.results import FACETS, FILTERS, SORTS
from docstore.web.searches import Kept
from docstore.web.views.door import page, see_other

AT_ONCE = 20


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
        context |= {"wrong_days": results.wrong_days(kept.filters)}
        context |= _results(request, actor, kept, name)
    elif kept:
        context["nothing_asked"] = True
    elif name:
        context["forgotten"] = True
    else:
        context["saved"] = queries.saved_searches(actor)
    context["case_only"] = _case_only(actor, context["chosen"])
    return render(request, "docstore/search.html", context)


@page("POST")
def export(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The results of a kept search as CSV, to be looked at in a spreadsheet."""
    actor.require(Permission.SEARCH)
    name = request.POST.get("s", "")
    kept = searches.recall(request, name)
    if kept is None:
        raise NotFound
    try:
        lines = queries.export_results(
            by=actor, query=kept.query, filters=results.filters_of(kept.filters), sort=kept.sort
        )
    except Unavailable as refusal:
        messages.warning(request, refusal.sentence)
        return see_other(f"{reverse('search')}?s={name}")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="search-{clock.today():%Y-%m-%d}.csv"'
    return response


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
            filters=results.filters_of(kept.filters),
            facets=tuple(FACETS),
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
        "groups": results.groups(found.hits, f"?s={name}"),
        "facets": results.facets(found, kept.filters),
        "suggestion": results.did_you_mean(kept.query, found.suggestion),
        "next_url": f"?s={name}&after={found.next}#results" if found.next else "",
        "first_url": f"?s={name}#results" if request.GET.get("after") else "",
    }


def _case_only(actor: Actor, chosen: dict[str, str]) -> shown.CaseShown | None:
    """The case that the search is narrowed to, if the person may open it."""
    try:
        return shown.case(cases.get_case(Scope.of(actor), UUID(chosen["case"]))) if "case" in chosen else None
    except (ValueError, NotFound):
        return None
