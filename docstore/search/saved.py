"""Saved searches and their alerts: acts of the owner, and the round that looks for what is new.

A round asks the engine as the owner, with the rights held at that moment (SEC-11), and only about documents that were
indexed since the last one. What it finds is a hint: `saved_queries` asks the database again before anybody is told.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.access.queries import actor_for
from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, Invalid, NotFound
from docstore.documents.models import Document
from docstore.search.asking import ask, documents_matching
from docstore.search.engine import Filters, Sort
from docstore.search.models import Alert, IndexState, SavedSearch

MOST_SAVED = 100
MOST_WATCHED_DOCUMENTS = 500
MOST_CHANGED_AT_ONCE = 2_000
# Rounds overlap a little: what was being written while the last one looked is looked at again, and told once.
OVERLAP = timedelta(seconds=60)
DATES = ("dated_from", "dated_to", "filed_from", "filed_to")


class NameMissing(Invalid):
    """Give the search a name, so that you find it again."""

    code = "name-missing"


class NothingAsked(Invalid):
    """There is nothing to keep yet: type words to look for, or choose something to narrow by."""

    code = "nothing-asked"


class NameTaken(Conflict):
    """You have a saved search called {name} already. Choose another name, or delete the old one first."""

    code = "name-taken"


class TooManySaved(Conflict):
    """You keep {most} searches already. Delete one that you no longer need."""

    code = "too-many-saved"


class TooBroadToWatch(Invalid):
    """This search finds more than {most} documents, so news of it would be of no use. Narrow it, or save it unwatched."""

    code = "too-broad-to-watch"


def save_search(
    *, by: Actor, name: str, query: str, filters: Filters = Filters(), sort: str = Sort.RELEVANCE, watched: bool = False
) -> SavedSearch:
    """Keep a search for its owner. A watched one begins with what it finds now as known, so that only news is told."""
    by.require(Permission.SEARCH)
    if by.user_id is None:
        raise Forbidden
    known = _found_now(by, query, filters) if watched else []
    with transaction.atomic():
        kept = SavedSearch(
            owner_id=by.user_id,
            name=" ".join(name.split())[:120],
            query=query.strip(),
            filters=packed(filters),
            sort=Sort(sort),
            watched=watched,
            created_at=clock.now(),
            checked_at=clock.now(),
        )
        _check(kept)
        kept.save(force_insert=True)
        _know(kept, known, seen_at=clock.now())
        _record(Event.SEARCH_SAVED, by, {"search": str(kept.pk), "watched": watched})
    return kept


def watch_search(*, by: Actor, search_id: UUID, watched: bool) -> SavedSearch:
    """Begin or end telling the owner what is new in a saved search."""
    kept = own(by, search_id)
    known = _found_now(by, kept.query, unpacked(kept.filters)) if watched else []
    with transaction.atomic():
        kept.watched, kept.checked_at = watched, clock.now()
        kept.save(update_fields=["watched", "checked_at"])
        kept.alerts.all().delete()
        _know(kept, known, seen_at=clock.now())
        _record(Event.SEARCH_SAVED, by, {"search": str(kept.pk), "watched": watched})
    return kept


@transaction.atomic
def delete_search(*, by: Actor, search_id: UUID) -> None:
    """Forget a saved search and its alerts."""
    kept = own(by, search_id)
    _record(Event.SEARCH_DELETED, by, {"search": str(kept.pk)})
    kept.delete()


@transaction.atomic
def mark_alerts_seen(*, by: Actor, search_id: UUID) -> int:
    """The owner has looked at what is new; return how many there were."""
    kept = own(by, search_id)
    count = kept.alerts.filter(seen_at__isnull=True).update(seen_at=clock.now())
    _record(Event.ALERTS_SEEN, by, {"search": str(kept.pk), "alerts": count})
    return count


def look_for_news() -> int:
    """Hold every watched search against what was indexed since its last round; return how many alerts were made."""
    made, now = 0, clock.now()
    for kept in SavedSearch.objects.filter(watched=True).select_related("owner").order_by("checked_at"):
        changed = _indexed_since(kept.checked_at)
        made += _news(kept, frozenset(changed)) if changed else 0
        SavedSearch.objects.filter(pk=kept.pk).update(checked_at=now)
    return made


def look_through_all() -> int:
    """Hold every watched search against the whole index: what came into an owner's reach without being indexed anew."""
    rows = SavedSearch.objects.filter(watched=True).select_related("owner")
    return sum(_news(kept, None) for kept in rows)


def own(by: Actor, search_id: UUID) -> SavedSearch:
    """Return a saved search of this person; another's is as unknown as none."""
    found = SavedSearch.objects.filter(pk=search_id, owner_id=by.user_id).first()
    if found is None:
        raise NotFound
    return found


def packed(filters: Filters) -> dict[str, Any]:
    """Return filters as JSON can hold them."""
    given = {name: value for name, value in asdict(filters).items() if value is not None}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def unpacked(stored: dict[str, Any]) -> Filters:
    """Return the filters that `packed` stored."""
    given: dict[str, Any] = {name: date.fromisoformat(one) if name in DATES else one for name, one in stored.items()}
    return Filters(**given)


def _check(kept: SavedSearch) -> None:
    rows = SavedSearch.objects.filter(owner_id=kept.owner_id)
    if not kept.name:
        raise NameMissing
    if not kept.query and not kept.filters:
        raise NothingAsked
    if rows.filter(name=kept.name).exists():
        raise NameTaken(name=kept.name)
    if rows.count() >= MOST_SAVED:
        raise TooManySaved(most=MOST_SAVED)


def _found_now(by: Actor, query: str, filters: Filters) -> list[str]:
    most = MOST_WATCHED_DOCUMENTS
    found = documents_matching(ask(Scope.of(by), query, filters), most=most + 1)
    if len(found) > most:
        raise TooBroadToWatch(most=most)
    return found


def _indexed_since(since: datetime) -> list[str]:
    rows = IndexState.objects.filter(applied_at__gte=since - OVERLAP, pages__gt=0).order_by("-applied_at")
    return [str(one) for one in rows.values_list("document_id", flat=True)[:MOST_CHANGED_AT_ONCE]]


def _news(kept: SavedSearch, among: frozenset[str] | None) -> int:
    """Make alerts of what the owner may find today and was not told of yet."""
    if not kept.owner.is_active:
        return 0
    actor = actor_for(kept.owner, method="system:alerts")
    asked = ask(Scope.of(actor), kept.query, unpacked(kept.filters))
    found = set(documents_matching(asked, among=among, most=MOST_WATCHED_DOCUMENTS))
    known = {str(one) for one in kept.alerts.values_list("document_id", flat=True)}
    fresh = sorted(found - known)
    if fresh:
        with transaction.atomic():
            _know(kept, fresh, seen_at=None)
            _record(Event.SEARCH_ALERTED, actor, {"search": str(kept.pk), "documents": fresh})
    return len(fresh)


def _know(kept: SavedSearch, documents: Sequence[str], *, seen_at: datetime | None) -> None:
    """Write down that these were found. One may have been destroyed since the engine named it."""
    there = Document.objects.filter(pk__in=documents).values_list("pk", flat=True)
    rows = [Alert(search=kept, document_id=one, found_at=clock.now(), seen_at=seen_at) for one in there]
    Alert.objects.bulk_create(rows, ignore_conflicts=True, batch_size=200)


def _record(event: Event, by: Actor, facts: dict[str, object]) -> None:
    record(event, stamp=by.stamp, stream=access_stream(clock.now(), str(by.user_id)), refs={}, facts=facts)
