"""Questions about what a person laid over pages. Asked about documents that the caller has been let through to."""

from uuid import UUID

from docstore.access.actor import Actor
from docstore.markup.models import EVERY_PAGE, PageTurn


def turn_of(by: Actor, document_id: UUID, number: int) -> int:
    """Return by how many quarters clockwise this person sees the page: their turn of it, else of every page, else 0."""
    return turns_of(by, document_id, (number,))[number]


def turns_of(by: Actor, document_id: UUID, numbers: tuple[int, ...]) -> dict[int, int]:
    """Return the same for several pages, in one query."""
    rows = PageTurn.objects.filter(person=by.user_id, document=document_id, page__in=(EVERY_PAGE, *numbers))
    found = dict(rows.values_list("page", "quarters"))
    whole = found.get(EVERY_PAGE, 0)
    return {number: found.get(number, whole) for number in numbers}
