"""One page of a document: its picture with boxes, its words as text, and the way to the next hit. No script needed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound
from docstore.documents import queries
from docstore.documents.models import Method, Page, PageState, Rendition, RenditionKind
from docstore.documents.queries import Placed
from docstore.search.highlight import boxes
from docstore.search.query import Query, parse
from docstore.web import pagetext, searches
from docstore.web.searches import Kept
from docstore.web.views.documents import STRIP, _common, _page_link, _placed
from docstore.web.views.door import page

LANGUAGES = {"eng": ("English", "en"), "cym": ("Welsh", "cy"), "en": ("English", "en"), "cy": ("Welsh", "cy")}
SIZES = ("fit", "large")


@page("GET", "POST")
def show_page(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponse:
    """The page. A POST carries words to find on it, kept out of the address like any search."""
    scope = Scope.of(actor)
    placed = _placed(scope, document_id)
    row = queries.page_of(placed.document, number)
    name = request.GET.get("s", "")
    if request.method == "POST":
        name = searches.keep(request, Kept(request.POST.get("query", "")[:1000]))
    kept = searches.recall(request, name)
    asked = parse(kept.query) if kept and kept.query.strip() else None
    size = request.GET.get("size", "fit")
    context = {
        **_common(scope, placed),
        **_picture(placed, row, asked),
        **_around(placed, row, name if kept else ""),
        **_words(row, asked),
        **(_hits(kept, document_id, number, name) if kept else {}),
        "s": name if kept else "",
        "query": kept.query if kept else "",
        "size": size if size in SIZES else "fit",
    }
    return render(request, "docstore/documents/page.html", context)


def _picture(placed: Placed, row: Page, asked: Query | None) -> dict[str, object]:
    """The picture's address and size, and the boxes on it in its own pixels."""
    made = queries.pictures_of(placed.current, RenditionKind.PAGE_IMAGE).get(row.number)
    text = pagetext.read(row, asked)
    found = boxes(row.words, asked.tree) if asked else ()
    where = {"document_id": placed.document.pk, "number": row.number}
    return {
        "picture": made,
        "picture_url": reverse("picture", kwargs=where) if made else "",
        "hit_boxes": [rectangle(box, made) for box in found] if made else [],
        "unclear_boxes": [rectangle(box, made) for box in text.unclear] if made else [],
    }


def rectangle(box: tuple[float, float, float, float], made: Rendition, *, margin: float = 0.15) -> dict[str, int]:
    """Return a box in pixels of the picture, with a little air around it so that it does not touch the letters."""
    left, top, right, bottom = box
    air = (bottom - top) * made.height * margin
    return {
        "x": round(left * made.width - air),
        "y": round(top * made.height - air),
        "width": round((right - left) * made.width + 2 * air),
        "height": round((bottom - top) * made.height + 2 * air),
    }


def _around(placed: Placed, row: Page, name: str) -> dict[str, object]:
    """Small pictures near this page, and the pages before and after."""
    total = placed.current.pages_total or row.number
    thumbnails = queries.pictures_of(placed.current, RenditionKind.THUMBNAIL)
    near = range(max(1, row.number - STRIP), min(total, row.number + STRIP) + 1)
    tail = f"?s={name}" if name else ""
    links = [_page_link(placed.document, at, at in thumbnails) for at in near]
    for link in links:
        link["url"] = f"{link['url']}{tail}"
    return {
        "page": row,
        "total": total,
        "links": links,
        "all_near": len(links) == total,
        "previous_url": _url(placed, row.number - 1) + tail if row.number > 1 else "",
        "next_url": _url(placed, row.number + 1) + tail if row.number < total else "",
    }


def _url(placed: Placed, number: int) -> str:
    return reverse("page", kwargs={"document_id": placed.document.pk, "number": number})


def _words(row: Page, asked: Query | None) -> dict[str, object]:
    text = pagetext.read(row, asked)
    language, code = LANGUAGES.get(row.language.split("+")[0], ("", ""))
    return {
        "paragraphs": text.paragraphs,
        "unclear": len(text.unclear),
        "text_language": code,
        "how_read": _how_read(row, language, len(text.unclear)),
    }


def _how_read(row: Page, language: str, unclear: int) -> str:
    """Say where the words come from and how far to trust them."""
    if row.state == PageState.FAILED:
        return f"This page could not be read: {row.reason or 'its words are missing here and in search'}"
    if row.state == PageState.PENDING:
        return "The words of this page are still being read."
    if row.method == Method.NONE or not row.text.strip():
        return "No words were found on this page."
    if row.method == Method.NATIVE:
        return "The words come from the file itself."
    sure = f", {row.confidence:.0f}% confidence" if row.confidence is not None else ""
    words = {0: "", 1: " 1 word is unclear."}.get(unclear, f" {unclear} words are unclear.")
    return f"Read from the scan{' in ' + language if language else ''}{sure}.{words}"


def _hits(kept: Kept, document_id: UUID, number: int, name: str) -> dict[str, object]:
    """Where this page stands among the hits of the last page of results."""
    here = (str(document_id), number)
    place = kept.hits.index(here) if here in kept.hits else None
    found: dict[str, object] = {"results_url": f"{reverse('search')}?s={name}" if kept.hits else ""}
    if place is None:
        return found
    found |= {"hit": place + 1, "hits": len(kept.hits)}
    if place + 1 < len(kept.hits):
        document, page_number = kept.hits[place + 1]
        url = reverse("page", kwargs={"document_id": _uuid(document), "number": page_number})
        found["next_hit_url"] = f"{url}?s={name}"
        found["next_hit"] = f"page {page_number}" + (
            " of this document" if document == str(document_id) else " of another document"
        )
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound from error
