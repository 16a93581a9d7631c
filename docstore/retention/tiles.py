"""What a records manager looks at: each tile is one condition, used for its count and for the list behind it (RET-N2).

Filters narrow any list; both speak of stored answers, indexed, and never of the search index (RET-P2).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from docstore.access.actor import Actor
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.paging import Slice, page
from docstore.documents.models import Document
from docstore.retention.disposal_models import ItemState, ListItem
from docstore.retention.evaluate import LOW_CONFIDENCE
from docstore.retention.hold_models import Hold, HoldMembership
from docstore.retention.longer import past_limit
from docstore.retention.models import ClassVersion, ClosureProposal, RetentionStatus
from docstore.retention.queries import managed_statuses
from docstore.retention.reach import managed_cases
from docstore.retention.titles import named
from docstore.retention.vocabulary import DUE, Outcome, Record, RecordKind, VersionStatus

OVERDUE_DAYS = 90
LONG_WAIT_DAYS = 365
KEYS = ("due_on", "id")
BY_ID = ("id",)


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure of the dashboard: its key, and which stored answers it counts on a day."""

    key: str
    about: Callable[[date], Q]
    is_dated: bool = True


def _soon(days: int) -> Callable[[date], Q]:
    return lambda today: Q(outcome=Outcome.NOT_DUE, due_on__lte=today + timedelta(days=days))


def _listed_as(state: ItemState) -> Q:
    """Records that a disposal list has brought this far: a lock stands in the way, or a copy would not go."""
    return Q(record_id__in=ListItem.objects.filter(state=state, is_open=True).values("record"))


TILES: tuple[Tile, ...] = (
    Tile("due", lambda _: Q(outcome__in=DUE)),
    Tile("overdue", lambda today: Q(outcome__in=DUE, due_on__lt=today - timedelta(days=OVERDUE_DAYS))),
    Tile("due-30", _soon(30)),
    Tile("due-60", _soon(60)),
    Tile("due-90", _soon(90)),
    Tile("review", lambda _: Q(outcome=Outcome.REVIEW_DUE)),
    Tile("transfer", lambda _: Q(outcome=Outcome.TRANSFER_DUE)),
    Tile("provisional", lambda _: Q(outcome=Outcome.PROVISIONAL)),
    Tile("held", lambda _: Q(outcome=Outcome.HELD), is_dated=False),
    Tile("unclassified", lambda _: Q(outcome=Outcome.UNCLASSIFIED), is_dated=False),
    Tile(
        "waiting",
        lambda today: Q(
            outcome__in=[Outcome.AWAITING_TRIGGER, Outcome.CANNOT_COMPUTE],
            waiting_since__lte=today - timedelta(days=LONG_WAIT_DAYS),
        ),
        is_dated=False,
    ),
    Tile("unknown", lambda _: Q(outcome=Outcome.CANNOT_COMPUTE), is_dated=False),
    Tile("conflict", lambda _: Q(outcome=Outcome.CONFLICT), is_dated=False),
    Tile("uncertain", lambda _: Q(confidence__lt=LOW_CONFIDENCE), is_dated=False),
    Tile("blocked", lambda _: _listed_as(ItemState.BLOCKED), is_dated=False),
    Tile("failed", lambda _: _listed_as(ItemState.INCOMPLETE), is_dated=False),
    Tile("drift", lambda _: Q(dirty=True), is_dated=False),
    Tile("past-maximum", lambda _: Q(past_maximum=True)),
    Tile("years-18", lambda today: past_limit(18, 19, today), is_dated=False),
    Tile("years-19", lambda today: past_limit(19, 20, today), is_dated=False),
    Tile("years-20", lambda today: past_limit(20, None, today), is_dated=False),
    Tile("permanent", lambda _: Q(outcome=Outcome.PERMANENT), is_dated=False),
    Tile("all", lambda _: Q(), is_dated=False),
)
BY_KEY: Mapping[str, Tile] = {one.key: one for one in TILES}


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list (RET-K1). Empty members match all."""

    court: str = ""
    disposal_class: str = ""
    outcome: str = ""
    due_from: date | None = None
    due_to: date | None = None
    hold: UUID | None = None
    confidence_below: int | None = None
    version: int | None = None
    disposal_state: str = ""
    drifted: bool = False

    def condition(self) -> Q:
        given = {
            "court__code": self.court,
            "disposal_class__code": self.disposal_class,
            "outcome": self.outcome,
            "due_on__gte": self.due_from,
            "due_on__lte": self.due_to,
            "confidence__lt": self.confidence_below,
            "class_version__number": self.version,
            "dirty": self.drifted or None,
        }
        about = Q(**{name: value for name, value in given.items() if value not in ("", None)})
        about = about & self._brought_to() if self.disposal_state else about
        return about & self._held() if self.hold else about

    def _brought_to(self) -> Q:
        """The records that disposal has brought to a state, or handed to an archive."""
        cases = Case.objects.filter(lifecycle=self.disposal_state).values("pk")
        documents = Document.objects.filter(lifecycle=self.disposal_state).values("pk")
        return Q(kind=RecordKind.CASE, record_id__in=cases) | Q(kind=RecordKind.DOCUMENT, record_id__in=documents)

    def _held(self) -> Q:
        """The records that a hold has caught by itself; what hangs on them is held with them."""
        caught = HoldMembership.objects.filter(hold=self.hold, removed_at__isnull=True)
        cases = caught.filter(case__isnull=False).values("case_id")
        documents = caught.filter(document__isnull=False).values("document_id")
        return Q(kind=RecordKind.CASE, record_id__in=cases) | Q(kind=RecordKind.DOCUMENT, record_id__in=documents)


@dataclass(frozen=True, slots=True)
class Line:
    """A record on a list, with the case that names it."""

    status: RetentionStatus
    case: Case | None
    title: str

    @property
    def record(self) -> Record:
        return self.status.record


def counts(actor: Actor) -> dict[str, int]:
    """Return the figure of every tile, in one query."""
    today = clock.today()
    rows = managed_statuses(actor)
    found = rows.aggregate(
        **{one.key.replace("-", "_"): Count("id", filter=one.about(today)) for one in TILES if one.key != "all"}
    )
    return {one.key: found[one.key.replace("-", "_")] if one.key != "all" else rows.count() for one in TILES}


def listed(actor: Actor, tile: str, filters: Filters) -> QuerySet[RetentionStatus]:
    """Return exactly the records that a tile counts, narrowed by filters."""
    chosen = BY_KEY.get(tile, BY_KEY["all"])
    rows = managed_statuses(actor).filter(chosen.about(clock.today())).filter(filters.condition())
    return rows.select_related("court", "disposal_class", "class_version")


def lines(actor: Actor, tile: str, filters: Filters, *, cursor: str | None, limit: int) -> Slice[Line]:
    """Return one page of a list, what falls due first on top."""
    chosen = BY_KEY.get(tile, BY_KEY["all"])
    keys = KEYS if chosen.is_dated and tile != "past-maximum" else BY_ID
    found = page(listed(actor, tile, filters), keys=keys, cursor=cursor, limit=limit)
    return Slice(with_cases(actor, found.rows), found.next)


def with_cases(actor: Actor, rows: Iterable[RetentionStatus]) -> list[Line]:
    """Join answers with the cases that name them, and with the titles that this person may read."""
    every = list(rows)
    names = named(actor, [one.record for one in every])
    return [Line(one, names[one.record].case, names[one.record].title) for one in every]


def falling_due(actor: Actor, *, until: date) -> list[tuple[int, int, int]]:
    """Return how many records fall due in each month from this one on: (year, month, records)."""
    first = clock.today().replace(day=1)
    rows = managed_statuses(actor).filter(outcome=Outcome.NOT_DUE, due_on__gte=first, due_on__lt=until)
    by_month = rows.order_by().values_list("due_on__year", "due_on__month").annotate(records=Count("id"))
    return sorted(by_month)


def waiting_for(actor: Actor) -> list[ClassVersion]:
    """Return the class versions that wait for somebody else's approval: this person's, if they did not write them."""
    rows = ClassVersion.objects.filter(status=VersionStatus.PENDING).exclude(author=actor.user_id)
    return list(rows.select_related("disposal_class__schedule"))


def overdue_holds() -> list[Hold]:
    """Return the holds whose review date has passed, the oldest first (RET-E13)."""
    return list(Hold.objects.in_force().filter(review_on__lte=clock.today()).order_by("review_on"))


def proposals(actor: Actor) -> QuerySet[ClosureProposal]:
    """Return the cases that are proposed for closing and managed by this person."""
    rows = ClosureProposal.objects.filter(decided_at__isnull=True, case__in=managed_cases(actor).values("pk"))
    return rows.order_by("last_activity_on", "id")
