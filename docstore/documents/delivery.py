"""Reading out. One resolver says which bytes; the gate is asked and the reading written down before the first byte.

Every route that serves bytes of a document comes through here (WIN-11d).
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from urllib.parse import quote
from uuid import UUID

from docstore.access.actor import Actor
from docstore.audit.actions import access_stream, record_alone
from docstore.audit.events import Event
from docstore.cases.models import Right
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Invalid, NotFound
from docstore.documents.models import Document, Rendition, RenditionKind, Version
from docstore.documents.names import shown
from docstore.documents.queries import get_document, version_of
from docstore.documents.vault import ContentDamaged, vault, verified

log = logging.getLogger(__name__)

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\"\\;‎‏‪-‮⁦-⁩​-‍﻿]")
_RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


class RangeNotThere(Invalid):
    """The file has {size} bytes; the part that was asked for lies outside it."""

    code = "range-not-satisfiable"
    status = 416


class Purpose(StrEnum):
    """What a page's picture was sent for."""

    PAGE = "page"
    STRIP = "strip"
    AHEAD = "ahead"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Span:
    """Which bytes of a whole, both ends included."""

    first: int
    last: int
    size: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def is_whole(self) -> bool:
        return self.length == self.size


@dataclass(frozen=True, slots=True)
class Delivery:
    """Bytes on their way out, and how they are to be labelled."""

    pieces: Iterator[bytes]
    span: Span
    media_type: str
    name: str
    sha256: str

    @property
    def disposition(self) -> str:
        """An attachment header by RFC 6266 and 8187 that no file name can alter (SEC-42)."""
        name = shown(self.name)
        plain = _UNSAFE.sub("_", name).encode("ascii", "replace").decode().replace("?", "_").replace("%", "_")
        return (
            f"attachment; filename=\"{plain[:150]}\"; filename*=UTF-8''{quote(_UNSAFE.sub('_', name)[:150], safe='')}"
        )


def open_content(*, by: Actor, document_id: UUID, version: int | None, wanted: str = "") -> Delivery:
    """Return the original bytes of a version, whole or the one range in `wanted`, to those who may download."""
    document = get_document(Scope.of(by), document_id, right=Right.DOWNLOAD)
    of = _served(document, version)
    span = parse_range(wanted, of.bytes)
    _write_down(Event.CONTENT_READ, by, document, {"version": of.number, "first": span.first, "last": span.last})
    if span.is_whole:
        pieces = _whole(by, document, of)
        begun = next(pieces, b"")  # a damaged file of one piece is told of before anything is sent
        return Delivery(chain([begun], pieces), span, of.media_type, of.original_name, of.sha256)
    return Delivery(
        vault().read(of.key, first=span.first, last=span.last), span, of.media_type, of.original_name, of.sha256
    )


def _whole(by: Actor, document: Document, of: Version) -> Iterator[bytes]:
    """All bytes of a version, and an alarm where they are not the ones that were filed."""
    try:
        yield from verified(vault().read(of.key), sha256=of.sha256) if of.bytes else ()
    except ContentDamaged:
        log.error("The stored bytes of version %s are not what was filed.", of.pk)
        _write_down(Event.CONTENT_DAMAGED, by, document, {"version": of.number})
        raise


def open_picture(
    *, by: Actor, document_id: UUID, page: int, kind: RenditionKind, version: int | None = None
) -> Delivery:
    """Return a page's picture; raise NotFound where it is hidden, not served or not made yet.

    A full picture is a reading and is written down; a thumbnail comes with the page that shows it.
    """
    document, of, found = _picture(by, document_id, page, kind, version)
    if kind is RenditionKind.PAGE_IMAGE:
        _write_down(Event.PAGE_VIEWED, by, document, {"version": of.number, "page": page})
    return found


def send_picture(
    *, by: Actor, document_id: UUID, page: int, version: int | None = None, purpose: Purpose = Purpose.PAGE
) -> Delivery:
    """Return the picture for something that shows it: the viewer, a line among results, the page to come.

    Opening the page is the reading and is written down by whoever opens it; that the picture left is, too, as itself.
    """
    document, of, found = _picture(by, document_id, page, RenditionKind.PAGE_IMAGE, version)
    _write_down(Event.PICTURE_SENT, by, document, {"version": of.number, "page": page, "purpose": purpose})
    return found


def record_view(*, by: Actor, document: Document) -> None:
    """Write down that somebody opened a document's page."""
    _write_down(Event.DOCUMENT_VIEWED, by, document, {"version": document.current})


def record_page_view(*, by: Actor, document: Document, page: int, version: int | None = None) -> None:
    """Write down that somebody opened a page: its words, its picture or both."""
    _write_down(Event.PAGE_VIEWED, by, document, {"version": version or document.current, "page": page})


def record_comparison(*, by: Actor, document: Document, before: int, after: int) -> None:
    """Write down that somebody read two versions against each other."""
    _write_down(Event.DOCUMENT_COMPARED, by, document, {"before": before, "after": after})


def record_print(*, by: Actor, document: Document, version: int, first: int, last: int) -> None:
    """Write down that somebody laid pages out for printing; what the browser then does nobody can see."""
    _write_down(Event.DOCUMENT_PRINTED, by, document, {"version": version, "first": first, "last": last})


def record_trail_read(*, by: Actor, document_id: UUID) -> None:
    """Write down that somebody read a document's trail; reading the audit is itself audited (DOM-11.5)."""
    _write_down(Event.TRAIL_READ, by, Document.objects.get(pk=document_id), {})


def parse_range(wanted: str, size: int) -> Span:
    """Return the one range asked for, the whole where none or several are; raise RangeNotThere (SEC-49)."""
    match = _RANGE.fullmatch(wanted.strip()) if wanted else None
    if match is None or match.groups() == ("", ""):
        return Span(0, size - 1, size)
    begin, end = match.groups()
    if begin == "":
        first, last = max(0, size - int(end)), size - 1
    else:
        first, last = int(begin), min(int(end) if end else size - 1, size - 1)
    if first > last or first >= size:
        raise RangeNotThere(size=size)
    return Span(first, last, size)


def _picture(
    by: Actor, document_id: UUID, page: int, kind: RenditionKind, version: int | None
) -> tuple[Document, Version, Delivery]:
    document = get_document(Scope.of(by), document_id)
    of = _served(document, version)
    row = Rendition.objects.filter(version=of, kind=kind, page=page).first()
    if row is None:
        raise NotFound
    span = Span(0, row.bytes - 1, row.bytes)
    return document, of, Delivery(vault().read(row.key), span, row.media_type, f"page-{page}.webp", row.sha256)


def _served(document: Document, version: int | None) -> Version:
    """The one answer to "which bytes": never those that have not passed the virus check (WIN-4)."""
    of = version_of(document, version)
    if not of.is_served:
        raise NotFound
    return of


def _write_down(event: Event, by: Actor, document: Document, facts: dict[str, object]) -> None:
    stream = access_stream(clock.now(), str(document.pk))
    home = document.filings.filter(is_home=True, ended_at__isnull=True).values_list("case_id", flat=True).first()
    refs = {"document": str(document.pk), "case": str(home or "")}
    record_alone(event, stamp=by.stamp, stream=stream, refs=refs, facts=facts)
