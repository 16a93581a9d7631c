"""The legal hold of stored objects, kept in step with the holds in the database (RET-E12).

What is desired follows from the database; a worker applies it after the commit, and the night measures what drifted.
Storage without object lock has none: the database's own refusals remain, and the pages say so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor, system
from docstore.audit.events import Event
from docstore.documents.models import Filing, Version
from docstore.documents.vault import Vault, vault
from docstore.retention import holds, queries
from docstore.retention.hold_models import Hold
from docstore.retention.trail import tell, tell_all
from docstore.retention.vocabulary import Record, RecordKind


@dataclass(frozen=True, slots=True)
class Drift:
    """What a look at storage has found."""

    checked: int
    wrong: tuple[UUID, ...]


def follow_hold(hold_id: UUID, *, by: Actor | None = None) -> int:
    """Set or clear the legal hold of everything under one hold; return how many objects were changed."""
    hold = Hold.objects.filter(pk=hold_id).first()
    if hold is None or not vault().has_legal_holds:
        return 0
    return sum(follow_document(one, by=by) for one in _documents_under(hold))


def follow_document(document_id: UUID, *, by: Actor | None = None) -> int:
    """Bring every version of a document to the legal hold that the database asks for now; return how many changed."""
    store = vault()
    if not store.has_legal_holds:
        return 0
    record = Record(RecordKind.DOCUMENT, document_id)
    wanted = bool(queries.holds_on(record))
    changed = sum(_bring(store, key, wanted=wanted) for key in _keys(document_id))
    if changed:
        with transaction.atomic():
            facts = {"document": str(document_id), "on": wanted, "objects": changed}
            tell(Event.STORAGE_HOLD_SET, by or system("retention"), record, facts)
    return changed


def reconcile(*, by: Actor | None = None, most: int = 2000) -> Drift:
    """Compare storage with the database for documents under a hold, mend what drifted and report it."""
    store = vault()
    if not store.has_legal_holds:
        return Drift(0, ())
    wrong, checked = [], 0
    for hold in Hold.objects.in_force():
        for document in _documents_under(hold):
            checked += 1
            if any(not store.has_legal_hold(key) for key in _keys(document)):
                wrong.append(document)
                follow_document(document, by=by)
            if checked >= most:
                break
    if wrong:
        with transaction.atomic():
            facts = {"checked": checked, "wrong": [str(one) for one in wrong]}
            tell_all(Event.STORAGE_HOLD_DRIFTED, by or system("retention"), facts)
    return Drift(checked, tuple(wrong))


def _bring(store: Vault, key: str, *, wanted: bool) -> bool:
    if store.has_legal_hold(key) == wanted:
        return False
    store.set_legal_hold(key, on=wanted)
    return True


def _keys(document_id: UUID) -> list[str]:
    return list(Version.objects.filter(document=document_id).values_list("key", flat=True))


def _documents_under(hold: Hold) -> Iterator[UUID]:
    """The documents that a hold covers: named ones, and those of every case it covers."""
    seen: set[UUID] = set()
    for record in holds.records_under(hold):
        ids = [record.id] if record.kind is RecordKind.DOCUMENT else _filed(record.id)
        for one in ids:
            if one not in seen:
                seen.add(one)
                yield one


def _filed(case_id: UUID) -> list[UUID]:
    return list(Filing.objects.filter(case=case_id).values_list("document_id", flat=True).distinct())
