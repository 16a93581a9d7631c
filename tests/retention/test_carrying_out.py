"""How a list is carried out: in turns, within caps and hours, stopped and resumed, by one worker for each record."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from docstore.access.actor import system
from docstore.audit.models import AuditEvent
from docstore.audit.sealed import verify_sealed
from docstore.cases.scope import Scope
from docstore.core import clock, failpoints
from docstore.core.errors import Forbidden
from docstore.core.jobs import Job, JobName
from docstore.documents.models import Document
from docstore.documents.vault import in_memory, vault
from docstore.documents.visibility import visible_to
from docstore.retention import approvals, certificates, execution, off_schedule, pace, switch, tiles
from docstore.retention.disposal_models import (
    Certificate,
    DestructionTarget,
    DisposalList,
    Ground,
    ItemState,
    ListItem,
    ListStatus,
    TargetStatus,
)
from docstore.retention.stub_models import Stub
from docstore.search import actions as search
from tests.retention.disposing import Disposal, with_disposal
from tests.retention.forks import with_connections_of_its_own

pytestmark = pytest.mark.django_db


def begun(disposal: Disposal, count: int) -> DisposalList:
    for _ in range(count):
        disposal.case()
    disposal.pass_days(8)
    return disposal.begun()


def states(made: DisposalList) -> list[str]:
    return list(made.items.order_by("place").values_list("state", flat=True))


def waiting_jobs() -> int:
    return Job.objects.filter(name=JobName.DISPOSAL_CARRY_OUT, finished_at=None).count()


@pytest.mark.requirement("RET-G16")
@pytest.mark.parametrize("side_by_side", [1, 2])
def test_a_stop_lets_at_most_one_more_object_go_and_the_list_goes_on_where_it_was(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, settings: Any, side_by_side: int
) -> None:
    """One more of each record that is in hand; of the others none."""
    with_disposal(settings, SIDE_BY_SIDE=side_by_side)
    made = begun(disposal, 3)
    keeper = disposal.world.actor("rm1")
    gone_before: list[int] = []

    def reached(name: str) -> None:
        if name == "disposal-claimed" and not gone_before:
            gone_before.append(removed())
            execution.stop(by=keeper, list_id=made.pk, reason="A doubt")

    monkeypatch.setattr(failpoints, "reach", reached)
    assert execution.take_turn(made.pk) is False
    assert removed() - gone_before[0] <= side_by_side
    untouched = [ItemState.APPROVED] * (3 - side_by_side)
    assert states(made) == [ItemState.INCOMPLETE] * side_by_side + untouched
    assert execution.take_turn(made.pk) is False  # a job that comes late claims nothing
    assert states(made)[side_by_side:] == untouched
    execution.carry_out(by=keeper, list_id=made.pk)
    assert disposal.run(made.pk).status == ListStatus.DONE
    assert states(made) == [ItemState.DESTROYED] * 3


def test_a_stop_between_looking_and_claiming_leaves_the_record_to_be_gone_on_with(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, keeper = begun(disposal, 1), disposal.world.actor("rm1")

    def reached(name: str) -> None:
        if name == "disposal-planned" and states(made) == [ItemState.APPROVED]:
            monkeypatch.undo()
            execution.stop(by=keeper, list_id=made.pk, reason="A doubt")

    monkeypatch.setattr(failpoints, "reach", reached)
    execution.take_turn(made.pk)
    assert states(made) == [ItemState.APPROVED]


def removed() -> int:
    return DestructionTarget.objects.filter(status__in=[TargetStatus.DELETED, TargetStatus.VERIFIED]).count()


def test_a_stopped_list_can_be_ended_and_the_rest_is_listed_again(disposal: Disposal) -> None:
    made = begun(disposal, 2)
    keeper = disposal.world.actor("rm1")
    execution.carry_out_items(made.items.order_by("place")[:1], by=keeper)
    execution.stop(by=keeper, list_id=made.pk, reason="A doubt")
    execution.leave_rest(by=keeper, list_id=made.pk, reason="Not this year")
    done = disposal.run(made.pk)
    assert (done.status, states(made)) == (ListStatus.DONE, [ItemState.DESTROYED, ItemState.WITHDRAWN])
    told = certificates.certificate_of(keeper, done).content
    assert [one["why"] for one in told["not_destroyed"]] == ["Not this year"]
    assert disposal.make().items_total == 1


def test_the_cap_of_a_day_ends_its_turn_and_asks_for_no_other(disposal: Disposal, settings: Any) -> None:
    made = begun(disposal, 3)
    with_disposal(settings, CAP_PER_DAY=2)
    Job.objects.all().delete()
    execution.take_turn(made.pk)
    execution.take_turn(made.pk)
    assert states(made).count(ItemState.DESTROYED) == 2
    assert waiting_jobs() == 0  # or a worker would turn in circles until midnight
    assert "It goes on tomorrow" in pace.why_waiting()
    disposal.pass_days(1)
    assert execution.go_on() == 1
    assert waiting_jobs() == 1
    assert disposal.run(made.pk).status == ListStatus.DONE


def test_the_cap_of_a_minute_lets_others_have_the_machine(disposal: Disposal, settings: Any) -> None:
    made = begun(disposal, 2)
    with_disposal(settings, CAP_PER_MINUTE=1)
    execution.take_turn(made.pk)
    execution.take_turn(made.pk)
    assert states(made).count(ItemState.DESTROYED) == 1
    ListItem.objects.filter(state=ItemState.DESTROYED).update(claimed_at=clock.now() - timedelta(seconds=61))
    assert disposal.run(made.pk).status == ListStatus.DONE


def test_nothing_is_taken_up_outside_the_hours(disposal: Disposal, settings: Any) -> None:
    made = begun(disposal, 1)
    hour = clock.now().astimezone(clock.COURT_ZONE).hour
    with_disposal(settings, WINDOW=((hour + 2) % 24, (hour + 3) % 24))
    execution.take_turn(made.pk)
    assert states(made) == [ItemState.APPROVED]
    assert "is carried out between" in switch.why_not_now()
    with_disposal(settings, WINDOW=(hour, (hour + 2) % 24))
    assert disposal.run(made.pk).status == ListStatus.DONE


def test_a_turn_ends_after_its_seconds_and_asks_for_the_next(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    with_disposal(settings, SIDE_BY_SIDE=1)
    made = begun(disposal, 2)
    Job.objects.all().delete()
    ticks = iter([0.0, 0.0, *(float(execution.TURN_SECONDS + at) for at in range(1, 50))])
    monkeypatch.setattr(clock, "monotonic", lambda: next(ticks))
    assert execution.take_turn(made.pk) is False
    assert states(made).count(ItemState.DESTROYED) == 1
    assert waiting_jobs() == 1


@pytest.mark.requirement("RET-G15")
@pytest.mark.django_db(transaction=True)
def test_of_several_workers_none_carries_out_what_another_has(disposal: Disposal) -> None:
    """Three processes take turns at one list at once; each record is begun and ended once."""
    made = begun(disposal, 4)
    workers = at_once(3, lambda: execution.take_turn(made.pk))
    assert workers == [0, 0, 0]
    assert disposal.run(made.pk).status == ListStatus.DONE
    assert states(made) == [ItemState.DESTROYED] * 4
    for told in ("destruction.begun", "destruction.completed"):
        assert AuditEvent.objects.filter(type=told, stream__startswith="disposal").count() == 4
    assert set(DestructionTarget.objects.values_list("attempts", flat=True)) <= {0, 1}
    assert list(verify_sealed()) == []


def at_once(count: int, act: Callable[[], object]) -> list[int]:
    """Run an act in several processes that begin together; return how each of them ended."""
    gate, opening = os.pipe()
    if connection.vendor == "sqlite":
        connection.close()
    children = [in_a_process(gate, act) for _ in range(count)]
    os.write(opening, b"!" * count)
    ended = [os.waitstatus_to_exitcode(os.waitpid(one, 0)[1]) for one in children]
    os.close(gate)
    os.close(opening)
    return ended


def in_a_process(gate: int, act: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        with_connections_of_its_own()
        os.read(gate, 1)
        act()
        code = 0
    finally:
        os._exit(code)


@pytest.mark.requirement("RET-G7", "WIN-13")
def test_what_does_not_go_is_tried_less_and_less_often_and_somebody_is_told(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something goes on putting pictures of the paper back, so that a listing always shows one more."""
    made, paper, put = begun(disposal, 1), Document.objects.get(), []

    def reached(name: str) -> None:
        if name.rpartition("-")[2].isdigit():
            key, content = f"renditions/{paper.pk}/late-{len(put)}.webp", b"a picture"
            digest = hashlib.sha256(content).hexdigest()
            vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="image/webp")
            put.append(key)

    monkeypatch.setattr(failpoints, "reach", reached)
    waits, item = [], made.items.get()
    for _ in range(5):
        ListItem.objects.update(not_before=None)
        execution.carry_out_items(made.items.all(), by=system("tests"))
        item.refresh_from_db()
        assert item.not_before is not None
        waits.append(round((item.not_before - clock.now()).total_seconds() / 60))
    assert (item.state, waits) == (ItemState.INCOMPLETE, [1, 2, 4, 8, 16])
    assert not visible_to(Scope.of(disposal.world.actor("clerk"))).filter(pk=paper.pk).exists()
    failed = AuditEvent.objects.filter(type="destruction.failed", stream__startswith="disposal")
    assert failed.count() == 2  # at the first failure, and when it was tried so often that somebody must look
    assert tiles.counts(disposal.world.actor("rm1"))["failed"] == 1
    monkeypatch.undo()


@pytest.mark.requirement("RET-G18", "DOM-10.19")
def test_backups_are_let_go_after_the_last_record_went_and_then_it_is_fully_expunged(
    disposal: Disposal, settings: Any
) -> None:
    with_disposal(settings, BACKUP_DAYS=30)
    made = begun(disposal, 2)
    first, second = made.items.order_by("place")
    ListItem.objects.filter(pk=second.pk).update(not_before=clock.now() + timedelta(days=3))
    disposal.run(made.pk)
    disposal.pass_days(4)  # a backup of these days still held the second one
    execution.go_on()
    made = disposal.run(made.pk)
    last = clock.today() + timedelta(days=30)
    assert states(made) == [ItemState.DESTROYED] * 2
    told = certificates.certificate_of(disposal.world.actor("rm1"), made).content
    assert told["backups_clear_on"] == last.isoformat()
    certificate = Certificate.objects.get()
    assert certificate.clear_on == last
    assert not certificate.is_expunged(last)
    assert certificate.is_expunged(last + timedelta(days=1))
    assert first.pk != second.pk


@pytest.mark.requirement("RET-G19")
def test_words_are_found_no_more_at_once_and_leave_the_index_files_after_the_list(
    disposal: Disposal, settings: Any
) -> None:
    with_disposal(settings, INDEX_SNAPSHOT_DAYS=90)
    made = begun(disposal, 1)
    paper = Document.objects.get()
    search.index(paper.pk)
    assert search.proof_of_removal(paper.pk).entries == 1
    execution.carry_out_items(made.items.all(), by=system("tests"))
    assert search.proof_of_removal(paper.pk).entries == 0
    made = disposal.run(made.pk)
    [job] = Job.objects.filter(name=JobName.DISPOSAL_PURGE)
    assert job.finished_at is None  # physical removal is scheduled, once for the whole list
    search.expunge()
    assert search.proof_of_removal(paper.pk).is_proven
    from_index = certificates.certificate_of(disposal.world.actor("rm1"), made).content["index_snapshots_clear_on"]
    assert from_index == (clock.today() + timedelta(days=90)).isoformat()
    assert Certificate.objects.get().clear_on == clock.today() + timedelta(days=90)


@pytest.mark.requirement("RET-G22")
def test_off_schedule_it_is_hidden_first_and_another_person_a_reason_and_a_day_are_asked_for(
    disposal: Disposal, settings: Any
) -> None:
    case, paper = disposal.case()
    keeper, other = disposal.world.actor("rm1"), disposal.world.actor("rm2")
    for by in (disposal.world.actor("clerk"), disposal.world.actor("usher")):
        with pytest.raises(Forbidden):
            off_schedule.ask(by=by, kind="case", record_id=case.pk, ground=Ground.WRONG_UPLOAD, reason="Not ours")
    made = off_schedule.ask(by=keeper, kind="case", record_id=case.pk, ground=Ground.WRONG_UPLOAD, reason="Not ours")
    assert not visible_to(Scope.of(disposal.world.actor("clerk"))).filter(pk=paper.pk).exists()
    with pytest.raises(approvals.MakerCannotApprove):
        approvals.approve(by=keeper, list_id=made.pk, stage=1, confirm=made.number)
    made = approvals.approve(by=other, list_id=made.pk, stage=1, confirm=made.number)
    assert made.approved_at is not None
    assert made.cooling_until == made.approved_at + timedelta(hours=24)
    with pytest.raises(execution.CoolingOff):
        execution.carry_out(by=keeper, list_id=made.pk)
    disposal.pass_days(1)
    execution.carry_out(by=keeper, list_id=made.pk)
    made = disposal.run(made.pk)
    told = certificates.certificate_of(other, made).content
    assert (made.status, told["list"]["ground"], told["status"]) == (ListStatus.DONE, "wrong_upload", "final")
    assert {one["result"] for one in told["records"][0]["targets"]} == {TargetStatus.VERIFIED}
    [stub] = Stub.objects.filter(kind="case")
    assert (stub.record, stub.certificate, stub.class_code) == (case.pk, made.certificate.number, disposal.kind.code)


@pytest.mark.requirement("RET-G14")
def test_many_are_taken_up_some_at_a_time_within_every_limit_and_stopped_and_gone_on_with(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """How fast, how soon it stops and how long readers wait are figures of `make bench PARTS=disposal`."""
    made, keeper = begun(disposal, 7), disposal.world.actor("rm1")
    with_disposal(settings, SIDE_BY_SIDE=2, CAP_PER_MINUTE=4)
    in_hand: list[int] = []
    pages: list[int] = []
    reader = Client()
    reader.force_login(disposal.world.courts.people["clerk"])

    def reached(name: str) -> None:
        in_hand.append(made.items.filter(state=ItemState.DESTROYING).count())
        pages.append(reader.get(f"/cases/{disposal.world.courts.case.pk}/").status_code)

    monkeypatch.setattr(failpoints, "reach", reached)
    execution.take_turn(made.pk)
    assert states(made).count(ItemState.DESTROYED) == 4  # as many as a minute allows, and no more
    assert (max(in_hand), set(pages)) == (2, {200})
    execution.stop(by=keeper, list_id=made.pk, reason="A doubt")
    a_minute_passes(made)
    execution.take_turn(made.pk)
    assert states(made).count(ItemState.DESTROYED) == 4
    execution.carry_out(by=keeper, list_id=made.pk)
    with_disposal(settings, CAP_PER_MINUTE=None, CAP_PER_DAY=5)
    execution.take_turn(made.pk)
    assert states(made).count(ItemState.DESTROYED) == 5
    with_disposal(settings, CAP_PER_DAY=100)
    assert disposal.run(made.pk).status == ListStatus.DONE
    assert states(made) == [ItemState.DESTROYED] * 7
    assert AuditEvent.objects.filter(type="destruction.completed", stream__startswith="disposal").count() == 7


def a_minute_passes(made: DisposalList) -> None:
    made.items.filter(claimed_at__isnull=False).update(claimed_at=clock.now() - timedelta(seconds=61))
