"""From what is due to what is gone: lists, two people, cooling-off, every copy, stub and certificate."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client

from docstore.access.actor import system
from docstore.access.models import RoleAssignment
from docstore.audit.models import AuditEvent
from docstore.audit.sealed import verify_sealed
from docstore.cases import actions as cases
from docstore.cases.lifecycle import Lifecycle
from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.documents import actions as documents
from docstore.documents.models import Filing, Page, Rendition, Version
from docstore.documents.vault import vault
from docstore.retention import (
    actions,
    approvals,
    decisions,
    execution,
    holds,
    lists,
    stubs,
    switch,
)
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import (
    Decision,
    DestructionTarget,
    ItemState,
    ListItem,
    ListStatus,
    TargetStatus,
)
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.vocabulary import HoldKind
from tests.retention.disposing import Disposal, begin
from tests.retention.world import World

pytestmark = pytest.mark.django_db


def hold_case(disposal: Disposal, case_id: object) -> None:
    targets = Targets(cases=(case_id,))  # type: ignore[arg-type]
    review = clock.today() + timedelta(days=100)
    told = HoldTold(HoldKind.CASE, "Inquiry", "A test", "The tests", review, targets)
    holds.place_hold(by=disposal.world.actor("rm1"), told=told)


def test_a_case_goes_with_every_copy_and_leaves_a_stub(disposal: Disposal) -> None:
    case, paper = disposal.case("first page", "second page")
    reference = case.references.get().value
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    assert made.status == ListStatus.DONE
    assert not vault().has(key)
    for model in (Version, Page, Rendition):
        assert not model.objects.exists()
    paper.refresh_from_db()
    case.refresh_from_db()
    assert (paper.lifecycle, paper.title, case.lifecycle, case.title) == ("DESTROYED", "", "DESTROYED", "")
    assert not case.references.exists()
    [stub] = [one for one in stubs.find(disposal.world.actor("rm1"), reference) if one.kind == "case"]
    assert (stub.certificate, stub.class_code, stub.documents) == (made.certificate.number, disposal.kind.code, 1)
    assert "was destroyed on" in stubs.statement(stub)
    statuses = set(DestructionTarget.objects.values_list("status", flat=True))
    assert statuses == {TargetStatus.VERIFIED}
    assert list(verify_sealed()) == []


@pytest.mark.requirement("RET-G11")
def test_whoever_could_read_is_told_and_others_learn_nothing(disposal: Disposal) -> None:
    case, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    for tail in ("", "/content", "/pages/1", "/pages/1/image"):
        address = f"/api/v1/documents/{paper.pk}{tail}"
        told = Client(headers={"Authorization": f"Bearer {disposal.world.courts.key('clerk')}"}).get(address)
        assert told.status_code == 410
        assert made.certificate.number in told.json()["detail"]
        other = Client(headers={"Authorization": f"Bearer {disposal.world.courts.key('clerk2')}"}).get(address)
        assert other.status_code == 404
    person = Client()
    person.force_login(disposal.world.courts.people["clerk"])
    assert person.get(f"/documents/{paper.pk}/").status_code == 410
    assert person.get(f"/cases/{case.pk}/").status_code == 410


@pytest.mark.requirement("RET-G1")
def test_a_dry_run_names_every_copy_and_writes_an_event_only(disposal: Disposal) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.approved()
    before = AuditEvent.objects.count()
    [plan] = execution.dry_run(by=disposal.world.actor("rm1"), list_id=made.pk)
    assert {"index entry", "object version", "database text", "queued work"} <= {str(one.kind) for one in plan.targets}
    assert plan.blockers == ()
    assert AuditEvent.objects.count() == before + 1
    assert not DestructionTarget.objects.exists()
    assert vault().has(paper.versions.get().key)
    disposal.pass_days(8)
    execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    disposal.run(made.pk)
    done = {(one.kind, one.locator) for one in DestructionTarget.objects.all()}
    assert done == {(str(one.kind), one.locator) for one in plan.targets}  # the plan is what happens


@pytest.mark.requirement("RET-F3", "DOM-10.7", "WIN-13")
def test_nobody_approves_what_they_made_decided_or_approved(disposal: Disposal) -> None:
    disposal.case()
    disposal.pass_days(8)
    made = disposal.make()
    rm1, rm2 = disposal.world.actor("rm1"), disposal.world.actor("rm2")
    decisions.decide(by=rm2, list_id=made.pk, said=Said(Decision.APPROVE, "Done"), filters={})
    lists.submit(by=rm1, list_id=made.pk)
    for who in (rm1, rm2):
        with pytest.raises(approvals.MakerCannotApprove):
            approvals.approve(by=who, list_id=made.pk, stage=1, confirm=made.number)
    boss = disposal.world.courts.people["clerk"]
    boss.is_superuser = True
    boss.save()
    with pytest.raises(Forbidden):
        approvals.approve(by=disposal.world.actor("clerk"), list_id=made.pk, stage=1, confirm=made.number)


def test_two_stages_need_two_people(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    disposal = begin(world, monkeypatch)
    disposal.kind = world.new_class(
        {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P7Y", "approval_stages": 2}
    )
    disposal.case()
    disposal.pass_days(8)
    made = disposal.approved()
    assert (made.status, made.stages) == (ListStatus.SUBMITTED, 2)
    with pytest.raises(approvals.MakerCannotApprove):
        approvals.approve(by=world.actor("rm2"), list_id=made.pk, stage=2, confirm=made.number)


@pytest.mark.requirement("RET-F7")
def test_cooling_off_lasts_a_week_and_approval_sixty_days(disposal: Disposal) -> None:
    disposal.case()
    disposal.pass_days(8)
    made = disposal.approved()
    rm1 = disposal.world.actor("rm1")
    with pytest.raises(execution.CoolingOff):
        execution.carry_out(by=rm1, list_id=made.pk)
    disposal.pass_days(61)
    assert lists.expire(by=system("tests")) == 1
    made.refresh_from_db()
    assert made.status == ListStatus.EXPIRED
    again = disposal.approved()  # the record can be listed anew
    lists.cancel(by=disposal.world.actor("rm2"), list_id=again.pk, reason="An approver has doubts")
    assert ListItem.objects.filter(is_open=True).count() == 0


@pytest.mark.requirement("RET-F4")
def test_the_approval_of_somebody_who_left_is_void(disposal: Disposal) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    role = RoleAssignment.objects.get(user=disposal.world.courts.people["rm2"])
    RoleAssignment.objects.filter(pk=role.pk).update(to_on=clock.today() - timedelta(days=1))
    execution.take_turn(made.pk)
    made.refresh_from_db()
    assert made.status == ListStatus.SUBMITTED
    assert vault().has(paper.versions.get().key)


@pytest.mark.requirement("RET-F5")
def test_an_item_whose_facts_changed_leaves_and_the_rest_goes(disposal: Disposal) -> None:
    stays, kept = disposal.case()
    _, goes = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    actions.reopen_case(by=disposal.world.actor("clerk"), case_id=stays.pk, reason="New evidence")
    made = disposal.run(made.pk)
    assert made.status == ListStatus.DONE  # it left the list with the fact itself, before its turn came
    kept.refresh_from_db()
    goes.refresh_from_db()
    assert (kept.lifecycle, goes.lifecycle) == (Lifecycle.ACTIVE, Lifecycle.DESTROYED)
    item = made.items.get(record=stays.pk)
    assert item.state in (ItemState.SKIPPED, ItemState.WITHDRAWN)
    assert item.state_reason


@pytest.mark.requirement("RET-E8", "RET-G2")
def test_a_hold_in_cooling_off_keeps_the_case(disposal: Disposal) -> None:
    case, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.approved()
    hold_case(disposal, case.pk)
    disposal.pass_days(8)
    execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    made = disposal.run(made.pk)
    assert made.items.get().state in (ItemState.SKIPPED, ItemState.WITHDRAWN)
    assert vault().has(paper.versions.get().key)


@pytest.mark.requirement("RET-F2")
def test_nothing_is_submitted_while_anything_is_undecided(disposal: Disposal) -> None:
    disposal.case()
    disposal.case()
    disposal.pass_days(8)
    made, rm1 = disposal.make(), disposal.world.actor("rm1")
    first = made.items.order_by("place").first()
    assert first is not None
    decisions.decide(by=rm1, list_id=made.pk, said=Said(Decision.EXCLUDE, "Of local interest"), items=[first.pk])
    with pytest.raises(lists.ItemsUndecided):
        lists.submit(by=rm1, list_id=made.pk)
    with pytest.raises(decisions.DecisionIncomplete):
        decisions.decide(by=rm1, list_id=made.pk, said=Said(Decision.EXTEND, "No date"), filters={})
    until = clock.today() + timedelta(days=400)
    said = Said(Decision.EXTEND, "Asked for by a historian", until=until)
    decisions.decide(by=rm1, list_id=made.pk, said=said, filters={"decision": "undecided"})
    with pytest.raises(lists.NothingToCarryOut):
        lists.submit(by=rm1, list_id=made.pk)


def test_a_filter_that_finds_another_number_is_refused(disposal: Disposal) -> None:
    disposal.case()
    disposal.pass_days(8)
    made = disposal.make()
    with pytest.raises(decisions.CountDiffers):
        decisions.decide(
            by=disposal.world.actor("rm1"), list_id=made.pk, said=Said(Decision.APPROVE, "x"), filters={}, expected=7
        )


@pytest.mark.requirement("RET-G12")
def test_a_paper_on_another_case_is_unlinked_and_stays_whole(disposal: Disposal) -> None:
    case, paper = disposal.case()
    world = disposal.world
    other = world.case(world.new_class(), closed_on=None)
    clerk = world.actor("clerk")
    actions.reopen_case(by=clerk, case_id=case.pk, reason="To show a paper elsewhere")
    documents.show_on(by=clerk, document_id=paper.pk, seen=paper.etag, case_id=other.pk, section="statements")
    twin = world.courts.file("another paper", case=other)
    world.close(case)
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    paper.refresh_from_db()
    assert (made.status, paper.lifecycle) == (ListStatus.DONE, Lifecycle.ACTIVE)
    assert vault().has(paper.versions.get().key)
    assert Filing.objects.get(document=paper, ended_at=None).case_id == other.pk
    told = DestructionTarget.objects.get(kind="case filing")
    assert (told.status, told.evidence) == (TargetStatus.UNLINKED, "unlinked, still filed in 1 case")
    assert twin.versions.get().sha256 == hashlib.sha256(b"".join(vault().read(twin.versions.get().key))).hexdigest()


@pytest.mark.requirement("RET-B7")
def test_linked_cases_go_together_or_not_at_all(disposal: Disposal) -> None:
    case, paper = disposal.case()
    other, _ = disposal.case()
    clerk = disposal.world.actor("clerk")
    cases.link_cases(by=clerk, case_id=case.pk, other_id=other.pk, reason="Same facts")
    hold_case(disposal, other.pk)
    disposal.pass_days(8)
    with pytest.raises(lists.NothingDue):
        disposal.make()
    assert vault().has(paper.versions.get().key)


@pytest.mark.requirement("RET-P5")
def test_destruction_is_off_until_two_people_switch_it_on(world: World) -> None:
    assert not switch.switch().is_on
    assert "switched off" in switch.why_not_now()
    switch.ask_to_enable(by=world.actor("rm1"), reason="We begin")
    with pytest.raises(switch.SecondPersonNeeded):
        switch.confirm_enabling(by=world.actor("rm1"), reason="We begin")
    switch.confirm_enabling(by=world.actor("rm2"), reason="We begin")
    assert switch.why_not_now() == ""
