"""New papers from pages of an old one: reordered as a new version, or split into documents. The original stays (DOM-2.7).

Pages are taken in the sandbox and never drawn anew; where a page goes is written by a person as "1-3, 5".
"""

import hashlib
import re
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case, Classification, Right
from docstore.cases.queries import section_for
from docstore.cases.scope import Scope
from docstore.core.errors import Invalid
from docstore.documents.change import changing, check_seen, record_on, require_live, require_reason
from docstore.documents.models import Document, Version
from docstore.documents.queries import get_document, version_of
from docstore.documents.vault import fetch
from docstore.intake import actions
from docstore.intake.actions import Incoming
from docstore.reading.actions import pages_of
from docstore.reading.faults import ReadingFault

MOST_PARTS = 20
_RANGE = re.compile(r"([0-9]{1,5})(?:\s*[-–]\s*([0-9]{1,5}))?")


class PagesUnclear(Invalid):
    """“{text}” does not say which pages. Write them like this: 1-3, 5. The document has {total}."""

    code = "pages-unclear"


class NotEveryPage(Invalid):
    """A new order must hold each of the {total} pages once. Missing or twice: {odd}."""

    code = "not-every-page"


class NotDivisible(Invalid):
    """The pages of this kind of file cannot be taken apart. Only PDF and scanned pictures can."""

    code = "not-divisible"


class PartsMissing(Invalid):
    """Say which pages become a document of their own, and what it is called."""

    code = "parts-missing"


@dataclass(frozen=True, slots=True)
class Part:
    """A new document: its title, its section, and the pages that it is made of, in order."""

    title: str
    section: str
    pages: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Made:
    part: Part
    content: bytes
    media_type: str


def parse_pages(text: str, *, total: int) -> list[int]:
    """Return the pages that a person wrote down, in their order; raise PagesUnclear."""
    found: list[int] = []
    for piece in re.split(r"[,;]", text):
        match = _RANGE.fullmatch(piece.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not match or not 1 <= first <= total or not 1 <= last <= total:
            raise PagesUnclear(text=text[:60], total=total)
        found += range(first, last + 1) if first <= last else range(first, last - 1, -1)
    return found


def reorder_pages(*, by: Actor, document_id: UUID, seen: str | None, order: Sequence[int], reason: str) -> Document:
    """Put the pages of a document in another order, as a new version; the version before stays as it was."""
    document, version = _divisible(by, document_id, reason)
    total = version.pages_total or 0
    odd = sorted(
        {one for one in range(1, total + 1) if list(order).count(one) != 1} | (set(order) - set(range(1, total + 1)))
    )
    if odd:
        raise NotEveryPage(total=total, odd=", ".join(str(one) for one in odd))
    content, _ = _take(version, [order])[0]
    with _file(content, version.original_name) as incoming:
        return actions.take_version(
            by=by,
            document_id=document.pk,
            seen=seen,
            incoming=incoming,
            reason=reason,
            confirmed=_settled(by),
        )


def turn_pages(*, by: Actor, document_id: UUID, seen: str | None, turned: Mapping[int, int], reason: str) -> Document:
    """Turn some pages of a document clockwise by quarters, as a new version; the version before stays as it was."""
    document, version = _divisible(by, document_id, reason)
    total = version.pages_total or 0
    if not set(turned) <= set(range(1, total + 1)):
        raise NotEveryPage(total=total, odd=", ".join(str(one) for one in sorted(turned)))
    content, _ = _take(version, [range(1, total + 1)], turned=turned)[0]
    with _file(content, version.original_name) as incoming:
        return actions.take_version(
            by=by, document_id=document.pk, seen=seen, incoming=incoming, reason=reason, confirmed=_settled(by)
        )


def pages_in(document: Document) -> int:
    """How many pages its current version has; none while it is not opened yet."""
    version = version_of(document)
    return (version.pages_total or 0) if version.is_served else 0


def split_document(
    *, by: Actor, document_id: UUID, seen: str | None, parts: Sequence[Part], reason: str
) -> list[Document]:
    """File pages of a document as documents of their own on the same case. The original is kept whole."""
    document, version = _divisible(by, document_id, reason)
    check_seen(document, seen)
    if not parts or len(parts) > MOST_PARTS or not all(one.pages and one.title.strip() for one in parts):
        raise PartsMissing
    scope = Scope.of(by)
    home = document.filings.select_related("case__case_type").get(is_home=True, ended_at__isnull=True)
    for one in parts:
        section_for(scope, home.case, one.section, Right.FILE)
    taken = _take(version, [one.pages for one in parts])
    made = [_Made(part, content, kind) for part, (content, kind) in zip(parts, taken, strict=True)]
    filed = [_file_part(by, home.case, document, version, one) for one in made]
    _write_down(by, document_id, seen, version, filed, reason)
    return filed


def _divisible(by: Actor, document_id: UUID, reason: str) -> tuple[Document, Version]:
    document = get_document(Scope.of(by), document_id, right=Right.FILE)
    require_reason(reason)
    require_live(document)
    version = version_of(document)
    if not version.is_served or not version.pages_total:
        raise NotDivisible
    return document, version


def _take(
    version: Version, parts: Sequence[Sequence[int]], *, turned: Mapping[int, int] | None = None
) -> list[tuple[bytes, str]]:
    def opener() -> BinaryIO:
        return cast(BinaryIO, fetch(version.key, sha256=version.sha256))

    try:
        found = pages_of(opener, key=str(version.pk), media_type=version.media_type, parts=parts, turned=turned or {})
    except ReadingFault as fault:
        raise NotDivisible from fault
    if found is None:
        raise NotDivisible
    return found


def _file_part(by: Actor, case: Case, document: Document, version: Version, made: _Made) -> Document:
    with _file(made.content, version.original_name) as incoming:
        return actions.take_document(
            by=by,
            case_id=case.pk,
            section=made.part.section,
            incoming=incoming,
            title=made.part.title,
            type=document.type,
            dated_on=document.dated_on,
            classification=Classification(document.classification),
            language=document.language,
            confirmed=_settled(by),
        )


@transaction.atomic
def _write_down(
    by: Actor, document_id: UUID, seen: str | None, version: Version, filed: Sequence[Document], reason: str
) -> None:
    document, case = changing(by, document_id, seen, Permission.FILE_DOCUMENTS, right=Right.FILE)
    facts = {"version": version.number, "parts": [str(one.pk) for one in filed], "reason": reason}
    record_on(Event.DOCUMENT_SPLIT, by, document, case, facts)


def _settled(by: Actor) -> tuple[str, ...]:
    """Pages of a paper that is on the case already are no news to anybody: what was asked then is not asked again."""
    return ("already-filed", "active-content", "wrong-case") if by.may(Permission.CONFIRM_DOUBTS) else ()


@contextmanager
def _file(content: bytes, name: str) -> Iterator[Incoming]:
    """Bytes as a file that has just arrived, for as long as the statement lasts."""
    with tempfile.NamedTemporaryFile(prefix="docstore-part-") as file:
        file.write(content)
        file.flush()
        shown = f"{Path(name).stem}-{uuid.uuid4().hex[:6]}{Path(name).suffix}"
        yield Incoming(Path(file.name), shown, None, len(content), hashlib.sha256(content).hexdigest())
