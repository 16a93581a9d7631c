"""One rule, three forms: the database's filter, the engine's, and the sentences."""

import random
from itertools import product

import pytest

from docstore.cases import actions as cases
from docstore.cases.models import Classification, Side
from docstore.cases.scope import Scope
from docstore.core.errors import NotFound
from docstore.documents import actions
from docstore.documents.explain import explain
from docstore.documents.models import Document, Filing
from docstore.documents.visibility import engine_filter, visible_to
from tests.courts import TwoCourts

PEOPLE = (
    "clerk",
    "judge",
    "usher",
    "prosecutor",
    "defence",
    "defence2",
    "probation",
    "records",
    "clerk2",
    "support",
    "auditor",
)


def sees(courts: TwoCourts, who: str, document: Document) -> bool:
    return visible_to(Scope.of(courts.actor(who))).filter(pk=document.pk).exists()


def join(courts: TwoCourts, who: str, role: str, **more: object) -> None:
    person = courts.people[who]
    cases.add_member(by=courts.actor("clerk"), case_id=courts.case.pk, person=person, role=role, **more)  # type: ignore[arg-type]


@pytest.mark.requirement("DOM-9.2", "DOM-9.3")
def test_by_default_nobody_outside_the_court_sees_anything(courts: TwoCourts) -> None:
    document = courts.file("words of a witness")

    seeing = {who for who in PEOPLE if sees(courts, who, document)}

    assert seeing == {"clerk", "judge", "usher"}


@pytest.mark.requirement("DOM-8.5", "DOM-9.6")
@pytest.mark.parametrize("who", ["clerk", "judge", "defence"])
def test_an_exclusion_beats_every_grant(courts: TwoCourts, who: str) -> None:
    join(courts, who, "defence" if who == "defence" else who)
    document = courts.file("words of a witness")
    assert sees(courts, who, document)

    cases.exclude_person(
        by=courts.actor("adviser"), case_id=courts.case.pk, person=courts.people[who], reason="conflict"
    )

    assert not sees(courts, who, document)
    assert not Scope.of(courts.actor(who)).cases().filter(pk=courts.case.pk).exists()


@pytest.mark.requirement("DOM-9.10", "SEC-5")
def test_a_seal_closes_a_document_to_members_who_are_not_named(courts: TwoCourts) -> None:
    join(courts, "defence", "defence")
    join(courts, "prosecutor", "prosecutor")
    document = courts.file("words of a witness")

    actions.seal(
        by=courts.actor("clerk"),
        document_id=document.pk,
        seen=document.etag,
        reason="order",
        named=(courts.people["prosecutor"],),
    )

    assert {who for who in PEOPLE if sees(courts, who, document)} == {"clerk", "judge", "prosecutor"}


def test_in_a_sealed_case_court_staff_need_a_membership(courts: TwoCourts) -> None:
    document = courts.file("words of a witness")
    join(courts, "judge", "judge")

    cases.seal_case(by=courts.actor("clerk"), case_id=courts.case.pk, reason="order")

    assert {who for who in PEOPLE if sees(courts, who, document)} == {"judge"}


@pytest.mark.requirement("DOM-8.2")
def test_what_one_defendant_files_privately_is_hidden_from_the_other(courts: TwoCourts) -> None:
    join(courts, "defence", "defence", side="defence", party=courts.ann)
    join(courts, "defence2", "defence", side="defence", party=courts.bob)

    document = courts.file("what Ann says", by="defence", section="defence")

    assert sees(courts, "defence", document)
    assert not sees(courts, "defence2", document)
    assert not sees(courts, "prosecutor", document)


@pytest.mark.requirement("DOM-8.10")
def test_unused_material_is_filed_by_the_prosecution_read_by_the_defence_and_not_by_the_judge(
    courts: TwoCourts,
) -> None:
    for role in ("prosecutor", "defence"):
        cases.add_member(by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people[role], role=role)
    unused = courts.file("Not relied on", by="prosecutor", section="unused")

    assert sees(courts, "defence", unused)
    assert not sees(courts, "judge", unused)
    for other in ("defence", "judge", "clerk"):
        with pytest.raises(NotFound):
            courts.file("Mine", by=other, section="unused")


@pytest.mark.requirement("DOM-9.1")
def test_classification_above_the_clearance_hides(courts: TwoCourts) -> None:
    join(courts, "defence", "defence")
    document = courts.file("words of a witness")

    actions.reclassify(
        by=courts.actor("clerk"),
        document_id=document.pk,
        seen=document.etag,
        classification=Classification.RESTRICTED,
        reason="address",
    )

    assert {who for who in PEOPLE if sees(courts, who, document)} == {"clerk", "judge"}


@pytest.mark.requirement("DOM-2.5")
def test_a_document_shown_on_a_second_case_is_seen_through_either(courts: TwoCourts) -> None:
    second = courts.open_case()
    cases.add_member(
        by=courts.actor("clerk"), case_id=second.pk, person=courts.people["defence"], role="defence", side="defence"
    )
    document = courts.file("words of a witness")
    assert not sees(courts, "defence", document)

    actions.show_on(
        by=courts.actor("clerk"), document_id=document.pk, seen=document.etag, case_id=second.pk, section="statements"
    )

    assert sees(courts, "defence", document)
    assert document.versions.count() == 1


@pytest.mark.requirement("DOM-9.11")
def test_explain_gives_the_decision_and_a_reason_for_everybody(courts: TwoCourts) -> None:
    join(courts, "defence", "defence")
    document = courts.file("words of a witness")

    for who in PEOPLE:
        told = explain(by=courts.actor("clerk"), document_id=document.pk, person=courts.people[who])
        assert told.allowed is sees(courts, who, document)
        assert told.because, who


def test_the_engine_filter_and_the_database_agree(courts: TwoCourts) -> None:
    dice = random.Random(7)
    clerk = courts.actor("clerk")
    second = courts.open_case()
    join(courts, "defence", "defence", side=Side.DEFENCE, party=courts.ann)
    join(courts, "probation", "probation")
    join(courts, "usher", "usher")
    cases.add_member(by=clerk, case_id=second.pk, person=courts.people["prosecutor"], role="prosecutor")
    cases.exclude_person(by=clerk, case_id=second.pk, person=courts.people["judge"], reason="conflict")
    places = [(courts.case, "statements"), (courts.case, "unused"), (second, "private"), (second, "charges")]
    documents = [courts.file("text", case=case, section=section) for case, section in places * 3 if section != "unused"]
    documents.append(courts.file("mine", by="defence", section="defence"))
    for document in documents:
        Document.objects.filter(pk=document.pk).update(
            sealed=dice.random() < 0.3, rank=dice.choice([1, 2]), classification=1
        )
        if dice.random() < 0.3:
            document.named.add(courts.people[dice.choice(["usher", "defence"])])
    cases.seal_case(by=clerk, case_id=second.pk, reason="order") if dice.random() < 0.5 else None

    for who, document in product(PEOPLE, Document.objects.all()):
        scope = Scope.of(courts.actor(who))
        filings = list(Filing.objects.filter(document=document, ended_at=None).select_related("case"))
        admitted = engine_filter(scope).admits(
            document=str(document.pk),
            places=frozenset(place for one in filings for place in one.places),
            cases=frozenset(str(one.case_id) for one in filings),
            rank=document.rank,
            sealed=document.sealed,
        )
        found = visible_to(scope).filter(pk=document.pk).exists()
        may_search = scope.may("search")  # type: ignore[arg-type] # the permission's value
        assert admitted == (found and may_search), (who, document.pk)
