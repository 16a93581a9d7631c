"""Nothing is served from a restored database before the ledger of destruction was replayed, whoever restored it and how."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from docstore.api.problems import MEDIA_TYPE, problem
from docstore.retention import restored

PROBES = ("/livez", "/readyz", "/startupz")
WAIT_SECONDS = 60


class HeldUntilReplayed:
    """Answer 503 to everything but the probes while locked storage knows of destructions that the database does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path not in PROBES:
            try:
                restored.check_may_serve()
            except restored.LedgerAhead as ahead:
                return _held(request, ahead)
        return self._get_response(request)


def _held(request: HttpRequest, ahead: restored.LedgerAhead) -> HttpResponse:
    """A plain page: a proper one would ask the very database that cannot be believed who is signed in."""
    headers = {"Retry-After": str(WAIT_SECONDS), "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        told = problem(status=ahead.status, code=ahead.code, detail=ahead.sentence, retryable=ahead.retryable)
        return JsonResponse(told, status=ahead.status, content_type=MEDIA_TYPE, headers=headers)
    text = "text/plain; charset=utf-8"
    return HttpResponse(f"{ahead.sentence}\n", status=ahead.status, content_type=text, headers=headers)
