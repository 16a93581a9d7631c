"""How the service fares, as figures for a program that watches over it: what waits, what stopped, what takes too long.

Counts of the whole service; no figure names a case, a document or a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.sealing import lag
from docstore.core import clock
from docstore.core.jobs import Job
from docstore.intake.models import Batch, BatchState, IntakeException, Item, ItemState, Station
from docstore.intake.subscriptions import Delivery, DeliveryState

UNDER_WAY = (ItemState.RECEIVING, ItemState.QUARANTINED, ItemState.CLEAN, ItemState.READING)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: what it counts, and its values by label; `label` is empty where there is but one value."""

    name: str
    means: str
    label: str
    values: tuple[tuple[str, float], ...]


def measure(by: Actor) -> list[Measure]:
    """Return every figure as it stands. Raises Forbidden without the right."""
    by.require(Permission.SEE_FIGURES)
    return [*_of_the_queue(), *_of_the_audit(), *_of_intake()]


def _of_the_queue() -> Iterator[Measure]:
    waiting = Job.objects.waiting().order_by()
    by_name = waiting.values_list("name").annotate(n=Count("pk"))
    yield Measure("jobs_waiting", "Pieces of work that are not done, by kind.", "name", tuple(sorted(by_name)))
    yield _one("jobs_parked", "Pieces of work that stopped and wait for a person.", waiting.parked().count())
    oldest = waiting.aggregate(at=Min("created_at"))["at"]
    age = (clock.now() - oldest).total_seconds() if oldest else 0.0
    yield _one("job_oldest_seconds", "How long the oldest piece of work has waited.", age)


def _of_the_audit() -> Iterator[Measure]:
    behind = lag().total_seconds()
    yield _one(
        "audit_lag_seconds", "How long the oldest event has waited for locked storage; over 7200 is an alarm.", behind
    )


def _of_intake() -> Iterator[Measure]:
    items = Item.objects.filter(state__in=UNDER_WAY).order_by().values_list("state").annotate(n=Count("pk"))
    counted = dict.fromkeys(map(str, UNDER_WAY), 0) | dict(items)
    yield Measure("items_under_way", "Items of stations on their way, by state.", "state", tuple(counted.items()))
    unfinished = Batch.objects.filter(state__in=[BatchState.OPEN, BatchState.VERIFYING])
    yield _one("batches_unfinished", "Batches that have not come to their end.", unfinished.count())
    overdue = unfinished.filter(overdue_at__isnull=False).count()
    yield _one("batches_overdue", "Batches that take too long.", overdue)
    waiting = IntakeException.objects.filter(settled_at__isnull=True).count()
    yield _one("exceptions_waiting", "Papers and batches that wait for a person.", waiting)
    silent = Station.objects.filter(is_enabled=True, silent_since__isnull=False).count()
    yield _one("stations_silent", "Stations of which nothing is heard in working hours.", silent)
    dead = Delivery.objects.filter(state=DeliveryState.DEAD).count()
    yield _one("webhook_dead_letters", "Events that could not be delivered and wait for a person.", dead)


def _one(name: str, means: str, value: float) -> Measure:
    return Measure(name, means, "", (("", value),))
