"""The feed of intake events: append-only, numbered per station without a gap, read in order and at least once.

Every transaction of the room begins with `locked`, so that a station's transactions follow one another: numbers then
become visible in the order in which they were given, and a reader with a cursor misses nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from docstore.access.actor import Actor
from docstore.access.key_scopes import KeyScope
from docstore.core import clock
from docstore.core.errors import Refusal
from docstore.core.paging import MOST, Slice, decode, encode
from docstore.intake.models import Batch, Happening, IntakeEvent, Item, Station
from docstore.intake.stations import own_station


class CursorTooOld(Refusal):
    """Events from this place on are no longer there. Begin again without a cursor."""

    code = "cursor-too-old"
    status = 410


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it is read."""

    id: UUID
    at: datetime
    happening: str
    batch: UUID | None
    item: int | None
    detail: str


def locked(station_id: UUID) -> Station:
    """Return the station, locked until the end of the caller's transaction. Take this before any other row."""
    return Station.objects.select_for_update().get(pk=station_id)


def tell(
    station: Station, happening: Happening, batch: Batch | None = None, *, item: Item | None = None, detail: str = ""
) -> None:
    """Append an event to the feed of a station that the caller has locked. No names and no text of papers in `detail`."""
    Station.objects.filter(pk=station.pk).update(happenings=F("happenings") + 1)
    station.refresh_from_db(fields=["happenings"])
    IntakeEvent.objects.create(
        station=station,
        number=station.happenings,
        at=clock.now(),
        happening=happening,
        batch=batch,
        seq=item.seq if item else None,
        detail=detail,
    )


def read_events(*, by: Actor, cursor: str | None, limit: int = 100) -> Slice[Told]:
    """Return a station's own events after `cursor`; `next` goes on from the last one, also where there is none yet."""
    station = own_station(by, KeyScope.INTAKE_READ)
    after = _number(cursor) if cursor else 0
    if after > station.happenings:
        raise CursorTooOld
    rows = IntakeEvent.objects.filter(station=station, number__gt=after)
    found = list(rows.order_by("number")[: max(1, min(limit, MOST))])
    last = found[-1].number if found else after
    told = [Told(one.pk, one.at, one.happening, one.batch_id, one.seq, one.detail) for one in found]
    return Slice(told, encode([last]))


def _number(cursor: str) -> int:
    text = decode(cursor, length=1)[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
