"""Whether the process lives, can work, and started well. Says nothing of versions or content (SEC-88)."""

from django.http import HttpRequest, JsonResponse

from docstore.documents.upkeep import is_ready
from docstore.reading.scanner import takes_our_largest
from docstore.retention import restored


def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


def ready(request: HttpRequest) -> JsonResponse:
    """Database, migrations and vault can be used, no destruction has been undone by a restore, and no virus scanner says
    that it lets our largest files pass unchecked.
    """
    parts = {**is_ready(), "ledger": restored.may_serve(), "virus scanner": takes_our_largest()}
    well = all(parts.values())
    response = JsonResponse({"status": "ready" if well else "not ready", "parts": parts}, status=200 if well else 503)
    if not well:
        response["Retry-After"] = "5"
    return response


def started(request: HttpRequest) -> JsonResponse:
    """Start-up checks have passed: Django would not have begun otherwise."""
    return JsonResponse({"status": "started"})
