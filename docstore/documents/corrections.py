"""Correcting what a machine read: a person's text takes its place, with author and reason, and can be taken back (DOM-4.12).

The machine's text stays as a layer. The index shows the corrected text at once, as after every act on a document.
"""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Conflict, Invalid, NotFound
from docstore.core.hashing import sha256_hex
from docstore.documents.alignment import align
from docstore.documents.change import changing, record_on, require_live, require_reason, save
from docstore.documents.layers import fields_of, live_corrections, machine_layer, set_aside_readings
from docstore.documents.models import (
    Document,
    LayerSource,
    Method,
    Page,
    PageLayer,
    PageState,
)
from docstore.documents.progress import put_in_use
from docstore.documents.queries import get_document, page_of, version_of
from docstore.documents.words import Word, pack_words, unpack_words

LONGEST_TEXT = 50_000


class PageNotRead(Conflict):
    """This page is still being read. Wait until it has been read, then correct its text."""

    code = "page-not-read"


class TextUnchanged(Invalid):
    """The text is what it was before. Change it, or leave the page as it is."""

    code = "text-unchanged"


class TextTooLong(Invalid):
    """The text has {length} characters; a page may have at most {limit}. Enter the words of this page alone."""

    code = "text-too-long"


class NotCorrected(Conflict):
    """Nobody has corrected the text of this page, or it was taken back already. Look at the page again."""

    code = "not-corrected"


@transaction.atomic
def correct_page(*, by: Actor, document_id: UUID, seen: str | None, page: int, text: str, reason: str) -> Document:
    """Put a person's text of a page of the current version in use; the machine's stays as a layer."""
    document, case = changing(by, document_id, seen, Permission.CORRECT_TEXT)
    require_reason(reason)
    require_live(document)
    row = _read_page(document, page)
    plain = _plain(text)
    if plain.split() == row.text.split():
        raise TextUnchanged
    correction = _layer(row, plain, by=by, reason=reason)
    put_in_use(row.version_id, page, fields_of(correction))
    save(document)
    facts = {
        "version": row.version.number,
        "page": page,
        "reason": reason,
        "before": _digest(row.text),
        "after": _digest(plain),
    }
    record_on(Event.PAGE_CORRECTED, by, document, case, facts)
    return document


@transaction.atomic
def revert_page(*, by: Actor, document_id: UUID, seen: str | None, page: int, reason: str) -> Document:
    """Take a correction back: the machine's text is in use again, and the correction stays in the page's history."""
    document, case = changing(by, document_id, seen, Permission.CORRECT_TEXT)
    require_reason(reason)
    require_live(document)
    row = _read_page(document, page)
    correction = live_corrections(row.version_id).get(page)
    if correction is None:
        raise NotCorrected
    PageLayer.objects.filter(pk=correction.pk).update(ended_at=clock.now())
    put_in_use(row.version_id, page, _as_read(row))
    save(document)
    facts = {"version": row.version.number, "page": page, "reason": reason}
    record_on(Event.PAGE_REVERTED, by, document, case, facts)
    return document


def layers_of(scope: Scope, document_id: UUID, page: int) -> list[PageLayer]:
    """Return every text that is kept of a page beside the one in use, newest first; raise NotFound."""
    document = get_document(scope, document_id)
    row = page_of(document, page)
    rows = PageLayer.objects.filter(version=row.version_id, page=page).select_related("made_by")
    return list(rows.order_by("-made_at", "-id"))


def correction_of(page: Page) -> PageLayer | None:
    """Return the correction whose text this page shows."""
    if not page.is_corrected:
        return None
    rows = PageLayer.objects.filter(version=page.version_id, page=page.number, source=LayerSource.PERSON)
    return rows.filter(ended_at__isnull=True).select_related("made_by").first()


def _read_page(document: Document, number: int) -> Page:
    version = version_of(document)
    row = Page.objects.select_related("version").filter(version=version, number=number).first()
    if row is None or not version.is_served:
        raise NotFound
    if row.state == PageState.PENDING:
        raise PageNotRead
    return row


def _layer(row: Page, text: str, *, by: Actor, reason: str) -> PageLayer:
    """End the correction in force, if there is one, else set the machine's text aside; write the new one."""
    machine = _machine_words(row)
    live = PageLayer.objects.filter(version=row.version, page=row.number, source=LayerSource.PERSON, ended_at=None)
    if not live.update(ended_at=clock.now()):
        set_aside_readings(row.version, [row])
    return PageLayer.objects.create(
        version=row.version,
        page=row.number,
        source=LayerSource.PERSON,
        text=text,
        packed_words=pack_words(align(text, machine)),
        made_at=clock.now(),
        made_by_id=by.user_id,
        reason=reason,
    )


def _machine_words(row: Page) -> list[Word]:
    """The words as the machine boxed them, so that corrections of corrections do not drift."""
    if not row.is_corrected:
        return row.words
    layer = machine_layer(row.version_id, row.number, row.method)
    return unpack_words(bytes(layer.packed_words)) if layer else row.words


def _as_read(row: Page) -> dict[str, object]:
    """The columns of a page as the machine read it; nothing where it found no text."""
    layer = machine_layer(row.version_id, row.number, row.method) if row.method != Method.NONE else None
    return {
        "text": layer.text if layer else "",
        "packed_words": bytes(layer.packed_words) if layer else b"",
        "confidence": layer.confidence if layer else None,
        "is_corrected": False,
    }


def _plain(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(plain) > LONGEST_TEXT:
        raise TextTooLong(length=f"{len(plain):,}", limit=f"{LONGEST_TEXT:,}")
    return plain


def _digest(text: str) -> str:
    return sha256_hex([text.encode()])
