"""Laying something over a page. The page itself, its text and everybody else's view of it stay as they are."""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.documents.models import Document
from docstore.documents.queries import get_document, page_of
from docstore.markup.models import EVERY_PAGE, PageTurn
from docstore.markup.queries import turn_of

FULL_TURN = 4


@transaction.atomic
def turn_page(*, by: Actor, document_id: UUID, number: int, quarters: int) -> int:
    """Turn one page by `quarters` clockwise (or -1 the other way) for this person; return how it stands now."""
    document = get_document(Scope.of(by), document_id)
    page_of(document, number)
    turned = (turn_of(by, document_id, number) + quarters) % FULL_TURN
    _keep(by, document, number, turned)
    return turned


@transaction.atomic
def turn_every_page(*, by: Actor, document_id: UUID, quarters: int) -> None:
    """Show every page of the document turned so, for this person; what was said of single pages is forgotten."""
    document = get_document(Scope.of(by), document_id)
    PageTurn.objects.filter(person=by.user_id, document=document).delete()
    _keep(by, document, EVERY_PAGE, quarters % FULL_TURN)


def _keep(by: Actor, document: Document, number: int, quarters: int) -> None:
    if by.user_id is None:
        raise NotFound
    PageTurn.objects.update_or_create(
        person_id=by.user_id, document=document, page=number, defaults={"quarters": quarters}
    )
    home = document.filings.filter(is_home=True, ended_at__isnull=True).values_list("case_id", flat=True).first()
    record(
        Event.PAGE_TURNED,
        stamp=by.stamp,
        stream=access_stream(clock.now(), str(document.pk)),
        refs={"document": str(document.pk), "case": str(home or "")},
        facts={"page": number, "quarters": quarters},
    )
