"""Whether destruction may happen at all: the switch that two people turn on and one turns off, the clock, the hours."""

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit import actions as audit
from docstore.audit import sealing, timekeeping
from docstore.audit.events import Event
from docstore.audit.models import Checkpoint
from docstore.core import clock, conf
from docstore.core.errors import Conflict, Forbidden
from docstore.retention.disposal_models import DestructionSwitch
from docstore.retention.trail import STREAM

MOST_APART = timedelta(seconds=5)


class SecondPersonNeeded(Forbidden):
    """You asked for destruction to be switched on. Somebody else has to confirm it."""

    code = "same-person"


class NobodyAsked(Conflict):
    """Nobody has asked for destruction to be switched on."""

    code = "nobody-asked"


class AlreadyOn(Conflict):
    """Destruction is switched on already."""

    code = "already-on"


def switch() -> DestructionSwitch:
    return DestructionSwitch.objects.get_or_create(pk=1)[0]


@transaction.atomic
def ask_to_enable(*, by: Actor, reason: str) -> DestructionSwitch:
    """Ask for destruction to be switched on, at first or after it was stopped (RET-P5)."""
    by.require(Permission.ENABLE_DESTRUCTION)
    row = _locked()
    if row.is_on:
        raise AlreadyOn
    row.asked_by, row.asked_at, row.enabled_by, row.enabled_at = by.user_id, clock.now(), None, None
    row.save()
    _tell(Event.DESTRUCTION_ASKED_FOR, by, reason)
    return row


@transaction.atomic
def confirm_enabling(*, by: Actor, reason: str) -> DestructionSwitch:
    """Switch destruction on, as a second person."""
    by.require(Permission.ENABLE_DESTRUCTION)
    row = _locked()
    if row.is_on:
        raise AlreadyOn
    if row.asked_by is None:
        raise NobodyAsked
    if row.asked_by == by.user_id:
        raise SecondPersonNeeded
    row.enabled_by, row.enabled_at, row.stopped_by, row.stopped_at = by.user_id, clock.now(), None, None
    row.save()
    _tell(Event.DESTRUCTION_ENABLED, by, reason)
    return row


@transaction.atomic
def stop_all(*, by: Actor, reason: str) -> DestructionSwitch:
    """Stop all destruction everywhere, alone and at once; what is under way ends after the object in hand (RET-G16)."""
    by.require(Permission.CARRY_OUT_DISPOSAL)
    row = _locked()
    row.stopped_by, row.stopped_at, row.asked_by, row.enabled_by, row.enabled_at = (
        by.user_id,
        clock.now(),
        None,
        None,
        None,
    )
    row.save()
    _tell(Event.DESTRUCTION_STOPPED, by, reason)
    return row


def accept_clock(*, by: Actor, reason: str) -> None:
    """Confirm that the clock is right although it had leapt; destruction waits for that."""
    by.require(Permission.CARRY_OUT_DISPOSAL)
    sealing.accept_leap(stamp=by.stamp, reason=reason)


def why_not_now() -> str:
    """Return why nothing may be destroyed at this moment, in a sentence; empty where nothing stands in the way."""
    if not switch().is_on:
        return "Destruction is switched off. Two people have to switch it on."
    return _clock_doubt() or _out_of_hours()


def _clock_doubt() -> str:
    """The time must be right: it decides what is due (RET-P3, design T13)."""
    if abs(_database_time() - (clock.now() - clock.ahead())) > MOST_APART:
        return "The clocks of this machine and of the database differ by more than five seconds."
    last = Checkpoint.objects.order_by("size").last()
    if last is not None and clock.now() < last.made_at - MOST_APART:
        return "The clock stands before the last sealed checkpoint."
    if sealing.unaccepted_leap() is not None:
        return "The clock has leapt, and nobody has confirmed yet that it is right."
    if last is not None and not clock.ahead() and clock.now() - last.made_at > sealing.LONGEST_PAUSE:
        return "The clock has leapt since the log was last sealed, or nothing was sealed for days."
    return timekeeping.why_not_trusted()


def _database_time() -> datetime:
    """The database's own idea of the time; an embedded one has none of its own."""
    if connection.vendor != "postgresql":
        return clock.now() - clock.ahead()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    return told.astimezone(UTC)


def _out_of_hours() -> str:
    window = conf.get().disposal.window
    if window is None:
        return ""
    first, last = window
    hour = clock.now().astimezone(clock.COURT_ZONE).hour
    inside = first <= hour < last if first < last else hour >= first or hour < last
    return "" if inside else f"Destruction is carried out between {first}:00 and {last}:00 only."


def _locked() -> DestructionSwitch:
    return DestructionSwitch.objects.select_for_update().get(pk=switch().pk)


def _tell(event: Event, by: Actor, reason: str) -> None:
    audit.record(event, stamp=by.stamp, stream=STREAM, refs={}, facts={"reason": reason})
