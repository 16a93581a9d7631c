"""Where somebody was in a document, so that they can go on there: kept in their session and nowhere else."""

from uuid import UUID

from django.http import HttpRequest

KEPT = "places"
MOST = 100


def remember_page(request: HttpRequest, document_id: UUID, number: int) -> None:
    """Keep the page of a document that was opened last; the documents opened longest ago are forgotten."""
    found: dict[str, int] = dict(request.session.get(KEPT, {}))
    found.pop(str(document_id), None)
    found[str(document_id)] = number
    request.session[KEPT] = dict(list(found.items())[-MOST:])


def last_page(request: HttpRequest, document_id: UUID) -> int:
    """Return the page opened last, or 0."""
    return int(request.session.get(KEPT, {}).get(str(document_id), 0))
