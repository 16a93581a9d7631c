"""What a person keeps and what is new in it, as far as they may know of it now."""

from dataclasses import dataclass
from uuid import UUID

from docstore.access.actor import Actor
from docstore.cases.scope import Scope
from docstore.core.paging import Slice, page
from docstore.documents.models import Document
from docstore.documents.queries import Placed, placed
from docstore.documents.visibility import visible_to
from docstore.search.engine import Filters
from docstore.search.models import Alert, SavedSearch
from docstore.search.saved import own, unpacked


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search as its owner sees it; `new` counts only documents that they may open now."""

    row: SavedSearch
    filters: Filters
    new: int


def saved_searches(by: Actor) -> list[Saved]:
    """Return what this person keeps, by name, with how much is new in each."""
    rows = list(SavedSearch.objects.filter(owner_id=by.user_id))
    scope = Scope.of(by)
    return [Saved(row, unpacked(row.filters), _new(scope, row) if row.watched else 0) for row in rows]


def saved_search(by: Actor, search_id: UUID) -> Saved:
    """Return one of this person's saved searches; raise NotFound."""
    row = own(by, search_id)
    return Saved(row, unpacked(row.filters), _new(Scope.of(by), row) if row.watched else 0)


def alerts(by: Actor, search_id: UUID, *, cursor: str | None = None, limit: int = 50) -> Slice[Placed]:
    """Return the documents that are new in a watched search and that its owner may open now, newest filing first."""
    row, scope = own(by, search_id), Scope.of(by)
    fresh = row.alerts.filter(seen_at__isnull=True).values("document_id")
    rows = visible_to(scope).filter(pk__in=fresh, withdrawn_at__isnull=True).select_related("filed_by")
    found: Slice[Document] = page(rows, keys=("-filed_at", "id"), cursor=cursor, limit=limit)
    return Slice(placed(scope, found.rows), found.next)


def _new(scope: Scope, row: SavedSearch) -> int:
    fresh = Alert.objects.filter(search=row, seen_at__isnull=True).values("document_id")
    return visible_to(scope).filter(pk__in=fresh, withdrawn_at__isnull=True).count()
