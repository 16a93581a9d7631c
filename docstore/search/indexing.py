"""Bringing the index to what the database says of one document. Called by jobs; safe to repeat and to run late."""

from uuid import UUID

from docstore.core import clock, locks
from docstore.documents.progress import mark_indexed, mark_outdated
from docstore.search.alike import sketch
from docstore.search.engine import configured
from docstore.search.entries import as_of_now
from docstore.search.models import IndexState


def index(document_id: UUID) -> None:
    """Bring the index to what the database says of a document now. Older work never overwrites newer."""
    with locks.named(f"index:{document_id}"):
        now = as_of_now(document_id)
        configured().put(str(document_id), now.seq, now.entries)
        IndexState.objects.update_or_create(
            document_id=document_id,
            defaults={
                "applied": now.seq,
                "pages": len(now.entries),
                "applied_at": clock.now(),
                "sketch": sketch(entry.body for entry in now.entries),
            },
        )
        if now.version is not None:
            pages = [entry.page for entry in now.entries]
            mark_indexed(document_id, version=now.version.number, applied=now.seq, pages=pages)


def index_case(case_id: UUID) -> None:
    """Bring every document of a case up to date, after something about the case has changed."""
    for document_id in mark_outdated(case_id):
        index(document_id)
