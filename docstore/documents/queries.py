"""Questions about documents. Each starts from a Scope."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.audit.queries import trail_of_document
from docstore.cases.lifecycle import GONE, gone
from docstore.cases.models import Case, Right
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound, Refusal
from docstore.core.paging import Slice, page
from docstore.documents.models import Document, EndReason, Filing, Page, Rendition, RenditionKind, Version
from docstore.documents.outline_models import Heading, Outline
from docstore.documents.visibility import gone_for, may_be_read, visible_to


class PageUnknown(NotFound):
    """There is nothing here, or you may not see it. Check the address or the reference."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A document with its current version and the filing through which the actor sees it."""

    document: Document
    current: Version
    filing: Filing


def get_document(scope: Scope, document_id: UUID, *, right: Right = Right.READ) -> Document:
    """Return a document on which the actor has `right`; raise NotFound for one hidden or absent, by the same queries.

    One that was destroyed raises Destroyed to those who could read it before.
    """
    found = visible_to(scope, right=right).filter(pk=document_id).select_related("filed_by").first()
    if found is None:
        raise _missing(scope, document_id)
    return found


def _missing(scope: Scope, document_id: UUID) -> Refusal:
    certificate = gone_for(scope).filter(pk=document_id).values_list("certificate", flat=True).first()
    return NotFound() if certificate is None else gone(certificate)


def placed(scope: Scope, documents: Iterable[Document], *, on: Case | None = None) -> list[Placed]:
    """Return documents with current versions and places, in two queries; on a case, the places there."""
    rows = list(documents)
    ids = [one.pk for one in rows]
    versions = {(one.document_id, one.number): one for one in Version.objects.filter(document__in=ids)}
    filings = _seen_filings(scope, ids, on)
    return [
        Placed(one, versions[one.pk, one.current], filings[one.pk])
        for one in rows
        if one.pk in filings and (one.pk, one.current) in versions
    ]


def _seen_filings(scope: Scope, ids: list[UUID], on: Case | None) -> dict[UUID, Filing]:
    """The filing of each document that this actor sees it through: on the given case, else its home, else any."""
    reach = [grant.filing_filter() for grant in scope.grants]
    if not reach:
        return {}
    seen = reach[0]
    for one in reach[1:]:
        seen |= one
    rows = Filing.objects.filter(seen, document__in=ids, ended_at__isnull=True)
    rows = rows.select_related("case__court", "case__case_type", "section").prefetch_related("case__references")
    rows = rows.order_by("is_home")
    return {one.document_id: one for one in rows if on is None or one.case_id == on.pk}


def documents_on(
    scope: Scope, case: Case, *, section: str = "", cursor: str | None = None, limit: int = 100
) -> Slice[Placed]:
    """Return the documents of a case that the actor may open, newest first."""
    filings = Filing.objects.filter(case=case, ended_at__isnull=True)
    if section:
        filings = filings.filter(section__code=section)
    rows = visible_to(scope).filter(pk__in=filings.values("document_id")).select_related("filed_by")
    found = page(rows, keys=("-filed_at", "id"), cursor=cursor, limit=limit)
    return Slice(placed(scope, found.rows, on=case), found.next)


def ticked_on(scope: Scope, case: Case, ids: Sequence[str], *, most: int) -> list[Document]:
    """Return those documents of a case that somebody ticked and may open, in the order of the file; at most so many."""
    wanted = [one for one in (_uuid(text) for text in ids[:most]) if one]
    places = Filing.objects.filter(case=case, ended_at__isnull=True, document__in=wanted)
    return list(visible_to(scope).filter(pk__in=places.values("document_id")).order_by("dated_on", "title"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def counts_by_section(scope: Scope, case: Case) -> dict[int, int]:
    """Return how many documents the actor may open in each section of the case."""
    rows = Filing.objects.filter(may_be_read(scope), case=case, ended_at__isnull=True)
    return dict(rows.order_by().values_list("section_id").annotate(Count("id")))


def hidden_on(scope: Scope, case: Case) -> int | None:
    """Return how many live documents of the case are hidden from the actor; None for those who may not know (DOM-2.8)."""
    if not scope.may(Permission.COUNT_HIDDEN):
        return None
    live = Filing.objects.filter(case=case, ended_at__isnull=True, document__withdrawn_at__isnull=True)
    live = live.exclude(document__lifecycle__in=GONE)
    return live.exclude(may_be_read(scope, withdrawn=False)).count()


def stubs_on(scope: Scope, case: Case) -> list[Filing]:
    """Return what was moved away from sections that the actor may read: the stub that stays behind (DOM-2.7)."""
    readable = scope.sections_on(case, Right.READ)
    rows = Filing.objects.filter(case=case, end_reason=EndReason.MOVED, section_id__in=readable)
    return list(rows.select_related("document", "section"))


def versions_of(document: Document) -> QuerySet[Version]:
    """Return every version, the first one first."""
    return Version.objects.filter(document=document).select_related("filed_by").order_by("number")


def version_of(document: Document, number: int | None = None) -> Version:
    """Return a version by number, the current one where none is given; raise NotFound."""
    found = Version.objects.filter(document=document, number=number or document.current).first()
    if found is None:
        raise NotFound
    return found


def outline_of(version: Version) -> list[Heading]:
    """Return the headings of the outline that the file brings, in reading order."""
    found = Outline.objects.filter(version=version).first()
    return found.headings if found else []


def page_of(document: Document, number: int, *, version: int | None = None) -> Page:
    """Return one page of a version whose bytes may be served; raise NotFound."""
    return page_in(version_of(document, version), number)


def list_pages(document: Document, *, version: int | None = None, cursor: str | None = None, limit: int) -> Slice[Page]:
    """Return some pages of a version whose bytes may be served, in order; raise NotFound."""
    wanted = version_of(document, version)
    if not wanted.is_served:
        raise PageUnknown
    return page(Page.objects.filter(version=wanted), keys=("number",), cursor=cursor, limit=limit)


def page_in(version: Version, number: int) -> Page:
    """Return one page of this version; raise NotFound where it has none such or may not be served."""
    found = Page.objects.filter(version=version, number=number).first() if version.is_served else None
    if found is None:
        raise PageUnknown
    return found


def same_bytes_on(scope: Scope, case: Case, sha256: str) -> Document | None:
    """Return a live document with these very bytes on the case, among those the actor may open (DOM-3.7)."""
    rows = visible_to(scope).filter(
        withdrawn_at__isnull=True,
        versions__sha256=sha256,
        filings__case=case,
        filings__ended_at__isnull=True,
    )
    return rows.first()


def trail(
    scope: Scope,
    document_id: UUID,
    *,
    without: Collection[Event] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Slice[AuditEvent]:
    """Return what happened to a document, for those who may read trails and may open it, and for auditors."""
    if not scope.may(Permission.READ_TRAILS):
        raise NotFound
    is_auditor = any(held.code == "auditor" for held in scope.actor.roles)
    rows = Document.objects.all() if is_auditor else visible_to(scope)
    if not rows.filter(pk=document_id).exists():
        raise _missing(scope, document_id)
    return trail_of_document(str(document_id), without=without, cursor=cursor, limit=limit)


def with_home(rows: QuerySet[Document]) -> QuerySet[Document]:
    """Attach live filings with case and section, for what has to be read without an actor: the index."""
    live = Filing.objects.filter(ended_at__isnull=True).select_related("case__court", "section")
    return rows.select_related("filed_by").prefetch_related(Prefetch("filings", queryset=live, to_attr="live_filings"))


def with_homes(rows: QuerySet[Document]) -> QuerySet[Document]:
    """The same for very many documents at a time: they share cases, courts, sections and people, so each is made once."""
    live = Filing.objects.filter(ended_at__isnull=True).prefetch_related("case__court", "section")
    return rows.prefetch_related(Prefetch("filings", queryset=live, to_attr="live_filings"), "filed_by")


def pages_of(version: Version, first: int, last: int) -> list[Page]:
    """Return the pages of a version between two numbers, both included."""
    return list(Page.objects.filter(version=version, number__gte=first, number__lte=last))


def pictures_of(version: Version, kind: RenditionKind, *, pages: Sequence[int] | None = None) -> dict[int, Rendition]:
    """Return the pictures of a version that are made already, by page number; of these pages where some are named."""
    rows = Rendition.objects.filter(version=version, kind=kind)
    return {one.page: one for one in (rows if pages is None else rows.filter(page__in=pages))}


def pictures_at(places: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], Rendition]:
    """Return the page pictures at (version, page), where they are made already: for strips of search results."""
    wanted = set(places)
    rows = Rendition.objects.filter(
        version__in={version for version, _ in wanted},
        page__in={number for _, number in wanted},
        kind=RenditionKind.PAGE_IMAGE,
    )
    return {(one.version_id, one.page): one for one in rows if (one.version_id, one.page) in wanted}


def page_by_label(version: Version, wanted: str) -> int:
    """Return the number of the page that bears this label, or has this number; raise NotFound. Labels come first."""
    rows = Page.objects.filter(version=version)
    labelled = rows.filter(label__iexact=wanted).values_list("number", flat=True).first() if wanted else None
    if labelled is not None:
        return labelled
    if wanted.isdigit() and 1 <= int(wanted) <= (version.pages_total or 0):
        return int(wanted)
    raise PageUnknown
