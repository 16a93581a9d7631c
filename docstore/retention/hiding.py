"""Taking a record out of sight while its destruction off schedule is being decided, and showing it again."""

from uuid import UUID

from django.db.models import F

from docstore.access.actor import Actor
from docstore.audit.events import Event
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.documents.change import follow_in_index
from docstore.documents.models import Document
from docstore.retention.targets import Wanted, papers_of
from docstore.retention.trail import tell
from docstore.retention.vocabulary import Record, RecordKind


def hide(record: Record, *, by: Actor, reason: str) -> None:
    """Nobody reads the record from this commit on. In the caller's transaction."""
    _set(record, Lifecycle.ACTIVE, Lifecycle.DESTROYING)
    tell(Event.RECORD_HIDDEN, by, record, {"reason": reason})


def show_again(record: Record, *, by: Actor, reason: str) -> None:
    """The request was taken back or refused: everybody reads as before."""
    _set(record, Lifecycle.DESTROYING, Lifecycle.ACTIVE)
    tell(Event.RECORD_SHOWN_AGAIN, by, record, {"reason": reason})


def _set(record: Record, before: Lifecycle, after: Lifecycle) -> None:
    if record.kind is RecordKind.CASE:
        Case.objects.filter(pk=record.id, lifecycle=before).update(lifecycle=after)
        papers = _papers(record) if after is Lifecycle.DESTROYING else _hidden(record)
    else:
        papers = (record.id,)
    for paper in papers:
        rows = Document.objects.filter(pk=paper, lifecycle=before)
        if rows.update(lifecycle=after, index_seq=F("index_seq") + 1, change=F("change") + 1):
            follow_in_index(paper, restricts=True)


def _papers(record: Record) -> tuple[UUID, ...]:
    going, _ = papers_of([Wanted(record)])
    return going[record]


def _hidden(record: Record) -> tuple[UUID, ...]:
    rows = Document.objects.filter(
        filings__case=record.id, filings__ended_at=None, lifecycle=Lifecycle.DESTROYING, certificate=""
    )
    return tuple(rows.values_list("pk", flat=True).distinct())
