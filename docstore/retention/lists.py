"""Disposal lists: made from what is due, decided item by item, submitted, taken back. Approval is in `approvals`.

A list is a frozen snapshot: which records, under which rule and facts. Whatever changes afterwards takes its record off
the list, and never adds one.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core import clock, conf
from docstore.core.errors import Conflict, FieldError, Invalid, NotFound
from docstore.retention import queries, reach, snapshots
from docstore.retention.disposal_models import (
    OFF_SCHEDULE,
    OPEN_STATUSES,
    Approval,
    Decision,
    DisposalList,
    Ground,
    ItemState,
    ListItem,
    ListStatus,
)
from docstore.retention.hiding import show_again
from docstore.retention.list_trail import tell
from docstore.retention.models import DisposalClass, RetentionStatus
from docstore.retention.numbers import next_number
from docstore.retention.transfer_models import TransferItem
from docstore.retention.vocabulary import DUE, Record, RecordKind


class NothingDue(Conflict):
    """Nothing is due under these classes at these courts that is not held or on another list already. No list was made."""

    code = "nothing-due"


class CourtNotManaged(Invalid):
    """There is no court with the code {court}, or its records are not yours to manage."""

    code = "court-unknown"


class CourtNeeded(Invalid):
    """Say for which of your courts the list is to be made."""

    code = "court-missing"


class ListNotOpen(Conflict):
    """The list is {status}; this can only be done while it is {needed}. Look at it again."""

    code = "list-not-open"


class ItemsUndecided(Conflict):
    """{count} items have no decision yet. Decide each of them before the list is submitted."""

    code = "items-undecided"


class NothingToCarryOut(Conflict):
    """No item is approved, so there is nothing to carry out. Cancel the list, or approve an item."""

    code = "nothing-to-carry-out"


class Taken(Conflict):
    """Another list took one of these records at the same moment. Make the list again."""

    code = "record-on-another-list"


@transaction.atomic
def make_list(
    *, by: Actor, court: str = "", classes: Sequence[str] = (), planned_on: date | None = None
) -> DisposalList:
    """Freeze what is due now, and not held, into a new list. Raises NothingDue where that is nothing."""
    by.require(Permission.MAKE_DISPOSAL_LISTS)
    where = _court(by, court) if court else _only_court(by)
    wanted = [queries.class_by_code(one) for one in classes]
    _give_way(by, where, wanted)
    due = to_list(queries.managed_statuses(by))
    if where:
        due = due.filter(court=where)
    if wanted:
        due = due.filter(disposal_class__in=[one.pk for one in wanted])
    court_id = where.pk if where else None
    made = freeze(by=by, court_id=court_id, classes=wanted, due=due, planned_on=planned_on)
    if not made.items_total:
        raise NothingDue
    tell_made(made, by=by)
    return made


def freeze(
    *,
    by: Actor,
    court_id: int | None,
    classes: Sequence[DisposalClass],
    due: QuerySet[RetentionStatus],
    planned_on: date | None = None,
) -> DisposalList:
    """Make a list of what is due, in the caller's transaction."""
    now = clock.now()
    made = DisposalList.objects.create(
        number=next_number("D"),
        court_id=court_id,
        classes=[f"{one.schedule.code}/{one.code}" for one in classes],
        made_by=by.user_id,
        made_at=now,
        planned_on=planned_on,
        snapshot_at=now,
        snapshot_hash="",
        expires_on=clock.today() + timedelta(days=conf.get().disposal.approval_days),
    )
    snapshots.fill(made, due)
    return made


def tell_made(made: DisposalList, *, by: Actor) -> None:
    tell(Event.DISPOSAL_LIST_MADE, by, made, {"items": made.items_total, "snapshot_sha256": made.snapshot_hash})


def _give_way(by: Actor, where: Court | None, classes: Sequence[DisposalClass]) -> None:
    """A list that the night made and that nobody has decided on gives way to the one that a person makes."""
    rows = DisposalList.objects.filter(status=ListStatus.DRAFT, made_by=None, ground=Ground.SCHEDULE)
    rows = rows.filter(court=where) if where else rows
    codes = {f"{one.schedule.code}/{one.code}" for one in classes}
    for made in rows.exclude(items__decided_at__isnull=False).select_for_update():
        if not codes or codes & set(made.classes):
            end(made, ListStatus.CANCELLED, by=by, reason="Taken into a list that a person made.")


def check_makes_lists(actor: Actor) -> None:
    actor.require(Permission.MAKE_DISPOSAL_LISTS)


def get_list(actor: Actor, list_id: UUID) -> DisposalList:
    """Return a list to those who manage the records of its court; raise NotFound."""
    found = lists_of(actor).filter(pk=list_id).select_related("court").first()
    if found is None:
        raise NotFound
    return found


def lists_of(actor: Actor) -> QuerySet[DisposalList]:
    """Return the lists that an actor may look at: those of the courts whose records they manage."""
    actor.require(Permission.MANAGE_RECORDS)
    courts = reach.managed_courts(actor)
    rows = DisposalList.objects.all()
    return rows if courts is None else rows.filter(court__code__in=courts)


def locked(list_id: UUID, *, needed: Iterable[ListStatus]) -> DisposalList:
    """Return the list, locked, if it stands where the act needs it."""
    found = DisposalList.objects.select_for_update().get(pk=list_id)
    wanted = list(needed)
    if found.status not in wanted:
        raise ListNotOpen(status=found.status.replace("_", " "), needed=" or ".join(wanted).replace("_", " "))
    return found


@transaction.atomic
def submit(*, by: Actor, list_id: UUID) -> DisposalList:
    """Hand a wholly decided list over for approval. What is not to be destroyed leaves it now (RET-F2)."""
    by.require(Permission.MAKE_DISPOSAL_LISTS)
    get_list(by, list_id)
    made = locked(list_id, needed=[ListStatus.DRAFT])
    undecided = made.items.filter(state=ItemState.LISTED, decision="").count()
    if undecided:
        raise ItemsUndecided(count=undecided)
    listed = made.items.filter(state=ItemState.LISTED)
    listed.exclude(decision=Decision.APPROVE).update(state=ItemState.KEPT, is_open=False)
    if not listed.filter(decision=Decision.APPROVE).exists():
        raise NothingToCarryOut
    made.status, made.submitted_by, made.submitted_at = ListStatus.SUBMITTED, by.user_id, clock.now()
    snapshots.recount(made)
    made.save()
    tell(Event.DISPOSAL_LIST_SUBMITTED, by, made, {"snapshot_sha256": made.snapshot_hash, "items": made.items_total})
    return made


@transaction.atomic
def cancel(*, by: Actor, list_id: UUID, reason: str) -> DisposalList:
    """Take a list back, at any time before it is carried out; cooling-off is there for that (RET-F7)."""
    by.require(Permission.MAKE_DISPOSAL_LISTS)
    get_list(by, list_id)
    made = locked(list_id, needed=[ListStatus.DRAFT, ListStatus.SUBMITTED, ListStatus.APPROVED])
    end(made, ListStatus.CANCELLED, by=by, reason=reason or "Taken back.")
    return made


def end(made: DisposalList, status: ListStatus, *, by: Actor, reason: str) -> None:
    """End a list that nobody carries out: its records may be listed again. Runs in the caller's transaction."""
    made.status, made.ended_by, made.end_reason, made.finished_at = status, by.user_id, reason, clock.now()
    made.save(update_fields=["status", "ended_by", "end_reason", "finished_at"])
    if made.ground in OFF_SCHEDULE:
        for item in made.items.filter(is_open=True):
            show_again(Record(RecordKind(item.kind), item.record), by=by, reason=reason)
    made.items.filter(is_open=True).update(state=ItemState.WITHDRAWN, state_reason=reason, is_open=False)
    Approval.objects.filter(list=made, voided_at=None).update(voided_at=clock.now(), void_reason=reason[:200])
    tell(Event.DISPOSAL_LIST_ENDED, by, made, {"status": str(status), "reason": reason})


def expire(*, by: Actor) -> int:
    """End approved and submitted lists whose time is over; return how many (RET-F7)."""
    over = DisposalList.objects.filter(
        status__in=[ListStatus.DRAFT, ListStatus.SUBMITTED, ListStatus.APPROVED], expires_on__lt=clock.today()
    )
    ended = 0
    for list_id in over.values_list("pk", flat=True):
        with transaction.atomic():
            made = DisposalList.objects.select_for_update().get(pk=list_id)
            if made.status in OPEN_STATUSES and made.expires_on < clock.today():
                end(made, ListStatus.EXPIRED, by=by, reason="Its approval expired before it was carried out.")
                ended += 1
    return ended


def _court(by: Actor, code: str) -> Court:
    managed = reach.managed_courts(by)
    found = Court.objects.filter(code=code).first() if managed is None or code in managed else None
    if found is None:
        sentence = CourtNotManaged(court=code).sentence
        raise CourtNotManaged(errors=(FieldError("/court", "court-unknown", sentence),), court=code)
    return found


def _only_court(by: Actor) -> Court | None:
    """Everything goes on one list only for those who manage all courts; others make a list for each court (RET-F1)."""
    managed = reach.managed_courts(by)
    if managed is None:
        return None
    if len(managed) == 1:
        return Court.objects.get(code=next(iter(managed)))
    raise CourtNeeded(errors=(FieldError("/court", "court-missing", "Choose one of your courts."),))


def to_list(rows: QuerySet[RetentionStatus]) -> QuerySet[RetentionStatus]:
    """Return which of these answers are due, and neither on an open list nor on their way to an archive."""
    listed = ListItem.objects.filter(is_open=True, kind=OuterRef("kind"), record=OuterRef("record_id"))
    going = TransferItem.objects.filter(is_open=True, kind=OuterRef("kind"), record_id=OuterRef("record_id"))
    due = rows.filter(outcome__in=DUE, dirty=False, due_on__lte=clock.today())
    return due.filter(~Q(Exists(listed)), ~Q(Exists(going)))
