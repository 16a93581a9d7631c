"""Questions about cases. Each starts from a Scope."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from docstore.access.models import Court
from docstore.access.permissions import Permission
from docstore.cases.lifecycle import gone
from docstore.cases.models import Case, CaseType, Hearing, Reference, Right, Section
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import Slice, page
from docstore.core.references import normalise


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section of one case as one actor may use it."""

    section: Section
    rights: frozenset[Right]


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


def list_cases(
    scope: Scope, *, reference: str = "", court: str = "", words: str = "", cursor: str | None = None, limit: int = 50
) -> Slice[Case]:
    """Return cases that the actor may open, newest first; a reference is matched without spaces and dashes."""
    rows = _whole(scope.cases())
    if reference:
        values = {normalise(reference), reference.strip()}
        rows = rows.filter(pk__in=Reference.objects.filter(value__in=values).values("case_id"))
    if court:
        rows = rows.filter(court__code=court)
    for word in words.split()[:8]:
        rows = rows.filter(title__icontains=word)
    return page(rows, keys=("-created_at", "id"), cursor=cursor, limit=limit)


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
    return CaseType.objects.filter(jurisdiction__in=heard).prefetch_related("sections")


def hearings_on(scope: Scope, day: date) -> list[Hearing]:
    """Return the day's sittings of cases that the actor may open, by courtroom and time."""
    start = datetime.combine(day, time.min, tzinfo=clock.COURT_ZONE).astimezone(UTC)
    rows = Hearing.objects.filter(case__in=scope.cases(), starts_at__gte=start, starts_at__lt=start + timedelta(days=1))
    references = Prefetch("case__references", queryset=Reference.objects.order_by("id"))
    return list(rows.select_related("case", "court").prefetch_related(references).order_by("room", "starts_at"))


def is_heard_soon(case_id: UUID) -> bool:
    """Whether the case is listed within two days, so that its papers overtake others."""
    now = clock.now()
    return Hearing.objects.filter(
        case_id=case_id, starts_at__gte=now - timedelta(hours=12), starts_at__lte=now + timedelta(days=2)
    ).exists()


def _courts(scope: Scope) -> list[str]:
    opening = {held.court for held in scope.actor.roles if Permission.OPEN_CASES in held.role.permissions}
    return list(_court_rows(opening))


def _court_rows(codes: set[str]) -> QuerySet[Court, str]:
    return Court.objects.filter(code__in=codes).values_list("jurisdictions", flat=True)
