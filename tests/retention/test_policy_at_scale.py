"""A change of policy over many cases: foretold, worked out in batches, guarded (RET-P1, S7).

The numbers here are small; `make bench PARTS=retention` has them large. Nothing in what is shown depends on how many.
"""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from benchmarks.many_records import write_cases
from docstore.core import clock
from docstore.retention import lists, nightly, preview, schedules, status
from docstore.retention.models import ClassVersion, DisposalClass, Recomputation, RetentionStatus
from docstore.retention.preview import Effect
from docstore.retention.vocabulary import DUE, Outcome
from tests.retention.world import SEVEN_YEARS, UNTIL_SENTENCE_ENDS, World

pytestmark = pytest.mark.django_db

CASES = 300
MILLION, HALF_AN_HOUR = 1_000_000, 30 * 60
TWELVE_YEARS = SEVEN_YEARS | {"period": "P12Y"}
Answers = dict[UUID, tuple[str, date | None]]


def many(world: World, *steps: dict[str, Any], count: int = CASES) -> DisposalClass:
    """A class with many cases, closed on many days; their answers are worked out."""
    kind = world.new_class(*steps)
    write_cases(kind, count, sentenced=2)
    for run in Recomputation.objects.filter(finished_at__isnull=True):
        nightly.recompute_run(run.pk)
    world.advance(8)
    return kind


def answers(kind: DisposalClass) -> Answers:
    rows = RetentionStatus.objects.filter(disposal_class=kind).values_list("record_id", "outcome", "due_on")
    return {record: (outcome, due_on) for record, outcome, due_on in rows}


@pytest.mark.requirement("RET-P1")
def test_it_goes_on_where_it_was_broken_off_and_the_records_manager_sees_how_far_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nightly, "BATCH", 50)
    kind = many(world)
    version = world.new_version(kind, TWELVE_YEARS)
    run = Recomputation.objects.latest("id")
    keeper = Client()
    keeper.force_login(world.courts.people["rm1"])
    pages = (reverse("records"), reverse("records-class", kwargs={"class_id": kind.pk}))
    real, batches = status.recompute, []

    def recompute(records: Any, **told: Any) -> Any:
        batches.append(len(records))
        if len(batches) == 3:
            raise ConnectionError("the process was killed")
        return real(records, **told)

    monkeypatch.setattr(status, "recompute", recompute)
    with pytest.raises(ConnectionError):
        nightly.recompute_run(run.pk)
    run.refresh_from_db()
    assert (run.seen, run.finished_at) == (100, None)  # two batches, and no third one half done
    for page in pages:
        told = keeper.get(page).content.decode()
        assert str(version) in told
        assert f"100 of {CASES} records looked at" in told
    begun = time.process_time()
    assert nightly.recompute_run(run.pk).seen == CASES
    assert batches == [50] * 7
    assert (time.process_time() - begun) / (CASES - 100) * MILLION < HALF_AN_HOUR
    assert all("records looked at" not in keeper.get(page).content.decode() for page in pages)


@pytest.mark.requirement("RET-P1")
@pytest.mark.django_db(transaction=True)
def test_no_lock_outlasts_a_batch_and_none_is_held_while_effects_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever takes long with many records is done outside a transaction, or in one for each batch."""
    monkeypatch.setattr(nightly, "BATCH", 10)
    kind = many(world, count=40)
    counted: list[bool] = []
    real = preview.moves

    def moves(version: ClassVersion) -> Iterator[preview.Moved]:
        counted.append(connection.in_atomic_block)
        yield from real(version)

    monkeypatch.setattr(preview, "moves", moves)
    world.new_version(kind, TWELVE_YEARS)
    assert counted == [False]
    sizes: list[int] = []
    worked_out = status.recompute

    def recompute(records: Any, **told: Any) -> Any:
        assert connection.in_atomic_block
        sizes.append(len(records))
        return worked_out(records, **told)

    monkeypatch.setattr(status, "recompute", recompute)
    transactions: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        transactions.append(sql.split()[0])
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        nightly.recompute_run(Recomputation.objects.latest("id").pk)
    assert sizes == [10] * 4
    assert not connection.in_atomic_block
    assert "LOCK" not in transactions


@pytest.mark.requirement("RET-S7")
def test_shortened_to_seven_years_and_then_to_the_sentence_the_preview_is_what_happens_and_the_guard_holds(
    world: World,
) -> None:
    kind = many(world, TWELVE_YEARS)
    shortened = change(world, kind, SEVEN_YEARS)
    assert shortened.effects[Effect.EARLIER] == CASES
    by_sentence = change(world, kind, UNTIL_SENTENCE_ENDS)
    assert by_sentence.effects[Effect.UNKNOWN] == CASES // 2
    assert by_sentence.effects[Effect.LATER] > 0
    told = Counter(outcome for outcome, _ in answers(kind).values())
    assert told[Outcome.CANNOT_COMPUTE] == CASES - CASES // 2  # never the shorter of the two while one is unknown


def change(world: World, kind: DisposalClass, step: dict[str, Any]) -> preview.Impact:
    """Preview, approve, work out and let it start; everything must be as was foretold, and nothing due in the guard time."""
    row = world.draft(kind, step, effective_from=clock.today() + timedelta(days=3), guard_days=None)
    found = schedules.preview_version(by=world.actor("rm1"), version_id=row.pk)
    foretold = {one.record.id: (str(one.after.outcome), one.after.due_on) for one in preview.moves(row)}
    assert found.total == len(foretold) == CASES
    schedules.submit_version(by=world.actor("rm1"), version_id=row.pk)
    approved = schedules.approve_version(by=world.actor("rm2"), version_id=row.pk)
    nightly.recompute_run(Recomputation.objects.latest("id").pk)
    world.advance(3)
    guard = approved.guard_until
    assert guard is not None  # what was due already would be due by the new wording as well, and waits with the rest
    for record, (outcome, due_on) in answers(kind).items():
        told, day = foretold[record]
        assert due_on == (max(day, guard) if day else None)
        assert outcome == (Outcome.NOT_DUE if told in DUE else told)  # not even what is years past its new day
    with pytest.raises(lists.NothingDue):
        lists.make_list(by=world.actor("rm1"), classes=[kind.code])
    world.advance((guard - clock.today()).days)
    freed = {one for one, (outcome, _) in answers(kind).items() if outcome in DUE}
    assert freed == {one for one, (_, due_on) in foretold.items() if due_on and due_on <= clock.today()} != set()
    return found
