"""Placing and releasing holds, and finding what comes under them later. A hold moves nothing and resets no clock."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case, Party
from docstore.core import clock, conf
from docstore.core.errors import Conflict, FieldError, Invalid, NotFound
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.documents.models import Document
from docstore.retention import gate, hold_query, queries, status, withdrawals
from docstore.retention.hold_models import Hold, HoldMembership, HoldTarget
from docstore.retention.models import Assignment
from docstore.retention.names import plain
from docstore.retention.reach import record_seen
from docstore.retention.schedules import SamePerson
from docstore.retention.trail import tell_all
from docstore.retention.vocabulary import DUE, HoldKind, Record, RecordKind, Via

BATCH = 1000


class HoldKindUnknown(Invalid):
    """There is no kind of hold called {kind}. Choose case, document, person, class, query or system."""

    code = "hold-kind-unknown"


class HoldWithoutTarget(Invalid):
    """Say what the hold is on. A hold on everything is made with the kind system and “everything”: true."""

    code = "hold-without-target"


class ReviewInThePast(Invalid):
    """The review date has to lie ahead: it is when somebody asks whether the hold is still needed."""

    code = "review-in-the-past"


class HoldReleased(Conflict):
    """This hold has been released already."""

    code = "hold-released"


class NotAMember(Conflict):
    """This record is not among those that the hold has caught."""

    code = "not-a-member"


@dataclass(frozen=True, slots=True)
class Targets:
    """What a hold is to be on."""

    cases: tuple[UUID, ...] = ()
    documents: tuple[UUID, ...] = ()
    people: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    query: Any = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class HoldTold:
    """What is said of a hold when it is placed."""

    kind: HoldKind
    title: str
    reason: str
    mandate: str
    review_on: date
    targets: Targets
    restricted: bool = False
    starts_on: date | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A hold, how much it has caught, and which records had passed the point of no return already (RET-E9)."""

    hold: Hold
    members: int
    in_destruction: tuple[Record, ...] = field(default=())


@transaction.atomic
def place_hold(*, by: Actor, told: HoldTold) -> Placed:
    """Place a hold. It counts from the commit: claims that have not been made by then are not made (design T2)."""
    by.require(Permission.PLACE_HOLDS)
    _check(by, told)
    gate.alone()
    query = hold_query.parse(told.targets.query, pointer="/targets/query") if told.targets.query else None
    hold = Hold.objects.create(
        kind=told.kind,
        title=told.title,
        mandate=told.mandate,
        reason=told.reason,
        restricted=told.restricted,
        owner=by.user_id,
        placed_by=by.user_id,
        placed_at=clock.now(),
        starts_on=told.starts_on or clock.today(),
        review_on=told.review_on,
        query=hold_query.to_json(query) if query else None,
        cause=told.cause,
    )
    _name_targets(hold, told.targets)
    members = sweep_hold(hold)
    late = _beyond_return(hold)
    facts = {"hold": str(hold.pk), "kind": str(hold.kind), "restricted": hold.restricted, "members": members}
    tell_all(Event.HOLD_PLACED, by, {**facts, "in_destruction": [str(one.id) for one in late]})
    _follow(hold, by=by)
    return Placed(hold, members, late)


@transaction.atomic
def release_hold(*, by: Actor, hold_id: UUID, reason: str) -> Hold:
    """Release a hold. Query and system holds need a second person: the first call asks, the second one releases (RET-E11)."""
    by.require(Permission.RELEASE_HOLDS)
    hold = Hold.objects.select_for_update().filter(pk=hold_id).first()
    if hold is None:
        raise NotFound
    if not hold.is_in_force:
        raise HoldReleased
    if hold.needs_second_person and hold.release_asked_by is None:
        return _ask_for_release(hold, by=by, reason=reason)
    if hold.needs_second_person and hold.release_asked_by == by.user_id:
        raise SamePerson
    gate.alone()
    held = list(records_under(hold))
    hold.released_at, hold.released_by, hold.release_reason = clock.now(), by.user_id, reason
    hold.guard_until = clock.today() + timedelta(days=conf.get().retention.release_guard_days)
    hold.save(update_fields=["released_at", "released_by", "release_reason", "guard_until"])
    becomes_due = _recompute(hold, held, by=by)
    facts = {"hold": str(hold.pk), "reason": reason, "members": len(held), "becomes_due": becomes_due}
    tell_all(Event.HOLD_RELEASED, by, {**facts, "guard_until": hold.guard_until.isoformat()})
    _follow_storage(hold)
    return hold


@transaction.atomic
def remove_member(*, by: Actor, hold_id: UUID, record: Record, reason: str) -> None:
    """Take one record out of a query or person hold that had caught it (RET-E5). What still matches comes back."""
    by.require(Permission.RELEASE_HOLDS)
    about = {f"{record.kind}_id": record.id}
    row = HoldMembership.objects.filter(hold=hold_id, removed_at__isnull=True, **about).first()
    if row is None:
        raise NotAMember
    row.removed_at, row.removed_by, row.removal_reason = clock.now(), by.user_id, reason
    row.save(update_fields=["removed_at", "removed_by", "removal_reason"])
    facts = {"hold": str(hold_id), "kind": str(record.kind), "record": str(record.id), "reason": reason}
    tell_all(Event.HOLD_MEMBER_REMOVED, by, facts)
    status.recompute(status.around(record), by=by, why="hold")


def sweep_hold(hold: Hold) -> int:
    """Write down what a person or query hold matches now and had not caught; return how many records are caught in all."""
    match HoldKind(hold.kind):
        case HoldKind.PERSON:
            _catch(hold, _cases_of_people(hold), Via.PARTY)
        case HoldKind.QUERY:
            tree = hold_query.parse(hold.query, pointer="/query")
            _catch(hold, _new(hold, Case.objects.filter(hold_query.on_cases(tree)), "case"), Via.QUERY)
            papers = _new(hold, Document.objects.filter(hold_query.on_documents(tree)), "document")
            _catch(hold, papers, Via.QUERY, kind=RecordKind.DOCUMENT)
        case HoldKind.CASE | HoldKind.DOCUMENT | HoldKind.CLASS | HoldKind.SYSTEM:
            pass
    return count_of(hold)


def sweep(*, by: Actor) -> int:
    """Let every person and query hold catch what has come since; return how many records were added (RET-E4, E5)."""
    added = 0
    for hold in Hold.objects.in_force().filter(kind__in=[HoldKind.PERSON, HoldKind.QUERY]):
        with transaction.atomic():
            before = hold.members.filter(removed_at__isnull=True).count()
            more = sweep_hold(hold) - before
            if more:
                facts = {"hold": str(hold.pk), "via": str(Via.SWEEP), "members": more}
                tell_all(Event.HOLD_WIDENED, by, facts)
                _follow(hold, by=by)
            added += more
    return added


def count_of(hold: Hold) -> int:
    """Return how many cases and documents a hold covers by itself; what hangs on them is held with them."""
    match HoldKind(hold.kind):
        case HoldKind.SYSTEM:
            return Case.objects.count()
        case HoldKind.CLASS:
            classes = hold.targets.values("disposal_class_id")
            live = Assignment.objects.filter(disposal_class__in=classes, superseded_at__isnull=True)
            return live.values("kind", "record_id").distinct().count()
        case _:
            return hold.members.filter(removed_at__isnull=True).count()


def records_under(hold: Hold) -> Iterator[Record]:
    """Yield the cases and documents that a hold covers by itself."""
    match HoldKind(hold.kind):
        case HoldKind.SYSTEM:
            yield from (Record(RecordKind.CASE, pk) for pk in Case.objects.values_list("pk", flat=True).iterator())
        case HoldKind.CLASS:
            classes = hold.targets.values("disposal_class_id")
            rows = Assignment.objects.filter(disposal_class__in=classes, superseded_at__isnull=True)
            for kind, pk in rows.values_list("kind", "record_id").distinct().iterator():
                yield Record(RecordKind(kind), pk)
        case _:
            rows_of = hold.members.filter(removed_at__isnull=True).values_list("case_id", "document_id")
            for case, document in rows_of.iterator():
                yield Record(RecordKind.CASE, case) if case else Record(RecordKind.DOCUMENT, document)


def guarded_until(record: Record) -> date | None:
    """Return until when nothing of a record is carried out, because a hold on it was released lately (RET-E11)."""
    released = Hold.objects.filter(guard_until__gt=clock.today())
    if not released.exists():
        return None
    around = status.around(record) or [record]
    cases = [one.id for one in (record, *around) if one.kind is RecordKind.CASE]
    documents = [one.id for one in (record, *around) if one.kind is RecordKind.DOCUMENT]
    caught = HoldMembership.objects.filter(hold=OuterRef("pk")).filter(
        Q(case__in=cases) | Q(document__in=documents) | Q(document__filings__case__in=cases)
    )
    classes = Assignment.objects.filter(record_id__in=[*cases, *documents]).values("disposal_class_id")
    about = Q(Exists(caught)) | Q(kind=HoldKind.SYSTEM) | Q(targets__disposal_class__in=classes)
    days = released.filter(about).values_list("guard_until", flat=True)
    return max((day for day in days if day is not None), default=None)


def guarded_until_each(records: Sequence[Record]) -> dict[Record, date]:
    """Return the same for each of these records that is guarded; one question where no hold was released lately."""
    if not Hold.objects.filter(guard_until__gt=clock.today()).exists():
        return {}
    return {one: until for one in records if (until := guarded_until(one))}


def _check(by: Actor, told: HoldTold) -> None:
    """What is missing, whether the review lies ahead, and whether the actor may hold these records (RET-E1)."""
    if told.review_on <= clock.today():
        raise ReviewInThePast(errors=(FieldError("/review_on", "review-in-the-past", "Choose a later day."),))
    targets = told.targets
    given = {
        HoldKind.CASE: targets.cases,
        HoldKind.DOCUMENT: targets.documents,
        HoldKind.PERSON: tuple(one for one in targets.people if plain(one)),
        HoldKind.CLASS: targets.classes,
        HoldKind.QUERY: targets.query,
        HoldKind.SYSTEM: targets.everything,
    }
    if not given[told.kind] or any(value for kind, value in given.items() if kind is not told.kind):
        raise HoldWithoutTarget(
            errors=(
                FieldError("/targets", "hold-without-target", f"Name what a {told.kind} hold is on, and only that."),
            )
        )
    if told.kind not in (HoldKind.CASE, HoldKind.DOCUMENT):
        by.require(Permission.MANAGE_RECORDS)
    for kind, ids in ((RecordKind.CASE, targets.cases), (RecordKind.DOCUMENT, targets.documents)):
        for one in ids:
            record_seen(by, Record(kind, one), Permission.PLACE_HOLDS)


def _name_targets(hold: Hold, targets: Targets) -> None:
    now = clock.now()
    HoldTarget.objects.bulk_create(
        [HoldTarget(hold=hold, person_name=one.strip()) for one in targets.people]
        + [HoldTarget(hold=hold, disposal_class=queries.class_by_code(one)) for one in targets.classes]
    )
    HoldMembership.objects.bulk_create(
        [HoldMembership(hold=hold, case_id=one, via=Via.DIRECT, added_at=now) for one in dict.fromkeys(targets.cases)]
        + [
            HoldMembership(hold=hold, document_id=one, via=Via.DIRECT, added_at=now)
            for one in dict.fromkeys(targets.documents)
        ]
    )


def _cases_of_people(hold: Hold) -> Iterator[UUID]:
    """The cases with a party of one of the names, compared without accents and case."""
    wanted = {plain(name) for name in hold.targets.values_list("person_name", flat=True)}
    caught = set(hold.members.filter(removed_at__isnull=True).values_list("case_id", flat=True))
    for case, name in Party.objects.order_by().values_list("case_id", "name").iterator(chunk_size=BATCH):
        if plain(name) in wanted and case not in caught:
            caught.add(case)
            yield case


def _new(hold: Hold, rows: Any, kind: str) -> Iterator[UUID]:
    caught = HoldMembership.objects.filter(hold=hold, removed_at__isnull=True, **{kind: OuterRef("pk")})
    yield from (
        rows.filter(~Q(Exists(caught))).order_by().values_list("pk", flat=True).distinct().iterator(chunk_size=BATCH)
    )


def _catch(hold: Hold, ids: Iterable[UUID], via: Via, *, kind: RecordKind = RecordKind.CASE) -> None:
    now = clock.now()
    make: Callable[[UUID], HoldMembership] = lambda one: HoldMembership(  # noqa: E731 - one row, named for the line below
        hold=hold, via=via, added_at=now, **{f"{kind}_id": one}
    )
    for batch in _batches(ids):
        HoldMembership.objects.bulk_create([make(one) for one in batch], ignore_conflicts=True)


def _batches(ids: Iterable[UUID]) -> Iterator[Sequence[UUID]]:
    every = list(ids)
    for at in range(0, len(every), BATCH):
        yield every[at : at + BATCH]


def _ask_for_release(hold: Hold, *, by: Actor, reason: str) -> Hold:
    hold.release_asked_by, hold.release_asked_at, hold.release_reason = by.user_id, clock.now(), reason
    hold.save(update_fields=["release_asked_by", "release_asked_at", "release_reason"])
    tell_all(Event.HOLD_RELEASE_ASKED, by, {"hold": str(hold.pk), "reason": reason})
    return hold


def _beyond_return(hold: Hold) -> tuple[Record, ...]:
    """The records under a new hold whose destruction has begun: reported, and halted where copies are left (RET-E9)."""
    begun = {Record(RecordKind.CASE, one) for one in _gone(Case.objects.all())}
    begun |= {Record(RecordKind.DOCUMENT, one) for one in _gone(Document.objects.all())}
    return tuple(one for one in records_under(hold) if one in begun) if begun else ()


def _gone(rows: Any) -> Iterator[UUID]:
    yield from rows.filter(lifecycle__in=[Lifecycle.DESTROYING, Lifecycle.DESTRUCTION_INCOMPLETE]).values_list(
        "pk", flat=True
    )


def _follow(hold: Hold, *, by: Actor) -> None:
    """Bring stored answers and storage in line: at once for a few records, by a worker for many."""
    _recompute(hold, list(records_under(hold)), by=by)
    _follow_storage(hold)


def _recompute(hold: Hold, held: Sequence[Record], *, by: Actor) -> int:
    """Work the records under a hold out anew; return how many are due now. Many are only marked, the night does them."""
    if len(held) > BATCH:
        for at in range(0, len(held), BATCH):
            status.touch(held[at : at + BATCH])
            if hold.is_in_force:
                withdrawals.withdraw_for(held[at : at + BATCH], by=by, why="A hold has been placed on it.")
        return 0
    every = list(dict.fromkeys(record for one in held for record in (one, *status.around(one))))
    changes = status.recompute(every, by=by, why=f"hold {hold.pk}")
    if hold.is_in_force:
        withdrawals.withdraw_for(every, by=by, why="A hold has been placed on it.")
    return sum(1 for one in changes if one.after in DUE)


def _follow_storage(hold: Hold) -> None:
    enqueue(JobName.RETENTION_STORAGE_HOLD, subject=f"hold:{hold.pk}", lane=Lane.NORMAL)
