"""Bytes as answers: never sniffed, never run, never kept, always labelled (SEC-41, SEC-42, SEC-48)."""

from django.http import StreamingHttpResponse

from docstore.documents.delivery import Delivery

SEALED_OFF = "sandbox; default-src 'none'; style-src 'none'; frame-ancestors 'none'"


def as_content(found: Delivery) -> StreamingHttpResponse:
    """Answer an original: an attachment with its digest, or the part of it that was asked for."""
    response = _stream(found, status=200 if found.span.is_whole else 206)
    response["Content-Disposition"] = found.disposition
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{found.sha256}"'
    response["X-Content-SHA256"] = found.sha256
    if not found.span.is_whole:
        span = found.span
        response["Content-Range"] = f"bytes {span.first}-{span.last}/{span.size}"
    return response


def as_picture(found: Delivery) -> StreamingHttpResponse:
    """Answer a page's picture: made by us from the page, so it may be shown in place."""
    response = _stream(found, status=200)
    response["ETag"] = f'"{found.sha256}"'
    return response


def _stream(found: Delivery, *, status: int) -> StreamingHttpResponse:
    response = StreamingHttpResponse(found.pieces, status=status, content_type=found.media_type)
    response["Content-Length"] = str(found.span.length)
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = SEALED_OFF
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response
