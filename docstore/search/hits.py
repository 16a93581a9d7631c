"""From an engine's matches to hits: only what the database allows as of now, in two statements, marked where shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from docstore.cases.lifecycle import GONE
from docstore.cases.models import Reference
from docstore.cases.scope import Scope
from docstore.documents.change import follow_in_index
from docstore.documents.models import Document, Filing, Page
from docstore.documents.queries import Placed
from docstore.documents.visibility import visible_filings
from docstore.documents.words import Box
from docstore.search.engine import Match
from docstore.search.highlight import Part, boxes_of, snippet
from docstore.search.matching import look_of
from docstore.search.tree import All


@dataclass(frozen=True)
class Hit:
    """One page that was found. What has to be worked out from its words is worked out when it is first asked for."""

    document: UUID
    title: str
    case: UUID
    reference: str
    page: int
    label: str
    confidence: float | None
    score: float
    placed: Placed
    row: Page
    tree: All

    @cached_property
    def snippet(self) -> tuple[Part, ...]:
        """About 240 characters around the best of its words."""
        return snippet(self.row.text, self.tree, look_of(self.row))

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """Where its words stand, in fractions of the page as displayed."""
        return boxes_of(self.row, self.tree)


def allowed_hits(scope: Scope, matches: Sequence[Match], tree: All) -> tuple[Hit, ...]:
    """Matches that the database allows too, pages of one document together, in the order of their best page."""
    found: dict[UUID, list[Match]] = defaultdict(list)
    for match in matches:
        found[UUID(match.document)].append(match)
    filings = _filings(scope, list(found))
    _repair([one for one in found if one not in filings])
    pages = _pages({one: found[one] for one in found if one in filings})
    return tuple(
        _hit(filings[one], page, match, tree)
        for one in found
        for match in found[one]
        if (page := pages.get((one, match.page)))
    )


def _repair(unseen: Sequence[UUID]) -> None:
    """An index that still finds what is destroyed is behind: nobody is shown it, and it is brought up again (RET-K3)."""
    for one in (
        Document.objects.filter(pk__in=unseen, lifecycle__in=GONE).values_list("pk", flat=True) if unseen else ()
    ):
        with transaction.atomic():
            follow_in_index(one)


def _hit(filing: Filing, page: Page, match: Match, tree: All) -> Hit:
    return Hit(
        document=filing.document_id,
        title=filing.document.title,
        case=filing.case_id,
        reference=filing.reference or "",  # type: ignore[attr-defined] # annotated by _filings
        page=page.number,
        label=page.label,
        confidence=page.confidence,
        score=round(match.score, 4),
        placed=Placed(filing.document, page.version, filing),
        row=page,
        tree=tree,
    )


def _filings(scope: Scope, ids: Sequence[UUID]) -> dict[UUID, Filing]:
    """The filing through which the actor sees each document, its home before any other."""
    if not ids:
        return {}
    first = Reference.objects.filter(case=OuterRef("case")).order_by("pk").values("value")[:1]
    rows = visible_filings(scope).filter(document__in=ids, document__withdrawn_at__isnull=True)
    rows = rows.select_related("document", "case__court", "section").annotate(reference=Subquery(first))
    return {one.document_id: one for one in rows.order_by("is_home")}


def _pages(found: Mapping[UUID, Sequence[Match]]) -> dict[tuple[UUID, int], Page]:
    """The matching pages of the current versions, and no others: each brings its version, its text and its words along."""
    if not found:
        return {}
    across: dict[int, list[UUID]] = defaultdict(list)
    for document, matches in found.items():
        for match in matches:
            across[match.page].append(document)
    by_document = [Q(version__document=one, number__in=[match.page for match in found[one]]) for one in found]
    by_number = [Q(version__document__in=ids, number=number) for number, ids in across.items()]
    # Every condition costs time to put into words, on our side and on the database's.
    places = reduce(or_, by_document if len(by_document) <= len(by_number) else by_number)
    rows = Page.objects.filter(places, version__number=F("version__document__current")).order_by()
    return {(row.version.document_id, row.number): row for row in rows.select_related("version")}
