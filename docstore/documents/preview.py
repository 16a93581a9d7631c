"""The case file exactly as somebody else sees it, before or after they are let in (DOM-8.4).

Shows no more than the asker may see: what both may open is listed, what the other alone may open is counted.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.access.queries import actor_for
from docstore.access.roles import ROLES
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.actions import MEMBER_ROLES, RoleNotOnCases, case_stream
from docstore.cases.models import Case, Right, Side
from docstore.cases.queries import get_case, sections_of
from docstore.cases.scope import Scope, supposed
from docstore.core.errors import Forbidden
from docstore.documents.models import Document, Filing
from docstore.documents.visibility import visible_to

MOST = 500


@dataclass(frozen=True, slots=True)
class SectionPreview:
    """A section that the other person reads, and the documents in it that both may open."""

    name: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What somebody sees of a case. `sections` is empty and `opens` false where the case does not exist for them."""

    case: Case
    whose: str
    opens: bool
    sections: tuple[SectionPreview, ...]
    theirs_alone: int
    kept_from_them: int


@transaction.atomic
def preview_as_person(*, by: Actor, case_id: UUID, person: User) -> Preview:
    """Show the case as this person sees it today."""
    scope, case = _asked(by, case_id)
    _record(by, case, str(person.pk))
    return _preview(scope, Scope.of(actor_for(person, method="preview")), case, person.name)


@transaction.atomic
def preview_as_role(*, by: Actor, case_id: UUID, role: str, side: Side) -> Preview:
    """Show the case as a member with this role and side would see it, before anybody is named."""
    scope, case = _asked(by, case_id)
    if role not in MEMBER_ROLES:
        raise RoleNotOnCases(role=role)
    _record(by, case, f"role:{role}")
    return _preview(scope, supposed(case, role=role, side=side), case, ROLES[role].name)


def _asked(by: Actor, case_id: UUID) -> tuple[Scope, Case]:
    scope = Scope.of(by)
    case = get_case(scope, case_id)
    if not scope.allows_on(case, Permission.EXPLAIN_ACCESS):
        raise Forbidden
    return scope, case


def _preview(mine: Scope, theirs: Scope, case: Case, whose: str) -> Preview:
    if not theirs.grants_on(case):
        return Preview(case, whose, False, (), 0, 0)
    on_case = Filing.objects.filter(case=case, ended_at__isnull=True)
    seen = visible_to(theirs).filter(pk__in=on_case.values("document"))
    own = visible_to(mine).filter(pk__in=on_case.values("document"))
    both = {one.pk: one for one in seen.filter(pk__in=own.values("pk"))[:MOST]}
    places: dict[int, list[Document]] = {}
    for filing in on_case.filter(document__in=both):
        places.setdefault(filing.section_id, []).append(both[filing.document_id])
    sections = tuple(
        SectionPreview(view.section.name, tuple(places.get(view.section.pk, ())))
        for view in sections_of(theirs, case)
        if Right.READ in view.rights
    )
    return Preview(
        case,
        whose,
        opens=True,
        sections=sections,
        theirs_alone=seen.exclude(pk__in=own.values("pk")).count(),
        kept_from_them=own.exclude(pk__in=seen.values("pk")).count(),
    )


def _record(by: Actor, case: Case, person: str) -> None:
    refs, facts = {"case": str(case.pk)}, {"person": person}
    record(Event.ACCESS_PREVIEWED, stamp=by.stamp, stream=case_stream(case.pk), refs=refs, facts=facts)
