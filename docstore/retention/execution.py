"""Carrying a list out: some items at a time, each a saga that survives being killed at any point (RET-G, design T4–T9).

Called by a worker's job in short turns, so that other work is never kept waiting and a stop is heeded within seconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
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
from docstore.documents import fixity
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
from docstore.retention.effects import Halted, InHand
from docstore.retention.list_trail import tell
from docstore.retention.numbers import next_number
from docstore.retention.switch import why_not_now
from docstore.retention.targets import DAMAGED, Plan, Wanted, kept_types, plans_for
from docstore.retention.vocabulary import Record, RecordKind, StepAction

TURN_SECONDS = 15
FIRST_WAIT = timedelta(minutes=1)
HELD_WAIT = timedelta(hours=1)
BLOCKED_WAIT = timedelta(days=1)
MOST_DRY = 500
# Each of them is locked for as long as the claim lasts, while a hold waits.
MOST_PAPERS = 500


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
    plans = list(plans_of(_going(made)[:MOST_DRY]).values())
    with transaction.atomic():
        tell(
            Event.DISPOSAL_DRY_RUN, by, made, {"records": len(plans), "targets": sum(len(one.targets) for one in plans)}
        )
    return plans


def carry_out(*, by: Actor, list_id: UUID) -> list[Plan]:
    """Begin, or go on after a stop; a worker does the work. Return the plan of what is to go."""
    by.require(Permission.CARRY_OUT_DISPOSAL)
    plans = plans_of(_going(lists.get_list(by, list_id))[:MOST_DRY])
    begin(by=by, list_id=list_id)
    return list(plans.values())


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
        claims.mark([item], Lifecycle.TRANSFERRED if item.transferred_to else Lifecycle.ACTIVE)
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
        some = _next_few(made, most=room)
        if not some:
            break
        carry_out_items(some, by=by)
        ledger.write(made)
        room -= len(some)
    if _is_stopped(made):
        return False
    ledger.write(made)
    if not _next_few(made, most=1):
        return _finish(made, by=by)
    if room > 0:  # otherwise `go_on` looks in every minute whether there is room again
        with transaction.atomic():
            _announce(made)
    return False


def carry_out_items(items: Sequence[ListItem], *, by: Actor) -> None:
    """Bring some records as far as they will go now: claimed, their copies removed and seen to be gone, their rows pruned."""
    claimed = _claim(items, by=by)
    if not claimed:
        return
    failpoints.reach("disposal-claimed")
    hand = InHand(claimed)
    try:
        effects.remove_copies(hand)
        effects.verify_gone(hand)
        failpoints.reach("disposal-verified")
        if hand.whole:
            held = endings.finalise(hand.whole, by=by)
            hand.halted += [
                (one, Halted("A hold came when only its rows were left; they stay.", by_hold=True)) for one in held
            ]
            failpoints.reach("disposal-finalised")
    except Refusal as refusal:
        hand.tell({one.item.pk: [str(refusal)] for one in hand.whole})
    _put_off(hand, by=by)


def _put_off(hand: InHand, *, by: Actor) -> None:
    """Leave what was halted or met trouble until later, each with its reason."""
    for claimed, halted in hand.halted:
        wait = HELD_WAIT if halted.by_hold else timedelta(0)  # whoever stopped it says when it goes on
        endings.pause(claimed, halted.why, wait=wait, by=by, by_hold=halted.by_hold)
    for claimed in hand.going:
        if trouble := hand.trouble.get(claimed.item.pk):
            wait = FIRST_WAIT * 2 ** min(claimed.item.attempts, 10)
            endings.pause(claimed, trouble[0], wait=wait, by=by)


def go_on() -> int:
    """Wake every list that is being carried out, and try again what was blocked or incomplete; return how many."""
    waiting = DisposalList.objects.filter(
        Q(status=ListStatus.CARRYING_OUT) | Q(status=ListStatus.DONE_WITH_EXCEPTIONS, items__state__in=TO_DO)
    )
    rows = [one for one in waiting.distinct() if one.status == ListStatus.CARRYING_OUT or _next_few(one, most=1)]
    for made in rows:
        with transaction.atomic():
            DisposalList.objects.filter(pk=made.pk, status=ListStatus.DONE_WITH_EXCEPTIONS).update(
                status=ListStatus.CARRYING_OUT
            )
            _announce(made)
    return len(rows)


def plans_of(items: Iterable[ListItem]) -> dict[UUID, Plan]:
    """Return what would go with each item, by its id, and what stands in its way."""
    wanted = {one.pk: _wanted(one) for one in items}
    plans = plans_for(list(wanted.values()))
    return {item: plans[one.record] for item, one in wanted.items()}


def _wanted(item: ListItem) -> Wanted:
    is_strip = item.action == StepAction.STRIP
    keep = kept_types(item.schedule, item.class_code, item.class_version, item.step) if is_strip else ()
    return Wanted(Record(RecordKind(item.kind), item.record), keep, is_strip)


def overdue(*, hours: int = 1) -> QuerySet[ListItem]:
    """Return what was begun and not ended within the hour: an alarm (RET-G9)."""
    return ListItem.objects.filter(state__in=BEGUN, claimed_at__lt=clock.now() - timedelta(hours=hours))


def _claim(items: Sequence[ListItem], *, by: Actor) -> list[Claimed]:
    """Take up what was begun, and what nobody has begun yet once its copies were looked at."""
    begun = [one for one in items if one.state in BEGUN]
    claimed = claims.resume(begun) if begun else []
    fresh = [one for one in items if one.state not in BEGUN]
    if not fresh:
        return claimed
    token = claims.reserve(fresh)
    try:
        return claimed + _claim_fresh(token, by=by)
    finally:
        claims.release(token)


def _claim_fresh(token: str, *, by: Actor) -> list[Claimed]:
    reserved = {one.pk: one for one in ListItem.objects.filter(lease_token=token).select_related("list")}
    plans = plans_of(reserved.values())
    for item, plan in list(plans.items()):
        locks = [(one.until, one.why) for one in plan.blockers if one.until is not None]
        if locks:
            until, why = max(locks)
            endings.block(reserved[item], why, until=until, by=by)
            plans.pop(item)
        elif not plan.blockers and not fixity.check_papers(plan.papers):
            # Read once more, before nothing is left to read.
            plans[item] = replace(plan, blockers=(DAMAGED,))
    failpoints.reach("disposal-planned")
    claimed, refused = claims.claim(plans, by=by)
    for item, why in refused.items():
        endings.skip(reserved[item], why, by=by)
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


def _next_few(made: DisposalList, *, most: int) -> list[ListItem]:
    """The next items that may be taken up now, what was begun first, as many as go side by side.

    One state at a time, each along the index of its list: a hundred thousand items would be sorted for every few.
    """
    now, free = clock.now(), Q(lease_until__lt=clock.seconds())
    rows = made.items.filter(free, Q(not_before=None) | Q(not_before__lte=now)).order_by("place").select_related("list")
    for state in (*BEGUN, ItemState.APPROVED, ItemState.BLOCKED):
        if some := list(rows.filter(state=state)[: min(most, conf.get().disposal.side_by_side)]):
            return _light(some)
    return []


def _light(items: Sequence[ListItem]) -> list[ListItem]:
    """Of these the first that have no more papers together than are locked in one transaction; one in any case."""
    papers = list(accumulate(max(one.documents, 1) for one in items))
    return [one for one, many in zip(items, papers, strict=True) if many <= MOST_PAPERS] or list(items[:1])


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
