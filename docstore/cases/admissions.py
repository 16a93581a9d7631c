"""Opening a case that one's roles do not open, for a stated reason: challenged, specific and break-glass (DOM-9.7, 9.8).

A challenged admission is given at once and is narrow; a specific one waits for the court; breaking the glass is for a
judge of the court when nobody can be asked, and tells those who watch. Each is a membership with an end, an event, and a
line in a report. Whoever asks learns nothing from the answer about a number that they may not know: a hidden case, a
case from which they are barred and no case at all read alike.
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES, Reach
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.actions import DEFAULT_SIDES, case_stream
from docstore.cases.models import (
    Admission,
    AdmissionKind,
    AdmissionState,
    Case,
    Classification,
    Exclusion,
    Membership,
    Reference,
    Side,
)
from docstore.cases.queries import get_case
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, Invalid, NotFound
from docstore.core.references import normalise

log = logging.getLogger(__name__)

CHALLENGED_DAYS = 7
LONGEST_DAYS = 90
SHORTEST_REASON = 15
COURT_HOURS = range(9, 17)
SATURDAY = 5
ADMISSIONS_STREAM = "admissions"

GROUNDS: Mapping[str, str] = {
    "hearing": "I sit or assist at a hearing of it",
    "linked": "It belongs together with a case that I work on",
    "transfer": "I decide on moving it between courts",
    "urgent": "An urgent application was made",
    "other": "Another reason",
}


class ReasonTooShort(Invalid):
    """Say why in a sentence that somebody else will understand in a year. At least 15 characters are needed."""

    code = "reason-too-short"


class OpenAlready(Conflict):
    """You may open this case already. Look it up under Cases."""

    code = "open-already"


class AskedAlready(Conflict):
    """You have asked for this number already, and the answer is not there yet."""

    code = "asked-already"


class CourtIsThere(Conflict):
    """The court’s office is at work now, so ask for access and it will answer. A case is opened at once only outside office hours, Monday to Friday 9am to 5pm."""

    code = "court-is-there"


class NoSuchCaseHere(Invalid):
    """No case of your court that can be opened this way has that number. Check it against the paper."""

    code = "case-unknown"


class SamePerson(Forbidden):
    """You asked for this yourself, so somebody else must decide."""

    code = "same-person"


class DecidedAlready(Conflict):
    """Somebody has decided this already. Look at the list again."""

    code = "decided-already"


class PersonIsBarred(Conflict):
    """This person is barred from the case, so nobody can let them in. Lift the bar first, if that is right."""

    code = "person-barred"


class EndOutOfRange(Invalid):
    """Choose a last day between today and 90 days from now."""

    code = "end-out-of-range"


@transaction.atomic
def ask(*, by: Actor, number: str, ground: str, reason: str) -> Admission:
    """Ask to open the case that bears `number`. Court staff of any court are let in at once to read an unsealed case
    that is not restricted; everything else waits for the case's own court."""
    by.require(Permission.ASK_FOR_ACCESS)
    _require_reason(ground, reason)
    case = _case_of(number)
    if case is not None and Scope.of(by).cases().filter(pk=case.pk).exists():
        raise OpenAlready
    waiting = Admission.objects.filter(person_id=by.user_id, number=normalise(number), state=AdmissionState.WAITING)
    if waiting.exists():
        raise AskedAlready
    admission = _write(by, case, number, ground, reason, kind=AdmissionKind.SPECIFIC)
    if case is not None and _is_challengeable(by, case):
        admission.kind = AdmissionKind.CHALLENGED
        last = clock.today() + timedelta(days=CHALLENGED_DAYS - 1)
        _let_in(admission, case, role="visiting", until=last, by=by)
    return admission


@transaction.atomic
def break_glass(*, by: Actor, number: str, ground: str, reason: str, at: datetime) -> Admission:
    """Open a case of the judge's own court until the end of tomorrow; those who watch are told at once.

    `at` is the moment of asking: while the court's office is at work it is asked instead.
    """
    by.require(Permission.BREAK_GLASS)
    _require_reason(ground, reason)
    local = at.astimezone(clock.COURT_ZONE)
    if local.weekday() < SATURDAY and local.hour in COURT_HOURS:
        raise CourtIsThere
    case = _case_of(number)
    if case is None or case.court.code not in by.courts or _is_barred(case, _asker(by)):
        raise NoSuchCaseHere
    if Scope.of(by).cases().filter(pk=case.pk).exists():
        raise OpenAlready
    admission = _write(by, case, number, ground, reason, kind=AdmissionKind.GLASS)
    until = clock.today() + timedelta(days=1)
    role = next(held.code for held in by.roles if Permission.BREAK_GLASS in held.role.permissions)
    _give(admission, case, role=role, until=until)
    facts = {"admission": str(admission.pk), "ground": ground, "until": until.isoformat()}
    _record(Event.GLASS_BROKEN, by, admission, facts)
    log.warning("A case was opened at once: admission %s", admission.pk)
    return admission


@transaction.atomic
def grant(*, by: Actor, admission_id: UUID, until: date, reason: str) -> Admission:
    """Let the person in until the end of a day, in their own role."""
    admission, case = _deciding(by, admission_id)
    today = clock.today()
    if not today <= until <= today + timedelta(days=LONGEST_DAYS):
        raise EndOutOfRange
    if _is_barred(case, admission.person_id):
        raise PersonIsBarred
    admission.decision_reason = reason
    _let_in(admission, case, role=_own_role(admission.person), until=until, by=by)
    return admission


@transaction.atomic
def refuse(*, by: Actor, admission_id: UUID, reason: str) -> Admission:
    """Do not let the person in; they are told that, and not why the case is closed to them."""
    admission, _ = _deciding(by, admission_id)
    _require_text(reason)
    _decide(admission, AdmissionState.REFUSED, by, reason)
    facts = {"admission": str(admission.pk), "person": str(admission.person_id), "reason": reason}
    _record(Event.ADMISSION_REFUSED, by, admission, facts)
    return admission


@transaction.atomic
def end(*, by: Actor, admission_id: UUID, reason: str) -> Admission:
    """End a stay before its last day. The next request of that person finds the case closed."""
    admission, _ = _of_case(by, admission_id)
    _require_text(reason)
    stay = admission.membership
    if stay is None or not admission.is_live(on=clock.today()):
        raise DecidedAlready
    last = clock.today() - timedelta(days=1)
    stay.to_on = last
    stay.save(update_fields=["to_on"])
    admission.state, admission.until_on = AdmissionState.ENDED, last
    admission.save(update_fields=["state", "until_on"])
    facts = {"admission": str(admission.pk), "person": str(admission.person_id), "reason": reason}
    _record(Event.ADMISSION_ENDED, by, admission, facts)
    return admission


@transaction.atomic
def look_at(*, by: Actor, admission_id: UUID) -> Admission:
    """Say that one has looked at a case opened at once, so that the alert ends."""
    by.require(Permission.WATCH_ACCESS)
    admission = Admission.objects.filter(pk=admission_id, kind=AdmissionKind.GLASS).first()
    if admission is None:
        raise NotFound
    if admission.looked_at is None:
        admission.looked_at, admission.looked_by_id = clock.now(), by.user_id
        admission.save(update_fields=["looked_at", "looked_by"])
        _record(Event.ADMISSION_SEEN, by, admission, {"admission": str(admission.pk)})
    return admission


def asked_by(actor: Actor) -> QuerySet[Admission]:
    """Return what the actor has asked for, the latest first."""
    return Admission.objects.filter(person_id=actor.user_id).select_related("case__court", "person")


def to_decide(scope: Scope) -> QuerySet[Admission]:
    """Return what waits for somebody who says who is on these cases."""
    if not scope.may(Permission.MANAGE_MEMBERS):
        return Admission.objects.none()
    rows = Admission.objects.filter(state=AdmissionState.WAITING, case__in=scope.cases())
    return rows.exclude(person_id=scope.actor.user_id).select_related("case__court", "person").order_by("asked_at")


def reported_to(scope: Scope) -> QuerySet[Admission]:
    """Return every admission that the actor may read of: all for those who watch, else those of cases they can open."""
    rows = Admission.objects.exclude(state=AdmissionState.WAITING).select_related("case__court", "person", "decided_by")
    if scope.may(Permission.WATCH_ACCESS):
        return rows
    return rows.filter(case__in=scope.cases()) if scope.may(Permission.READ_TRAILS) else rows.none()


def alerts_for(actor: Actor) -> int:
    """Return how many cases were opened at once and have not been looked at; nothing for those who do not watch."""
    if not actor.may(Permission.WATCH_ACCESS):
        return 0
    return Admission.objects.filter(kind=AdmissionKind.GLASS, looked_at__isnull=True).count()


def get_waiting(scope: Scope, admission_id: UUID) -> Admission:
    """Return what waits for this actor's decision; raise NotFound elsewhere."""
    found = to_decide(scope).filter(pk=admission_id).first()
    if found is None:
        raise NotFound
    return found


def _case_of(number: str) -> Case | None:
    values = {normalise(number), number.strip()}
    found = Reference.objects.filter(value__in=values).select_related("case__court").first()
    return found.case if found else None


def _asker(by: Actor) -> UUID:
    """Only people ask; the service itself never does."""
    if by.user_id is None:
        raise Forbidden
    return by.user_id


def _is_barred(case: Case, person_id: UUID) -> bool:
    return Exclusion.objects.live(on=clock.today()).filter(case=case, person_id=person_id).exists()


def _is_challengeable(by: Actor, case: Case) -> bool:
    closely_kept = case.sealed or case.classification > Classification.PRIVATE
    return by.is_court_staff and not closely_kept and not _is_barred(case, _asker(by))


def _own_role(person: User) -> str:
    """The role in which somebody is let in: their own, where it can be on a case."""
    held = person.role_assignments.live(on=clock.today()).values_list("role", flat=True)
    fit = [code for code in held if ROLES[code].reach is not Reach.NONE]
    return fit[0] if fit else "visiting"


def _write(by: Actor, case: Case | None, number: str, ground: str, reason: str, *, kind: AdmissionKind) -> Admission:
    admission = Admission.objects.create(
        kind=kind,
        state=AdmissionState.WAITING,
        person_id=_asker(by),
        case=case,
        number=normalise(number),
        ground=ground,
        reason=reason.strip(),
        asked_at=clock.now(),
    )
    _record(Event.ADMISSION_ASKED, by, admission, {"admission": str(admission.pk), "ground": ground})
    return admission


def _let_in(admission: Admission, case: Case, *, role: str, until: date, by: Actor) -> None:
    _give(admission, case, role=role, until=until)
    if admission.person_id != by.user_id:
        admission.decided_by_id = by.user_id
        admission.save(update_fields=["decided_by"])
    facts = {
        "admission": str(admission.pk),
        "person": str(admission.person_id),
        "kind": str(admission.kind),
        "until": until.isoformat(),
    }
    _record(Event.ADMISSION_GRANTED, by, admission, facts)


def _give(admission: Admission, case: Case, *, role: str, until: date) -> None:
    side = DEFAULT_SIDES.get(role, Side.COURT if ROLES[role].is_court_staff else Side.OTHER)
    admission.membership = Membership.objects.create(
        case=case, person_id=admission.person_id, role=role, side=side, from_on=clock.today(), to_on=until
    )
    admission.state, admission.until_on, admission.decided_at = AdmissionState.GRANTED, until, clock.now()
    admission.save()


def _of_case(by: Actor, admission_id: UUID) -> tuple[Admission, Case]:
    """The admission, locked, on a case that the actor can open and where they say who is on it."""
    scope = Scope.of(by)
    rows = Admission.objects.select_for_update(of=("self",)).select_related("person")
    admission = rows.filter(pk=admission_id, case__isnull=False).first()
    if admission is None or admission.case_id is None:
        raise NotFound
    case = get_case(scope, admission.case_id)
    if not scope.allows_on(case, Permission.MANAGE_MEMBERS):
        raise Forbidden
    return admission, case


def _deciding(by: Actor, admission_id: UUID) -> tuple[Admission, Case]:
    admission, case = _of_case(by, admission_id)
    if admission.person_id == by.user_id:
        raise SamePerson
    if admission.state != AdmissionState.WAITING:
        raise DecidedAlready
    return admission, case


def _decide(admission: Admission, state: AdmissionState, by: Actor, reason: str) -> None:
    admission.state, admission.decision_reason = state, reason
    admission.decided_at, admission.decided_by_id = clock.now(), by.user_id
    admission.save()


def _require_reason(ground: str, reason: str) -> None:
    if ground not in GROUNDS:
        raise ReasonTooShort
    _require_text(reason)


def _require_text(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort


def _record(event: Event, by: Actor, admission: Admission, facts: Mapping[str, object]) -> None:
    """On the case's own stream where there is a case, so that its history tells it; else on one of their own."""
    stream = case_stream(admission.case_id) if admission.case_id else ADMISSIONS_STREAM
    refs = {"case": str(admission.case_id)} if admission.case_id else {}
    record(event, stamp=by.stamp, stream=stream, refs=refs, facts=facts)
