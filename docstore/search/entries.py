"""From rows to entries: what the index holds of a document, and of all of them in turn. Reads the database and no engine."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, F, Max, Q, QuerySet
from django.db.models.functions import Cast

from docstore.cases.lifecycle import GONE
from docstore.documents.models import Document, Filing, Page, PageState, Stage, Version
from docstore.documents.queries import with_home, with_homes
from docstore.search import marks
from docstore.search.engine import Entry
from docstore.search.models import IndexState
from docstore.search.shapes import is_unclear
from docstore.search.text import page_terms, terms
from docstore.search.tree import Trait

# So many pages are held at a time at most, unless one document has more.
PAGES_AT_ONCE = 2_000
DOCUMENTS_AT_ONCE = 200
NOT_DATED = 0
# What an entry tells of a document beside its own fields and its places.
TOLD = ("parties", "live_filings__case__references")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands in the order of index writes, its current version, and its entries; none if it is out."""

    seq: int
    version: Version | None
    entries: list[Entry]


def should_be_indexed(document: Document, version: Version) -> bool:
    """The one answer to what belongs in the index: live, placed, past the virus check, and not destroyed."""
    return (
        not document.is_withdrawn
        and not document.is_gone
        and version.is_served
        and version.stage != Stage.UNREADABLE
        and bool(_live(document))
    )


def as_of_now(document_id: UUID) -> Standing:
    """Return how a document stands now. One that is gone stands after everything that was ever written of it."""
    document = with_home(Document.objects.filter(pk=document_id)).prefetch_related(*TOLD).first()
    if document is None or document.is_gone:
        last = IndexState.objects.filter(pk=document_id).aggregate(last=Max("applied"))["last"] or 0
        return Standing(max(last, document.index_seq if document else 0) + 1, None, [])
    version = Version.objects.get(document=document, number=document.current)
    pages = _pages([version]) if should_be_indexed(document, version) else ()
    return Standing(document.index_seq, version, _entries(document, version, pages))


def gone_as_of(document_ids: Collection[UUID]) -> dict[UUID, int]:
    """Return after what each of these documents stands that is destroyed; others are not in the answer."""
    applied = dict(IndexState.objects.filter(pk__in=document_ids).values_list("pk", "applied"))
    rows = dict(Document.objects.filter(pk__in=document_ids, lifecycle__in=GONE).values_list("pk", "index_seq"))
    return {one: max(applied.get(one, 0), seq) + 1 for one, seq in rows.items()}


def everything(*, after: UUID | None) -> Iterator[tuple[Document, list[Entry]]]:
    """Yield every document that belongs in the index, with its entries, in the order of ids, from `after` on."""
    while batch := _after(after):
        versions = {one.document_id: one for one in _current([one.pk for one in batch])}
        wanted = [one for one in batch if one.pk in versions and should_be_indexed(one, versions[one.pk])]
        documents = {versions[one.pk].pk: one for one in wanted}
        made: dict[UUID, list[Entry]] = {}
        for version_id, pages in groupby(_pages([versions[one.pk] for one in wanted]), key=attrgetter("version")):
            document = documents[UUID(version_id)]
            made[document.pk] = _entries(document, versions[document.pk], pages)
        yield from ((one, made.pop(one.pk)) for one in wanted if one.pk in made)
        after = batch[-1].pk


def _after(last: UUID | None) -> list[Document]:
    """The next documents: as many as have so many pages together."""
    rows = Document.objects.filter(pk__gt=last) if last else Document.objects.all()
    sizes = rows.order_by("pk").filter(versions__number=F("current")).values_list("pk", "versions__pages_total")
    chosen: list[UUID] = []
    pages = 0
    for pk, total in sizes[:DOCUMENTS_AT_ONCE]:
        if chosen and pages + (total or 0) > PAGES_AT_ONCE:
            break
        chosen.append(pk)
        pages += total or 0
    return list(with_homes(Document.objects.filter(pk__in=chosen)).prefetch_related(*TOLD).order_by("pk"))


def _current(documents: list[UUID]) -> QuerySet[Version]:
    return Version.objects.filter(document__in=documents, number=F("document__current"))


class _Worded(NamedTuple):
    """A page that has words, as it comes from the database: a rebuild has millions, too many to make a model of each."""

    version: str
    number: int
    text: str
    language: str
    confidence: float | None
    is_corrected: bool


def _pages(versions: list[Version]) -> Iterator[_Worded]:
    """Pages that have words, version by version. Streamed: a batch of long documents never stands in memory whole."""
    # A page that no machine could read has words once a person has typed them.
    worded = Q(state=PageState.DONE) | Q(is_corrected=True)
    rows = Page.objects.filter(worded, version__in=versions).exclude(text="").order_by("version_id", "number")
    of = Cast("version_id", CharField())  # as text: making an id of it would cost more than reading the row
    fields = rows.values_list(of, "number", "text", "language", "confidence", "is_corrected")
    return map(_Worded._make, fields.iterator(chunk_size=500))


def _live(document: Document) -> list[Filing]:
    filings: list[Filing] = document.live_filings  # type: ignore[attr-defined] # set by documents.queries.with_home
    return filings


def _entries(document: Document, version: Version, pages: Iterable[_Worded]) -> list[Entry]:
    """The entries of these pages. What they share is worked out once, not once a page."""
    make, traits = _shared(document, version)
    return [
        make(
            page=page.number,
            body=page_terms(page.text),
            language=page.language or document.language,
            marks=marks.values(page.text),
            traits=traits | _traits(page),
        )
        for page in pages
    ]


def _shared(document: Document, version: Version) -> tuple[partial[Entry], frozenset[str]]:
    """What makes an entry of this document once the page is given, and the traits that all its pages have."""
    filings = _live(document)
    references = {one.value for filing in filings for one in filing.case.references.all()}
    told = {
        Trait.SEALED: document.sealed,
        Trait.REVISED: document.current > 1,
        Trait.PARTIAL: version.pages_failed > 0,
    }
    make = partial(
        Entry,
        document=str(document.pk),
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
        moment=int(document.filed_at.timestamp()),
    )
    return make, _told(told)


def _traits(page: _Worded) -> frozenset[str]:
    return _told({Trait.UNCLEAR: is_unclear(page.confidence), Trait.CORRECTED: page.is_corrected})


def _told(traits: dict[Trait, bool]) -> frozenset[str]:
    return frozenset(str(trait) for trait, holds in traits.items() if holds)


def _day(day: date | None) -> int:
    return day.toordinal() if day else NOT_DATED
