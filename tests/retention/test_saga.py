"""The saga of a destruction under bad luck: a hold at every step, a storage that lies, refuses in part, or keeps a lock."""

import base64
import hashlib
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from docstore.audit.models import AuditEvent
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock, conf, failpoints
from docstore.documents.erasure import CopyKind, eraser
from docstore.documents.vault import vault
from docstore.retention import actions, certificates, execution, holds, queries, tiles
from docstore.retention.disposal_models import DestructionTarget, ItemState, ListItem, TargetStatus
from docstore.retention.holds import HoldTold, Placed, Targets
from docstore.retention.models import Trigger
from docstore.retention.vocabulary import HoldKind, Outcome, Record, Source
from tests.retention.disposing import Disposal, taken, with_disposal
from tests.retention.world import UNTIL_SENTENCE_ENDS, of_case

pytestmark = pytest.mark.django_db

BEFORE_RETURN = ("disposal-planned",)
BEYOND_RETURN = ("disposal-claimed", "disposal-index entry-0", "disposal-queued work-1", "disposal-object version-2")
SEEN_TO_BE_GONE = ("disposal-verified",)


def hold(disposal: Disposal, case: Case) -> Placed:
    review = clock.today() + timedelta(days=100)
    told = HoldTold(HoldKind.CASE, "Inquiry", "A test", "The tests", review, Targets(cases=(case.pk,)))
    return holds.place_hold(by=disposal.world.actor("rm1"), told=told)


@pytest.mark.requirement("RET-E9")
@pytest.mark.parametrize("step", [*BEFORE_RETURN, BEYOND_RETURN[0], *SEEN_TO_BE_GONE])
def test_a_hold_at_any_step_keeps_the_record_or_is_told_that_it_came_too_late(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    case, paper = disposal.case()
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    placed: list[Placed] = []

    def reached(name: str) -> None:
        if name == step and not placed:
            placed.append(hold(disposal, case))

    monkeypatch.setattr(failpoints, "reach", reached)
    execution.take_turn(made.pk)
    item, [told] = made.items.get(), placed
    paper.refresh_from_db()
    if step in BEFORE_RETURN:
        assert item.state in (ItemState.SKIPPED, ItemState.WITHDRAWN)
        assert (told.in_destruction, paper.lifecycle, vault().has(key)) == ((), Lifecycle.ACTIVE, True)
        return
    assert told.in_destruction == (of_case(case),)
    assert paper.is_gone  # nobody reads it, whatever comes
    assert item.state == ItemState.INCOMPLETE
    assert item.hold_reported_at is not None
    assert tiles.counts(disposal.world.actor("rm1"))["failed"] == 1  # an alarm on the records manager's first page
    assert "hold" in item.state_reason.lower()
    assert vault().has(key) is (step in BEYOND_RETURN[:-1])
    assert paper.title  # the rows are copies, too, and stay
    assert AuditEvent.objects.filter(type="destruction.halted").count() == 2  # on the list and on the case
    monkeypatch.undo()
    holds.release_hold(by=disposal.world.actor("rm1"), hold_id=told.hold.pk, reason="Over")
    ListItem.objects.update(not_before=None)
    assert made.items.get().state == ItemState.INCOMPLETE


@pytest.mark.requirement("RET-S1")
def test_a_hold_at_every_single_step_of_claim_and_destruction(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The steps are those that a destruction without a hold goes through; none is left out, whatever is added to them."""
    with_disposal(settings, SIDE_BY_SIDE=1)
    disposal.case()
    disposal.pass_days(8)
    steps: list[str] = []
    with monkeypatch.context() as listening:
        listening.setattr(failpoints, "reach", steps.append)
        disposal.run(disposal.begun().pk)
    assert steps[:2] == ["disposal-planned", "disposal-claimed"]
    assert steps[-2:] == ["disposal-verified", "disposal-finalised"]
    for _ in steps:
        disposal.case()
    disposal.pass_days(8)
    made, placed = disposal.begun(), list[Placed]()
    items = list(made.items.order_by("place"))

    def reached(name: str) -> None:
        """At the first step of the first record hold that one, at the second step of the second that, and so on."""
        reached_by[-1:] = [reached_by[-1] + (name == "disposal-planned")]
        at = reached_by[-1]
        if name == steps[at] and len(placed) == at:
            placed.append(hold(disposal, Case.objects.get(pk=items[at].record)))

    reached_by = [-1]
    monkeypatch.setattr(failpoints, "reach", reached)
    disposal.run(made.pk)
    assert len(placed) == len(steps)
    for step, before, told in zip(steps, items, placed, strict=True):
        item, case = ListItem.objects.get(pk=before.pk), Case.objects.get(pk=before.record)
        if step == steps[0]:
            assert item.state in (ItemState.SKIPPED, ItemState.WITHDRAWN), step
            assert not case.is_gone, step
        elif step == steps[-1]:
            assert (item.state, told.in_destruction) == (ItemState.DESTROYED, ()), (
                step
            )  # there was nothing left to hold
        else:
            assert told.in_destruction == (of_case(case),), step  # whoever placed it is told that it came too late
            assert (item.state, case.is_gone) == (ItemState.INCOMPLETE, True), step
            assert item.hold_reported_at is not None, step


@pytest.mark.requirement("RET-S1")
@pytest.mark.parametrize("step", ["disposal-planned", "disposal-object version-2", "disposal-verified"])
def test_a_hold_on_one_of_several_that_go_side_by_side_keeps_that_one_and_no_other(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    (first, _), (second, _), (third, _) = disposal.case(), disposal.case(), disposal.case()
    disposal.pass_days(8)
    made, placed = disposal.begun(), list[Placed]()

    def reached(name: str) -> None:
        if name == step and not placed:
            placed.append(hold(disposal, second))

    monkeypatch.setattr(failpoints, "reach", reached)
    disposal.run(made.pk)
    states = dict(made.items.values_list("record", "state"))
    assert (states[first.pk], states[third.pk]) == (ItemState.DESTROYED, ItemState.DESTROYED)
    is_before = step == "disposal-planned"
    assert states[second.pk] in ((ItemState.SKIPPED, ItemState.WITHDRAWN) if is_before else (ItemState.INCOMPLETE,))
    assert placed[0].in_destruction == (() if is_before else (of_case(second),))
    second.refresh_from_db()
    assert second.is_gone is not is_before
    assert second.title  # its rows stay


@pytest.mark.requirement("RET-G10")
def test_nothing_proceeds_while_the_audit_cannot_be_written(disposal: Disposal) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    with connection.cursor() as cursor:
        for statement in REFUSE_EVENTS[connection.vendor]:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="no room for events"):
        execution.take_turn(made.pk)
    paper.refresh_from_db()
    assert (paper.lifecycle, made.items.get().state) == (Lifecycle.ACTIVE, ItemState.APPROVED)
    assert not DestructionTarget.objects.exists()
    assert vault().has(paper.versions.get().key)


REFUSE_EVENTS = {
    "sqlite": [
        "CREATE TRIGGER no_room BEFORE INSERT ON docstore_auditevent BEGIN SELECT RAISE(ABORT, 'no room for events'); END"
    ],
    "postgresql": [
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'no room for events'; END $$",
        "CREATE TRIGGER no_room BEFORE INSERT ON docstore_auditevent FOR EACH ROW EXECUTE FUNCTION no_room()",
    ],
}


@pytest.mark.requirement("RET-G9")
def test_the_intent_is_told_before_the_first_copy_goes_and_the_end_after_the_last(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, paper = disposal.case()
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    seen: list[tuple[str, bool, bool]] = []

    def reached(name: str) -> None:
        told = set(AuditEvent.objects.filter(case=str(case.pk)).values_list("type", flat=True))
        seen.append((name, "destruction.begun" in told, "destruction.completed" in told))

    monkeypatch.setattr(failpoints, "reach", reached)
    execution.take_turn(made.pk)
    assert seen[0] == ("disposal-planned", False, False)
    assert seen[1] == ("disposal-claimed", True, False)
    assert {(begun, ended) for _, begun, ended in seen[1:-1]} == {(True, False)}
    assert seen[-1] == ("disposal-finalised", True, True)
    assert not vault().has(key)
    ListItem.objects.update(state=ItemState.DESTROYING, claimed_at=clock.now() - timedelta(minutes=59))
    assert not execution.overdue().exists()
    ListItem.objects.update(claimed_at=clock.now() - timedelta(minutes=61))
    assert execution.overdue().count() == 1  # an alarm


@pytest.mark.requirement("RET-S4", "RET-C6")
def test_dates_and_lists_are_right_after_each_act_of_a_long_story(disposal: Disposal) -> None:
    """Close, provisional, reopen, close again, a sentence that ends later, and its trigger void."""
    world, kind = disposal.world, disposal.world.new_class(UNTIL_SENTENCE_ENDS)
    case, clerk, rm = world.case(kind, closed_on=None), world.actor("clerk"), world.actor("rm1")
    record = of_case(case)

    def told() -> tuple[Outcome, Any]:
        found = queries.evaluate_record(record)
        return found.outcome, found.due_on

    assert told()[0] is Outcome.AWAITING_TRIGGER
    world.close(case)
    assert told()[0] is Outcome.CANNOT_COMPUTE  # the sentence's end is unknown, and unknown counts as longer
    end = sentence_ends(disposal, record, "2024-01-10")
    assert told()[0] is Outcome.PROVISIONAL
    disposal.pass_days(8)
    assert told() == (Outcome.ELIGIBLE, clock.today().replace(2025, 3, 5))
    disposal.kind = kind
    made = disposal.approved()
    actions.reopen_case(by=clerk, case_id=case.pk, reason="New evidence")
    assert made.items.get().state == ItemState.WITHDRAWN
    for reviewer in ("rm1", "rm2"):  # who made it and who approved it
        page = Client()
        page.force_login(world.courts.people[reviewer])
        assert f"1 record has left list {made.number}" in page.get(reverse("records")).content.decode()
    page.force_login(world.courts.people["records"])
    assert made.number not in page.get(reverse("records")).content.decode()
    assert told()[1] is None
    world.close(case, clock.today() - timedelta(days=1))
    disposal.pass_days(8)
    outcome, due_on = told()
    assert outcome is Outcome.NOT_DUE
    assert due_on > clock.today() + timedelta(days=6 * 365)
    later = sentence_ends(disposal, record, "2045-01-10")
    disposal.pass_days(8)
    assert told() == (Outcome.NOT_DUE, clock.today().replace(2045, 1, 10))
    actions.void_trigger(by=rm, trigger_id=later.pk, reason="Another person's sentence")
    assert told() == (Outcome.NOT_DUE, due_on)
    assert Trigger.objects.filter(voids=later.pk).count() == 1
    assert end.pk != later.pk


def sentence_ends(disposal: Disposal, record: Record, day: str) -> Trigger:
    return actions.record_trigger(
        by=disposal.world.actor("rm1"),
        record=record,
        type="sentence_end",
        event_on=day,
        source=Source.USER,
        reason="A test",
        confirmed=(actions.UNUSUAL_DATE,),
    )


def locked_storage() -> tuple[Any, str]:
    """The S3 client and bucket behind the vault; skips where the storage has no locks of its own."""
    if not vault().has_legal_holds:
        pytest.skip("this storage has no object lock")
    storage: Any = storages["vault"]
    return storage.connection.meta.client, storage.bucket_name


@pytest.mark.services
@pytest.mark.requirement("RET-G3", "DOM-10.14", "WIN-13")
def test_one_locked_version_keeps_the_whole_record_until_the_lock_ends(disposal: Disposal) -> None:
    client, bucket = locked_storage()
    case, paper = disposal.case()
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    picture = f"renditions/{paper.pk}/1.webp"
    client.put_object(Bucket=bucket, Key=picture, Body=b"a picture")
    until = clock.now() - clock.ahead() + timedelta(days=2)
    client.put_object_retention(Bucket=bucket, Key=key, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until})
    execution.take_turn(made.pk)
    item = made.items.get()
    case.refresh_from_db()
    assert (item.state, case.lifecycle) == (ItemState.BLOCKED, Lifecycle.BLOCKED_BY_LOCK)
    assert not DestructionTarget.objects.exists()
    assert [one.kind for one in eraser().survey(picture)] == [CopyKind.VERSION]  # nothing of it was touched
    locked = {"Bucket": bucket, "Key": key, "VersionId": eraser().survey(key)[0].version}
    client.put_object_retention(
        **locked, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": until}, BypassGovernanceRetention=True
    )
    short = clock.now() - clock.ahead() + timedelta(seconds=2)
    client.put_object_retention(
        **locked, Retention={"Mode": "GOVERNANCE", "RetainUntilDate": short}, BypassGovernanceRetention=True
    )
    time.sleep(2.5)  # the storage's clock is its own
    ListItem.objects.update(not_before=None)
    disposal.run(made.pk)
    assert made.items.get().state == ItemState.DESTROYED
    assert eraser().remaining(key) == []


@pytest.mark.services
@pytest.mark.requirement("RET-G5", "DOM-10.14", "WIN-13")
def test_a_delete_that_only_put_a_marker_leaves_nothing_behind(disposal: Disposal) -> None:
    client, bucket = locked_storage()
    _, paper = disposal.case()
    key = paper.versions.get().key
    client.delete_object(Bucket=bucket, Key=key)  # succeeds, and destroys nothing
    assert {one.kind for one in eraser().remaining(key)} == {CopyKind.VERSION, CopyKind.MARKER}
    disposal.pass_days(8)
    disposal.run(disposal.begun().pk)
    assert eraser().remaining(key) == []
    rows = DestructionTarget.objects.filter(locator=key)
    assert {one.kind for one in rows} == {"object version", "delete marker"}
    assert all(one.storage_version and one.status == TargetStatus.VERIFIED for one in rows)


@pytest.mark.services
@pytest.mark.requirement("RET-I3")
def test_a_certificate_is_interim_while_a_copy_is_refused_and_its_final_issue_supersedes_it(disposal: Disposal) -> None:
    client, bucket = locked_storage()
    _, paper = disposal.case()
    _, other = disposal.case("another")
    key = paper.versions.get().key
    disposal.pass_days(8)
    made = disposal.begun()
    item = next(one for one in made.items.all() if one.record == paper.filings.get().case_id)
    taken(item)
    client.put_object_legal_hold(Bucket=bucket, Key=key, LegalHold={"Status": "ON"})
    ListItem.objects.filter(pk=item.pk).update(lease_until=0, attempts=conf.get().disposal.alarm_after - 1)
    disposal.run(made.pk)
    rm1 = disposal.world.actor("rm1")
    interim = certificates.certificate_of(rm1, made)
    assert (interim.is_final, interim.content["status"], interim.content["supersedes"]) == (False, "interim", {})
    assert len(interim.content["records"]) == 1
    assert len(interim.content["not_destroyed"]) == 1
    client.put_object_legal_hold(Bucket=bucket, Key=key, LegalHold={"Status": "OFF"})
    ListItem.objects.update(not_before=None)
    execution.go_on()
    disposal.run(made.pk)
    final = certificates.certificate_of(rm1, made)
    before = hashlib.sha256(base64.b64decode(interim.envelope["payload"])).hexdigest()
    assert (final.is_final, final.content["status"], final.number) == (True, "final", interim.number)
    assert final.content["supersedes"] == {"issue": interim.content["issue"], "sha256": before}
    assert len(final.content["records"]) == 2
    other.refresh_from_db()
    assert other.is_gone
    disposal.case("a third")
    disposal.pass_days(8)
    third = disposal.run(disposal.begun().pk).certificate.number
    assert int(third.rpartition("-")[2]) == int(final.number.rpartition("-")[2]) + 1


@pytest.mark.services
@pytest.mark.requirement("RET-G6", "RET-G7")
def test_what_a_bulk_delete_did_not_remove_stays_pending_and_the_rest_is_not_harmed_again(disposal: Disposal) -> None:
    """The server answers 200 and names the keys that it refused."""
    client, bucket = locked_storage()
    _, paper = disposal.case()
    pictures = [f"renditions/{paper.pk}/{page}.webp" for page in (1, 2, 3)]
    for one in pictures:
        client.put_object(Bucket=bucket, Key=one, Body=b"a picture")
    disposal.pass_days(8)
    made = disposal.begun()
    item = made.items.get()
    taken(item)
    client.put_object_legal_hold(Bucket=bucket, Key=pictures[1], LegalHold={"Status": "ON"})
    ListItem.objects.update(lease_until=0)
    execution.take_turn(made.pk)
    rows = {one.locator: one for one in DestructionTarget.objects.filter(locator__in=pictures)}
    assert [rows[one].status for one in pictures] == ["deleted", "failed", "deleted"]
    item.refresh_from_db()
    paper.refresh_from_db()
    assert (item.state, item.attempts, paper.is_gone) == (ItemState.INCOMPLETE, 1, True)
    assert item.not_before is not None
    assert item.not_before > clock.now()
    client.put_object_legal_hold(Bucket=bucket, Key=pictures[1], LegalHold={"Status": "OFF"})
    ListItem.objects.update(not_before=None)
    disposal.run(made.pk)
    attempts = dict(DestructionTarget.objects.filter(locator__in=pictures).values_list("locator", "attempts"))
    assert [attempts[one] for one in pictures] == [1, 2, 1]
    assert made.items.get().state == ItemState.DESTROYED
