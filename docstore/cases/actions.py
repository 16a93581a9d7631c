"""Opening, closing and linking cases, and saying who is on them. Every act: gate, state, write, audit, jobs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.access.queries import court_of
from docstore.access.roles import ROLES
from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.cases.change import case_stream as case_stream
from docstore.cases.change import changing as _changing
from docstore.cases.change import hurry_papers
from docstore.cases.change import locked as _locked
from docstore.cases.change import record_on as _record
from docstore.cases.change import save as _save
from docstore.cases.change import tell_retention as _tell_retention
from docstore.cases.list_models import Visit
from docstore.cases.models import Case, CaseLink, Classification, Exclusion, Hearing, Membership, Party, Reference, Side
from docstore.cases.queries import case_types_for, get_case
from docstore.cases.references import TypedReference
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, FieldError, Invalid
from docstore.core.jobs import JobName, enqueue


class CaseTypeUnknown(Invalid):
    """There is no kind of case called {code} that you may open."""

    code = "case-type-unknown"


class ReferenceTaken(Conflict):
    """The number {value} already belongs to a case. Look that case up before you open another."""

    code = "reference-taken"


class ListingIdTaken(Conflict):
    """The listing number {listing_id} already belongs to a hearing of another case."""

    code = "listing-id-taken"


class CaseIsClosed(Conflict):
    """The case is closed. Reopen it first."""

    code = "case-closed"


class CaseIsOpen(Conflict):
    """The case is open already."""

    code = "case-open"


class RoleNotOnCases(Invalid):
    """The role {role} cannot be given on a case. Choose one of clerk, adviser, judge, usher, listing, records, prosecutor, defence, probation."""

    code = "role-not-on-cases"


class SideUnknown(Invalid):
    """There is no side called {side}. Choose one of court, prosecution, defence, applicant, respondent, other."""

    code = "side-unknown"


class AlreadyLinked(Conflict):
    """These two are linked already, or are one and the same case."""

    code = "already-linked"


# The visiting reader is made by an admission alone (cases.admissions).
MEMBER_ROLES = frozenset(ROLES) - {"station", "stations", "auditor", "support", "system", "visiting"}
DEFAULT_SIDES: Mapping[str, Side] = {"prosecutor": Side.PROSECUTION, "defence": Side.DEFENCE}


@transaction.atomic
def open_case(
    *,
    by: Actor,
    title: str,
    court: str,
    case_type: str,
    references: Sequence[TypedReference],
    classification: Classification = Classification.PRIVATE,
) -> Case:
    """Open a case at a court where the actor may. Raises ReferenceTaken where a number already has one."""
    scope = Scope.of(by)
    by.require(Permission.OPEN_CASES)
    where = court_of(by, court)
    kind = case_types_for(scope).filter(code=case_type).first()
    if kind is None or not where.hears(kind.jurisdiction):
        raise CaseTypeUnknown(code=case_type)
    now = clock.now()
    case = Case.objects.create(
        title=title,
        court=where,
        case_type=kind,
        classification=classification,
        opened_on=clock.today(),
        opened_by=by.user_id,
        created_at=now,
    )
    for place, reference in enumerate(references):
        _add_reference(case, reference, place=place)
    facts = {"case_type": kind.code, "court": where.code, "classification": int(classification)}
    _record(Event.CASE_OPENED, by, case, facts)
    _tell_retention(case)
    return case


@transaction.atomic
def close_case(*, by: Actor, case_id: UUID, closed_on: date, outcome: str, reason: str) -> Case:
    """Close a case; its retention begins (DOM-2.6)."""
    case = _changing(by, case_id, Permission.CHANGE_CASES)
    return _close(case, by=by, closed_on=closed_on, outcome=outcome, reason=reason)


@transaction.atomic
def close_unread_case(*, by: Actor, case_id: UUID, closed_on: date, outcome: str, reason: str) -> Case:
    """Close a case that lay open for years, for a person who keeps its records and need not be able to read it.

    Whether the case is theirs to keep is asked by retention, which alone knows; it has been proposed to them by then.
    """
    by.require(Permission.RECORD_TRIGGERS)
    return _close(_locked(case_id), by=by, closed_on=closed_on, outcome=outcome, reason=reason)


def _close(case: Case, *, by: Actor, closed_on: date, outcome: str, reason: str) -> Case:
    if not case.is_open:
        raise CaseIsClosed
    case.mark_closed(on=closed_on, outcome=outcome)
    _save(case)
    _record(Event.CASE_CLOSED, by, case, {"closed_on": closed_on.isoformat(), "outcome": outcome, "reason": reason})
    _tell_retention(case)
    return case


@transaction.atomic
def reopen_case(*, by: Actor, case_id: UUID, reason: str) -> Case:
    """Open a closed case again."""
    case = _changing(by, case_id, Permission.CHANGE_CASES)
    if case.is_open:
        raise CaseIsOpen
    case.mark_reopened()
    _save(case)
    _record(Event.CASE_REOPENED, by, case, {"reason": reason})
    _tell_retention(case)
    return case


@transaction.atomic
def seal_case(*, by: Actor, case_id: UUID, reason: str) -> Case:
    """Seal a case: from now on court staff, too, need a membership."""
    return _set_sealed(by, case_id, sealed=True, reason=reason, event=Event.CASE_SEALED)


@transaction.atomic
def unseal_case(*, by: Actor, case_id: UUID, reason: str) -> Case:
    """Lift the seal of a case."""
    return _set_sealed(by, case_id, sealed=False, reason=reason, event=Event.CASE_UNSEALED)


def _set_sealed(by: Actor, case_id: UUID, *, sealed: bool, reason: str, event: Event) -> Case:
    case = _changing(by, case_id, Permission.SEAL_DOCUMENTS)
    case.sealed = sealed
    _save(case)
    _record(event, by, case, {"reason": reason})
    enqueue(JobName.SEARCH_INDEX_CASE, subject=f"case:{case.pk}", restricts=True, share=str(case.pk))
    return case


@transaction.atomic
def restrict_reporting(*, by: Actor, case_id: UUID, restriction: str) -> Case:
    """Set the reporting restriction that stands on every page and print of the case; empty lifts it."""
    case = _changing(by, case_id, Permission.CHANGE_CASES)
    case.restriction = restriction
    _save(case)
    _record(Event.CASE_RESTRICTED, by, case, {"restricted": bool(restriction)})
    return case


@transaction.atomic
def link_cases(*, by: Actor, case_id: UUID, other_id: UUID, reason: str) -> CaseLink:
    """Link two cases that the actor may both change (DOM-2.5)."""
    case = _changing(by, case_id, Permission.CHANGE_CASES)
    other = _changing(by, other_id, Permission.CHANGE_CASES)
    if CaseLink.objects.filter(Q(case=case, other=other) | Q(case=other, other=case)).exists() or case.pk == other.pk:
        raise AlreadyLinked
    link = CaseLink.objects.create(case=case, other=other, reason=reason, made_at=clock.now())
    _record(Event.CASE_LINKED, by, case, {"other": str(other.pk), "reason": reason})
    _record(Event.CASE_LINKED, by, other, {"other": str(case.pk), "reason": reason})
    _tell_retention(case)
    return link


@transaction.atomic
def add_party(
    *, by: Actor, case_id: UUID, name: str, role: str, side: Side, representative: str = "", note: str = ""
) -> Party:
    """Name a party of the case."""
    case = _changing(by, case_id, Permission.CHANGE_CASES)
    order = case.parties.count()
    party = Party.objects.create(
        case=case, name=name, role=role, side=side, representative=representative, note=note, order=order
    )
    _record(Event.PARTY_ADDED, by, case, {"party": str(party.pk), "role": role, "side": str(side)})
    _tell_retention(case)
    return party


@transaction.atomic
def list_hearing(
    *,
    by: Actor,
    case_id: UUID,
    room: str,
    starts_at: datetime,
    kind: str,
    heard: bool = False,
    judges: str = "",
    listing_id: str = "",
) -> Hearing:
    """List a sitting of the case at its court."""
    case = _changing(by, case_id, Permission.LIST_HEARINGS)
    if listing_id and Hearing.objects.filter(court=case.court, listing_id=listing_id).exists():
        raise ListingIdTaken(listing_id=listing_id)
    hearing = Hearing.objects.create(
        case=case,
        court=case.court,
        room=room,
        starts_at=starts_at,
        kind=kind,
        heard=heard,
        judges=judges,
        listing_id=listing_id,
    )
    facts = {"hearing": str(hearing.pk), "starts_at": starts_at.isoformat(), "room": room}
    _record(Event.HEARING_LISTED, by, case, facts)
    hurry_papers(case)
    return hearing


@transaction.atomic
def add_member(
    *,
    by: Actor,
    case_id: UUID,
    person: User,
    role: str,
    side: str | None = None,
    party: Party | None = None,
    from_on: date | None = None,
    to_on: date | None = None,
) -> Membership:
    """Put a person on a case, with a role and a side, between two dates (either may be open)."""
    case = _changing(by, case_id, Permission.MANAGE_MEMBERS)
    if role not in MEMBER_ROLES:
        raise RoleNotOnCases(role=role)
    if side is not None and side not in set(Side):
        raise SideUnknown(side=side)
    half = Side(side) if side else DEFAULT_SIDES.get(role, Side.COURT if ROLES[role].is_court_staff else Side.OTHER)
    member = Membership.objects.create(
        case=case, person=person, role=role, side=half, party=party, from_on=from_on, to_on=to_on
    )
    facts = {"member": str(member.pk), "person": str(person.pk), "role": role, "side": str(half)}
    _record(Event.MEMBER_ADDED, by, case, facts)
    return member


@transaction.atomic
def end_membership(*, by: Actor, case_id: UUID, member_id: UUID, reason: str) -> Membership:
    """Take a person off a case as of now."""
    case = _changing(by, case_id, Permission.MANAGE_MEMBERS)
    member = case.memberships.get(pk=member_id)
    member.to_on = clock.today() - timedelta(days=1)
    member.save(update_fields=["to_on"])
    _record(Event.MEMBER_ENDED, by, case, {"member": str(member.pk), "person": str(member.person_id), "reason": reason})
    return member


@transaction.atomic
def exclude_person(*, by: Actor, case_id: UUID, person: User, reason: str) -> Exclusion:
    """Bar a person from a case, whatever else they hold (DOM-8.5, 9.6). Takes effect with the next request."""
    case = _changing(by, case_id, Permission.EXCLUDE_PEOPLE)
    exclusion = Exclusion.objects.create(case=case, person=person, reason=reason, from_on=None)
    _record(Event.PERSON_EXCLUDED, by, case, {"exclusion": str(exclusion.pk), "person": str(person.pk)})
    return exclusion


@transaction.atomic
def end_exclusion(*, by: Actor, case_id: UUID, exclusion_id: UUID, reason: str) -> Exclusion:
    """Lift a bar."""
    case = _changing(by, case_id, Permission.EXCLUDE_PEOPLE)
    exclusion = case.exclusions.get(pk=exclusion_id)
    exclusion.to_on = clock.today() - timedelta(days=1)
    exclusion.save(update_fields=["to_on"])
    facts = {"exclusion": str(exclusion.pk), "person": str(exclusion.person_id), "reason": reason}
    _record(Event.EXCLUSION_ENDED, by, case, facts)
    return exclusion


@transaction.atomic
def record_case_view(*, by: Actor, case: Case) -> datetime | None:
    """Write down that somebody opened a case file; return since when papers are new to them, None on a first visit."""
    stream = access_stream(clock.now(), str(case.pk))
    record(Event.CASE_VIEWED, stamp=by.stamp, stream=stream, refs={"case": str(case.pk)}, facts={})
    return _note_visit(by, case) if by.user_id else None


def _note_visit(by: Actor, case: Case) -> datetime | None:
    now = clock.now()
    first = {"seen_at": now, "viewed_at": now}
    visit, is_first = Visit.objects.get_or_create(person_id=by.user_id, case=case, defaults=first)
    if is_first:
        return None
    visit.mark_viewed(at=now)
    visit.save(update_fields=["seen_at", "viewed_at"])
    return visit.seen_at


@transaction.atomic
def mark_seen(*, by: Actor, case_id: UUID) -> None:
    """Take every paper of the case that is there now as seen by this person."""
    case = get_case(Scope.of(by), case_id)
    now = clock.now()
    Visit.objects.update_or_create(person_id=by.user_id, case=case, defaults={"seen_at": now, "viewed_at": now})
    _record(Event.CASE_SEEN, by, case, {})


def _add_reference(case: Case, reference: TypedReference, *, place: int) -> Reference:
    try:
        with transaction.atomic():
            return Reference.objects.create(case=case, kind=reference.kind, value=reference.value)
    except IntegrityError as error:
        sentence = ReferenceTaken(value=reference.value).sentence
        at = FieldError(f"/references/{place}/value", "reference-taken", sentence)
        raise ReferenceTaken(errors=(at,), value=reference.value) from error
