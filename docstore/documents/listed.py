"""The papers of many cases at once, for lists: how many there are, how far they are read, which comes first, what is late.

A fixed number of queries however many cases are listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from docstore.cases.days import sits_on
from docstore.cases.list_models import Duty
from docstore.cases.models import Case, Hearing, Section
from docstore.cases.scope import Scope
from docstore.documents.models import Document, Filing, Stage
from docstore.documents.queries import Placed, placed
from docstore.documents.visibility import may_be_read

BEING_READ = (Stage.RECEIVED, Stage.CLEAN, Stage.READABLE)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of a listed case, in the order of the file."""

    document_id: UUID
    case_id: UUID
    title: str
    filed_at: datetime
    side: str
    stage: Stage
    pages: int
    pages_done: int
    pages_failed: int

    @property
    def is_being_read(self) -> bool:
        return self.stage in BEING_READ


@dataclass(slots=True)
class Papers:
    """What one case holds: what this person may open, and which sections hold anything at all."""

    seen: list[Paper] = field(default_factory=list)
    filled: dict[str, int] = field(default_factory=dict)

    @property
    def first(self) -> Paper | None:
        """The first paper of the file that can be opened."""
        return next((one for one in self.seen if one.stage not in (Stage.QUARANTINED, Stage.RECEIVED)), None)

    def missing(self, sections: Iterable[str]) -> list[str]:
        """The codes among `sections` that hold no paper."""
        return [code for code in sections if not self.filled.get(code)]


def papers_of(scope: Scope, cases: Sequence[Case]) -> dict[UUID, Papers]:
    """Return the papers of each case, in two queries."""
    found: dict[UUID, Papers] = {one.pk: Papers() for one in cases}
    for paper in _seen(scope, cases):
        found[paper.case_id].seen.append(paper)
    for case_id, code, count in _filled(cases):
        found[case_id].filled[code] = count
    return found


def section_names(cases: Iterable[Case]) -> dict[tuple[int, str], str]:
    """Return the names of sections by case type and code, in one query."""
    rows = Section.objects.filter(case_type__in={one.case_type_id for one in cases})
    return {(one.case_type_id, one.code): one.name for one in rows}


def _seen(scope: Scope, cases: Sequence[Case]) -> list[Paper]:
    visible = may_be_read(scope, withdrawn=False)
    rows = Filing.objects.filter(
        visible, case__in=cases, ended_at__isnull=True, document__versions__number=F("document__current")
    )
    ordered = rows.order_by("section__order", "document__dated_on", "filed_at", "id")
    return [
        Paper(*row[:5], Stage(row[5]), row[6] or 0, row[7] + row[8] + row[9], row[9])
        for row in ordered.values_list(
            "document_id",
            "case_id",
            "document__title",
            "filed_at",
            "document__side",
            "document__versions__stage",
            "document__versions__pages_total",
            "document__versions__pages_searchable",
            "document__versions__pages_without_text",
            "document__versions__pages_failed",
        )
    ]


def _filled(cases: Sequence[Case]) -> list[tuple[UUID, str, int]]:
    """How many live papers each section holds, whether this person may open them or not: for court staff only."""
    rows = Filing.objects.filter(case__in=cases, ended_at__isnull=True, document__withdrawn_at__isnull=True)
    return list(rows.order_by().values_list("case_id", "section__code").annotate(Count("id")))


def newest_by_section(scope: Scope, case: Case, *, per_section: int) -> list[Placed]:
    """Return the latest papers of every section of a case, at most so many of each, whatever the case holds."""
    within = Window(RowNumber(), partition_by=F("section_id"), order_by=[F("filed_at").desc(), F("id").asc()])
    rows = Filing.objects.filter(may_be_read(scope), case=case, ended_at__isnull=True)
    kept = rows.annotate(place=within).filter(place__lte=per_section).order_by().values_list("document_id", flat=True)
    documents = Document.objects.filter(pk__in=list(kept)).select_related("filed_by")
    return placed(scope, documents, on=case)


def new_on(scope: Scope, case: Case, *, since: datetime, limit: int) -> list[Placed]:
    """Return what others have filed on a case since a moment, newest first."""
    rows = Filing.objects.filter(may_be_read(scope), case=case, filed_at__gt=since, ended_at__isnull=True)
    rows = rows.exclude(filed_by=scope.actor.user_id)
    ids = list(rows.order_by("-filed_at", "id").values_list("document_id", flat=True)[:limit])
    found = placed(scope, Document.objects.filter(pk__in=ids).select_related("filed_by"), on=case)
    return sorted(found, key=lambda one: ids.index(one.document.pk))


def count_late(scope: Scope, duties: Sequence[Duty], *, since: datetime) -> int:
    """Return how many papers came in since, by others, on cases that are heard that day where this person is at work."""
    if not duties:
        return 0
    rooms = Q()
    for one in duties:
        heard = sits_on(one.day) & Q(room=one.room, court=one.court_id, vacated_at__isnull=True)
        rooms |= heard
    rows = Filing.objects.filter(
        may_be_read(scope, withdrawn=False),
        case__in=Hearing.objects.filter(rooms).values("case_id"),
        filed_at__gte=since,
        ended_at__isnull=True,
    )
    return rows.exclude(filed_by=scope.actor.user_id).values("document_id").distinct().count()


def new_papers(scope: Scope, *, since: datetime, limit: int) -> list[tuple[Document, Filing]]:
    """Return papers filed by others on cases that this person has visited, after their last visit, newest first."""
    person = scope.actor.user_id
    rows = Filing.objects.filter(
        may_be_read(scope, withdrawn=False),
        case__visits__person=person,
        filed_at__gt=F("case__visits__seen_at"),
        filed_at__gte=since,
        ended_at__isnull=True,
    ).exclude(filed_by=person)
    rows = rows.select_related("document", "case__court", "case__case_type").prefetch_related("case__references")
    return [(one.document, one) for one in rows.order_by("-filed_at", "id")[:limit]]
