"""Write-once locks of stored papers, renewed in turn and held against what the database asks for (RET-J3, J7, J8).

No lock ever ends later than the day on which its paper falls due, nor more than ninety days ahead: a period that is shortened,
or a case that is closed with an early date, then waits for weeks at most. Every look reads what the storage really
says. What is missing or too short is told and lengthened; what is too long is told and left: nothing here can shorten.
Work goes in small batches, each kept by itself, so that it may be broken off anywhere and a night's share is bounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.db import transaction
from django.db.models import Min, QuerySet

from docstore.access.actor import Actor, system
from docstore.audit.events import Event
from docstore.core import clock, conf, locks
from docstore.documents.kept import LockDrift
from docstore.documents.locking import COMPLIANCE, GOVERNANCE, Lock, Locker, locker
from docstore.documents.models import Version
from docstore.retention import status
from docstore.retention.evaluate import Evaluation
from docstore.retention.lock_models import ClassLock
from docstore.retention.trail import tell, tell_all
from docstore.retention.triggers import EventNode, MaxNode
from docstore.retention.vocabulary import EVALUATED, Outcome, Record, RecordKind

BATCH = 200
# What one pass does at most; six an hour, so a million papers have their turn within two days.
MOST = 5_000
SECONDS = 200
COUNTED = 10_000
DAY = timedelta(days=1)
SOON = timedelta(days=7)
EXACT = timedelta(seconds=1)
SHORTEST_MONTH = 28


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass has done."""

    looked_at: int = 0
    lengthened: int = 0
    drifted: int = 0


@dataclass(frozen=True, slots=True)
class Lag:
    """Versions whose turn has come and which nobody has looked at yet; when the first of their locks ends."""

    waiting: int
    soonest: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the database asks of a paper's locks, in the storage's own time. `latest` is the day on which it falls due."""

    until: datetime | None
    latest: datetime | None
    mode: str


def keep_locks(*, by: Actor | None = None) -> Pass:
    """Look at every lock whose turn has come, what ends first before all, until the share of this pass is done."""
    how, actor = locker(), by or system("retention")
    done = Pass()
    if how is None or not conf.get().vault_lock_days:
        return done
    ends = clock.monotonic() + SECONDS
    with locks.tried("storage locks") as is_ours:
        while is_ours and done.looked_at < MOST and clock.monotonic() < ends and (batch := _next()):
            told = _look_at(how, batch, by=actor)
            done = Pass(done.looked_at + len(batch), done.lengthened + told.lengthened, done.drifted + told.drifted)
    if done.lengthened or done.drifted:
        with transaction.atomic():
            facts = {"looked_at": done.looked_at, "lengthened": done.lengthened, "drifted": done.drifted}
            tell_all(Event.STORAGE_LOCKS_RENEWED, actor, facts)
    return done


def wanted(found: Evaluation | None, *, irrevocable: frozenset[int] = frozenset()) -> Wanted:
    """Say until when a paper is to be locked: its due date, or ninety days from now where that is later or unknown."""
    real, ahead = clock.now() - clock.ahead(), clock.ahead()
    furthest = real + timedelta(days=conf.get().vault_lock_days)
    if found is None:
        return Wanted(None, None, GOVERNANCE)
    by_class = any(rule.class_id in irrevocable for rule in (one.rule for one in found.findings))
    mode = COMPLIANCE if by_class else GOVERNANCE
    if found.due_on is None or found.outcome is Outcome.PERMANENT:
        days = _shortest_days(found)
        return Wanted(furthest if days is None else min(furthest, real + days), None, mode)
    due = datetime.combine(found.due_on, time.min, clock.COURT_ZONE).astimezone(UTC) - ahead
    return Wanted(min(furthest, due) if due > real + EXACT else None, due, mode)


def lag() -> Lag:
    """Return how far the locks are behind what the database asks for (RET-J7)."""
    due = Version.objects.filter(lock_at__lte=clock.now())
    ends = due.filter(locked_until__isnull=False).aggregate(first=Min("locked_until"))["first"]
    return Lag(due.order_by()[:COUNTED].count(), ends)


def drifted() -> QuerySet[Version]:
    """Return the versions whose lock was not as the database has it when it was last looked at."""
    return Version.objects.exclude(lock_drift="").order_by("lock_at", "pk")


def _next() -> list[Version]:
    now = clock.now()
    due = Version.objects.filter(lock_at__lte=now).select_related("document")
    soon = list(due.filter(locked_until__lte=now - clock.ahead() + SOON).order_by("locked_until", "pk")[:BATCH])
    return soon or list(due.order_by("lock_at", "pk")[:BATCH])


def _look_at(how: Locker, batch: Sequence[Version], *, by: Actor) -> Pass:
    live = [one for one in batch if one.document.lifecycle in EVALUATED]
    records = {Record(RecordKind.DOCUMENT, one.document_id) for one in live}
    answers = status.evaluations(records, as_of=clock.today()) if records else {}
    irrevocable = frozenset(ClassLock.objects.filter(confirmed_at__isnull=False).values_list("pk", flat=True))
    lengthened, drifts = 0, []
    for one in batch:
        found = answers.get(Record(RecordKind.DOCUMENT, one.document_id))
        if one not in live or found is None:  # in destruction, or gone: its locks are nobody's to lengthen
            one.lock_at, one.locked_until, one.lock_drift = None, None, ""
            continue
        changed = _bring(how, one, wanted(found, irrevocable=irrevocable))
        lengthened += changed
        drifts += [one] if one.lock_drift else []
    _keep(batch, drifts, by=by)
    return Pass(len(batch), lengthened, len(drifts))


def _bring(how: Locker, version: Version, want: Wanted) -> int:
    """Hold one version's locks against what is wanted, lengthen what is short, and note how it was found."""
    before, now = version.locked_until, clock.now() - clock.ahead()
    seen = how.seen(version.key)
    version.lock_drift = _drift(seen, want, before if before and before > now + EXACT else None)
    changed, ends = 0, []
    for lock in seen:
        until, mode = lock.until if lock.until and lock.until > now else None, lock.mode or want.mode
        may = lock.is_known and not (until and mode != want.mode)  # a mode changes when the lock ends, not before
        if may and want.until and (until is None or until < want.until - EXACT):
            if how.lengthen(version.key, lock, until=want.until, mode=want.mode):
                until, changed = want.until, changed + 1
            else:
                version.lock_drift = LockDrift.REFUSED
        ends.append(until)
    known = [one for one in ends if one]
    version.locked_until = min(known) if known and len(known) == len(ends) else None
    version.lock_at = clock.now() + _pause(version, want, now)
    return changed


def _drift(seen: Sequence[Lock], want: Wanted, recorded: datetime | None) -> str:
    """What is wrong with locks as they were found; the gravest first."""
    if any(not one.is_known for one in seen):
        return LockDrift.UNKNOWN
    if recorded is not None and (not seen or any(one.until is None for one in seen)):
        return LockDrift.ABSENT
    if recorded is not None and any(one.until and one.until < recorded - EXACT for one in seen):
        return LockDrift.SHORTER
    real = clock.now() - clock.ahead()
    bound = max(want.latest, real) if want.latest else None
    return LockDrift.LONGER if bound and any(one.until and one.until > bound + EXACT for one in seen) else ""


def _pause(version: Version, want: Wanted, now: datetime) -> timedelta:
    """When to look again: in a day where something is near or was wrong; else when a third of the lock has passed."""
    span = timedelta(days=conf.get().vault_lock_days)
    if version.lock_drift:
        return DAY
    if version.locked_until is None:
        return DAY if want.until else span / 3
    return max(min(DAY, version.locked_until - now), version.locked_until - now - span * 2 / 3)


@transaction.atomic
def _keep(batch: Sequence[Version], drifts: Iterable[Version], *, by: Actor) -> None:
    Version.objects.bulk_update(batch, ["lock_at", "locked_until", "lock_drift"])
    for one in drifts:
        until = one.locked_until.isoformat() if one.locked_until else ""
        facts = {"version": one.number, "found": one.lock_drift, "locked_until": until}
        tell(Event.STORAGE_LOCK_DRIFTED, by, Record(RecordKind.DOCUMENT, one.document_id), facts)


def _shortest_days(found: Evaluation) -> timedelta | None:
    """The shortest period that any of its rules knows: a date that is unknown now cannot come sooner when told today."""
    steps = [step for one in found.findings for step in one.rule.steps]
    own = [step.period for step in steps]
    inner = [part.period for step in steps for part in _events(step.trigger)]
    known = [timedelta(days=one.months * SHORTEST_MONTH + one.days) for one in (*own, *inner) if one]
    return min((one for one in known if one), default=None)


def _events(node: object) -> list[EventNode]:
    match node:
        case EventNode():
            return [node]
        case MaxNode():
            return [one for member in node.members for one in _events(member)]
        case _:
            return []
