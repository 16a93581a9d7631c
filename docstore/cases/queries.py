"""Questions about cases. Each starts from a Scope."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from docstore.access.actor import Actor
from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.cases.days import day_of, sits_on, start_of
from docstore.cases.lifecycle import gone
from docstore.cases.list_models import Duty
from docstore.cases.models import Case, CaseLink, CaseType, Hearing, Reference, Right, Section
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import Slice, page
from docstore.core.references import normalise

ROOMS_LOOK_BACK = timedelta(days=30)
NEXT_LISTED = 200


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of one case as one actor may use it."""

    section: Section
    rights: frozenset[Right]


class Standing(StrEnum):
    """How a linked case stands to the one that is looked at."""

    LEADS = "leads"
    FOLLOWS = "follows"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that belongs with the one that is looked at: why, and which of them leads."""

    case: Case
    reason: str
    standing: Standing


def get_case(scope: Scope, case_id: UUID) -> Case:
    """Return a case that the actor may open; raise NotFound for one that is hidden or does not exist.

    One that was destroyed raises Destroyed to those who could open it before.
    """
    found = _whole(scope.cases()).filter(pk=case_id).first()
    if found is None:
        raise _missing(scope, case_id)
    return found


def _missing(scope: Scope, case_id: UUID) -> Refusal:
    certificate = scope.gone_cases().filter(pk=case_id).values_list("certificate", flat=True).first()
    return NotFound() if certificate is None else gone(certificate)


ORDERS: dict[str, tuple[str, ...]] = {"newest": ("-created_at", "id"), "title": ("title", "id")}


def list_cases(
    scope: Scope,
    *,
    reference: str = "",
    court: str = "",
    words: str = "",
    status: str = "",
    order: str = "newest",
    cursor: str | None = None,
    limit: int = 50,
) -> Slice[Case]:
    """Return cases that the actor may open, newest first or by title; a reference is matched without spaces and dashes."""
    rows = _whole(scope.cases())
    if status:
        rows = rows.filter(status=status)
    if reference:
        values = {normalise(reference), reference.strip()}
        rows = rows.filter(pk__in=Reference.objects.filter(value__in=values).values("case_id"))
    if court:
        rows = rows.filter(court__code=court)
    for word in words.split()[:8]:
        rows = rows.filter(title__icontains=word)
    return page(rows, keys=ORDERS.get(order, ORDERS["newest"]), cursor=cursor, limit=limit)


def next_hearings(cases: Iterable[Case]) -> dict[UUID, Hearing]:
    """Return the next hearing of each case that has one, today's included, in one query."""
    rows = Hearing.objects.filter(case__in=cases, vacated_at__isnull=True, starts_at__gte=start_of(clock.today()))
    return {one.case_id: one for one in rows.order_by("-starts_at")}


def visited_cases(scope: Scope, *, limit: int) -> list[Case]:
    """Return the cases that the actor looked at last, as far as they may still open them."""
    rows = _whole(scope.cases()).filter(visits__person=scope.actor.user_id)
    return list(rows.order_by("-visits__viewed_at")[:limit])


def _whole(rows: QuerySet[Case]) -> QuerySet[Case]:
    return rows.select_related("court", "case_type").prefetch_related("references")


def sections_of(scope: Scope, case: Case) -> list[SectionView]:
    """Return the sections of the case in which the actor has any right, in the order of the file."""
    rights = {right: scope.sections_on(case, right) for right in Right}
    rows = Section.objects.live(on=clock.today()).filter(case_type=case.case_type_id).order_by("order")
    views = [SectionView(one, frozenset(r for r, sections in rights.items() if one.pk in sections)) for one in rows]
    return [view for view in views if view.rights]


def section_for(scope: Scope, case: Case, code: str, right: Right) -> Section:
    """Return the section `code` of the case where the actor has `right`; raise NotFound elsewhere."""
    for view in sections_of(scope, case):
        if view.section.code == code and right in view.rights:
            return view.section
    raise NotFound


def case_types_for(scope: Scope) -> QuerySet[CaseType]:
    """Return the kinds of case that the actor may open, by what their courts hear."""
    if not scope.may(Permission.OPEN_CASES):
        return CaseType.objects.none()
    heard = {code for court in _courts(scope) for code in court.split()}
    rows = CaseType.objects.filter(jurisdiction__in=heard).prefetch_related("sections")
    return rows if scope.kinds is None else rows.filter(pk__in=scope.kinds)


def case_types_at(court: Court) -> list[CaseType]:
    """Return the kinds of case that a court hears, by jurisdiction."""
    return list(CaseType.objects.filter(jurisdiction__in=court.jurisdictions.split()).order_by("jurisdiction", "code"))


def hearings_on(scope: Scope, day: date) -> list[Hearing]:
    """Return the day's sittings of cases that the actor may open, by courtroom and time."""
    rows = Hearing.objects.filter(sits_on(day), scope.opens(), vacated_at__isnull=True)
    references = Prefetch("case__references", queryset=Reference.objects.order_by("id"))
    rows = rows.select_related("case__case_type", "case__court", "court").prefetch_related(references)
    return list(rows.order_by("court__name", "room", "starts_at", "case__title"))


def hearings_of(case: Case) -> list[Hearing]:
    """Return every hearing of a case, the first one first; those taken off the list too."""
    return list(Hearing.objects.filter(case=case).order_by("starts_at"))


def get_hearing(scope: Scope, hearing_id: UUID) -> Hearing:
    """Return a hearing of a case that the actor may open; raise NotFound for any other."""
    rows = Hearing.objects.filter(scope.opens(), pk=hearing_id).select_related("case", "court")
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def next_days_listed(scope: Scope, day: date, *, most: int = 3) -> list[tuple[date, int]]:
    """Return the next days on which cases that the actor may open are listed, with how many."""
    rows = Hearing.objects.filter(
        scope.opens(), vacated_at__isnull=True, starts_at__gte=start_of(day + timedelta(days=1))
    )
    moments = rows.order_by("starts_at").values_list("starts_at", flat=True)[:NEXT_LISTED]
    counted = Counter(day_of(one) for one in moments)
    return sorted(counted.items())[:most]


def duties_on(courts: Iterable[str], day: date) -> list[Duty]:
    """Return who is at work in the courtrooms of these courts."""
    return list(Duty.objects.filter(court__code__in=courts, day=day).select_related("person", "court"))


def duties_of(scope: Scope, day: date) -> list[Duty]:
    """Return where the actor is at work that day."""
    return own_duties(scope.actor, day)


def own_duties(actor: Actor, day: date) -> list[Duty]:
    """Return the same for those of whom no scope is made yet."""
    return list(Duty.objects.filter(person_id=actor.user_id, day=day).select_related("court"))


def rooms_of(courts: Iterable[str], day: date) -> list[tuple[str, str]]:
    """Return the courtrooms in use at these courts around a day, as (court code, room)."""
    rows = Hearing.objects.filter(
        court__code__in=courts,
        starts_at__gte=start_of(day - ROOMS_LOOK_BACK),
        starts_at__lt=start_of(day + ROOMS_LOOK_BACK),
    )
    return sorted(set(rows.order_by().values_list("court__code", "room").distinct()))


def links_of(scope: Scope, case: Case) -> list[Linked]:
    """Return the cases linked with this one that the actor may open, each with the reason; its lead case first."""
    rows = CaseLink.objects.filter(Q(case=case) | Q(other=case)).order_by("made_at")
    links = {one.other_id if one.case_id == case.pk else one.case_id: one for one in rows}
    if not links:
        return []
    seen = {one.pk: one for one in _whole(scope.cases()).filter(pk__in=links)}
    found = [Linked(seen[pk], one.reason, _standing(one, case)) for pk, one in links.items() if pk in seen]
    return sorted(found, key=lambda one: one.standing is not Standing.LEADS)


def _standing(link: CaseLink, case: Case) -> Standing:
    if not link.leads:
        return Standing.BESIDE
    return Standing.FOLLOWS if link.case_id == case.pk else Standing.LEADS


def is_heard_soon(case_id: UUID) -> bool:
    """Whether the case is listed within two days, so that its papers overtake others."""
    now = clock.now()
    return Hearing.objects.filter(
        case_id=case_id,
        vacated_at__isnull=True,
        starts_at__gte=now - timedelta(hours=12),
        starts_at__lte=now + timedelta(days=2),
    ).exists()


def _courts(scope: Scope) -> list[str]:
    opening = {held.court for held in scope.actor.roles if Permission.OPEN_CASES in held.role.permissions}
    return list(_court_rows(opening))


def _court_rows(codes: set[str]) -> QuerySet[Court, str]:
    return Court.objects.filter(code__in=codes).values_list("jurisdictions", flat=True)
