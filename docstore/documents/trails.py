"""Who did what: on one case for those who keep it, everywhere for auditors. Reading it is itself written down (DOM-11.5).

An auditor learns who did what to which case and document by number and id, and nothing of what stands in them.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.audit import evidence
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import Entry, entries
from docstore.cases.change import case_stream
from docstore.cases.days import start_of
from docstore.cases.models import Reference
from docstore.cases.queries import get_case
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.core.paging import Slice, page
from docstore.core.references import normalise
from docstore.documents.models import Filing
from docstore.documents.visibility import visible_to

MOST_TAKEN_AWAY = 10_000
# What follows from something else that stands in the trail, and would bury it.
SMALL = (Event.PICTURE_SENT, Event.DRAFT_RECEIVED, Event.DRAFT_DESCRIBED, Event.DRAFT_DISCARDED)
HEADINGS = ("time", "person", "event", "what", "case", "document", "facts")


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the trail somebody wants to see. Days are both included; what is empty narrows nothing."""

    person: UUID | None = None
    case: UUID | None = None
    document: UUID | None = None
    event: str = ""
    since: date | None = None
    until: date | None = None


def read_case_trail(
    *, by: Actor, case_id: UUID, everything: bool = False, cursor: str | None = None, limit: int = 50
) -> Slice[AuditEvent]:
    """Return what happened on a case, newest first, to those who may read its trail; raise NotFound to others.

    What happened to a document that is hidden from them is hidden as well. Pictures sent to a page that is open anyway,
    and files that were not filed yet, are left out unless `everything` is asked for.
    """
    scope = Scope.of(by)
    case = get_case(scope, case_id)
    if not scope.allows_on(case, Permission.READ_TRAILS):
        raise NotFound
    on_case = set(Filing.objects.filter(case=case).values_list("document_id", flat=True))
    hidden = on_case - set(visible_to(scope).filter(pk__in=on_case).values_list("pk", flat=True))
    _write_down(by, Event.TRAIL_READ, {"case": str(case_id)}, {})
    rows = _rows(Asked(case=case_id)).exclude(document__in=[str(one) for one in hidden])
    rows = rows if everything else rows.exclude(type__in=SMALL)
    return page(rows, keys=("-id",), cursor=cursor, limit=limit)


def titles_for(scope: Scope, ids: set[str]) -> dict[str, str]:
    """Return the titles of those documents that this person may open."""
    rows = visible_to(scope).filter(pk__in=[UUID(one) for one in ids])
    return {str(pk): title for pk, title in rows.values_list("pk", "title")}


def read_trail(*, by: Actor, asked: Asked, cursor: str | None = None, limit: int = 50) -> Slice[AuditEvent]:
    """Return what happened anywhere, newest first: for those who watch."""
    by.require(Permission.WATCH_ACCESS)
    _write_down(by, Event.TRAIL_READ, _refs(asked), {})
    return page(_rows(asked), keys=("-id",), cursor=cursor, limit=limit)


def take_trail_away(*, by: Actor, asked: Asked) -> tuple[str, ...]:
    """Return the same as lines of CSV, the newest 10,000 at most. An act of its own, recorded before anything goes out."""
    by.require(Permission.WATCH_ACCESS)
    rows = list(_rows(asked).order_by("-id")[:MOST_TAKEN_AWAY])
    _write_down(by, Event.TRAIL_TAKEN_AWAY, _refs(asked), {"events": len(rows)})
    return tuple(_lines(rows, hidden_from(by)))


def take_evidence_away(*, by: Actor, case_id: UUID) -> dict[str, Any]:
    """Return the history of a case as evidence that anybody can check, written down before it goes out."""
    by.require(Permission.WATCH_ACCESS)
    told = evidence.evidence_of(case_stream(case_id), withheld=hidden_from(by))
    _write_down(by, Event.TRAIL_TAKEN_AWAY, {"case": str(case_id)}, {"events": len(told["events"])})
    return told


def hidden_from(actor: Actor) -> frozenset[Event]:
    """Return the events whose facts this person is not given: what was said about holds, without the right to read that."""
    return frozenset() if actor.may(Permission.READ_HOLD_REASONS) else evidence.ABOUT_HOLDS


def case_numbers(ids: set[str]) -> dict[str, str]:
    """Return the main number of each case: a number is no content, so that auditors may read it."""
    rows = Reference.objects.filter(case__in=[UUID(one) for one in ids]).order_by("-pk")
    return {str(one.case_id): one.value for one in rows}


def person_named(text: str) -> UUID | None:
    """Return whose sign-in name or full name this is, active or not: who has left is audited too."""
    found = User.objects.filter(username=text).values_list("pk", flat=True).first()
    return found or User.objects.filter(name__iexact=text).values_list("pk", flat=True).first()


def case_numbered(text: str) -> UUID | None:
    """Return which case has this number, seen by the caller or not."""
    return Reference.objects.filter(value=normalise(text)).values_list("case_id", flat=True).first()


def _rows(asked: Asked) -> QuerySet[AuditEvent]:
    named = {"actor": asked.person, "case": asked.case, "document": asked.document, "type": asked.event}
    rows = AuditEvent.objects.filter(**{name: str(value) for name, value in named.items() if value})
    if asked.since:
        rows = rows.filter(recorded_at__gte=start_of(asked.since))
    if asked.until:
        rows = rows.filter(recorded_at__lt=start_of(asked.until + timedelta(days=1)))
    return rows


def _refs(asked: Asked) -> dict[str, str]:
    named = {"case": asked.case, "document": asked.document}
    return {name: str(value) for name, value in named.items() if value}


def _write_down(by: Actor, event: Event, refs: dict[str, str], facts: dict[str, object]) -> None:
    record_alone(event, stamp=by.stamp, stream=access_stream(clock.now(), str(by.user_id)), refs=refs, facts=facts)


class _Line:
    """Where the csv module writes to: gives the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(rows: list[AuditEvent], hidden: Collection[Event]) -> Iterator[str]:
    """Ids, codes and reasons; a reason is typed by people, so a spreadsheet must take it for text."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(HEADINGS)
    names = {
        str(pk): name
        for pk, name in User.objects.filter(pk__in={one.actor for one in rows if one.actor}).values_list(
            "pk", "username"
        )
    }
    for row, entry in zip(rows, entries(rows), strict=True):
        yield writer.writerow(_cells(row, entry, names.get(row.actor, ""), is_hidden=row.type in hidden))


def _cells(row: AuditEvent, entry: Entry, person: str, *, is_hidden: bool) -> list[str]:
    told = {} if is_hidden else entry.facts
    facts = "; ".join(f"{name}: {value}" for name, value in sorted(told.items()))
    return [
        entry.at.isoformat(),
        person,
        entry.event,
        entry.sentence,
        row.case,
        row.document,
        f"'{facts}" if facts else "",
    ]
