"""Questions about what a person laid over pages. Asked about documents that the caller has been let through to."""

from uuid import UUID

from django.db.models import Q, QuerySet

from docstore.access.actor import Actor
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound
from docstore.markup.models import EVERY_PAGE, Audience, CaseNote, PageTurn


def turn_of(by: Actor, document_id: UUID, number: int) -> int:
    """Return by how many quarters clockwise this person sees the page: their turn of it, else of every page, else 0."""
    return turns_of(by, document_id, (number,))[number]


def turns_of(by: Actor, document_id: UUID, numbers: tuple[int, ...]) -> dict[int, int]:
    """Return the same for several pages, in one query."""
    rows = PageTurn.objects.filter(person=by.user_id, document=document_id, page__in=(EVERY_PAGE, *numbers))
    found = dict(rows.values_list("page", "quarters"))
    whole = found.get(EVERY_PAGE, 0)
    return {number: found.get(number, whole) for number in numbers}


def notes_on(scope: Scope, case: Case) -> QuerySet[CaseNote]:
    """Return the notes to file of a case that are meant for this person, newest first."""
    mine = Q(author_id=scope.actor.user_id)
    return CaseNote.objects.filter(mine | Q(audience__in=audiences_of(scope, case)), case=case).select_related("author")


def audiences_of(scope: Scope, case: Case) -> set[Audience]:
    """Return the audiences to which this person belongs on a case, by the roles that bring them to it."""
    grants = scope.grants_on(case)
    found = {Audience.CASE} if grants else set()
    if any(grant.role.is_court_staff for grant in grants):
        found.add(Audience.COURT)
    if any(grant.role.code == "judge" for grant in grants):
        found.add(Audience.JUDGES)
    return found


def may_address(scope: Scope, case: Case) -> list[Audience]:
    """Return whom this person can write to: the court from either side of it, judges only from within."""
    inside = any(grant.role.is_court_staff for grant in scope.grants_on(case))
    return [Audience.ME, *([Audience.JUDGES] if inside else []), Audience.COURT, Audience.CASE]


def get_own_note(scope: Scope, case: Case, note_id: UUID) -> CaseNote:
    """Return a note that this person wrote; raise NotFound for any other."""
    found = notes_on(scope, case).filter(pk=note_id, author_id=scope.actor.user_id).first()
    if found is None:
        raise NotFound
    return found
