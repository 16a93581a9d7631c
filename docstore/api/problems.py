"""Refusals become problem documents (RFC 9457): the one place where the API does this."""

import logging
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import server_error
from rest_framework import exceptions
from rest_framework.response import Response

from docstore.access.actions import record_denial
from docstore.core.errors import USUAL, DatabaseIsDown, FieldError, Refusal
from docstore.retention.guards import refusal_in

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
DENIALS = (403, 404, 423)


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem for an exception raised in a view; None lets Django answer a fault of ours with 500."""
    request = context["request"]
    headers: dict[str, str] = {}
    error = _as_refusal(error)
    if not isinstance(error, DatabaseIsDown):
        _write_denial_down(request, error)
    if isinstance(error, Refusal):
        body = problem(
            status=error.status,
            code=error.code,
            detail=error.sentence,
            retryable=error.retryable,
            errors=error.errors,
            request_id=_request_id(request),
        )
        body = {**error.members, **body}
        if wait := getattr(error, "retry_after", None):
            headers["Retry-After"] = str(wait)
            body["retry_after"] = wait
    elif isinstance(error, exceptions.ValidationError):
        body = problem(status=422, errors=tuple(_fields(error.detail, "")), request_id=_request_id(request))
    elif isinstance(error, exceptions.APIException):
        headers = _headers(error)
        body = problem(status=error.status_code, request_id=_request_id(request))
    elif isinstance(error, Http404):
        body = problem(status=404, request_id=_request_id(request))
    else:
        return None
    return Response(body, status=body["status"], content_type=MEDIA_TYPE, headers=headers)


def _as_refusal(error: Exception) -> Exception:
    """What the database says, as a refusal where people expect one: it is away, or it guards a held record."""
    if isinstance(error, OperationalError | InterfaceError):
        log.error("The database cannot be used: %s", error)
        return DatabaseIsDown()
    return (refusal_in(error) or error) if isinstance(error, IntegrityError) else error


def problem(
    *,
    status: int,
    code: str = "",
    detail: str = "",
    retryable: bool = False,
    errors: tuple[FieldError, ...] = (),
    request_id: str = "",
) -> dict[str, Any]:
    """Return a problem document."""
    usual_code, usual_words = USUAL.get(status, ("refused", "This cannot be done."))
    body: dict[str, Any] = {
        "type": f"/docs/problems/{code or usual_code}",
        "title": (code or usual_code).replace("-", " ").capitalize(),
        "status": status,
        "detail": detail or usual_words,
        "code": code or usual_code,
        "retryable": retryable,
        "request_id": request_id,
    }
    if errors:
        body["errors"] = [{"pointer": one.pointer, "code": one.code, "detail": one.detail} for one in errors]
    return body


def unknown_address(request: HttpRequest, *_: object, **__: object) -> JsonResponse:
    """Answer an address under /api/ that does not exist, as one that is hidden is answered."""
    return JsonResponse(problem(status=404, request_id=_request_id(request)), status=404, content_type=MEDIA_TYPE)


def fault(request: HttpRequest, *_: object) -> HttpResponse:
    """Answer a fault of ours: programs are told as they are told everything, people by the page."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    told = problem(status=500, retryable=True, request_id=_request_id(request))
    return JsonResponse(told, status=500, content_type=MEDIA_TYPE)


def _write_denial_down(request: Any, error: Exception) -> None:
    """Put a refused attempt of a known caller into the audit, before they are told (SEC-91)."""
    holder = getattr(request, "user", None)
    denied = isinstance(error, Http404 | exceptions.MethodNotAllowed) or getattr(error, "status", 0) in DENIALS
    if holder is None or not (denied or getattr(error, "is_attempt", False)):
        return
    asked = request.resolver_match
    record_denial(
        by=holder.actor,
        what=f"{request.method} {asked.url_name}",
        case=str(asked.kwargs.get("case_id", "")),
        document=str(asked.kwargs.get("document_id", "")),
    )


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(getattr(error, "auth_header", ""))
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _fields(detail: Any, pointer: str) -> list[FieldError]:
    if isinstance(detail, dict):
        return [one for name, inner in detail.items() for one in _fields(inner, f"{pointer}/{name}")]
    if isinstance(detail, list):
        found: list[FieldError] = []
        for place, inner in enumerate(detail):
            is_text = isinstance(inner, exceptions.ErrorDetail)
            found += (
                [FieldError(pointer or "/", inner.code, str(inner))]
                if is_text
                else _fields(inner, f"{pointer}/{place}")
            )
        return found
    return [FieldError(pointer or "/", getattr(detail, "code", "invalid"), str(detail))]


def _request_id(request: Any) -> str:
    return str(getattr(request, "request_id", ""))
