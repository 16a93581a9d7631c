"""An act and its event stand or fall together, each act leaves one event on a stream, and a policy change can be broken off."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from docstore.audit.models import AuditEvent
from docstore.core import clock
from docstore.core.hashing import sha256_hex
from docstore.documents import fixity
from docstore.documents.models import Document, Version
from docstore.documents.vault import in_memory, vault
from docstore.retention import (
    actions,
    approvals,
    decisions,
    execution,
    holds,
    lists,
    longer,
    orphans,
    schedules,
    switch,
)
from docstore.retention.decisions import Said
from docstore.retention.disposal_models import Decision, DisposalList, ItemState
from docstore.retention.hold_models import Hold
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import Assignment, Extension, Trigger
from docstore.retention.vocabulary import HoldKind, Source
from docstore.search import actions as search
from docstore.search import queries as searching
from tests.api.client import drain
from tests.retention.disposing import Disposal
from tests.retention.test_saga import REFUSE_EVENTS
from tests.retention.world import SEVEN_YEARS, World, of_case

pytestmark = pytest.mark.django_db
Act = Callable[[], object]


def hold_of(disposal: Disposal, case: Any) -> HoldTold:
    review = clock.today() + timedelta(days=100)
    return HoldTold(HoldKind.CASE, "Inquiry", "A test", "The tests", review, Targets(cases=(case.pk,)))


def told_by(act: Act) -> Counter[tuple[str, str]]:
    """Which events an act has left, by stream and type."""
    last = AuditEvent.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    act()
    return Counter(AuditEvent.objects.filter(pk__gt=last).values_list("stream", "type"))


@pytest.mark.requirement("RET-L1")
def test_each_act_leaves_one_event_on_a_stream(disposal: Disposal) -> None:
    case, _ = disposal.case()
    world, keeper, other = disposal.world, disposal.world.actor("rm1"), disposal.world.actor("rm2")
    record, kind = of_case(case), disposal.world.new_class()
    disposal.pass_days(8)
    seen: dict[str, Any] = {}
    acts: list[tuple[str, Act]] = [
        ("disposal_list.made", lambda: seen.update(made=disposal.make())),
        ("disposal_list.decided", lambda: decide(disposal, seen["made"])),
        ("disposal_list.submitted", lambda: lists.submit(by=keeper, list_id=seen["made"].pk)),
        ("disposal_list.approved", lambda: approve(disposal, seen["made"])),
        ("disposal_list.ended", lambda: lists.cancel(by=keeper, list_id=seen["made"].pk, reason="No")),
        ("hold.placed", lambda: seen.update(hold=holds.place_hold(by=keeper, told=hold_of(disposal, case)))),
        ("hold.released", lambda: holds.release_hold(by=keeper, hold_id=seen["hold"].hold.pk, reason="Over")),
        ("class.assigned", lambda: actions.assign_class(by=keeper, record=record, code=kind.code, reason="Other")),
        ("trigger.recorded", lambda: seen.update(trigger=sentence(world, record))),
        ("trigger.voided", lambda: actions.void_trigger(by=keeper, trigger_id=seen["trigger"].pk, reason="Wrong")),
        ("record.extended", lambda: longer.extend(by=keeper, record=record, until=date(2031, 1, 1), reason="Study")),
        ("class_version.drafted", lambda: seen.update(draft=world.draft(kind, SEVEN_YEARS))),
        ("class_version.submitted", lambda: schedules.submit_version(by=keeper, version_id=seen["draft"].pk)),
        ("class_version.approved", lambda: schedules.approve_version(by=other, version_id=seen["draft"].pk)),
        ("destruction.stopped", lambda: switch.stop_all(by=keeper, reason="A doubt")),
    ]
    for name, act in acts:
        told = {key: count for key, count in told_by(act).items() if key[1] == name}
        assert list(told.values()) == [1], (name, told)


def decide(disposal: Disposal, made: DisposalList) -> None:
    said = Said(Decision.APPROVE, "Due")
    decisions.decide(by=disposal.world.actor("rm1"), list_id=made.pk, said=said, filters={})


def approve(disposal: Disposal, made: DisposalList) -> None:
    approvals.approve(by=disposal.world.actor("rm2"), list_id=made.pk, stage=1, confirm=made.number)


def sentence(world: World, record: Any) -> Trigger:
    told = {"type": "sentence_end", "event_on": "2024-01-10", "source": Source.USER, "reason": "A test"}
    return actions.record_trigger(by=world.actor("rm1"), record=record, **told)  # type: ignore[arg-type]


@pytest.mark.requirement("RET-L2")
def test_a_change_and_its_event_are_saved_together_or_not_at_all(disposal: Disposal) -> None:
    case, _ = disposal.case()
    disposal.pass_days(8)
    keeper, record, kind = disposal.world.actor("rm1"), of_case(case), disposal.world.new_class()
    before = AuditEvent.objects.count()
    with transaction.atomic():  # the change fails after its event was written
        longer.extend(by=keeper, record=record, until=date(2031, 1, 1), reason="Study")
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == before
    with connection.cursor() as cursor:
        for statement in REFUSE_EVENTS[connection.vendor]:
            cursor.execute(statement)
    acts: list[Act] = [
        lambda: longer.extend(by=keeper, record=record, until=date(2031, 1, 1), reason="Study"),
        lambda: holds.place_hold(by=keeper, told=hold_of(disposal, case)),
        lambda: actions.assign_class(by=keeper, record=record, code=kind.code, reason="Other"),
        lambda: sentence(disposal.world, record),
        disposal.make,
    ]
    for act in acts:
        with pytest.raises(DatabaseError, match="no room for events"):
            act()
    for rows in (Extension, Hold, DisposalList, Trigger.objects.filter(type="sentence_end")):
        assert not getattr(rows, "objects", rows).exists()
    assert not Assignment.objects.filter(record_id=case.pk, disposal_class=kind).exists()


@pytest.mark.requirement("RET-K3")
def test_a_hit_on_what_was_destroyed_is_suppressed_and_the_index_repaired(disposal: Disposal) -> None:
    paper = disposal.world.courts.file("zanthoxylum", case=disposal.world.courts.case)
    search.index(paper.pk)
    clerk = disposal.world.actor("clerk")
    assert len(searching.search(by=clerk, query="zanthoxylum").hits) == 1
    Document.objects.filter(pk=paper.pk).update(lifecycle="DESTROYED", index_seq=paper.index_seq + 50)
    assert searching.search(by=clerk, query="zanthoxylum").hits == ()
    drain()
    assert search.proof_of_removal(paper.pk).entries == 0


@pytest.mark.requirement("RET-M7")
def test_what_is_missing_is_told_apart_and_what_comes_back_is_an_incident(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, paper = disposal.case()
    key, content = paper.versions.get().key, b"brought back"
    disposal.pass_days(8)
    disposal.run(disposal.begun().pk)
    assert fixity.check_due() == 0  # what was destroyed is not missed
    vault().put(key, in_memory(content), sha256=digest_of(content), size=len(content), media_type="text/plain")
    monkeypatch.setattr(orphans, "GRACE_SECONDS", -1)
    orphans.sweep_vault()
    [told] = AuditEvent.objects.filter(type="destroyed.came_back")
    assert not vault().has(key)
    lost, _ = disposal.world.courts.file("lost"), disposal.world.courts.file("whole")
    storages["vault"].delete(lost.versions.get().key)
    assert fixity.check_due() == 1
    assert [one.fixity_fault for one in fixity.faults()] == [fixity.Fault.MISSING]
    assert told.stream == "records"


def digest_of(content: bytes) -> str:
    return sha256_hex(iter([content]))


def test_what_is_damaged_is_not_destroyed_before_somebody_has_looked_into_it(disposal: Disposal) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    Version.objects.filter(document=paper).update(fixity_fault=fixity.Fault.CHANGED)
    execution.take_turn(made.pk)
    item = made.items.get()
    assert (item.state, "missing or changed" in item.state_reason) == (ItemState.SKIPPED, True)
    assert vault().has(paper.versions.get().key)
