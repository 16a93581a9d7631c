"""Sealing: every event gets its place in one tree, whose root is signed and put where the database's owner cannot reach.

One process seals at a time. Indexes are given here and not by the database, so that gaps in ids and transactions that
commit late do no harm.
"""

import hashlib
import json
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction

from docstore.audit import notes, timekeeping
from docstore.audit.actions import record
from docstore.audit.anchor import anchor
from docstore.audit.events import Event
from docstore.audit.merkle import RightEdge, leaf_hash
from docstore.audit.models import AuditEvent, Checkpoint, SealedLog
from docstore.audit.record import Stamp
from docstore.core import clock, locks, signing
from docstore.core.errors import Conflict, Unavailable

BATCH = 500
MANY = 1000  # so many events are not kept waiting for the next turn of the clock
SEALER = Stamp(actor_id="", role="system", method="system:sealing")
STREAM = "policy"
LONGEST_PAUSE = timedelta(days=3)
LONGEST_LAG = timedelta(hours=2)


class OlderThanAnchor(Unavailable):
    """The database is older than the evidence in locked storage: the log there reaches {anchored}, here {here}. If a backup was restored, an administrator confirms it with manage.py restore_check --confirm-restore; if not, events were taken away, and nothing may be destroyed."""

    code = "database-restored"
    retryable = False


class NoLeapToAccept(Conflict):
    """The clock has not leapt, or somebody has confirmed it already."""

    code = "no-leap"


def seal() -> Checkpoint | None:
    """Seal what is new, sign the root and anchor it; None where nothing is new. Safe to call at any time."""
    with locks.named("audit-seal"):
        refuse_older_database()
        _anchor_left_over()
        timekeeping.tell_jump_back()
        if not _number_events():
            return None
        checkpoint = _checkpoint()
        _anchor(checkpoint)
        return checkpoint


def seal_if_many() -> bool:
    """Seal at once where many events wait, and say whether they did; cheap where they do not."""
    waiting = AuditEvent.objects.filter(log_index__isnull=True).order_by("id").values("pk")
    are_many = waiting[MANY - 1 : MANY].exists()
    if are_many:
        seal()
    return are_many


def installation() -> UUID:
    """The name of this database's log; made once, so that a fresh court is not taken for a restored one."""
    return _log().installation


def prefix() -> str:
    """Where this installation's evidence lies in locked storage."""
    return f"{installation()}/"


def home() -> str:
    """The first name that the log ever had: what has to be found after every restore lies under it."""
    log = _log()
    return str(log.formers[0].name if log.formers else log.installation)


def sealed_size() -> int:
    """How many events of this database are sealed."""
    return _log().size


def anchored_sizes() -> list[tuple[int, str]]:
    """Return (size, key) of every checkpoint of this log in locked storage, smallest first.

    Of the names that the log had before a restore, those up to where it went on: what came after was lost with the
    database that had it.
    """
    log = _log()
    found = _checkpoints(str(log.installation))
    for former in log.formers:
        found += [(size, key) for size, key in _checkpoints(former.name) if size <= former.size]
    return sorted(found)


def go_on_apart(*, stamp: Stamp) -> int:
    """Go on sealing under a new name, because a backup was restored; return how many sealed events are lost with it.

    Only for a person who knows of the restore: it is what hides a tail that was cut off, so it is told in the log and
    in locked storage, where the lost checkpoints stay.
    """
    with locks.named("audit-seal"):
        log = _log()
        here, anchored = log.size, anchored_sizes()
        reached = anchored[-1][0] if anchored else 0
        if reached <= here:
            return 0
        fresh, lost = uuid4(), reached - here
        told = {"from": str(log.installation), "to": str(fresh), "size": here, "lost": lost}
        payload = json.dumps(told, sort_keys=True).encode()
        envelope = signing.sign(payload, payload_type="application/vnd.docstore.log-continued+json")
        anchor().put(f"{prefix()}continued/{fresh}.json", json.dumps(envelope, sort_keys=True).encode())
        _take_name(fresh, stamp=stamp, facts=told)
        return lost


@transaction.atomic
def _take_name(fresh: UUID, *, stamp: Stamp, facts: dict[str, object]) -> None:
    log = SealedLog.objects.select_for_update().get(pk=1)
    log.former = json.dumps([*json.loads(log.former), [str(log.installation), log.size]])
    log.installation = fresh
    log.save(update_fields=["former", "installation"])
    record(Event.LOG_CONTINUED, stamp=stamp, stream=STREAM, refs={}, facts=facts)


def _checkpoints(name: str) -> list[tuple[int, str]]:
    keys = anchor().keys(f"{name}/checkpoints/")
    return [(int(key.rpartition("/")[2].partition(".")[0]), key) for key in keys if key.endswith(".note")]


def lag() -> timedelta:
    """How long the oldest event that is not anchored has waited."""
    last = Checkpoint.objects.filter(anchored_at__isnull=False).order_by("size").last()
    rows = AuditEvent.objects.filter(log_index__isnull=True)
    if last is not None:
        rows = AuditEvent.objects.filter(log_index__gte=last.size) | rows
    oldest = rows.order_by("id").values_list("recorded_at", flat=True).first()
    return max(clock.now() - oldest, timedelta(0)) if oldest else timedelta(0)


def unaccepted_leap() -> Checkpoint | None:
    """The last checkpoint before which the clock had leapt and which nobody has confirmed."""
    return Checkpoint.objects.exclude(leap_seconds=0).filter(leap_accepted_by__isnull=True).order_by("size").last()


@transaction.atomic
def accept_leap(*, stamp: Stamp, reason: str) -> None:
    """Confirm that the clock is right although it had leapt. Called for a person who may carry out disposal."""
    rows = list(Checkpoint.objects.select_for_update().exclude(leap_seconds=0).filter(leap_accepted_by__isnull=True))
    if not rows:
        raise NoLeapToAccept
    for row in rows:
        row.leap_accepted_by = UUID(stamp.actor_id)
        row.save(update_fields=["leap_accepted_by"])
    facts = {"checkpoint": rows[-1].size, "reason": reason}
    record(Event.CLOCK_LEAP_ACCEPTED, stamp=stamp, stream=STREAM, refs={}, facts=facts)


def refuse_older_database() -> None:
    """An anchored tree that is larger than ours means that events are missing here (design T15)."""
    anchored = anchored_sizes()
    here = _log().size
    if anchored and anchored[-1][0] > here:
        raise OlderThanAnchor(anchored=anchored[-1][0], here=here)


def _log() -> SealedLog:
    return SealedLog.objects.get_or_create(pk=1)[0]


def _number_events() -> int:
    """Give committed events without a place the next ones, in order of their ids; return how many."""
    numbered = 0
    while batch := _number_batch():
        numbered += batch
    return numbered


@transaction.atomic
def _number_batch() -> int:
    log = SealedLog.objects.select_for_update().get(pk=_log().pk)
    edge = RightEdge(log.size, [bytes.fromhex(one) for one in json.loads(log.edge)])
    fresh = list(AuditEvent.objects.filter(log_index__isnull=True).order_by("id").only("id", "event_hash")[:BATCH])
    for event in fresh:
        event.log_index = edge.size
        edge.append(leaf_hash(bytes(event.event_hash)))
    AuditEvent.objects.bulk_update(fresh, ["log_index"], batch_size=BATCH)
    log.size, log.edge = edge.size, json.dumps([one.hex() for one in edge.roots])
    log.save(update_fields=["size", "edge"])
    return len(fresh)


@transaction.atomic
def _checkpoint() -> Checkpoint:
    log = SealedLog.objects.select_for_update().get(pk=1)
    root = RightEdge(log.size, [bytes.fromhex(one) for one in json.loads(log.edge)]).root
    before = Checkpoint.objects.order_by("size").last()
    now = clock.now()
    leap = _leap(before)
    if leap:
        record(Event.CLOCK_LEAPT, stamp=SEALER, stream=STREAM, refs={}, facts={"seconds": leap})
    return Checkpoint.objects.create(
        size=log.size,
        root=root,
        note=notes.write(notes.Told(f"docstore/{log.installation}", log.size, root)),
        previous=hashlib.sha256(before.note.encode()).hexdigest() if before else "",
        made_at=now,
        leap_seconds=leap,
    )


def _leap(before: Checkpoint | None) -> int:
    """By how many seconds the clock went further than sealing ever pauses, or back. The demo court's clock may be moved."""
    if before is None or clock.ahead():
        return 0
    passed = clock.now() - before.made_at
    return 0 if timedelta(seconds=-5) <= passed <= LONGEST_PAUSE else int(passed.total_seconds())


def _anchor(checkpoint: Checkpoint) -> None:
    """Put the note where it cannot be changed, with a side file about the circumstances; then mark it."""
    at = f"{prefix()}checkpoints/{checkpoint.size:012d}"
    side = {
        "made_at": checkpoint.made_at.isoformat(),
        "previous": checkpoint.previous,
        "streams": AuditEvent.objects.order_by().values("stream").distinct().count(),
        "keys": [key["kid"] for key in signing.public_keys()["keys"]],
    }
    anchor().put(f"{at}.note", checkpoint.note.encode())
    if anchor().read(f"{at}.json") is None:
        anchor().put(f"{at}.json", json.dumps(side, sort_keys=True).encode())
    Checkpoint.objects.filter(pk=checkpoint.pk, anchored_at__isnull=True).update(anchored_at=clock.now())


def _anchor_left_over() -> None:
    """A checkpoint that was made while the storage was away, or by a process that then ended."""
    for one in Checkpoint.objects.filter(anchored_at__isnull=True).order_by("size"):
        _anchor(one)
