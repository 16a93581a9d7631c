"""One document: its page, its pages, its bytes, and how far its reading has come."""

import hashlib
import json
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import reverse

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.queries import entries
from docstore.cases.models import Classification, Right
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound
from docstore.documents import delivery, queries
from docstore.documents.delivery import Delivery
from docstore.documents.models import Document, RenditionKind, Version
from docstore.documents.queries import Placed
from docstore.web import dates, shown, words
from docstore.web.views.acts import ACTS
from docstore.web.views.door import page, see_other

SEALED_OFF = "sandbox; default-src 'none'; frame-ancestors 'none'"
# The strip shows this many small pictures on each side of the page; a scan of 600 pages does not load 600 of them.
STRIP = 30


@page("GET")
def show_document(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """The document: state, pages, versions, who filed it, what can be done with it, and its history."""
    scope = Scope.of(actor)
    placed = _placed(scope, document_id)
    document, version = placed.document, placed.current
    delivery.record_view(by=actor, document=document)
    thumbnails = queries.pictures_of(version, RenditionKind.THUMBNAIL) if version.is_served else {}
    context = {
        **_common(scope, placed),
        "pages": [
            _page_link(document, number, number in thumbnails) for number in range(1, (version.pages_total or 0) + 1)
        ]
        if version.is_served
        else [],
        "state": shown.state(document, version),
        "sentence": shown.state_sentence(version),
        "is_final": version.is_final,
        "failed_reason": version.stage_reason,
        "versions": [_version(one) for one in reversed(list(queries.versions_of(document)))],
        "acts": [one.link(document) for one in ACTS.values() if one.is_open_to(scope, placed)],
        "trail": _trail(scope, document_id) if scope.may(Permission.READ_TRAILS) else None,
    }
    return render(request, "docstore/documents/document.html", context)


@page("GET")
def show_progress(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """How far reading has come, for the page that asks again; 304 where nothing changed."""
    placed = _placed(Scope.of(actor), document_id)
    version = placed.current
    state, sentence = shown.state(placed.document, version), shown.state_sentence(version)
    # Spoken on change of state only, never per page (WCAG 4.1.3).
    spoken = sentence if version.is_final else ""
    said = {
        "texts": {"state": state.text, "sentence": sentence},
        "status": spoken,
        "done": version.is_final,
        "reload": version.is_final,
    }
    etag = f'"{hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    return JsonResponse(said, headers={"ETag": etag, "Retry-After": "2"})


@page("GET")
def send_picture(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponseBase:
    """The picture of a page."""
    return _stream(
        request,
        delivery.open_picture(
            by=actor, document_id=document_id, page=number, kind=RenditionKind.PAGE_IMAGE, version=_wanted(request)
        ),
    )


@page("GET")
def send_thumbnail(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponseBase:
    """The small picture of a page."""
    return _stream(
        request,
        delivery.open_picture(
            by=actor, document_id=document_id, page=number, kind=RenditionKind.THUMBNAIL, version=_wanted(request)
        ),
    )


@page("GET")
def send_original(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """The original bytes, to those who may download; always as an attachment."""
    found = delivery.open_content(
        by=actor, document_id=document_id, version=_wanted(request), wanted=request.headers.get("Range", "")
    )
    response = _stream(request, found, status=200 if found.span.is_whole else 206)
    response["Content-Disposition"] = found.disposition
    response["Accept-Ranges"] = "bytes"
    if not found.span.is_whole:
        response["Content-Range"] = f"bytes {found.span.first}-{found.span.last}/{found.span.size}"
    return response


@page("GET")
def go_to_page(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """Follow the page box: by number, or by the label printed on the page."""
    placed = _placed(Scope.of(actor), document_id)
    wanted = request.GET.get("page", "").strip()
    number = queries.page_by_label(placed.current, wanted)
    url = reverse("page", kwargs={"document_id": document_id, "number": number})
    found = request.GET.get("s", "")
    return see_other(f"{url}?s={found}" if found.replace("-", "").replace("_", "").isalnum() else url)


def _placed(scope: Scope, document_id: UUID) -> Placed:
    found = queries.placed(scope, [queries.get_document(scope, document_id)])
    if not found:
        raise NotFound
    return found[0]


def _common(scope: Scope, placed: Placed) -> dict[str, object]:
    """What the page of a document and the page of one of its pages both show."""
    document, version, filing = placed.document, placed.current, placed.filing
    may_download = version.is_served and filing.section_id in scope.sections_on(filing.case, Right.DOWNLOAD)
    return {
        "case": shown.case(filing.case),
        "document": document,
        "document_url": reverse("document", kwargs={"document_id": document.pk}),
        "version": version,
        "badges": shown.document_badges(document),
        "facts": _facts(document, version, placed),
        "original_url": reverse("original", kwargs={"document_id": document.pk}) if may_download else "",
    }


def _facts(document: Document, version: Version, placed: Placed) -> list[shown.Fact]:
    who = document.filed_by.name if document.filed_by else "the service"
    filed = f"{who}, for the {words.side(document.side).lower()}, {dates.moment(document.filed_at)}"
    facts = [
        shown.Fact("Filed by", (filed,)),
        shown.Fact("Section", (placed.filing.section.name,)),
        shown.Fact("Dated", (dates.day(document.dated_on) if document.dated_on else "No date given",)),
        shown.Fact("Who may open", (words.CLASSIFICATIONS[Classification(document.rank)],)),
    ]
    if document.sealed:
        facts.append(shown.Fact("Sealed", (document.sealed_reason,)))
    if document.is_withdrawn:
        facts.append(shown.Fact("Withdrawn", (document.withdrawn_reason,)))
    facts.append(shown.Fact("Reading", (shown.state_sentence(version),)))
    facts.append(shown.Fact("Virus check", (_scan_words(version),)))
    return facts


def _trail(scope: Scope, document_id: UUID) -> list[dict[str, object]]:
    """What happened lately, with the names of those who did it."""
    rows = entries(queries.trail(scope, document_id, limit=20).rows)
    names = access.names({UUID(one.actor) for one in rows if one.actor})
    return [
        {"at": one.at, "sentence": one.sentence, "who": names.get(UUID(one.actor), "") if one.actor else "Docstore"}
        for one in rows
    ]


def _scan_words(version: Version) -> str:
    if version.stage == "RECEIVED":
        return "Not yet made"
    if version.stage == "QUARANTINED":
        return "Stopped it"
    if version.scanned_by in ("", "none"):
        return "Not made: no virus scanner is configured here"
    return f"Passed ({version.scanned_by})"


def _version(row: Version) -> dict[str, object]:
    return {
        "row": row,
        "who": row.filed_by.name if row.filed_by else "the service",
        "pages": row.pages_total,
    }


def _page_link(document: Document, number: int, has_picture: bool) -> dict[str, object]:
    where = {"document_id": document.pk, "number": number}
    return {
        "number": number,
        "url": reverse("page", kwargs=where),
        "picture": reverse("thumbnail", kwargs=where) if has_picture else "",
    }


def _wanted(request: HttpRequest) -> int | None:
    text = request.GET.get("version", "")
    return int(text) if text.isdigit() and len(text) < 5 else None


def _stream(request: HttpRequest, found: Delivery, *, status: int = 200) -> StreamingHttpResponse:
    """Answer bytes: labelled, never run, never for another site's page (SEC-41, SEC-50)."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden
    response = StreamingHttpResponse(found.pieces, status=status, content_type=found.media_type)
    response["Content-Length"] = str(found.span.length)
    response["Content-Security-Policy"] = SEALED_OFF
    response["ETag"] = f'"{found.sha256}"'
    return response
