"""Keeping the index a true shadow of the database. Called by jobs; safe to repeat and to run late."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from docstore.access.actor import Actor
from docstore.audit.actions import record_alone
from docstore.audit.events import Event
from docstore.cases.lifecycle import GONE
from docstore.core import clock, locks
from docstore.core.jobs import Job, JobName
from docstore.documents.models import Document, Filing, Page, PageState, Stage, Version
from docstore.documents.progress import mark_indexed, mark_outdated
from docstore.documents.queries import with_home
from docstore.search import marks
from docstore.search.engine import Entry, configured
from docstore.search.models import IndexState
from docstore.search.saved import (
    delete_search,
    look_for_news,
    look_through_all,
    mark_alerts_seen,
    save_search,
    watch_search,
)
from docstore.search.shapes import is_unclear
from docstore.search.text import terms
from docstore.search.tree import Trait

__all__ = [
    "delete_search",
    "index",
    "index_case",
    "look_for_news",
    "look_through_all",
    "mark_alerts_seen",
    "rebuild",
    "save_search",
    "should_be_indexed",
    "watch_search",
]

BATCH = 50
MOST_ROUNDS = 10
NOT_DATED = 0


def index(document_id: UUID) -> None:
    """Bring the index to what the database says of a document now. Older work never overwrites newer."""
    with locks.named(f"index:{document_id}"):
        seq, version, entries = _as_of_now(document_id)
        _apply(str(document_id), seq, entries)
        if version is not None:
            mark_indexed(document_id, version=version.number, applied=seq, pages=[entry.page for entry in entries])


def index_case(case_id: UUID) -> None:
    """Bring every document of a case up to date, after something about the case has changed."""
    for document_id in mark_outdated(case_id):
        index(document_id)


def rebuild(*, by: Actor) -> tuple[int, int]:
    """Build the whole index anew beside the live one and swap; return documents and pages. Memory stays bounded.

    What changes meanwhile is brought into the new index before the swap, and what changed during the last step after it.
    """
    documents = pages = 0
    with locks.named("search-rebuild"):
        since = clock.now()
        with configured().rebuilding() as build:
            for document, entries in _everything():
                build.add((document.index_seq, entry) for entry in entries)
                documents, pages = documents + 1, pages + len(entries)
            for _ in range(MOST_ROUNDS):
                changed, since = _applied(since), clock.now()
                for document_id in changed:
                    seq, _version, entries = _as_of_now(document_id)
                    build.replace(str(document_id), seq, entries)
                if not changed:
                    break
        for document_id in _applied(since) | _being_applied():
            index(document_id)
    facts = {"documents": documents, "pages": pages}
    record_alone(Event.INDEX_REBUILT, stamp=by.stamp, stream="policy", refs={}, facts=facts)
    return documents, pages


def should_be_indexed(document: Document, version: Version) -> bool:
    """The one answer to what belongs in the index: live, placed, and past the virus check."""
    return (
        not document.is_withdrawn and version.is_served and version.stage != Stage.UNREADABLE and bool(_live(document))
    )


def _apply(document_id: str, seq: int, entries: list[Entry]) -> None:
    configured().put(document_id, seq, entries)
    IndexState.objects.update_or_create(
        document_id=document_id, defaults={"applied": seq, "pages": len(entries), "applied_at": clock.now()}
    )


def _as_of_now(document_id: UUID) -> tuple[int, Version | None, list[Entry]]:
    """Return where a document stands in the order of index writes, its current version, and its entries."""
    document = with_home(Document.objects.filter(pk=document_id)).first()
    if document is None or document.is_gone:
        last = IndexState.objects.filter(pk=document_id).aggregate(last=Max("applied"))["last"] or 0
        return max(last, document.index_seq if document else 0) + 1, None, []
    version = Version.objects.get(document=document, number=document.current)
    pages = list(_pages(version)) if should_be_indexed(document, version) else []
    return document.index_seq, version, _entries(document, pages)


def _applied(since: datetime) -> set[UUID]:
    """Documents whose entries were written to the live index since then."""
    return set(IndexState.objects.filter(applied_at__gte=since).values_list("document_id", flat=True))


def _being_applied() -> set[UUID]:
    """Documents that a worker may be writing at this moment, to the index that has just been replaced."""
    jobs = Job.objects.waiting().filter(name=JobName.SEARCH_INDEX)
    return {job.subject_id for job in jobs.only("subject")}


def _everything() -> Iterator[tuple[Document, list[Entry]]]:
    last: UUID | None = None
    while batch := list(_after(last)[:BATCH]):
        rows = Version.objects.filter(document__in=batch)
        versions = {(one.document_id, one.number): one for one in rows}
        for document in batch:
            version = versions[document.pk, document.current]
            if should_be_indexed(document, version):
                yield document, _entries(document, _pages(version))
        last = batch[-1].pk


def _after(last: UUID | None) -> QuerySet[Document]:
    rows = Document.objects.exclude(lifecycle__in=GONE)
    rows = rows.filter(pk__gt=last) if last else rows
    placed = with_home(rows.order_by("pk"))
    return placed.prefetch_related("parties", "live_filings__case__references")  # type: ignore[misc] # as in _live


def _pages(version: Version) -> QuerySet[Page]:
    known = Q(state=PageState.DONE) | Q(is_corrected=True)  # what a person typed counts where the machine failed
    rows = Page.objects.filter(known, version=version).exclude(text="")
    return rows.defer("packed_words").order_by("number")


def _live(document: Document) -> list[Filing]:
    filings: list[Filing] = document.live_filings  # type: ignore[attr-defined] # set by documents.queries.with_home
    return filings


def _entries(document: Document, pages: Iterable[Page]) -> list[Entry]:
    """The entries of these pages. What they share is asked of the database once, not once a page."""
    shared = _shared(document)
    return [
        replace(
            shared,
            page=page.number,
            body=terms(page.text),
            language=page.language or document.language,
            marks=marks.values(page.text),
            traits=shared.traits | _traits(page),
        )
        for page in pages
    ]


def _shared(document: Document) -> Entry:
    filings = _live(document)
    references = {one.value for filing in filings for one in filing.case.references.all()}
    return Entry(
        document=str(document.pk),
        page=0,
        body=(),
        places=frozenset(place for filing in filings for place in filing.places),
        cases=frozenset(str(filing.case_id) for filing in filings),
        courts=frozenset(filing.case.court.code for filing in filings),
        sections=frozenset(filing.section.code for filing in filings),
        rank=document.rank,
        sealed=document.sealed,
        title=terms(document.title),
        type=document.type,
        parties=frozenset(party.name for party in document.parties.all()),
        references=frozenset(references),
        filed_by=terms(f"{document.side} {document.filed_by.name if document.filed_by else 'Docstore'}"),
        filed=document.filed_at.date().toordinal(),
        dated=_day(document.dated_on),
        year=str((document.dated_on or document.filed_at.date()).year),
        language=document.language,
        traits=frozenset(
            trait for trait, holds in ((Trait.SEALED, document.sealed), (Trait.REVISED, document.current > 1)) if holds
        ),
        moment=int(document.filed_at.timestamp()),
    )


def _traits(page: Page) -> frozenset[str]:
    told = ((Trait.UNCLEAR, is_unclear(page.confidence)), (Trait.CORRECTED, page.is_corrected))
    return frozenset(trait for trait, holds in told if holds)


def _day(day: date | None) -> int:
    return day.toordinal() if day else NOT_DATED
