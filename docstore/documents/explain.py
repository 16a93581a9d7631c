"""Why somebody can or cannot open a document, in words, through the same rule that decides (DOM-9.11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.access.queries import actor_for
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.audit.queries import who_saw
from docstore.cases.actions import case_stream
from docstore.cases.models import Case, Classification
from docstore.cases.scope import Grant, Scope
from docstore.core import clock
from docstore.core.errors import NotFound
from docstore.documents.models import Document, Filing
from docstore.documents.queries import get_document, version_of
from docstore.documents.rules import Change, Rule, changes_for, lets_in, rules_for
from docstore.documents.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Explanation:
    """The decision and its reasons, each a sentence."""

    allowed: bool
    because: tuple[str, ...]


@transaction.atomic
def explain(*, by: Actor, document_id: UUID, person: User) -> Explanation:
    """Say whether `person` may open a document that the asker may open, and why."""
    scope = Scope.of(by)
    document = get_document(scope, document_id)
    if not scope.may(Permission.EXPLAIN_ACCESS):
        raise NotFound
    theirs = Scope.of(actor_for(person, method="explain"))
    allowed = visible_to(theirs).filter(pk=document_id).exists()
    filing = Filing.objects.select_related("case__court", "section").get(
        document=document, is_home=True, ended_at__isnull=True
    )
    because = tuple(_reasons(theirs, document, filing, person.name, allowed=allowed))
    facts = {"person": str(person.pk), "allowed": allowed}
    refs = {"document": str(document_id), "case": str(filing.case_id)}
    record(Event.ACCESS_EXPLAINED, stamp=by.stamp, stream=case_stream(filing.case_id), refs=refs, facts=facts)
    return Explanation(allowed, because)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Each rule between a person and a document, what would change a refusal, and when they opened it before."""

    person: User
    allowed: bool
    rules: tuple[Rule, ...]
    changes: tuple[Change, ...]
    readings: tuple[datetime, ...]
    what_they_see: int | None


@transaction.atomic
def judge(*, by: Actor, document_id: UUID, person: User) -> Verdict:
    """Say rule by rule whether `person` may open a document that the asker may open; the question is recorded."""
    scope = Scope.of(by)
    document = get_document(scope, document_id)
    scope.actor.require(Permission.EXPLAIN_ACCESS)
    theirs = Scope.of(actor_for(person, method="explain"))
    rules = rules_for(theirs, document, version_of(document))
    allowed = lets_in(rules)
    home = Filing.objects.select_related("case__court").get(document=document, is_home=True, ended_at__isnull=True)
    refs, facts = (
        {"document": str(document_id), "case": str(home.case_id)},
        {"person": str(person.pk), "allowed": allowed},
    )
    record(Event.ACCESS_EXPLAINED, stamp=by.stamp, stream=case_stream(home.case_id), refs=refs, facts=facts)
    opened = who_saw(str(document_id), since=document.filed_at, until=clock.now())
    return Verdict(
        person=person,
        allowed=allowed,
        rules=rules,
        changes=changes_for(rules, person),
        readings=tuple(one.recorded_at for one in opened if one.actor == str(person.pk)),
        what_they_see=_count_on(theirs, home.case),
    )


def _count_on(theirs: Scope, case: Case) -> int | None:
    """How many documents their page of the case counts; None where the case does not exist for them."""
    if not theirs.grants_on(case):
        return None
    return visible_to(theirs).filter(filings__case=case, filings__ended_at__isnull=True).distinct().count()


def why_seen(scope: Scope, document: Document, filing: Filing) -> tuple[str, ...]:
    """Say to the actor themselves why they see a document."""
    return tuple(_reasons(scope, document, filing, scope.actor.name, allowed=True))


def _reasons(scope: Scope, document: Document, filing: Filing, name: str, *, allowed: bool) -> Iterator[str]:
    case = filing.case
    if case.pk in scope.excluded_cases:
        yield f"{name} is barred from this case. A bar beats every role and membership."
        return
    grants = [grant for grant in scope.grants if _reaches(grant, case)]
    if not grants:
        yield _no_way_in(scope, case, name)
        return
    for grant in grants:
        obstacles = list(_obstacles(grant, document, filing))
        if allowed and not obstacles:
            yield f"{name} may open it {_way_in(grant, case)}, and that role reads “{filing.section}”."
        elif not allowed:
            yield from (f"{name} comes to this case {_way_in(grant, case)}, but {one}." for one in obstacles)


def _reaches(grant: Grant, case: Case) -> bool:
    return grant.court == case.court_id and not case.sealed if grant.is_court else case.pk in grant.cases


def _no_way_in(scope: Scope, case: Case, name: str) -> str:
    if case.sealed and case.court.code in scope.actor.courts:
        return f"The case is sealed, so {name} needs a membership of it and has none today."
    return f"{name} holds no role at {case.court} that opens its cases, and is not a member of this case today."


def _way_in(grant: Grant, case: Case) -> str:
    role = grant.role.name.lower()
    if grant.is_duty:
        return f"as {role} in a courtroom where it is listed"
    return f"as {role} of {case.court}" if grant.is_court else f"as {role}, a member of the case"


def _obstacles(grant: Grant, document: Document, filing: Filing) -> Iterator[str]:
    if filing.section_id not in grant.sections():
        yield f"that role does not read the section “{filing.section}”"
    if grant.partitions is not None and filing.partition not in grant.partitions:
        yield "the document is kept for another side or party"
    if document.rank > grant.role.clearance:
        yield f"it is {Classification(document.rank).name} and that role is cleared up to {grant.role.clearance.name}"
    if document.sealed and not grant.role.opens_sealed:
        yield "it is sealed and the order does not name them"
    if document.is_withdrawn and Permission.WITHDRAW_DOCUMENTS not in grant.role.permissions:
        yield "it has been withdrawn"
