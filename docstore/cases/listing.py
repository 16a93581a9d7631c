"""Acts on the court's list: a hearing changes, moves or falls away; people are put to work in courtrooms.

Access follows the list by itself: `scope` reads who is in which room, and what is listed there, with every request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import Court, User
from docstore.access.permissions import Permission
from docstore.access.queries import court_of, staff_role_of
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.change import changing, hurry_papers, record_on
from docstore.cases.list_models import Duty
from docstore.cases.models import Case, Hearing
from docstore.cases.queries import get_hearing
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, Invalid, NotFound


class HearingIsVacated(Conflict):
    """This hearing has been taken off the list. List it anew if it is to take place."""

    code = "hearing-vacated"


class NobodyToMove(Invalid):
    """Tick at least one case, then choose where it goes."""

    code = "nothing-ticked"


class RoomMissing(Invalid):
    """Say which courtroom."""

    code = "room-missing"


class NotCourtStaff(Invalid):
    """{name} holds no role at a court, so they cannot be put to work in a courtroom. Name them on the case instead."""

    code = "not-court-staff"


class AlreadyInTheRoom(Conflict):
    """{name} is in that courtroom on that day already."""

    code = "already-in-the-room"


@dataclass(frozen=True, slots=True)
class Listed:
    """How a hearing stands on the list."""

    room: str
    starts_at: datetime
    kind: str
    judges: str = ""

    @property
    def facts(self) -> dict[str, str]:
        return {"room": self.room, "starts_at": self.starts_at.isoformat(), "kind": self.kind}


def listed(row: Hearing) -> Listed:
    """Return how a hearing stands on the list now."""
    return Listed(row.room, row.starts_at, row.kind, row.judges)


@transaction.atomic
def change_hearing(*, by: Actor, hearing_id: UUID, to: Listed) -> Hearing:
    """Give a hearing another room, time, kind or bench."""
    row, case = _changing_hearing(by, hearing_id)
    before = listed(row)
    if not to.room.strip():
        raise RoomMissing
    if to == before:
        return row
    row.room, row.starts_at, row.kind, row.judges = to.room, to.starts_at, to.kind, to.judges
    row.save(update_fields=["room", "starts_at", "kind", "judges"])
    facts = {"hearing": str(row.pk), "before": before.facts, "after": to.facts}
    record_on(Event.HEARING_CHANGED, by, case, facts)
    hurry_papers(case)
    return row


@transaction.atomic
def move_hearings(*, by: Actor, hearings: Iterable[UUID], room: str) -> int:
    """Move hearings to another courtroom, all or none; whoever works there comes to their cases at once (DOM-7.3)."""
    wanted = sorted(set(hearings))
    if not wanted:
        raise NobodyToMove
    for one in wanted:
        row = get_hearing(Scope.of(by), one)
        change_hearing(by=by, hearing_id=one, to=Listed(room.strip(), row.starts_at, row.kind, row.judges))
    return len(wanted)


@transaction.atomic
def vacate_hearing(*, by: Actor, hearing_id: UUID, reason: str) -> Hearing:
    """Take a hearing off the list; it stays in the case's history with the reason."""
    row, case = _changing_hearing(by, hearing_id)
    row.vacated_at, row.vacated_reason = clock.now(), reason
    row.save(update_fields=["vacated_at", "vacated_reason"])
    record_on(Event.HEARING_VACATED, by, case, {"hearing": str(row.pk), "reason": reason})
    return row


@transaction.atomic
def assign_duty(*, by: Actor, court: str, room: str, day: date, person: User, in_place_of: UUID | None = None) -> Duty:
    """Put a member of court staff to work in a courtroom for a day, in the role that they hold (at this court first).

    Whoever stood there `in_place_of` whom they come ends in the same act, so that a list is handed over whole.
    """
    where = _court_to_list(by, court)
    if in_place_of is not None:
        end_duty(by=by, duty_id=in_place_of)
    if not room.strip():
        raise RoomMissing
    role = staff_role_of(person, where)
    if role is None:
        raise NotCourtStaff(name=person.name)
    duty, is_new = Duty.objects.get_or_create(
        court=where, room=room.strip(), day=day, person=person, defaults={"role": role}
    )
    if not is_new:
        raise AlreadyInTheRoom(name=person.name)
    facts = {"duty": str(duty.pk), "person": str(person.pk), "role": role, "room": duty.room, "day": day.isoformat()}
    _record(Event.DUTY_ASSIGNED, by, facts)
    return duty


@transaction.atomic
def end_duty(*, by: Actor, duty_id: UUID) -> None:
    """Take a person out of a courtroom; what came with it ends with their next request."""
    duty = Duty.objects.select_related("court").filter(pk=duty_id).first()
    if duty is None or duty.court.code not in by.courts:
        raise NotFound
    _court_to_list(by, duty.court.code)
    facts = {"duty": str(duty.pk), "person": str(duty.person_id), "room": duty.room, "day": duty.day.isoformat()}
    duty.delete()
    _record(Event.DUTY_ENDED, by, facts)


def _changing_hearing(by: Actor, hearing_id: UUID) -> tuple[Hearing, Case]:
    seen = get_hearing(Scope.of(by), hearing_id)
    case = changing(by, seen.case_id, Permission.LIST_HEARINGS)
    row = Hearing.objects.select_for_update().get(pk=hearing_id)
    if row.vacated_at is not None:
        raise HearingIsVacated
    return row, case


def _court_to_list(by: Actor, code: str) -> Court:
    """Return the court whose list this actor keeps; the permission counts only where it is held."""
    where = court_of(by, code)
    if not any(held.court == code and Permission.LIST_HEARINGS in held.role.permissions for held in by.roles):
        raise Forbidden
    return where


def _record(event: Event, by: Actor, facts: dict[str, str]) -> None:
    record(event, stamp=by.stamp, stream="security", refs={}, facts=facts)
