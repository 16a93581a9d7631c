"""What stations and suppliers say they sent, against what came: the daily reconciliation (DOM-1.17, design/domain.md §3.7).

A report is made once for a station and a day. A statement that comes after it is kept, marked late, and changes nothing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.key_scopes import KeyScope
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.intake.accounts import Reconciliation, Statement
from docstore.intake.feed import locked
from docstore.intake.models import Batch, BatchState, Station
from docstore.intake.shapes import check, fault
from docstore.intake.stations import own_station

AFTER_HOURS = 6


class Difference(StrEnum):
    """The six kinds of the courts' own report, and two of ours."""

    NOT_RECEIVED = "reported-not-received"
    NOT_REPORTED = "received-not-reported"
    REJECTED = "rejected"
    RESCAN = "rescan-mismatch"
    PAYMENTS = "payment-numbers-mismatch"
    ITEMS = "control-numbers-mismatch"
    PAGES = "page-count-mismatch"
    HASHES = "hash-mismatch"


@dataclass(frozen=True, slots=True)
class Row:
    """One difference: in which batch, of what kind, and what either side says."""

    batch: str
    kind: str
    stated: list[str]
    found: list[str]


def post_statement(*, by: Actor, body: Mapping[str, Any]) -> Statement:
    """Keep what a station says it sent on a day. One that comes after the day's report is marked late."""
    own = own_station(by, KeyScope.STATEMENT_WRITE)
    check("statement", body)
    day = _day(body["day"])
    with transaction.atomic():
        station = locked(own.pk)
        is_late = Reconciliation.objects.filter(station=station, day=day).exists()
        statement = Statement.objects.create(
            station=station, day=day, body=json.dumps(body), received_at=clock.now(), is_late=is_late
        )
        facts = {"day": str(day), "late": is_late}
        refs = {"station": str(station.pk)}
        record(Event.STATEMENT_POSTED, stamp=by.stamp, stream=f"intake:{station.pk}", refs=refs, facts=facts)
    return statement


def reconciliation_of(*, by: Actor, day: date) -> Reconciliation:
    """Return the asking station's report of a day; raise NotFound where none was made."""
    station = own_station(by, KeyScope.INTAKE_READ)
    found = Reconciliation.objects.filter(station=station, day=day).first()
    if found is None:
        raise NotFound
    return found


def reconcile_due() -> int:
    """Make the reports of days that ended some hours ago, for every station with a statement or a batch; return how many."""
    day = (clock.now() - timedelta(hours=AFTER_HOURS)).astimezone(clock.COURT_ZONE).date() - timedelta(days=1)
    made = 0
    for station in Station.objects.exclude(reconciliations__day=day):
        if Statement.objects.filter(station=station, day=day).exists() or _batches(station, day):
            reconcile(station, day)
            made += 1
    return made


@transaction.atomic
def reconcile(station: Station, day: date) -> Reconciliation:
    """Make the report of one station and day; the one that exists is returned unchanged."""
    locked(station.pk)
    known = Reconciliation.objects.filter(station=station, day=day).first()
    if known is not None:
        return known
    stated = {
        one["external_id"]: one
        for statement in Statement.objects.filter(station=station, day=day, is_late=False)
        for one in json.loads(statement.body)["batches"]
    }
    rows = [asdict(row) for row in differences(stated, _batches(station, day))]
    return Reconciliation.objects.create(station=station, day=day, rows=json.dumps(rows), made_at=clock.now())


def differences(stated: Mapping[str, Mapping[str, Any]], found: Iterable[Batch]) -> Iterator[Row]:
    """Yield every difference between what was stated, by batch name, and the batches that came."""
    came = {batch.external_id: batch for batch in found}
    for name in sorted(stated.keys() - came.keys()):
        yield Row(name, Difference.NOT_RECEIVED, _numbers(stated[name]), [])
    for name, batch in sorted(came.items()):
        if name not in stated:
            yield Row(name, Difference.NOT_REPORTED, [], sorted(_found_numbers(batch)))
            continue
        yield from _in_batch(stated[name], batch)


def _in_batch(stated: Mapping[str, Any], batch: Batch) -> Iterator[Row]:
    name = batch.external_id
    if batch.state in (BatchState.REJECTED, BatchState.EXPIRED):
        yield Row(name, Difference.REJECTED, [], [batch.state])
    if (stated.get("rescan_for") or "") != batch.rescan_for:
        yield Row(name, Difference.RESCAN, [stated.get("rescan_for") or ""], [batch.rescan_for])
    paid, payments = set(stated.get("payments") or ()), set(json.loads(batch.payments))
    if paid != payments:
        yield Row(name, Difference.PAYMENTS, sorted(paid - payments), sorted(payments - paid))
    said, there = set(_numbers(stated)), _found_numbers(batch)
    if said != there:
        yield Row(name, Difference.ITEMS, sorted(said - there), sorted(there - said))
    yield from _in_items(stated, batch)


def _in_items(stated: Mapping[str, Any], batch: Batch) -> Iterator[Row]:
    told = {one["control_number"]: one for one in stated["items"]}
    for item in batch.items.all():
        one = told.get(item.control_number, {})
        pages, sha256 = one.get("pages"), (one.get("sha256") or "").lower()
        if pages is not None and item.pages is not None and pages != item.pages:
            yield Row(batch.external_id, Difference.PAGES, [f"{item.control_number}: {pages}"], [str(item.pages)])
        if sha256 and sha256 != item.sha256:
            yield Row(batch.external_id, Difference.HASHES, [f"{item.control_number}: {sha256}"], [item.sha256])


def _numbers(stated: Mapping[str, Any]) -> list[str]:
    return sorted(one["control_number"] for one in stated["items"])


def _found_numbers(batch: Batch) -> set[str]:
    """What has arrived; an item that was declared and never came is missing here, as it is in the court."""
    return {one.control_number for one in batch.items.all() if one.received_at is not None}


def _batches(station: Station, day: date) -> list[Batch]:
    begin = datetime.combine(day, time.min, tzinfo=clock.COURT_ZONE).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, tzinfo=clock.COURT_ZONE).astimezone(UTC)
    return list(Batch.objects.filter(station=station, opened_at__gte=begin, opened_at__lt=end).order_by("opened_at"))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise fault("/day", "invalid-date", "This is not a day of the calendar. Write it as 2026-11-20.") from None
