"""One page of a document: its picture with boxes and words, its text, and the way to the next hit. No script needed."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from docstore.access.actor import Actor
from docstore.documents import delivery, queries
from docstore.documents.corrections import correction_of
from docstore.documents.models import Method, Page, PageState, RenditionKind
from docstore.documents.queries import PageUnknown
from docstore.markup import actions as markup
from docstore.markup.queries import turn_of
from docstore.search.highlight import boxes
from docstore.search.queries import find_in_document
from docstore.search.query import Query, parse
from docstore.web import pagetext, places, searches
from docstore.web.hitlist import hit_list
from docstore.web.looking import FIT, Looking, looking
from docstore.web.opened import Opened, common, contents, open_document, page_links
from docstore.web.pagepicture import picture
from docstore.web.pagetext import PageText
from docstore.web.searches import Kept
from docstore.web.tongues import ENGLISH, WELSH
from docstore.web.views.corrections import may_correct
from docstore.web.views.door import page, see_other

# The strip shows this many small pictures on each side of the page; a scan of 600 pages does not load 600 of them.
STRIP = 30
TURNS = {"left": -1, "right": 1}


@page("GET", "POST")
def show_page(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponse:
    """The page. A POST carries words to find on it, kept out of the address like any search."""
    look = looking(request.GET)
    opened = open_document(actor, document_id, version=look.version or None)
    row = queries.page_in(opened.version, number)
    if request.method == "POST":
        return _find(request, actor, opened, number)
    kept = searches.recall(request, look.search)
    if kept and kept.document and kept.document != str(document_id):
        kept = None
    asked = parse(kept.query) if kept and kept.query.strip() else None
    delivery.record_page_view(by=actor, document=opened.document, page=number, version=opened.version.number)
    places.remember_page(request, document_id, number)
    text = pagetext.read(row, asked)
    context = {
        **common(opened),
        **_picture(opened, row, asked, text, turn_of(actor, document_id, number)),
        **_around(opened, row, look),
        **_words(row, text),
        "hit_list": hit_list(kept, document_id, number, look) if kept else None,
        **_ways(opened, number, look),
        "contents": contents(opened, number=number, tail=look.tail),
        "query": kept.query if kept else "",
        "look": look,
        "is_wide": look.zoom > FIT,
    }
    return render(request, "docstore/documents/page.html", context)


def _find(request: HttpRequest, actor: Actor, opened: Opened, number: int) -> HttpResponse:
    """Look for words in the whole document, and open the first page that has them from here on."""
    query = request.POST.get("query", "")[:1000]
    if not query.strip():
        return see_other(f"{_url(opened, number)}{replace(looking(request.GET), search='').tail}")
    found = find_in_document(actor, opened.document.pk, query, version=opened.version.number)
    hits = [(str(opened.document.pk), one.page) for one in found.pages]
    kept = Kept(query, hits=hits, document=str(opened.document.pk), counts=[one.hits for one in found.pages])
    name = searches.keep(request, kept)
    first = found.on(number) or found.after(number) or found.before(number)
    return see_other(f"{_url(opened, first.page if first else number)}{looking(request.GET, search=name).tail}")


@page("POST")
def turn_page(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponse:
    """Turn the page for this person, or show every page as this one stands; then the page again."""
    look = looking(request.POST)
    opened = open_document(actor, document_id)
    asked = request.POST.get("turn", "")
    if asked in TURNS:
        markup.turn_page(by=actor, document_id=document_id, number=number, quarters=TURNS[asked])
    elif asked == "all":
        quarters = turn_of(actor, document_id, number)
        markup.turn_every_page(by=actor, document_id=document_id, quarters=quarters)
    return see_other(f"{_url(opened, number)}{look.tail}")


@page("GET")
def go_to_page(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """Follow the page box: by number, or by the label printed on the page. A page that is not there leaves all as it was."""
    look = looking(request.GET)
    opened = open_document(actor, document_id, version=look.version or None)
    wanted = request.GET.get("page", "").strip()
    try:
        number = queries.page_by_label(opened.version, wanted)
    except PageUnknown:
        said = _("There is no page “%(page)s” here. The pages are 1 to %(last)s.")
        messages.warning(request, said % {"page": wanted[:40], "last": opened.pages})
        number = places.last_page(request, document_id) or 1
        if not 1 <= number <= opened.pages:
            raise
    return see_other(f"{_url(opened, number)}{look.tail}")


def _url(opened: Opened, number: int) -> str:
    return reverse("page", kwargs={"document_id": opened.document.pk, "number": number})


def _picture(opened: Opened, row: Page, asked: Query | None, text: PageText, quarters: int) -> dict[str, object]:
    """The picture with what is laid over it, or nothing where it is not made yet."""
    made = queries.pictures_of(opened.version, RenditionKind.PAGE_IMAGE, pages=(row.number,)).get(row.number)
    if made is None:
        return {"picture": None}
    url = reverse("picture", kwargs={"document_id": opened.document.pk, "number": row.number})
    words = row.words
    found = boxes(words, asked.tree) if asked else ()
    if not opened.is_current:
        url = f"{url}?version={opened.version.number}"
    return {
        "picture": picture(made, url, words=words, hits=found, unclear=text.unclear, quarters=quarters),
        "turned": quarters * 90,
    }


def _around(opened: Opened, row: Page, look: Looking) -> dict[str, object]:
    """Small pictures near this page, and the pages before and after."""
    total = opened.pages or row.number
    near = range(max(1, row.number - STRIP), min(total, row.number + STRIP) + 1)
    return {
        "page": row,
        "total": total,
        "links": page_links(opened, near, tail=look.tail),
        "all_near": len(near) == total,
        "previous_url": _url(opened, row.number - 1) + look.tail if row.number > 1 else "",
        "next_url": _url(opened, row.number + 1) + look.tail if row.number < total else "",
    }


def _ways(opened: Opened, number: int, look: Looking) -> dict[str, object]:
    """Where else one can go from this page."""
    where = {"document_id": opened.document.pk}
    version = f"version={opened.version.number}&" if not opened.is_current else ""
    return {
        "smaller_url": look.at(look.smaller).tail if look.smaller else "",
        "fit_url": look.at(FIT).tail or "?",
        "larger_url": look.at(look.larger).tail if look.larger else "",
        "text_url": f"{reverse('document-text', kwargs=where)}?{version}from={number}",
        "print_url": f"{reverse('print-document', kwargs=where)}?{version}from={number}&to={number}"
        if opened.may_download
        else "",
        "correct_url": reverse("correct-page", kwargs={**where, "number": number}) if may_correct(opened) else "",
        "current_url": _url(opened, 1) if not opened.is_current else "",
    }


def _words(row: Page, text: PageText) -> dict[str, object]:
    return {
        "paragraphs": text.paragraphs,
        "unclear": len(text.unclear),
        "text_language": text.language,
        "how_read": how_read(row, text),
        "correction": correction_of(row),
    }


def how_read(row: Page, text: PageText) -> str:
    """Say where the words come from and how far to trust them."""
    if row.state == PageState.FAILED:
        why = row.reason or _("its words are missing here and in search")
        return _("This page could not be read: %(why)s") % {"why": why}
    if row.state == PageState.PENDING:
        return _("The words of this page are still being read.")
    if row.method == Method.NONE or not row.text.strip():
        return _("No words were found on this page.")
    if row.method == Method.NATIVE:
        return _("The words come from the file itself.")
    return " ".join(one for one in (_read_from_scan(row, text), _how_unclear(len(text.unclear))) if one)


def _read_from_scan(row: Page, text: PageText) -> str:
    name = {ENGLISH: _("in English"), WELSH: _("in Welsh")}.get(text.language, "")
    if row.confidence is None:
        return _("Read from the scan %(in_language)s.") % {"in_language": name} if name else _("Read from the scan.")
    facts = {"in_language": name, "percent": f"{row.confidence:.0f}"}
    if name:
        return _("Read from the scan %(in_language)s, %(percent)s%% confidence.") % facts
    return _("Read from the scan, %(percent)s%% confidence.") % facts


def _how_unclear(count: int) -> str:
    return (
        ngettext("%(count)s word is unclear.", "%(count)s words are unclear.", count) % {"count": count}
        if count
        else ""
    )
