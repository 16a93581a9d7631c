"""The only gate. An actor becomes a Scope – by default of nothing – which says what may be seen and done.

One Scope yields the database's filter and the search engine's (documents.visibility composes both) and the sentences
of `explain`; a property test holds them against each other. Decision = role × court × membership × section × side × classification × seal ×
exclusion × dates. Exclusion is applied last, over everything (DOM-8.5).

Knows cases, sections and the fields by which a document is guarded; reads no document.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from docstore.access.actor import Actor, HeldRole
from docstore.access.key_scopes import KeyLimits
from docstore.access.permissions import Permission
from docstore.access.roles import ROLES, Role
from docstore.cases.days import sits_on
from docstore.cases.lifecycle import GONE
from docstore.cases.list_models import Duty
from docstore.cases.models import Case, CaseType, Exclusion, Hearing, Membership, Right, SectionRight
from docstore.core import clock

Rights = dict[tuple[str, str], frozenset[int]]


@dataclass(frozen=True, slots=True)
class Grant:
    """One way in: through a court, or through memberships of the same role, side and party."""

    role: Role
    court: int | None
    cases: frozenset[UUID]
    partitions: frozenset[str] | None
    rights: dict[Right, frozenset[int]] = field(hash=False)
    side: str = "court"
    party: UUID | None = None
    is_duty: bool = False

    @property
    def is_court(self) -> bool:
        return self.court is not None

    def sections(self, right: Right = Right.READ) -> frozenset[int]:
        return self.rights.get(right, frozenset())

    def case_filter(self) -> Q:
        """Cases that this grant opens."""
        if self.is_court:
            return Q(court_id=self.court, sealed=False, classification__lte=self.role.clearance)
        return Q(pk__in=self.cases, classification__lte=self.role.clearance)

    def filing_filter(self, right: Right = Right.READ) -> Q:
        """Live filings in whose section this grant has `right`."""
        # A sum and not the column itself: a court has nearly everything, so no plan shall begin at its cases.
        of_court = Q(Exact(F("case__court_id") + 0, self.court), case__sealed=False)
        reach = of_court if self.is_court else Q(case_id__in=self.cases)
        shared = Q() if self.partitions is None else Q(partition__in=self.partitions)
        return reach & shared & Q(ended_at__isnull=True, section_id__in=self.sections(right))

    def places(self) -> frozenset[str]:
        """The tokens that an index entry carries where this grant reaches it; see documents.Filing.places."""
        if self.is_court:
            return frozenset(f"c:{self.court}:{section}" for section in self.sections())
        if self.partitions is None:
            return frozenset(f"s:{case}:{section}" for case in self.cases for section in self.sections())
        return frozenset(
            f"m:{case}:{section}:{partition}"
            for case in self.cases
            for section in self.sections()
            for partition in self.partitions
        )


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way in, as a search engine understands it."""

    places: frozenset[str]
    max_rank: int
    sealed: bool


@dataclass(frozen=True, slots=True)
class ScopeFilter:
    """What may be found, in the engine's terms.

    An entry is admitted where one alternative shares a place with it, its rank is not above the alternative's, it is
    not sealed or the alternative opens seals or the document is named; and none of its cases is excluded.
    """

    alternatives: tuple[Alternative, ...]
    named_documents: frozenset[str]
    excluded_cases: frozenset[str]

    def admits(self, *, document: str, places: frozenset[str], cases: frozenset[str], rank: int, sealed: bool) -> bool:
        """The rule itself, as both engines and the property test must agree on it."""
        if cases & self.excluded_cases:
            return False
        return any(
            places & way.places
            and rank <= way.max_rank
            and (not sealed or way.sealed or document in self.named_documents)
            for way in self.alternatives
        )


@dataclass(frozen=True)
class Scope:
    """What one actor may see and do today. `kinds` are the kinds of case that the key in use is good for; None for all."""

    actor: Actor
    grants: tuple[Grant, ...]
    excluded_cases: frozenset[UUID]
    kinds: frozenset[int] | None = None

    @staticmethod
    def of(actor: Actor, *, on: date | None = None) -> "Scope":
        """Return the actor's scope on a civil date, today where none is given. A fixed number of queries.

        Who sits in a courtroom on that day or later comes to its unsealed cases while they are listed there.
        """
        day = on or clock.today()
        if actor.user_id is None:
            return Scope(actor, (), frozenset())
        members = list(Membership.objects.live(on=day).filter(person_id=actor.user_id))
        court_roles = [held for held in actor.roles if held.role.is_court_staff and held.court_id is not None]
        duties = list(Duty.objects.filter(person_id=actor.user_id, day__gte=day))
        roles = {held.code for held in court_roles} | {one.role for one in members} | {one.role for one in duties}
        kinds = _kinds(actor.limits)
        rights = _rights(roles, kinds)
        grants = [
            Grant(held.role, held.court_id, frozenset(), None, _of_role(rights, held.code)) for held in court_roles
        ]
        grants += _member_grants(members, rights)
        grants += _duty_grants(duties, rights)
        excluded = Exclusion.objects.live(on=day).filter(person_id=actor.user_id).values_list("case_id", flat=True)
        return Scope(actor, tuple(grants), frozenset(excluded), kinds)

    def may(self, permission: Permission) -> bool:
        return self.actor.may(permission)

    def cases(self) -> QuerySet[Case]:
        """Every case that this actor may open."""
        return self._reached().exclude(lifecycle__in=GONE)

    def opens(self, case: str = "case") -> Exists:
        """Whether the case of a row may be opened, asked row by row: `case__in` would gather every case of the court."""
        return Exists(self.cases().filter(pk=OuterRef(case)).order_by())

    def gone_cases(self) -> QuerySet[Case]:
        """Every destroyed case that this actor could have opened: those are told so, to others it never was."""
        return self._reached().filter(lifecycle__in=GONE)

    def _reached(self) -> QuerySet[Case]:
        if not self.grants:
            return Case.objects.none()
        rows = Case.objects.filter(_any(grant.case_filter() for grant in self.grants))
        rows = rows if self.kinds is None else rows.filter(case_type__in=self.kinds)
        return rows.exclude(pk__in=self.excluded_cases)

    def grants_on(self, case: Case) -> tuple[Grant, ...]:
        """The grants that open this case; empty where none does, or where the actor is barred."""
        if case.pk in self.excluded_cases or (self.kinds is not None and case.case_type_id not in self.kinds):
            return ()
        return tuple(
            grant
            for grant in self.grants
            if case.classification <= grant.role.clearance
            and ((grant.court == case.court_id and not case.sealed) if grant.is_court else case.pk in grant.cases)
        )

    def allows_on(self, case: Case, permission: Permission) -> bool:
        """Whether one of the roles by which the actor is on this case carries `permission`."""
        return any(permission in grant.role.permissions for grant in self.grants_on(case))

    def sections_on(self, case: Case, right: Right) -> frozenset[int]:
        """The sections of this case in which the actor has `right`."""
        return frozenset(section for grant in self.grants_on(case) for section in grant.sections(right))


def supposed(case: Case, *, role: str, side: str) -> Scope:
    """Return the scope of nobody yet: a member of this one case with a role and a side, for a preview."""
    rights = _of_role(_rights({role}), role)
    staff = ROLES[role].is_court_staff
    grant = Grant(
        role=ROLES[role],
        court=None,
        cases=frozenset({case.pk}),
        partitions=None if staff else _partitions(side, None),
        rights=rights,
        side="court" if staff else side,
    )
    nobody = Actor(None, "", ROLES[role].name, (HeldRole(role, ""),), method="preview")
    return Scope(nobody, (grant,), frozenset())


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q(pk__in=[])
    for condition in conditions:
        whole |= condition
    return whole


def _kinds(limits: KeyLimits) -> frozenset[int] | None:
    """The kinds of case that the key in use is good for; None where it is good for all, as every session is."""
    if not limits.is_narrow:
        return None
    rows = CaseType.objects.values_list("pk", "code", "jurisdiction")
    return frozenset(pk for pk, code, heard in rows if limits.admits(case_type=code, jurisdiction=heard))


def _rights(roles: set[str], kinds: frozenset[int] | None = None) -> Rights:
    """Sections belong to a kind of case: those of other kinds are no way in, for the database and for the engine."""
    rows = SectionRight.objects.filter(role__in=roles).values_list("role", "right", "section_id")
    rows = rows if kinds is None else rows.filter(section__case_type__in=kinds)
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for role, right, section in rows:
        found[role, right].add(section)
    return {key: frozenset(sections) for key, sections in found.items()}


def _of_role(rights: Rights, role: str) -> dict[Right, frozenset[int]]:
    return {right: rights.get((role, right), frozenset()) for right in Right}


def _member_grants(members: Iterable[Membership], rights: Rights) -> list[Grant]:
    """Memberships of the same role, side and party make one grant, so a barrister's hundred cases stay one filter."""
    groups: dict[tuple[str, str, UUID | None], set[UUID]] = defaultdict(set)
    for member in members:
        groups[member.role, member.side, member.party_id].add(member.case_id)
    return [
        Grant(
            role=ROLES[role],
            court=None,
            cases=frozenset(cases),
            partitions=None if ROLES[role].is_court_staff else _partitions(side, party),
            rights=_of_role(rights, role),
            side="court" if ROLES[role].is_court_staff else side,
            party=party,
        )
        for (role, side, party), cases in groups.items()
    ]


def _duty_grants(duties: Iterable[Duty], rights: Rights) -> list[Grant]:
    """What is listed now in the rooms where the actor will be at work: one query, none where there is no such room."""
    groups: dict[str, Q] = defaultdict(lambda: Q(pk__in=[]))
    for duty in duties:
        groups[duty.role] |= Q(court_id=duty.court_id, room=duty.room) & sits_on(duty.day)
    return [
        Grant(
            role=ROLES[role],
            court=None,
            cases=frozenset(_listed(rooms)),
            partitions=None,
            rights=_of_role(rights, role),
            is_duty=True,
        )
        for role, rooms in groups.items()
        if ROLES[role].is_court_staff
    ]


def _listed(rooms: Q) -> QuerySet[Hearing, UUID]:
    return Hearing.objects.filter(rooms, vacated_at__isnull=True, case__sealed=False).values_list("case_id", flat=True)


def _partitions(side: str, party: UUID | None) -> frozenset[str]:
    return frozenset({"", f"side:{side}"} | ({f"party:{party}"} if party else set()))
