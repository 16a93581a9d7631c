"""Asking for what has not come, and saying so when a station falls silent (DOM-1.18).

A chase and an alert are events of the station's feed: its agent, its supplier's webhook and the board all read the same.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Conflict
from docstore.intake.batches import record_on
from docstore.intake.boards import NOT_HERE, UNFINISHED, get_batch, is_silent, last_sent_by
from docstore.intake.feed import locked, tell
from docstore.intake.models import Batch, Happening, Station

UPKEEP = "intake upkeep"


class NothingMissing(Conflict):
    """Nothing of this batch is missing any more. Look at the board again."""

    code = "nothing-missing"


@transaction.atomic
def chase_batch(*, by: Actor, batch_id: UUID) -> Batch:
    """Ask a station for what it declared and has not sent, or for a batch that it left open."""
    by.require(Permission.SEE_INTAKE)
    seen = get_batch(by, batch_id)
    station = locked(seen.station_id)
    batch = Batch.objects.select_for_update().get(pk=batch_id)
    missing = sorted(batch.items.filter(state__in=NOT_HERE).values_list("seq", flat=True))
    if batch.state not in UNFINISHED or not (missing or batch.is_open):
        raise NothingMissing
    said = f"The court asks for item {', '.join(map(str, missing))}." if missing else "The court asks you to close it."
    tell(station, Happening.BATCH_CHASED, batch, detail=said[:500])
    record_on(Event.BATCH_CHASED, by, batch, {"missing": missing})
    return batch


def report_silence() -> int:
    """Say once of every station that it fell silent, and once that it is heard again; return how many are silent."""
    sent = last_sent_by(Station.objects.all())
    return sum(_report_silence(station_id, at) for station_id, at in sent.items())


@transaction.atomic
def _report_silence(station_id: UUID, last_sent: datetime) -> int:
    station = locked(station_id)
    silent = is_silent(station, last_sent, clock.now())
    heard = station.silent_since is not None and last_sent > station.silent_since
    if silent and station.silent_since is None:
        station.silent_since = clock.now()
        station.save(update_fields=["silent_since"])
        tell(station, Happening.STATION_SILENT)
        refs = {"station": str(station.pk)}
        stamp = system(UPKEEP).stamp
        record(Event.STATION_SILENCED, stamp=stamp, stream="security", refs=refs, facts={"station": str(station.pk)})
    elif heard:
        station.silent_since = None
        station.save(update_fields=["silent_since"])
        tell(station, Happening.STATION_HEARD)
    return int(silent)
