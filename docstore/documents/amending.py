"""Mending what is said of a document: its title, kind, date, language, parties. Never its bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case, Right
from docstore.core.errors import Invalid
from docstore.documents.change import changing, record_on, require_live, require_reason, save
from docstore.documents.models import Document


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
    language: str
    parties: Sequence[UUID]

    @property
    def facts(self) -> dict[str, object]:
        """What the audit keeps: the title stands in the document itself and is not repeated there."""
        return {
            "type": self.type,
            "dated_on": self.dated_on.isoformat() if self.dated_on else "",
            "language": self.language,
            "parties": sorted(str(one) for one in self.parties),
        }


def described(document: Document) -> Described:
    """Return what is said of a document now."""
    parties = sorted(document.parties.values_list("pk", flat=True))
    return Described(document.title, document.type, document.dated_on, document.language, parties)


@transaction.atomic
def amend(*, by: Actor, document_id: UUID, seen: str | None, to: Described, reason: str) -> Document:
    """Change what is said of a document, if the actor has seen its latest state (DOM-3.5)."""
    document, case = changing(by, document_id, seen, Permission.FILE_DOCUMENTS, right=Right.FILE)
    require_reason(reason)
    require_live(document)
    if not to.title.strip():
        raise TitleMissing
    before = described(document)
    after = Described(to.title.strip(), to.type, to.dated_on, to.language, _of_case(case, to.parties))
    if after == before:
        raise NothingChanged
    document.title, document.type, document.dated_on = after.title, after.type, after.dated_on
    document.language = after.language
    document.parties.set(case.parties.filter(pk__in=after.parties))
    save(document)
    facts = {"before": before.facts, "after": after.facts, "reason": reason}
    record_on(Event.DOCUMENT_AMENDED, by, document, case, facts)
    return document


def _of_case(case: Case, wanted: Sequence[UUID]) -> list[UUID]:
    """Parties of this case only; another case's are no relation of the paper."""
    return sorted(case.parties.filter(pk__in=wanted).values_list("pk", flat=True))
