"""Mending what is said of a document: its title, kind, date, language, and what it relates to. Never its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case, Right
from docstore.cases.scope import Scope
from docstore.core.errors import Invalid
from docstore.documents.change import changing, record_on, require_live, require_reason, save
from docstore.documents.models import Document, Filing
from docstore.documents.visibility import visible_to

APPLICATIONS = "applications"


class TitleMissing(Invalid):
    """Give the document a title."""

    code = "title-missing"


class NothingChanged(Invalid):
    """Nothing was changed. Change something, or cancel."""

    code = "nothing-changed"


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of a document."""

    title: str
    type: str
    dated_on: date | None
    received_on: date | None
    language: str
    parties: Sequence[UUID]
    hearings: Sequence[UUID] = ()
    application: UUID | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What the audit keeps: the title stands in the document itself and is not repeated there."""
        return {
            "type": self.type,
            "dated_on": self.dated_on.isoformat() if self.dated_on else "",
            "received_on": self.received_on.isoformat() if self.received_on else "",
            "language": self.language,
            "parties": sorted(str(one) for one in self.parties),
            "hearings": sorted(str(one) for one in self.hearings),
            "application": str(self.application or ""),
        }


def described(document: Document) -> Described:
    """Return what is said of a document now."""
    return Described(
        document.title,
        document.type,
        document.dated_on,
        document.received_on,
        document.language,
        sorted(document.parties.values_list("pk", flat=True)),
        sorted(document.hearings.values_list("pk", flat=True)),
        document.application_id,
    )


@transaction.atomic
def amend(*, by: Actor, document_id: UUID, seen: str | None, to: Described, reason: str) -> Document:
    """Change what is said of a document, if the actor has seen its latest state (DOM-3.5)."""
    document, case = changing(by, document_id, seen, Permission.FILE_DOCUMENTS, right=Right.FILE)
    require_reason(reason)
    require_live(document)
    if not to.title.strip():
        raise TitleMissing
    before = described(document)
    after = replace(
        to,
        title=to.title.strip(),
        parties=_of_case(case.parties, to.parties),
        hearings=_of_case(case.hearings, to.hearings),
        application=_application(by, case, document, to.application),
    )
    if after == before:
        raise NothingChanged
    document.title, document.type, document.dated_on = after.title, after.type, after.dated_on
    document.received_on = after.received_on
    document.language, document.application_id = after.language, after.application
    document.parties.set(case.parties.filter(pk__in=after.parties))
    document.hearings.set(case.hearings.filter(pk__in=after.hearings))
    save(document)
    facts = {"before": before.facts, "after": after.facts, "reason": reason}
    record_on(Event.DOCUMENT_AMENDED, by, document, case, facts)
    return document


def applications_on(scope: Scope, case: Case) -> QuerySet[Document]:
    """Return what a paper of the case can belong to: the live papers of its section for applications that one may open."""
    places = Filing.objects.filter(case=case, section__code=APPLICATIONS, ended_at__isnull=True)
    return visible_to(scope).filter(pk__in=places.values("document_id"), withdrawn_at__isnull=True).order_by("filed_at")


def _of_case(rows: Any, wanted: Sequence[UUID]) -> list[UUID]:
    """Parties and hearings of this case only; another case's are no relation of the paper."""
    return sorted(rows.filter(pk__in=wanted).values_list("pk", flat=True))


def _application(by: Actor, case: Case, document: Document, wanted: UUID | None) -> UUID | None:
    """An application on this case, and never the paper itself."""
    if wanted is None:
        return None
    rows = applications_on(Scope.of(by), case).filter(pk=wanted).exclude(pk=document.pk)
    return rows.values_list("pk", flat=True).first()
