"""A records manager's year in small: class, closing, provisional week, eligible, sentence, hold."""

from datetime import date, timedelta

import pytest

from docstore.core import clock
from docstore.retention import actions, holds, queries, schedules
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import RetentionStatus
from docstore.retention.vocabulary import HoldKind, Outcome, Source
from tests.retention.world import CLOSED_ON, DUE_ON, SEVEN_YEARS, UNTIL_SENTENCE_ENDS, World, of_case

pytestmark = pytest.mark.django_db


def test_a_year_in_small(world: World) -> None:
    plain, sentence, held = (
        of_case(world.case(kind))
        for kind in (world.new_class(SEVEN_YEARS), world.new_class(UNTIL_SENTENCE_ENDS), world.new_class(SEVEN_YEARS))
    )
    review = clock.today() + timedelta(days=365)
    told = HoldTold(HoldKind.CASE, "Inquiry", "A test", "The tests", review, Targets(cases=(held.id,)))
    holds.place_hold(by=world.actor("rm1"), told=told)
    assert queries.evaluate_record(plain).outcome is Outcome.PROVISIONAL

    world.advance(8)
    found = queries.evaluate_record(plain)
    assert (found.outcome, found.due_on) == (Outcome.ELIGIBLE, DUE_ON)
    assert all(len(sentence) > 20 for sentence in found.because)
    assert queries.evaluate_record(plain, date(2025, 3, 4)).outcome is Outcome.NOT_DUE
    assert RetentionStatus.objects.get(record_id=plain.id).outcome == Outcome.ELIGIBLE
    assert queries.evaluate_record(sentence).outcome is Outcome.CANNOT_COMPUTE
    assert (queries.evaluate_record(held).outcome, queries.evaluate_record(held).due_on) == (Outcome.HELD, DUE_ON)

    ends = clock.today() + timedelta(days=900)
    actions.record_trigger(
        by=world.actor("clerk"),
        record=sentence,
        type="sentence_end",
        event_on=ends.isoformat(),
        source=Source.USER,
        reason="A test",
    )
    world.advance(8)
    found = queries.evaluate_record(sentence)
    assert (found.outcome, found.due_on) == (Outcome.NOT_DUE, ends)


def test_the_author_may_not_approve(world: World) -> None:
    kind = world.new_class()
    row = world.draft(kind)
    schedules.submit_version(by=world.actor("rm1"), version_id=row.pk)
    with pytest.raises(schedules.SamePerson):
        schedules.approve_version(by=world.actor("rm1"), version_id=row.pk)


def test_reopening_stops_the_clock_and_closing_starts_a_new_one(world: World) -> None:
    case = world.case(world.new_class())
    world.advance(8)
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.ELIGIBLE
    actions.reopen_case(by=world.actor("clerk"), case_id=case.pk, reason="A test")
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.AWAITING_TRIGGER
    world.close(case, CLOSED_ON.replace(year=2020))
    assert queries.evaluate_record(of_case(case)).due_on == date(2027, 3, 5)
