"""Stations and their keys: registering, changing, hearing from them. What they send is in `batches` and `custody`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.key_scopes import NO_LIMITS, STATION_SCOPES, KeyLimits, KeyScope
from docstore.access.machines import enlist_machine, issue_machine_key
from docstore.access.models import Court, ServiceKey, User
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.intake.models import Station
from docstore.intake.quality_policy import Policy


class NotAStation(Forbidden):
    """Only scanning stations send batches. Use the key of a station that is registered at your court."""

    code = "not-a-station"


class StationDisabled(Forbidden):
    """This station is switched off at its court. Ask the station manager; keep the paper meanwhile."""

    code = "service-disabled"


@dataclass(frozen=True, slots=True)
class Envelopes:
    """Which supplier's envelopes a station may send: container, jurisdiction and PO box belong together."""

    container: str = ""
    jurisdiction: str = ""
    po_box: str = ""
    takes_payments: bool = False


@dataclass(frozen=True, slots=True)
class PaperKept:
    """Where a station's paper lies after its receipt, and for how many days before it may be shredded."""

    tray: str = ""
    days: int = 14


@dataclass(frozen=True, slots=True)
class Beat:
    """What a station's agent says of itself."""

    agent_version: str = ""
    queue_depth: int | None = None
    free_bytes: int | None = None
    last_error: str = ""


@transaction.atomic
def register_station(
    *,
    by: Actor,
    court: Court,
    username: str,
    name: str,
    section: str = "",
    envelopes: Envelopes = Envelopes(),
) -> Station:
    """Add a station to a court, with an account of its own. Keys are issued separately."""
    user = enlist_machine(by=by, username=username, name=name, court=court)
    return adopt_station(by=by, user=user, court=court, name=name, section=section, envelopes=envelopes)


@transaction.atomic
def adopt_station(
    *, by: Actor, user: User, court: Court, name: str, section: str = "", envelopes: Envelopes = Envelopes()
) -> Station:
    """Make a station of an account that exists already."""
    _require_right(by)
    station = Station.objects.create(
        user=user,
        court=court,
        name=name,
        section=section,
        container=envelopes.container,
        jurisdiction=envelopes.jurisdiction,
        po_box=envelopes.po_box,
        takes_payments=envelopes.takes_payments,
        created_at=clock.now(),
    )
    _record(Event.STATION_REGISTERED, by, station)
    return station


@transaction.atomic
def change_station(
    *,
    by: Actor,
    station_id: UUID,
    name: str,
    is_enabled: bool,
    section: str,
    envelopes: Envelopes,
    paper: PaperKept = PaperKept(),
) -> Station:
    """Rename a station, switch it on or off, say where its papers go, whose envelopes it may send, how long paper is kept."""
    _require_right(by)
    station = get_station(by, station_id)
    station.name, station.is_enabled, station.section = name, is_enabled, section
    station.container, station.jurisdiction = envelopes.container, envelopes.jurisdiction
    station.po_box, station.takes_payments = envelopes.po_box, envelopes.takes_payments
    station.tray, station.paper_days = paper.tray, paper.days
    told = [
        "name",
        "is_enabled",
        "section",
        "container",
        "jurisdiction",
        "po_box",
        "takes_payments",
        "tray",
        "paper_days",
    ]
    station.save(update_fields=told)
    _record(Event.STATION_CHANGED, by, station)
    return station


@transaction.atomic
def set_scan_policy(*, by: Actor, station_id: UUID, policy: Policy, splits_at_blanks: bool) -> Station:
    """Say which doubts about a scan count at a station, which hold a paper back, and whether an empty page ends one."""
    _require_right(by)
    station = get_station(by, station_id)
    station.quality, station.splits_at_blanks = policy.packed, splits_at_blanks
    station.save(update_fields=["quality", "splits_at_blanks"])
    _record(Event.STATION_CHANGED, by, station)
    return station


def issue_station_key(
    *,
    by: Actor,
    station_id: UUID,
    label: str,
    scopes: tuple[KeyScope, ...] = STATION_SCOPES,
    addresses: tuple[str, ...] = (),
    certificate: str = "",
    limits: KeyLimits = NO_LIMITS,
    not_before: datetime | None = None,
    days: int = 365,
) -> str:
    """Return a new key for a station, shown this once; refused where two are live (TooManyKeys)."""
    return issue_machine_key(
        by=by,
        machine=get_station(by, station_id).user,
        label=label,
        scopes=scopes,
        addresses=addresses,
        certificate=certificate,
        limits=limits,
        not_before=not_before,
        days=days,
    )


@transaction.atomic
def hear_from(*, by: Actor, beat: Beat) -> Station:
    """Note that a station is alive, and what it says of itself. No event: it says so every minute."""
    station = own_station(by)
    station.seen_at = clock.now()
    station.agent_version, station.last_error = beat.agent_version[:40], beat.last_error[:500]
    station.queue_depth, station.free_bytes = beat.queue_depth, beat.free_bytes
    station.save(update_fields=["seen_at", "agent_version", "last_error", "queue_depth", "free_bytes"])
    return station


def own_station(by: Actor, scope: KeyScope | None = None) -> Station:
    """Return the station that is asking; raise NotAStation, StationDisabled or ScopeMissing."""
    by.require(Permission.SEND_BATCHES)
    if scope is not None:
        by.require_scope(scope)
    rows = Station.objects.select_related("court", "user")
    station = rows.filter(user_id=by.user_id).first() if by.user_id else None
    if station is None:
        raise NotAStation
    if not station.is_enabled:
        raise StationDisabled
    return station


def stations(by: Actor) -> QuerySet[Station]:
    """Return the stations that this person manages, or works beside at a court; none for anybody else."""
    rows = Station.objects.select_related("court", "user")
    if by.user_id is None or by.may(Permission.MANAGE_STATIONS):
        return rows
    return rows.filter(court__code__in=by.courts) if by.is_court_staff else rows.none()


def get_station(by: Actor, station_id: UUID) -> Station:
    """Return one of them; raise NotFound."""
    found = stations(by).filter(pk=station_id).first()
    if found is None:
        raise NotFound
    return found


def keys_of(station: Station) -> QuerySet[ServiceKey]:
    """Return the keys of a station, the newest first; only their digests are known."""
    return ServiceKey.objects.filter(user=station.user_id).order_by("-created_at")


def _require_right(by: Actor) -> None:
    if by.user_id is not None:
        by.require(Permission.MANAGE_STATIONS)


def _record(event: Event, by: Actor, station: Station) -> None:
    facts = {
        "station": str(station.pk),
        "court": station.court.code,
        "enabled": station.is_enabled,
        "container": station.container,
        "quality": station.quality,
        "splits_at_blanks": station.splits_at_blanks,
    }
    record(event, stamp=by.stamp, stream="security", refs={"station": str(station.pk)}, facts=facts)
