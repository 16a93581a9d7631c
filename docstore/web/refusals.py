"""Refusals become pages, or a small JSON answer where our own scripts asked. The one place where pages do this."""

import logging
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from docstore.access.actions import record_denial
from docstore.core.errors import DatabaseIsDown, Forbidden, NotFound, Refusal, Unavailable
from docstore.retention.guards import refusal_in
from docstore.web import attempts
from docstore.web.actors import actor_of

log = logging.getLogger(__name__)

DENIALS = (403, 404, 423)
TITLES = {
    403: _("You cannot do this"),
    409: _("This does not fit with how things stand"),
    410: _("This record was destroyed"),
    412: _("Somebody else changed this"),
    413: _("The file is too large"),
    422: _("This cannot be taken"),
    423: _("A hold is in force on this"),
    503: _("A part of the service is not working"),
}


class RefusalPages:
    """Catch every Refusal that a view lets through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer as usual, and write down what forms were refused meanwhile."""
        refused = attempts.begin()
        response = self.get_response(request)
        for one in refused:
            _write_denial_down(request, one)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal in words; leave every other error to Django."""
        if isinstance(error, Http404):
            error = NotFound()
        if isinstance(error, OperationalError | InterfaceError):
            log.error("The database cannot be used: %s", error)
            return database_away()
        if isinstance(error, IntegrityError):
            error = refusal_in(error) or error
        _write_denial_down(request, Forbidden() if isinstance(error, PermissionDenied) else error)
        return answer(request, error) if isinstance(error, Refusal) else None


def _write_denial_down(request: HttpRequest, error: Exception) -> None:
    """Put a refused attempt of somebody signed in into the audit, before they are told (SEC-91)."""
    if not isinstance(error, Refusal) or request.resolver_match is None:
        return
    if error.status not in DENIALS and not error.is_attempt:
        return
    actor = actor_of(request)
    if actor is None:
        return
    asked = request.resolver_match
    record_denial(
        by=actor,
        what=f"{request.method} {asked.url_name}",
        case=str(asked.kwargs.get("case_id", "")),
        document=str(asked.kwargs.get("document_id", "")),
    )


def database_away() -> HttpResponse:
    """Return a plain page: a proper one would ask the database who is signed in."""
    refusal = DatabaseIsDown()
    response = HttpResponse(f"{refusal.sentence}\n", status=refusal.status, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the page, or the JSON, for a refusal."""
    if wants_json(request):
        return JsonResponse({"code": refusal.code, "detail": refusal.sentence}, status=refusal.status)
    if refusal.status == NotFound.status:
        return not_found(request)
    title = TITLES.get(refusal.status, _("This cannot be done"))
    sentences = [refusal.sentence, *(error.detail for error in refusal.errors)]
    response = render(request, "docstore/message.html", {"title": title, "sentences": sentences}, status=refusal.status)
    if isinstance(refusal, Unavailable):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """Return the one page for what is hidden and what does not exist: byte for byte the same (SEC-3)."""
    return render(request, "404.html", status=404)


def wants_json(request: HttpRequest) -> bool:
    """Whether one of our own scripts asks."""
    return request.headers.get("Accept", "").startswith("application/json")
