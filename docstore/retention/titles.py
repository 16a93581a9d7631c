"""What a records page may call a case or a document. Managing records is no right to read them (ADR 75).

A number says which record is meant; a title says who and what it is about. So a title is shown to those who may open
the record, and to those who manage the records of its very court while it is not sealed. Everybody else reads the
number alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.documents.models import Document, Filing
from docstore.documents.visibility import visible_to
from docstore.retention.vocabulary import Record, RecordKind

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Named:
    """A record as a records page may name it: `title` is empty where this person may not read it."""

    case: Case | None
    title: str = ""


def named(actor: Actor, records: Iterable[Record]) -> Mapping[Record, Named]:
    """Return how to name each record, in a fixed number of queries."""
    every = list(records)
    papers = [one.id for one in every if one.kind is RecordKind.DOCUMENT]
    homes = _homes(papers)
    cases = _cases({one.id for one in every if one.kind is RecordKind.CASE} | set(homes.values()))
    office = _by_office(actor, cases)
    readable = set(Scope.of(actor).cases().filter(pk__in=cases).values_list("pk", flat=True))
    documents = _document_titles(actor, papers, homes, office)
    found = {}
    for one in every:
        if one.kind is RecordKind.CASE:
            case = cases.get(one.id)
            found[one] = Named(case, case.title if case and case.pk in readable | office else "")
        else:
            found[one] = Named(cases.get(homes.get(one.id, NOBODY)), documents.get(one.id, ""))
    return found


def courts_of_office(actor: Actor) -> frozenset[str]:
    """Return the courts at which somebody holds an office over records; a role without a court names none."""
    held = [one for one in actor.roles if Permission.MANAGE_RECORDS in one.role.permissions]
    return frozenset(one.court for one in held if one.court)


def _by_office(actor: Actor, cases: Mapping[UUID, Case]) -> set[UUID]:
    """The unsealed cases of the courts at which somebody manages records, less those from which they are barred."""
    courts, barred = courts_of_office(actor), Scope.of(actor).excluded_cases
    return {pk for pk, one in cases.items() if one.court.code in courts and not one.sealed and pk not in barred}


def _document_titles(
    actor: Actor, papers: list[UUID], homes: Mapping[UUID, UUID], office: set[UUID]
) -> dict[UUID, str]:
    """A paper's title follows its case, unless the paper is sealed: then only who may open it reads the title."""
    if not papers:
        return {}
    readable = set(visible_to(Scope.of(actor)).filter(pk__in=papers).values_list("pk", flat=True))
    rows = Document.objects.filter(pk__in=papers).values_list("pk", "title", "sealed")
    return {pk: title for pk, title, sealed in rows if pk in readable or (not sealed and homes.get(pk) in office)}


def _homes(papers: list[UUID]) -> dict[UUID, UUID]:
    """The case at which each paper is at home, or was last."""
    rows = Filing.objects.filter(document__in=papers).order_by("is_home", "filed_at")
    return dict(rows.values_list("document_id", "case_id"))


def _cases(ids: Iterable[UUID]) -> dict[UUID, Case]:
    rows = Case.objects.select_related("court", "case_type").prefetch_related("references")
    return rows.in_bulk(list(ids))
