"""How far the index has drifted from the database, measured a slice at a time and repaired by itself (REL-31…36).

Ids are random, so their first two figures cut all documents into 256 equal slices. A round compares one slice with what
the engine holds of it, has repaired what differs, and notes what it found; 256 rounds see everything.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Sum

from docstore.core import clock
from docstore.core.jobs import Job, JobName
from docstore.documents.change import follow_in_index
from docstore.documents.models import Document
from docstore.search.engine import configured
from docstore.search.models import IndexCheck, IndexState

SLICES = 256
ROUNDS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """How well the index follows: documents that wait for it, and what the last look at each slice found astray.

    `since` is when the slice that was looked at longest ago was looked at; None while some never were.
    """

    waiting: int
    drifted: int
    since: datetime | None


def look_for_drift() -> int:
    """Look at the slices that were not looked at for longest; return how many documents were astray."""
    seen = dict(IndexCheck.objects.values_list("slice", "checked_at"))
    never = [one for one in range(SLICES) if one not in seen]
    longest_ago = never + sorted(seen, key=lambda one: (seen[one], one))
    return sum(check_slice(one) for one in longest_ago[:ROUNDS_AT_ONCE])


def check_slice(number: int) -> int:
    """Compare one slice with the engine, have repaired what differs, and note it; return how many differed."""
    low, high = _bounds(number)
    held = configured().held(f"{number:02x}")
    states = IndexState.objects.filter(document_id__gte=low, document_id__lte=high)
    known = {str(one.document_id): (one.pages, one.applied) for one in states}
    documents = dict(Document.objects.filter(pk__gte=low, pk__lte=high).order_by().values_list("pk", "index_seq"))
    busy = _being_followed()
    astray = 0
    for document_id in {*map(UUID, held), *documents, *map(UUID, known)}:
        name = str(document_id)
        if document_id not in busy and not _agree(held.get(name), known.get(name), documents.get(document_id)):
            astray += 1
            follow_in_index(document_id)
    IndexCheck.objects.update_or_create(slice=number, defaults={"checked_at": clock.now(), "astray": astray})
    return astray


def index_health() -> IndexHealth:
    """Return how well the index follows the database, for `doctor`, metrics and the people who run the court."""
    told = IndexCheck.objects.aggregate(astray=Sum("astray"), since=Min("checked_at"))
    complete = IndexCheck.objects.count() == SLICES
    return IndexHealth(len(_being_followed()), told["astray"] or 0, told["since"] if complete else None)


def _agree(held: tuple[int, int] | None, known: tuple[int, int] | None, seq: int | None) -> bool:
    """Whether engine, what was noted when it was written, and the document itself say the same.

    An engine holds nothing of a document without words; of a document that is gone it may hold a mark of when it went.
    """
    pages = held[0] if held else 0
    if seq is None:  # there is no such document
        return pages == 0
    if known is None:  # never written: a document that is not read yet has a job, or will have one
        return pages == 0
    return known[1] >= seq and pages == known[0] and (pages == 0 or (held is not None and held[1] >= known[1]))


def _being_followed() -> set[UUID]:
    jobs = Job.objects.waiting().filter(name=JobName.SEARCH_INDEX)
    return {job.subject_id for job in jobs.only("subject")}


def _bounds(number: int) -> tuple[UUID, UUID]:
    low = number << 120
    return UUID(int=low), UUID(int=low | (1 << 120) - 1)
