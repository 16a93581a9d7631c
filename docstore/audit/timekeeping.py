"""Whether this machine's clock can be relied on: held against a time server, and watched for jumps back (RET-L10).

The order of events never comes from time; but what is due does, and so does what somebody later reads of when.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, ClockReading
from docstore.audit.record import Stamp
from docstore.core import clock, conf, sntp

KEEPER = Stamp(actor_id="", role="system", method="system:clock")
STREAM = "policy"
WORTH_A_WARNING = timedelta(seconds=1)
MOST_OFF = timedelta(seconds=60)
GOOD_FOR = timedelta(hours=24)
BACK = timedelta(seconds=5)


def compare() -> ClockReading | None:
    """Ask the time server how far this clock is off, and keep the answer; None where no server is configured.

    Raises TimeServerSilent. An offset over a second is written down.
    """
    server = conf.get().time_server
    if not server:
        return None
    off = sntp.offset(server)
    with transaction.atomic():
        told = {"asked_at": _real_now(), "offset_ms": round(off / timedelta(milliseconds=1))}
        reading = ClockReading.objects.update_or_create(pk=1, defaults=told)[0]
        if reading.offset > WORTH_A_WARNING:
            record(Event.CLOCK_OFF, stamp=KEEPER, stream=STREAM, refs={}, facts={"milliseconds": reading.offset_ms})
    return reading


def off_by() -> timedelta | None:
    """Return by how much the clock was off when it was last compared, if that deserves a warning."""
    reading = _reading()
    return reading.offset if reading and reading.offset > WORTH_A_WARNING else None


def why_not_trusted() -> str:
    """Return why nothing may be destroyed by this clock, in a sentence; empty where it is in step, or never compared."""
    if not conf.get().time_server:
        return ""
    reading = _reading()
    if reading is None or not timedelta(0) <= _real_now() - reading.asked_at + BACK <= GOOD_FOR:
        return "The clock of this machine has not been held against the time server for a day."
    return "The clock of this machine is off by more than a minute." if reading.offset > MOST_OFF else ""


def jump_back() -> timedelta:
    """Return the largest step back of time between two neighbours among the events that are not sealed yet.

    Neighbours are told by id, which the database gave; those of a transaction that committed late were sealed before.
    """
    unsealed = AuditEvent.objects.filter(log_index__isnull=True).aggregate(first=Min("id"), last=Max("id"))
    if unsealed["first"] is None:
        return timedelta(0)
    rows = AuditEvent.objects.filter(id__lte=unsealed["last"])
    before = rows.filter(id__lt=unsealed["first"]).aggregate(last=Max("id"))["last"] or unsealed["first"]
    furthest, last = timedelta(0), None
    for at in rows.filter(id__gte=before).order_by("id").values_list("recorded_at", flat=True).iterator():
        furthest = max(furthest, last - at) if last else furthest
        last = at
    return furthest


@transaction.atomic
def tell_jump_back() -> None:
    """Write down that the clock went back by more than a few seconds since the last seal."""
    back = jump_back()
    if back > BACK:
        facts = {"seconds": -round(back.total_seconds())}
        record(Event.CLOCK_LEAPT, stamp=KEEPER, stream=STREAM, refs={}, facts=facts)


def _reading() -> ClockReading | None:
    return ClockReading.objects.filter(pk=1).first()


def _real_now() -> datetime:
    """The machine's own time: a demo court whose clock was moved forward is not off for that."""
    return clock.now() - clock.ahead()
