"""The rules in words agree with the decision, for everybody and every kind of paper."""

import pytest

from docstore.access.models import User
from docstore.cases import actions as cases
from docstore.cases.models import Classification
from docstore.cases.scope import Scope
from docstore.documents import actions, rules
from docstore.documents.models import Document
from docstore.documents.queries import version_of
from docstore.documents.rules import RuleName
from docstore.documents.visibility import visible_to
from tests.courts import TwoCourts


def papers(courts: TwoCourts) -> list[Document]:
    """One paper of each kind that a rule is about."""
    clerk = courts.actor("clerk")
    plain, sealed, named, withdrawn, restricted = (courts.file(text) for text in ("a", "b", "c", "d", "e"))
    bench = courts.file("f", section="private")
    courts.file("g", by="defence", section="defence")
    actions.seal(by=clerk, document_id=sealed.pk, seen=sealed.etag, reason="By order")
    people = (courts.people["prosecutor"],)
    actions.seal(by=clerk, document_id=named.pk, seen=named.etag, reason="By order", named=people)
    actions.withdraw(by=clerk, document_id=withdrawn.pk, seen=withdrawn.etag, reason="Filed in error")
    actions.reclassify(
        by=clerk,
        document_id=restricted.pk,
        seen=restricted.etag,
        classification=Classification.RESTRICTED,
        reason="Medical",
    )
    assert {plain, bench} <= set(Document.objects.all())
    return list(Document.objects.all())


@pytest.mark.requirement("DOM-9.11")
def test_the_rules_let_in_just_whom_the_decision_lets_in(courts: TwoCourts) -> None:
    clerk = courts.actor("clerk")
    for role in ("prosecutor", "defence", "records"):
        cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people[role], role=role)
    cases.exclude_person(by=clerk, case_id=courts.case.pk, person=courts.people["adviser"], reason="Knows a witness")
    documents = papers(courts)

    wrong = [
        (who, document.pk)
        for who in courts.people
        for document in documents
        if rules.lets_in(told(courts, who, document))
        != visible_to(Scope.of(courts.actor(who))).filter(pk=document.pk).exists()
    ]

    assert wrong == []


def told(courts: TwoCourts, who: str, document: Document) -> tuple[rules.Rule, ...]:
    return rules.rules_for(Scope.of(courts.actor(who)), document, version_of(document))


def test_each_failed_rule_has_its_change(courts: TwoCourts) -> None:
    document = courts.file("a")
    actions.seal(by=courts.actor("clerk"), document_id=document.pk, seen=document.etag, reason="By order")
    document.refresh_from_db()
    found = told(courts, "usher", document)
    failed = [one.name for one in found if not one.passed]
    usher: User = courts.people["usher"]
    assert failed == [RuleName.SEAL]
    assert [one.act for one in rules.changes_for(found, usher)] == ["unseal"]
