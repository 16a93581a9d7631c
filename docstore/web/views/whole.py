"""A whole document at once: its words for reading without pictures, and its pages laid out for paper."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from docstore.access.actor import Actor
from docstore.core.errors import NotFound
from docstore.documents import delivery, queries
from docstore.documents.delivery import Purpose
from docstore.documents.models import RenditionKind
from docstore.markup.queries import turns_of
from docstore.web import pagetext
from docstore.web.looking import looking
from docstore.web.opened import Opened, common, open_document
from docstore.web.pagepicture import picture
from docstore.web.views.door import page
from docstore.web.views.viewer import how_read

TEXTS_AT_ONCE = 10
SHEETS_AT_ONCE = 100


@page("GET")
def show_text(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """The words of some pages in reading order, a heading for each: what a picture cannot give (WCAG 1.1.1)."""
    opened = _readable(request, actor, document_id)
    first = _number(request, "from", 1, opened.pages)
    last = min(first + TEXTS_AT_ONCE - 1, opened.pages)
    rows = queries.pages_of(opened.version, first, last)
    for row in rows:
        delivery.record_page_view(by=actor, document=opened.document, page=row.number, version=opened.version.number)
    context = {
        **common(opened),
        "texts": [
            {"page": row, "text": text, "how_read": how_read(row, text), "url": _page_url(opened, row.number)}
            for row, text in ((row, pagetext.read(row, None)) for row in rows)
        ],
        "first": first,
        "last": last,
        "total": opened.pages,
        "previous_url": _from(opened, max(1, first - TEXTS_AT_ONCE)) if first > 1 else "",
        "next_url": _from(opened, last + 1) if last < opened.pages else "",
        "page_url": _page_url(opened, first),
    }
    return render(request, "docstore/documents/text.html", context)


@page("GET")
def print_document(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """Pages for paper, each with a foot that says what this copy is; only for those who may take the document away."""
    opened = _readable(request, actor, document_id)
    if not opened.may_download:
        raise NotFound
    first = _number(request, "from", 1, opened.pages)
    last = min(_number(request, "to", opened.pages, opened.pages), first + SHEETS_AT_ONCE - 1)
    delivery.record_print(
        by=actor, document=opened.document, version=opened.version.number, first=first, last=max(first, last)
    )
    context = {
        **common(opened),
        "sheets": _sheets(opened, actor, range(first, max(first, last) + 1)),
        "first": first,
        "last": max(first, last),
        "total": opened.pages,
        "most": SHEETS_AT_ONCE,
        "page_url": _page_url(opened, first),
    }
    return render(request, "docstore/documents/print.html", context)


def _sheets(opened: Opened, actor: Actor, numbers: range) -> list[dict[str, object]]:
    made = queries.pictures_of(opened.version, RenditionKind.PAGE_IMAGE, pages=numbers)
    turns = turns_of(actor, opened.document.pk, tuple(numbers))
    sheets: list[dict[str, object]] = []
    for number in numbers:
        url = reverse("picture", kwargs={"document_id": opened.document.pk, "number": number})
        url = f"{url}?for={Purpose.PRINT}&version={opened.version.number}"
        sheets.append(
            {
                "number": number,
                "picture": picture(made[number], url, words=(), hits=(), unclear=(), quarters=turns[number])
                if number in made
                else None,
            }
        )
    return sheets


def _readable(request: HttpRequest, actor: Actor, document_id: UUID) -> Opened:
    opened = open_document(actor, document_id, version=looking(request.GET).version or None)
    if not opened.version.is_served or not opened.pages:
        raise NotFound
    return opened


def _number(request: HttpRequest, name: str, otherwise: int, most: int) -> int:
    text = request.GET.get(name, "")
    return min(max(1, int(text)), most) if text.isdigit() and len(text) < 7 else otherwise


def _from(opened: Opened, number: int) -> str:
    version = f"version={opened.version.number}&" if not opened.is_current else ""
    return f"?{version}from={number}"


def _page_url(opened: Opened, number: int) -> str:
    url = reverse("page", kwargs={"document_id": opened.document.pk, "number": number})
    return url if opened.is_current else f"{url}?version={opened.version.number}"
