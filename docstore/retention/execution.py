"""Carrying a list out: item by item, each a saga that survives being killed at any point (RET-G, design T4–T9).

Called by a worker's job in short turns, so that other work is never kept waiting and a stop is heeded within seconds.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from docstore.access.actor import Actor, system
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.lifecycle import Lifecycle
from docstore.core import clock, conf, failpoints
from docstore.core.errors import Conflict, Refusal
from docstore.core.jobs import JobName, Lane, enqueue
from docstore.retention import approvals, certificates, claims, effects, endings, ledger, lists, pace, readiness
from docstore.retention.claims import Claimed
from docstore.retention.disposal_models import (
    BEGUN,
    TO_DO,
    Certificate,
    DisposalList,
    ItemState,
    ListItem,
    ListStatus,
)
from docstore.retention.list_trail import tell
from docstore.retention.numbers import next_number
from docstore.retention.switch import why_not_now
from docstore.retention.targets import Plan, kept_types, plan_for
from docstore.retention.vocabulary import Record, RecordKind, StepAction

TURN_SECONDS = 15
FIRST_WAIT = timedelta(minutes=1)
HELD_WAIT = timedelta(hours=1)
BLOCKED_WAIT = timedelta(days=1)
MOST_DRY = 500


class CoolingOff(Conflict):
    """The list cools off until {until}. It can be carried out from then on, and taken back until then."""

    code = "cooling-off"


class DestructionOff(Conflict):
    """{why}"""

    code = "destruction-off"


class ListHasExpired(Conflict):
    """The approval of this list expired on {day}. Make a new list."""

    code = "list-expired"


def dry_run(*, by: Actor, list_id: UUID) -> list[Plan]:
    """Return the whole plan through the code that carries it out; writes nothing but an event (RET-G1)."""
    by.require(Permission.MAKE_DISPOSAL_LISTS)
    made = lists.get_list(by, list_id)
    plans = [plan_of(item) for item in _going(made)[:MOST_DRY]]
    with transaction.atomic():
        tell(
            Event.DISPOSAL_DRY_RUN, by, made, {"records": len(plans), "targets": sum(len(one.targets) for one in plans)}
        )
    return plans


def carry_out(*, by: Actor, list_id: UUID) -> list[Plan]:
    """Begin, or go on after a stop; a worker does the work. Return the plan of what is to go."""
    by.require(Permission.CARRY_OUT_DISPOSAL)
    plans = [plan_of(item) for item in _going(lists.get_list(by, list_id))[:MOST_DRY]]
    begin(by=by, list_id=list_id)
    return plans


def begin(*, by: Actor, list_id: UUID) -> DisposalList:
    """Hand an approved or stopped list to the worker; the caller has asked whether this actor may."""
    if why := readiness.why_not_ready():
        raise DestructionOff(why=why)
    with transaction.atomic():
        made = lists.locked(list_id, needed=[ListStatus.APPROVED, ListStatus.STOPPED])
        _may_begin(made)
        now = clock.now()
        made.status, made.carried_out_by, made.carried_out_at = ListStatus.CARRYING_OUT, by.user_id, now
        made.save(update_fields=["status", "carried_out_by", "carried_out_at"])
        if not Certificate.objects.filter(list=made).exists():
            Certificate.objects.create(number=next_number("C"), list=made, given_at=now)
            certificates.clear_of_backups(made)
        tell(Event.DISPOSAL_CARRIED_OUT, by, made, {"items": _to_do(made).count()})
        _announce(made)
    return made


@transaction.atomic
def leave_rest(*, by: Actor, list_id: UUID, reason: str) -> DisposalList:
    """End a stopped list: what nobody has begun is left alone, what was begun is brought to its end, and certified."""
    by.require(Permission.CARRY_OUT_DISPOSAL)
    lists.get_list(by, list_id)
    made = lists.locked(list_id, needed=[ListStatus.STOPPED])
    rest = made.items.filter(state__in=[ItemState.APPROVED, ItemState.BLOCKED])
    told: dict[str, object] = {"reason": reason, "left": rest.count()}
    for item in rest.filter(state=ItemState.BLOCKED):
        claims.mark(item, Lifecycle.TRANSFERRED if item.transferred_to else Lifecycle.ACTIVE)
    why = reason or "The list was ended before its turn came."
    rest.update(state=ItemState.WITHDRAWN, state_reason=why, is_open=False, not_before=None)
    made.status = ListStatus.CARRYING_OUT
    made.save(update_fields=["status"])
    tell(Event.DISPOSAL_REST_LEFT, by, made, told)
    _announce(made)
    return made


@transaction.atomic
def stop(*, by: Actor, list_id: UUID, reason: str) -> DisposalList:
    """Stop a list that is being carried out: work in hand ends after at most one more object (RET-G14)."""
    by.require(Permission.CARRY_OUT_DISPOSAL)
    lists.get_list(by, list_id)
    made = lists.locked(list_id, needed=[ListStatus.CARRYING_OUT])
    made.status = ListStatus.STOPPED
    made.save(update_fields=["status"])
    tell(Event.DISPOSAL_STOPPED, by, made, {"reason": reason})
    return made


def take_turn(list_id: UUID) -> bool:
    """Do as much of a list as fits into one turn; True where the list is finished."""
    by, until = system("disposal"), clock.monotonic() + TURN_SECONDS
    made = DisposalList.objects.get(pk=list_id)
    if made.status != ListStatus.CARRYING_OUT or readiness.why_not_now() or _void_lost(made, by=by):
        return False
    room = pace.room()
    while room > 0 and clock.monotonic() < until:
        if _is_stopped(made):
            return False
        item = _next(made)
        if item is None:
            break
        carry_out_item(item, by=by)
        room -= 1
    if _is_stopped(made):
        return False
    ledger.write(made)
    if _next(made) is None:
        return _finish(made, by=by)
    if room > 0:  # otherwise `go_on` looks in every minute whether there is room again
        with transaction.atomic():
            _announce(made)
    return False


def carry_out_item(item: ListItem, *, by: Actor) -> None:
    """Bring one record as far as it will go now: claimed, its copies removed and seen to be gone, its rows pruned."""
    claimed = _claim(item, by=by)
    if claimed is None:
        return
    failpoints.reach("disposal-claimed")
    try:
        trouble = effects.remove_copies(claimed) or effects.verify_gone(claimed)
        if not trouble:
            failpoints.reach("disposal-verified")
            endings.finalise(claimed, by=by)
    except effects.LeaseLost:
        return
    except effects.Halted as halted:
        wait = HELD_WAIT if halted.by_hold else timedelta(0)  # whoever stopped it says when it goes on
        endings.pause(claimed, halted.why, wait=wait, by=by, by_hold=halted.by_hold)
        return
    except Refusal as refusal:
        trouble = [str(refusal)]
    if trouble:
        wait = FIRST_WAIT * 2 ** min(claimed.item.attempts, 10)
        endings.pause(claimed, trouble[0], wait=wait, by=by)
        return
    failpoints.reach("disposal-finalised")


def go_on() -> int:
    """Wake every list that is being carried out, and try again what was blocked or incomplete; return how many."""
    waiting = DisposalList.objects.filter(
        Q(status=ListStatus.CARRYING_OUT) | Q(status=ListStatus.DONE_WITH_EXCEPTIONS, items__state__in=TO_DO)
    )
    rows = [one for one in waiting.distinct() if one.status == ListStatus.CARRYING_OUT or _next(one) is not None]
    for made in rows:
        with transaction.atomic():
            DisposalList.objects.filter(pk=made.pk, status=ListStatus.DONE_WITH_EXCEPTIONS).update(
                status=ListStatus.CARRYING_OUT
            )
            _announce(made)
    return len(rows)


def plan_of(item: ListItem) -> Plan:
    """Return what would go with an item, and what stands in its way."""
    is_strip = item.action == StepAction.STRIP
    keep = kept_types(item.schedule, item.class_code, item.class_version, item.step) if is_strip else ()
    return plan_for(Record(RecordKind(item.kind), item.record), keep_types=keep, is_strip=is_strip)


def overdue(*, hours: int = 1) -> QuerySet[ListItem]:
    """Return what was begun and not ended within the hour: an alarm (RET-G9)."""
    return ListItem.objects.filter(state__in=BEGUN, claimed_at__lt=clock.now() - timedelta(hours=hours))


def _claim(item: ListItem, *, by: Actor) -> Claimed | None:
    if item.state in BEGUN:
        return claims.resume(item.pk)
    plan = plan_of(item)
    locks = [(one.until, one.why) for one in plan.blockers if one.until is not None]
    if locks:
        until, why = max(locks)
        endings.block(item, why, until=until, by=by)
        return None
    failpoints.reach("disposal-planned")
    claimed = claims.claim(item.pk, plan, by=by)
    if isinstance(claimed, str):
        endings.skip(item, claimed, by=by)
        return None
    return claimed


def _is_stopped(made: DisposalList) -> bool:
    """Whether somebody has stopped this list or everything, or the hours are over: looked at before every record."""
    status = DisposalList.objects.values_list("status", flat=True).get(pk=made.pk)
    return status != ListStatus.CARRYING_OUT or bool(why_not_now())


def _may_begin(made: DisposalList) -> None:
    until = made.cooling_until
    if until is not None and clock.now() < until:
        raise CoolingOff(until=until.astimezone(clock.COURT_ZONE).isoformat(timespec="minutes"))
    if made.status == ListStatus.APPROVED and made.expires_on < clock.today():
        raise ListHasExpired(day=made.expires_on.isoformat())
    if why := why_not_now():
        raise DestructionOff(why=why)


@transaction.atomic
def _void_lost(made: DisposalList, *, by: Actor) -> bool:
    if made.items.filter(state__in=BEGUN).exists():
        return False  # beyond the point of no return an approval is not voided, only new claims are not made
    return approvals.void_lost(made, by=by)


def _going(made: DisposalList) -> QuerySet[ListItem]:
    return made.items.filter(state__in=[ItemState.LISTED, *TO_DO]).exclude(
        decision__in=["extend", "reclass", "hold", "transfer", "exclude"]
    )


def _to_do(made: DisposalList) -> QuerySet[ListItem]:
    return made.items.filter(state__in=TO_DO)


def _next(made: DisposalList) -> ListItem | None:
    """The next item that may be taken up now, what was begun first.

    One state at a time, each along the index of its list: a hundred thousand items would be sorted for every one.
    """
    now, free = clock.now(), Q(lease_until__lt=clock.seconds())
    rows = made.items.filter(free, Q(not_before=None) | Q(not_before__lte=now)).order_by("place")
    in_turn = (rows.filter(state=one).first() for one in (*BEGUN, ItemState.APPROVED, ItemState.BLOCKED))
    return next((one for one in in_turn if one is not None), None)


def _finish(made: DisposalList, *, by: Actor) -> bool:
    """End a list of which nothing can be done now: with its final certificate, or an interim one and what is left open."""
    left = _to_do(made)
    alarm = conf.get().disposal.alarm_after
    if (
        left.filter(state__in=BEGUN, attempts__lt=alarm).exists()
        or left.filter(lease_until__gte=clock.seconds()).exists()
    ):
        return False
    certificates.clear_of_backups(made)
    certificates.issue(made, by=by)
    bad = made.items.filter(state__in=[*TO_DO, ItemState.SKIPPED]).exists()
    with transaction.atomic():
        made = DisposalList.objects.select_for_update().get(pk=made.pk)
        made.status = ListStatus.DONE_WITH_EXCEPTIONS if bad else ListStatus.DONE
        made.finished_at = clock.now()
        made.save(update_fields=["status", "finished_at"])
        tell(Event.DISPOSAL_FINISHED, by, made, {"status": made.status, "left": left.count()})
        enqueue(JobName.DISPOSAL_PURGE, subject="index", lane=Lane.BULK, dedupe=str(JobName.DISPOSAL_PURGE))
    return True


def _announce(made: DisposalList) -> None:
    enqueue(
        JobName.DISPOSAL_CARRY_OUT,
        subject=f"list:{made.pk}",
        lane=Lane.BULK,
        dedupe=f"{JobName.DISPOSAL_CARRY_OUT} {made.pk}",
    )
