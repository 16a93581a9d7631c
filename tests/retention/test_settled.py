"""What is under retention stays as it is, but for a records manager who says why (RET-B5); a trigger has one place (RET-C8)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.cases import actions as cases
from docstore.cases.models import Case
from docstore.core.errors import Forbidden
from docstore.documents import actions as documents
from docstore.documents.change import ReasonMissing
from docstore.documents.models import Document
from docstore.documents.retained import UnderRetention
from docstore.retention import actions
from docstore.retention.models import Assignment, Trigger
from docstore.retention.vocabulary import Record, RecordKind
from tests.api.client import Api
from tests.courts import TwoCourts, stored
from tests.retention.world import World, of_case

pytestmark = pytest.mark.django_db

Act = Callable[[Any, Document, Case, str], object]


def supersede(by: Any, paper: Document, elsewhere: Case, reason: str) -> object:
    home = paper.filings.get(is_home=True, ended_at__isnull=True).case
    received = stored(home, b"other words", number=documents.next_number(paper))
    return documents.supersede(by=by, document_id=paper.pk, seen=paper.etag, received=received, reason=reason)


def withdraw(by: Any, paper: Document, elsewhere: Case, reason: str) -> object:
    return documents.withdraw(by=by, document_id=paper.pk, seen=paper.etag, reason=reason)


def restore(by: Any, paper: Document, elsewhere: Case, reason: str) -> object:
    return documents.restore(by=by, document_id=paper.pk, seen=paper.etag, reason=reason)


def move(by: Any, paper: Document, elsewhere: Case, reason: str) -> object:
    target = {"case_id": elsewhere.pk, "section": "statements"}
    return documents.move(by=by, document_id=paper.pk, seen=paper.etag, reason=reason, **target)


CHANGES: tuple[Act, ...] = (supersede, withdraw, restore, move)


@pytest.fixture
def kept(world: World) -> tuple[Case, Document]:
    """A paper on a closed case whose clock runs."""
    case = world.case(world.new_class(), closed_on=None)
    paper = world.courts.file("a page of words", case=case)
    world.close(case)
    return case, paper


def also_a_clerk(courts: TwoCourts, name: str) -> Any:
    """A records manager who is on the court's staff as well: managing records alone opens no paper."""
    access.grant_role(by=system("tests"), person=courts.people[name], role="clerk", court=courts.first)
    return courts.actor(name)


@pytest.mark.requirement("RET-B5")
def test_content_class_and_filing_are_changed_by_a_records_manager_alone_who_says_why(
    world: World, kept: tuple[Case, Document]
) -> None:
    case, paper = kept
    elsewhere, other = world.courts.case, world.new_class()
    before = (paper.etag, paper.current, Assignment.objects.count())
    for who in ("clerk", "judge"):
        by = world.actor(who)
        for change in (supersede, withdraw, move):
            with pytest.raises((UnderRetention, Forbidden)):
                change(by, paper, elsewhere, "A mistake")
        for record in (of_case(case), Record(RecordKind.DOCUMENT, paper.pk)):
            with pytest.raises(Forbidden):
                actions.assign_class(by=by, record=record, code=other.code, reason="A mistake")
    with pytest.raises(UnderRetention):
        withdraw(world.actor("clerk"), paper, elsewhere, "A mistake")
    paper.refresh_from_db()
    assert (paper.etag, paper.current, Assignment.objects.count()) == before
    manager = also_a_clerk(world.courts, "rm1")
    for change in CHANGES:
        with pytest.raises(ReasonMissing):
            change(manager, paper, elsewhere, " ")
        change(manager, paper, elsewhere, "It belongs to somebody else")
        paper.refresh_from_db()
    assert paper.filings.get(is_home=True, ended_at__isnull=True).case == elsewhere
    with pytest.raises(ReasonMissing):
        actions.assign_class(by=manager, record=of_case(case), code=other.code, reason="")
    actions.assign_class(by=manager, record=of_case(case), code=other.code, reason="The judge asked")


def test_the_clerks_of_an_open_case_change_what_they_did_before(world: World, kept: tuple[Case, Document]) -> None:
    case, paper = kept
    clerk = world.actor("clerk")
    shown = Client()
    shown.force_login(world.courts.people["clerk"])
    offered = [reverse("document-act", kwargs={"document_id": paper.pk, "act": act}) for act in ("withdraw", "move")]
    page = reverse("document", kwargs={"document_id": paper.pk})
    assert not any(address in shown.get(page).content.decode() for address in offered)
    answer = Api(world.courts, "clerk").post(f"documents/{paper.pk}/withdraw", {"reason": "x"}, If_Match=paper.etag)
    assert (answer.status_code, answer.json()["code"]) == (409, "under-retention")
    actions.reopen_case(by=clerk, case_id=case.pk, reason="A paper has to be taken out")
    assert all(address in shown.get(page).content.decode() for address in offered)
    withdraw(clerk, paper, world.courts.case, "Of another case")


@pytest.mark.requirement("RET-C8")
def test_a_trigger_has_one_place_and_says_how_much_it_decides_about(world: World) -> None:
    kind = world.new_class()
    case, linked = world.case(kind, closed_on=None), world.case(kind, closed_on=None)
    for where in (case, case, linked):
        world.courts.file("a page", case=where)
    cases.link_cases(by=world.actor("clerk"), case_id=case.pk, other_id=linked.pk, reason="Heard together")
    keeper, given = Client(), {"type": "sentence_end", "event_on": "2030-05-01", "confidence": "100", "reason": "Order"}
    keeper.force_login(world.courts.people["rm1"])
    machine, told = Api(world.courts, "rm1"), {"type": "sentence_end", "event_on": "2030-05-01", "source": "user"}
    for scope in ("", "*", "%", "all", "case:*", str(UUID(int=0))):
        assert machine.post(f"cases/{scope}/triggers", told | {"reason": "Order"}).status_code in (404, 405)
        assert keeper.post(f"/cases/{scope}/retention/trigger/", given).status_code in (404, 405)
    for body in ({"scope": "*"}, {"scope": []}, {"cases": ["*"]}, {"record": ""}):
        wide = machine.post(f"cases/{case.pk}/triggers", told | {"reason": "Order"} | body)
        assert wide.status_code in (400, 422)
    assert not Trigger.objects.filter(type="sentence_end").exists()
    address = reverse("case-retention-act", kwargs={"case_id": case.pk, "act": "trigger"})
    assert "It decides how long 5 records are kept" in keeper.get(address).content.decode()
    assert not Trigger.objects.filter(type="sentence_end").exists()
    assert keeper.post(address, given).status_code == 303
    assert Trigger.objects.get(type="sentence_end").record_id == case.pk
