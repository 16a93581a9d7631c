"""Scanned pages in doubt, one to a page, with four acts that each have a key. After an act comes the next page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.core.errors import NotFound, Refusal
from docstore.intake import item_pages, quality
from docstore.intake.quality import Doubtful
from docstore.intake.scan_models import ScannedPage
from docstore.web import intakeshown, scanwords
from docstore.web.forms.quality import ReviewForm
from docstore.web.views.door import page, see_other

MOST_SHOWN = 200


@page("GET")
def list_scans(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All pages in doubt that nobody has looked at, the oldest first."""
    actor.require(Permission.DECIDE_EXCEPTIONS)
    rows = [
        {"page": one, "said": scanwords.names(one.found), "url": _url(one)}
        for one in quality.waiting_pages(actor)[:MOST_SHOWN]
    ]
    context = {"places": intakeshown.navigation(actor, "scans"), "rows": rows}
    return render(request, "docstore/intake/scans.html", context)


@page("GET", "POST")
def review_scan(request: HttpRequest, actor: Actor, *, item_id: UUID, number: int) -> HttpResponseBase:
    """One page in doubt: its picture, what was measured, and what can be done."""
    found = quality.get_page(actor, item_id, number)
    after = _next(actor, found)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = _carry_out(actor, found, form.cleaned_data)
        except NotFound:
            raise
        except Refusal as refusal:
            form.take(refusal)
        else:
            messages.success(request, said)
            return see_other(_url(after) if after else reverse("scans"))
    status = 422 if form.errors else 200
    return render(request, "docstore/intake/scan.html", _context(actor, found, after, form), status=status)


@page("GET")
def send_scan(request: HttpRequest, actor: Actor, *, item_id: UUID, number: int) -> HttpResponseBase:
    """The picture of a page in doubt."""
    found = quality.get_page(actor, item_id, number)
    drawn = item_pages.picture(found.item, number)
    return HttpResponse(drawn.image, content_type="image/webp", headers={"Cache-Control": "no-store"})


def _carry_out(actor: Actor, found: Doubtful, given: dict[str, Any]) -> str:
    where: dict[str, Any] = {"by": actor, "item_id": found.item.pk, "number": found.page.number}
    match given["act"]:
        case "turn":
            quality.turn(**where, degrees=int(given["degrees"]), reason=given["reason"])
            return _("The page is turned, in a new version. The one before is kept.")
        case "split":
            quality.split(**where, reason=given["reason"])
            return _("Two documents were made of it. The original is kept whole.")
        case "rescan":
            quality.ask_for_rescan(**where, reason=given["reason"])
            return _("The station is asked to scan it again.")
        case _:
            quality.accept(**where)
            return _("The page is accepted.")


def _context(actor: Actor, found: Doubtful, after: ScannedPage | None, form: ReviewForm) -> dict[str, object]:
    return {
        "places": intakeshown.navigation(actor, "scans"),
        "found": found,
        "said": [scanwords.sentence(doubt, measured) for doubt, measured in found.page.found],
        "title": scanwords.names(found.page.found),
        "count": quality.waiting_pages(actor).count(),
        "form": form,
        "after": after,
        "document_url": reverse("page", kwargs={"document_id": found.document.pk, "number": found.number}),
        "is_settled": found.page.settled_at is not None,
        "may_show": item_pages.may_be_shown(found.item),
    }


def _next(actor: Actor, found: Doubtful) -> ScannedPage | None:
    """What waits after this page, going round once."""
    rows = list(quality.waiting_pages(actor)[:MOST_SHOWN])
    places = [one.pk for one in rows]
    at = places.index(found.page.pk) if found.page.pk in places else -1
    others = [one for one in (*rows[at + 1 :], *rows[: max(at, 0)]) if one.pk != found.page.pk]
    return next(iter(others), None)


def _url(one: ScannedPage) -> str:
    return reverse("scan", kwargs={"item_id": one.item_id, "number": one.number})
