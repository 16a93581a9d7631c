"""Laying something over a page. The page itself, its text and everybody else's view of it stay as they are."""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.audit.actions import access_stream, record
from docstore.audit.events import Event
from docstore.cases.change import record_on
from docstore.cases.queries import get_case
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, Invalid, NotFound
from docstore.documents.models import Document
from docstore.documents.queries import get_document, page_of
from docstore.markup.models import EVERY_PAGE, Audience, CaseNote, PageTurn
from docstore.markup.queries import may_address, notes_on, turn_of

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


class NoteEmpty(Invalid):
    """Write something: an empty note tells nobody anything."""

    code = "note-empty"


class NoteIsStruck(Conflict):
    """The note is struck out already."""

    code = "note-struck"


@transaction.atomic
def write_note(*, by: Actor, case_id: UUID, text: str, audience: Audience) -> CaseNote:
    """Put a note to file on a case, for the people named."""
    scope = Scope.of(by)
    case = get_case(scope, case_id)
    if audience not in may_address(scope, case) or by.user_id is None:
        raise Forbidden
    if not text.strip():
        raise NoteEmpty
    note = CaseNote.objects.create(
        case=case, author_id=by.user_id, audience=audience, text=text.strip(), written_at=clock.now()
    )
    record_on(Event.NOTE_WRITTEN, by, case, {"note": str(note.pk), "audience": str(audience)})
    return note


@transaction.atomic
def strike_note(*, by: Actor, case_id: UUID, note_id: UUID, reason: str) -> CaseNote:
    """Strike out one's own note; its words stay readable to those whom it was for."""
    scope = Scope.of(by)
    case = get_case(scope, case_id)
    note = notes_on(scope, case).filter(pk=note_id).select_for_update(of=("self",)).first()
    if note is None:
        raise NotFound
    if note.author_id != by.user_id:
        raise Forbidden
    if note.is_struck:
        raise NoteIsStruck
    note.struck_at, note.struck_reason = clock.now(), reason
    note.save(update_fields=["struck_at", "struck_reason"])
    record_on(Event.NOTE_STRUCK, by, case, {"note": str(note.pk), "reason": reason})
    return note
