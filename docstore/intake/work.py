"""How much work waits, what failed and what is hard to read: figures for everybody who may retry work, papers only where
they may open them.

Counts of the queue are of the whole service and name nothing. Everything about a document goes through `visible_to`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from docstore.access.permissions import Permission
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.jobs import Job, JobState
from docstore.documents.models import Document, Method, Page, PageState, Rendition, RenditionKind
from docstore.documents.visibility import visible_to

DAYS = 14
UNCLEAR_BELOW = 60.0
MOST = 24


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work of one kind that is not done: how much, and since when the oldest waits."""

    name: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class HardPage:
    """A page that could not be read, or was read with doubt, on a document that this person may open."""

    document: Document
    number: int
    confidence: float | None
    reason: str
    has_picture: bool


@dataclass(frozen=True, slots=True)
class Board:
    """What the work board shows."""

    waiting: tuple[Waiting, ...]
    filed: Mapping[date, int]
    finished: Mapping[date, int]
    failed: tuple[HardPage, ...]
    unclear: tuple[HardPage, ...]


def board(scope: Scope, *, today: date) -> Board:
    """Return the board of the last fourteen days, counted in the court's own days. Raises Forbidden without the right."""
    scope.actor.require(Permission.MANAGE_JOBS)
    first = today - timedelta(days=DAYS - 1)
    since = datetime.combine(first, time.min, tzinfo=clock.COURT_ZONE).astimezone(UTC)
    recent = visible_to(scope).filter(filed_at__gte=since)
    done = Job.objects.filter(state=JobState.DONE, finished_at__gte=since, name="reading.page")
    days = [first + timedelta(days=at) for at in range(DAYS)]
    return Board(
        waiting=_waiting(),
        filed=_by_day(recent, "filed_at", days),
        finished=_by_day(done, "finished_at", days),
        failed=_pages(Page.objects.filter(state=PageState.FAILED), recent),
        unclear=_pages(Page.objects.filter(method=Method.OCR, confidence__lt=UNCLEAR_BELOW), recent),
    )


def _waiting() -> tuple[Waiting, ...]:
    rows = Job.objects.filter(state__in=[JobState.READY, JobState.LEASED]).values("name")
    counted = rows.annotate(n=Count("id"), oldest=Min("created_at")).order_by("name")
    return tuple(Waiting(one["name"], one["n"], one["oldest"]) for one in counted)


def _by_day(rows: QuerySet[Document] | QuerySet[Job], field: str, days: list[date]) -> dict[date, int]:
    dated = rows.order_by().annotate(day=TruncDate(field, tzinfo=clock.COURT_ZONE))
    counted = dict(dated.values("day").annotate(n=Count("pk", distinct=True)).values_list("day", "n"))
    return {day: counted.get(day, 0) for day in days}


def _pages(pages: QuerySet[Page], recent: QuerySet[Document]) -> tuple[HardPage, ...]:
    """The hardest pages of current versions filed lately; corrected ones are settled."""
    current = F("version__document__current")
    rows = pages.filter(version__document__in=recent.values("pk"), version__number=current, is_corrected=False)
    small = Rendition.objects.filter(version=OuterRef("version"), page=OuterRef("number"), kind=RenditionKind.THUMBNAIL)
    rows = rows.annotate(has_picture=Exists(small)).select_related("version__document").order_by("confidence", "pk")
    return tuple(
        HardPage(one.version.document, one.number, one.confidence, one.reason, one.has_picture) for one in rows[:MOST]
    )
