"""Searches kept in the session under an opaque id, so that words and names never stand in an address (SEC-51)."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any

from django.http import HttpRequest

KEPT = "searches"
MOST = 15


@dataclass(slots=True)
class Kept:
    """What somebody asked for, and the hits of the page of results they looked at last, as (document, page).

    `document` is named where they looked inside one alone; then `counts` says how many hits each page has.
    """

    query: str
    filters: dict[str, str] = field(default_factory=dict)
    sort: str = "relevance"
    hits: list[tuple[str, int]] = field(default_factory=list)
    document: str = ""
    counts: list[int] = field(default_factory=list)


def keep(request: HttpRequest, search: Kept, *, under: str = "") -> str:
    """Keep a search and return its id; the oldest ones are forgotten."""
    found: dict[str, Any] = request.session.get(KEPT, {})
    name = under or secrets.token_urlsafe(9)
    found.pop(name, None)
    found[name] = asdict(search)
    request.session[KEPT] = dict(list(found.items())[-MOST:])
    return name


def recall(request: HttpRequest, name: str) -> Kept | None:
    """Return a kept search of this person, or None where there is none (any more)."""
    found = request.session.get(KEPT, {}).get(name) if name else None
    if found is None:
        return None
    hits = [(one[0], int(one[1])) for one in found["hits"]]
    inside, counts = found.get("document", ""), found.get("counts", [])
    return Kept(found["query"], found["filters"], found["sort"], hits, inside, counts)
