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
from django.utils.translation import gettext as _

from docstore.access import queries as access
from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.audit.queries import entries
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden
from docstore.documents import delivery, doubting, queries
from docstore.documents.delivery import Delivery, Purpose
from docstore.documents.models import Document, RenditionKind, Version
from docstore.retention.queries import document_record
from docstore.web import places, shown
from docstore.web.acts import ACTS
from docstore.web.keeping import hold_badges, keeping_url
from docstore.web.opened import common, contents, open_document, page_links, version_in
from docstore.web.related import related
from docstore.web.views.door import page

SEALED_OFF = "sandbox; default-src 'none'; frame-ancestors 'none'"


@page("GET")
def show_document(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponse:
    """The document: state, pages, versions, who filed it, what can be done with it, and its history."""
    opened = open_document(actor, document_id)
    scope, document, version = opened.scope, opened.document, opened.version
    delivery.record_view(by=actor, document=document)
    offered = {name: one.is_open_to(scope, opened.placed) for name, one in ACTS.items()}
    versions = [_version(document, one) for one in reversed(list(queries.versions_of(document)))]
    last = places.last_page(request, document_id)
    context = {
        **common(opened),
        "badges": (
            *shown.document_badges(document),
            *shown.filing_badges(opened.placed.filing),
            *hold_badges(actor, document_record(document_id)),
        ),
        "doubt": doubting.doubt_of(opened.placed.filing),
        "doubt_acts": [ACTS[name].link(document) for name in ("belongs", "move") if offered[name]],
        "keeping_url": keeping_url(actor, document_record(document_id)),
        "pages": page_links(opened, range(1, opened.pages + 1)) if version.is_served else [],
        "contents": contents(opened),
        "go_on_at": last if version.is_served and last and 1 < last <= opened.pages else 0,
        "text_url": reverse("document-text", kwargs={"document_id": document_id}) if version.is_served else "",
        "print_url": reverse("print-document", kwargs={"document_id": document_id}) if opened.may_download else "",
        "state": shown.state(document, version),
        "sentence": shown.state_sentence(version),
        "is_final": version.is_final,
        "failed_reason": version.stage_reason,
        "versions": versions,
        "related": related(actor, opened),
        "acts": [one.link(document) for name, one in ACTS.items() if offered[name]],
        "access_url": reverse("document-access", kwargs={"document_id": document.pk})
        if scope.allows_on(opened.placed.filing.case, Permission.EXPLAIN_ACCESS)
        else "",
        "trail": _trail(scope, document_id) if scope.may(Permission.READ_TRAILS) else None,
    }
    return render(request, "docstore/documents/document.html", context)


@page("GET")
def show_progress(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """How far reading has come, for the page that asks again; 304 where nothing changed."""
    opened = open_document(actor, document_id)
    version = opened.version
    state, sentence = shown.state(opened.document, version), shown.state_sentence(version)
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
    """The picture of a page, and what for: a line among results, or a page to come, is not a page opened."""
    asked = request.GET.get("for", "")
    purpose = Purpose(asked) if asked in set(Purpose) else Purpose.PAGE
    version = version_in(request.GET.get("version", ""))
    return _stream(
        request,
        delivery.send_picture(by=actor, document_id=document_id, page=number, version=version, purpose=purpose),
    )


@page("GET")
def send_thumbnail(request: HttpRequest, actor: Actor, *, document_id: UUID, number: int) -> HttpResponseBase:
    """The small picture of a page."""
    version = version_in(request.GET.get("version", ""))
    return _stream(
        request,
        delivery.open_picture(
            by=actor, document_id=document_id, page=number, kind=RenditionKind.THUMBNAIL, version=version
        ),
    )


@page("GET")
def send_original(request: HttpRequest, actor: Actor, *, document_id: UUID) -> HttpResponseBase:
    """The original bytes, to those who may download; always as an attachment."""
    found = delivery.open_content(
        by=actor,
        document_id=document_id,
        version=version_in(request.GET.get("version", "")),
        wanted=request.headers.get("Range", ""),
    )
    response = _stream(request, found, status=200 if found.span.is_whole else 206)
    response["Content-Disposition"] = found.disposition
    response["Accept-Ranges"] = "bytes"
    if not found.span.is_whole:
        response["Content-Range"] = f"bytes {found.span.first}-{found.span.last}/{found.span.size}"
    return response


def _trail(scope: Scope, document_id: UUID) -> list[dict[str, object]]:
    """What happened lately, with the names of those who did it; a page opened stands for its pictures."""
    rows = entries(queries.trail(scope, document_id, without=(Event.PICTURE_SENT,), limit=20).rows)
    names = access.names({UUID(one.actor) for one in rows if one.actor})
    return [
        {"at": one.at, "sentence": _(one.sentence), "who": names.get(UUID(one.actor), "") if one.actor else "Docstore"}
        for one in rows
    ]


def _version(document: Document, row: Version) -> dict[str, object]:
    first = reverse("page", kwargs={"document_id": document.pk, "number": 1})
    return {
        "row": row,
        "who": row.filed_by.name if row.filed_by else _("the service"),
        "pages": row.pages_total,
        "url": f"{first}?version={row.number}" if row.is_served and row.pages_total else "",
    }


def _stream(request: HttpRequest, found: Delivery, *, status: int = 200) -> StreamingHttpResponse:
    """Answer bytes: labelled, never run, never for another site's page (SEC-41, SEC-50)."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Forbidden
    response = StreamingHttpResponse(found.pieces, status=status, content_type=found.media_type)
    response["Content-Length"] = str(found.span.length)
    response["Content-Security-Policy"] = SEALED_OFF
    response["ETag"] = f'"{found.sha256}"'
    return response
