"""What was expected, what came, what was accepted and what is missing, per station and day; and what somebody should chase.

Questions only. Court staff see the stations of their court, station managers see all; nobody sees a word of a paper here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from docstore.access.actor import Actor
from docstore.core import clock, conf
from docstore.core.errors import NotFound
from docstore.intake.accounts import Reconciliation, Statement
from docstore.intake.models import Batch, BatchState, IntakeEvent, IntakeException, Item, ItemState, Station
from docstore.intake.stations import stations

ON_ITS_CASE = (ItemState.READING, ItemState.AVAILABLE)
NOT_HERE = (ItemState.EXPECTED, ItemState.RECEIVING)
UNFINISHED = (BatchState.OPEN, BatchState.VERIFYING)
MOST_UNFINISHED = 50
FRIDAY = 4
COUNTED = ("expected", "received", "accepted", "waiting", "rejected", "missing", "batches", "pages")


@dataclass(frozen=True, slots=True)
class Tally:
    """Items of one station and day. `expected` is what was declared; `missing` was declared and has not come."""

    expected: int = 0
    received: int = 0
    accepted: int = 0
    waiting: int = 0
    rejected: int = 0
    missing: int = 0
    batches: int = 0
    pages: int = 0

    @property
    def under_way(self) -> int:
        """Received, and neither on a case nor before a person nor rejected yet."""
        return max(0, self.received - self.accepted - self.waiting - self.rejected)


@dataclass(frozen=True, slots=True)
class Line:
    """One station on one day."""

    station: Station
    tally: Tally
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A batch that is not finished, and the numbers of the items that have not come."""

    batch: Batch
    missing: tuple[int, ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One station's report of a day, where it is made, and how many statements came in time and late."""

    station: Station
    report: Reconciliation | None
    statements: int
    late: int


def reconciled(by: Actor, day: date) -> list[Reconciled]:
    """Return the reports of a day for the stations that this person may see."""
    own = list(stations(by))
    reports = {one.station_id: one for one in Reconciliation.objects.filter(station__in=own, day=day)}
    counts: dict[tuple[UUID, bool], int] = {}
    for station_id, is_late in Statement.objects.filter(station__in=own, day=day).values_list("station", "is_late"):
        counts[station_id, is_late] = counts.get((station_id, is_late), 0) + 1
    return [
        Reconciled(one, reports.get(one.pk), counts.get((one.pk, False), 0), counts.get((one.pk, True), 0))
        for one in own
    ]


def board(by: Actor, day: date) -> list[Line]:
    """Return a line for every station that this person may see, with what it sent on a day."""
    own = list(stations(by))
    tallies = _tallies(own, day)
    now, sent = clock.now(), last_sent_by(own)
    return [Line(one, tallies.get(one.pk, Tally()), is_silent(one, sent.get(one.pk), now)) for one in own]


def unfinished(by: Actor) -> list[Unfinished]:
    """Return batches that are not finished, the oldest first."""
    missing = Prefetch("items", queryset=Item.objects.filter(state__in=NOT_HERE), to_attr="not_here")
    rows = Batch.objects.filter(station__in=stations(by), state__in=UNFINISHED)
    found = rows.select_related("station__court").prefetch_related(missing).order_by("opened_at", "pk")
    late = clock.now() - timedelta(minutes=conf.get().intake.overdue_minutes)
    return [
        Unfinished(one, tuple(item.seq for item in one.not_here), one.opened_at < late)
        for one in found[:MOST_UNFINISHED]
    ]


def get_batch(by: Actor, batch_id: UUID) -> Batch:
    """Return a batch of a station that this person may see; raise NotFound."""
    found = Batch.objects.filter(pk=batch_id, station__in=stations(by)).select_related("station__court").first()
    if found is None:
        raise NotFound
    return found


def find_batches(by: Actor, words: str, *, limit: int = 50) -> QuerySet[Batch]:
    """Return batches by name, control number or case reference, the newest first (DOM-1.6)."""
    rows = Batch.objects.filter(station__in=stations(by)).select_related("station__court")
    text = words.strip()
    if text:
        number = Q(items__control_number=text) | Q(non_scannable__control_number=text)
        plain = "".join(text.split()).replace("-", "")
        rows = rows.filter(
            Q(external_id__icontains=text)
            | number
            | Q(case_reference__in=[text, plain])
            | Q(items__case_reference__in=[text, plain])
            | Q(items__case__references__value__in=[text, plain])
        )
    return rows.distinct().order_by("-opened_at", "pk")[:limit]


def events_of(batch: Batch) -> QuerySet[IntakeEvent]:
    """Return what happened to a batch, the newest first."""
    return IntakeEvent.objects.filter(batch=batch).order_by("-number")


def waiting_exceptions(by: Actor) -> QuerySet[IntakeException]:
    """Return what waits for a decision at the courts of these stations, the oldest first."""
    rows = IntakeException.objects.filter(batch__station__in=stations(by), settled_at__isnull=True)
    return rows.select_related("batch__station__court", "item").order_by("raised_at", "pk")


def is_silent(station: Station, last_sent: datetime | None, now: datetime) -> bool:
    """Whether a station has sent nothing for too long in working hours (DOM-1.18).

    One that never sent anything has not begun; one that is switched off is meant to be silent. A night is no silence:
    the hour is counted from the morning on.
    """
    if not station.is_enabled or last_sent is None:
        return False
    local, hours = now.astimezone(clock.COURT_ZONE), conf.get().intake
    if local.weekday() > FRIDAY or not time(hours.working_from) <= local.time() < time(hours.working_until):
        return False
    morning = local.replace(hour=hours.working_from, minute=0, second=0, microsecond=0)
    return now - max(last_sent, morning.astimezone(UTC)) > timedelta(minutes=hours.silence_minutes)


def last_sent_by(rows: Iterable[Station]) -> dict[UUID, datetime]:
    """Return when each station last opened a batch or sent an item."""
    found = Batch.objects.filter(station__in=rows).values("station")
    times = found.annotate(opened=Max("opened_at"), received=Max("items__received_at"))
    return {one["station"]: max(one["opened"], one["received"] or one["opened"]) for one in times}


def _tallies(own: list[Station], day: date) -> dict[UUID, Tally]:
    begin = datetime.combine(day, time(), clock.COURT_ZONE)
    rows = (
        Item.objects.filter(
            batch__station__in=own, batch__opened_at__gte=begin, batch__opened_at__lt=begin + timedelta(days=1)
        )
        .exclude(batch__state=BatchState.EXPIRED, state__in=NOT_HERE, claimed=False)
        .values("batch__station")
        .annotate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(received_at__isnull=False)),
            accepted=Count("pk", filter=Q(state__in=ON_ITS_CASE)),
            waiting=Count("pk", filter=Q(state=ItemState.NEEDS_ATTENTION)),
            rejected=Count("pk", filter=Q(state=ItemState.REJECTED)),
            missing=Count("pk", filter=Q(state__in=NOT_HERE)),
            batches=Count("batch", distinct=True),
            pages=Coalesce(Sum("pages"), 0),
        )
    )
    return {station: Tally(*counts) for station, *counts in rows.values_list("batch__station", *COUNTED)}
