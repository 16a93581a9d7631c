"""Searches that somebody keeps under a name, and what is new in those they have watched."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core.errors import NotFound, Refusal
from docstore.search import actions, queries
from docstore.search.queries import Saved
from docstore.web import results, searches, shown
from docstore.web.searches import Kept
from docstore.web.views.door import page, see_other


@page("GET", "POST")
def keep_search(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """List what is kept; a POST keeps the search that is looked at under the name that is given."""
    actor.require(Permission.SEARCH)
    if request.method != "POST":
        rows = [_line(one) for one in queries.saved_searches(actor)]
        return render(request, "docstore/saved/list.html", {"searches": rows})
    name = request.POST.get("s", "")
    kept = searches.recall(request, name)
    if kept is None:
        raise NotFound
    try:
        actions.save_search(
            by=actor,
            name=request.POST.get("name", ""),
            query=kept.query,
            filters=results.filters_of(kept.filters),
            sort=kept.sort,
            watched=bool(request.POST.get("watched")),
        )
    except Refusal as refusal:
        messages.warning(request, refusal.sentence)
        return see_other(f"{reverse('search')}?s={name}")
    messages.success(request, _("The search is saved. It is under Search, Saved searches."))
    return see_other(f"{reverse('search')}?s={name}")


@page("GET", "POST")
def show_news(request: HttpRequest, actor: Actor, *, search_id: UUID) -> HttpResponseBase:
    """What is new in a saved search; a POST runs it, watches it or not, marks its news as seen, or forgets it."""
    saved = queries.saved_search(actor, search_id)
    if request.method == "POST":
        return _do(request, actor, saved)
    found = queries.alerts(actor, search_id, cursor=request.GET.get("after"))
    context = {
        "search": _line(saved),
        "rows": [{"document": shown.document(one), "case": shown.case(one.filing.case)} for one in found.rows],
        "next_url": f"?after={found.next}" if found.next else "",
    }
    return render(request, "docstore/saved/news.html", context)


def _do(request: HttpRequest, actor: Actor, saved: Saved) -> HttpResponseBase:
    row, here = saved.row, reverse("saved-searches")
    match request.POST.get("do", ""):
        case "run":
            kept = Kept(row.query, results.words_of(saved.filters), row.sort)
            return see_other(f"{reverse('search')}?s={searches.keep(request, kept)}#results")
        case "watch" | "unwatch" as asked:
            try:
                actions.watch_search(by=actor, search_id=row.pk, watched=asked == "watch")
            except Refusal as refusal:
                messages.warning(request, refusal.sentence)
                return see_other(here)
            done = (
                _("You are told what is new in “%(name)s”.")
                if asked == "watch"
                else _("“%(name)s” is no longer watched.")
            )
        case "seen":
            actions.mark_alerts_seen(by=actor, search_id=row.pk)
            done = _("What was new in “%(name)s” is marked as seen.")
        case "forget":
            actions.delete_search(by=actor, search_id=row.pk)
            done = _("“%(name)s” is deleted.")
        case _:
            raise NotFound
    messages.success(request, done % {"name": row.name})
    return see_other(here)


def _line(saved: Saved) -> dict[str, object]:
    row = saved.row
    return {
        "name": row.name,
        "query": row.query,
        "narrowed": len(results.words_of(saved.filters)),
        "watched": row.watched,
        "new": saved.new,
        "created": row.created_at,
        "url": reverse("saved-search", kwargs={"search_id": row.pk}),
    }
