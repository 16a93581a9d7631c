"""A document that may lie on the wrong case: held so that court staff alone read it, until one of them decides (DOM-1.13).

What nobody could look into before it was filed is held back from the first moment, for whoever filed it and the court, until the
guard has looked. A doubt is settled by an answer, "it belongs here", or by moving the document. Knows the place of a
document, not what spoke against it.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from docstore.access.actor import Actor, system
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core.errors import Conflict
from docstore.documents.attachments import carried_on
from docstore.documents.change import changing, follow_in_index, record_on, require_reason, save
from docstore.documents.heldback import narrow, widen
from docstore.documents.models import Document, Filing, Version
from docstore.documents.visibility import visible_filings

GUARD = system("intake")


class NothingInDoubt(Conflict):
    """Nobody asks any more whether this document lies on the right case. Somebody may have answered meanwhile."""

    code = "nothing-in-doubt"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks against the case: the sentence, the number or name as it stands on the paper, its page, and whose it is."""

    reason: str
    number: str
    page: int
    other: str = ""


def doubt_of(filing: Filing) -> Doubt | None:
    """Return the open doubt about a filing, if there is one."""
    if not filing.doubt:
        return None
    kept = _kept(filing)
    return Doubt(kept["reason"], kept["number"], kept["page"], kept["other"])


def is_in_doubt(document: Document) -> bool:
    """Whether somebody must say if it lies on the right case."""
    return document.filings.filter(is_home=True, ended_at__isnull=True).exclude(doubt="").exists()


def in_doubt(scope: Scope) -> QuerySet[Filing]:
    """Every filing that this person may read and settle, the oldest first; none for who may not settle doubts."""
    if not scope.may(Permission.CONFIRM_DOUBTS):
        return Filing.objects.none()
    rows = visible_filings(scope).filter(is_home=True).exclude(doubt="")
    return rows.select_related("document", "case").order_by("filed_at", "id")


@transaction.atomic
def hold(version_id: UUID, doubt: Doubt | None) -> None:
    """Keep what the guard found of a version, once: nothing, or a doubt until which the document is held."""
    version = Version.objects.select_for_update().get(pk=version_id)
    if not version.unguarded:
        return
    version.unguarded = False
    version.save(update_fields=["unguarded"])
    document = Document.objects.select_for_update().get(pk=version.document_id)
    home = document.filings.select_related("case").filter(is_home=True, ended_at__isnull=True).first()
    if home is None or document.is_gone:
        return
    if doubt is None:
        _release_if_certain(document, home)
        return
    narrow(document)
    Filing.objects.filter(pk=home.pk).update(doubt=json.dumps(asdict(doubt)))
    save(document, restricts=True)
    facts = {"version": version.number, "number": doubt.number, "page": doubt.page}
    record_on(Event.DOCUMENT_DOUBTED, GUARD, document, home.case, facts)


def _release_if_certain(document: Document, home: Filing) -> None:
    """Share a document again unless another version of it, or the message that carried it, still waits or is in doubt.

    No change that anybody made: its ETag stays, so that nobody who is at work on it is told of a conflict.
    """
    if home.partition_after is None or not _is_certain(document) or _waits_with_message(document):
        return
    for one in _with_carried(document, home.case):
        widen(one)
        Document.objects.filter(pk=one.pk).update(index_seq=F("index_seq") + 1)
        follow_in_index(one.pk, at_once=True)


def _is_certain(document: Document) -> bool:
    return not document.versions.filter(unguarded=True).exists() and not is_in_doubt(document)


def _waits_with_message(document: Document) -> bool:
    live = Filing.objects.filter(document__versions=document.attached_to_id, is_home=True, ended_at__isnull=True)
    return document.attached_to_id is not None and live.filter(partition_after__isnull=False).exists()


def _with_carried(document: Document, case: Case) -> list[Document]:
    """Return a document with what it carried, as far as nothing else speaks against sharing that."""
    return [document, *(one for one in carried_on(document, case) if _is_certain(one))]


@transaction.atomic
def confirm_place(*, by: Actor, document_id: UUID, seen: str | None, reason: str) -> Document:
    """Say that a document lies on the right case; it is shared again as it was, and who said so is recorded."""
    document, case = changing(by, document_id, seen, Permission.CONFIRM_DOUBTS)
    require_reason(reason)
    home = document.filings.get(is_home=True, ended_at__isnull=True)
    doubt = doubt_of(home)
    if doubt is None:
        raise NothingInDoubt
    for one in _with_carried(document, case):  # what a message carried was held with it
        widen(one)
        save(one)
    facts = {"number": doubt.number, "page": doubt.page, "reason": reason}
    record_on(Event.DOCUMENT_PLACE_CONFIRMED, by, document, case, facts)
    return document


def _kept(filing: Filing) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(filing.doubt)
    return kept
