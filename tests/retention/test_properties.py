"""Whatever the facts: a hold, a rule, a case or a later trigger never makes anything due earlier (RET-C20)."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docstore.retention.evaluate import Applied, Evaluation, HoldFact, Settings, Subject, evaluate
from docstore.retention.triggers import EventFact
from docstore.retention.vocabulary import DUE, Outcome, TriggerType
from tests.retention.making import APPLIED, DAYS, HOLDS, SUBJECTS

LONGEST = Settings()
MANY = settings(max_examples=300, deadline=None)


def at(subject: Subject, as_of: date) -> Evaluation:
    return evaluate(subject, settings=LONGEST, as_of=as_of)


def never_earlier(before: Subject, after: Subject, as_of: date) -> None:
    """What is due after the change was due before it; a date that both have is not earlier."""
    old, new = at(before, as_of), at(after, as_of)
    if new.outcome in DUE:
        assert old.outcome in DUE or not before.applied
    if new.outcome is Outcome.ELIGIBLE and before.applied:
        assert old.outcome is Outcome.ELIGIBLE
    if old.due_on and new.due_on:
        assert new.due_on >= old.due_on


@pytest.mark.requirement("RET-C20")
@MANY
@given(before=SUBJECTS, added=HOLDS, as_of=DAYS)
def test_a_hold_makes_nothing_due_earlier(before: Subject, added: HoldFact, as_of: date) -> None:
    never_earlier(before, replace(before, holds=(*before.holds, added)), as_of)


@pytest.mark.requirement("RET-C20")
@MANY
@given(before=SUBJECTS, added=APPLIED, as_of=DAYS)
def test_a_rule_or_a_further_case_makes_nothing_due_earlier(before: Subject, added: Applied, as_of: date) -> None:
    never_earlier(before, replace(before, applied=(*before.applied, added)), as_of)


@pytest.mark.requirement("RET-C20")
@MANY
@given(before=SUBJECTS, kind=st.sampled_from(list(TriggerType)), later=st.integers(0, 20_000), as_of=DAYS)
def test_a_later_trigger_makes_nothing_due_earlier(before: Subject, kind: TriggerType, later: int, as_of: date) -> None:
    def with_later(one: Applied) -> Applied:
        if kind not in one.events:
            return one
        old = one.events[kind]
        on = date.fromordinal(min(old.on.toordinal() + later, date(2300, 1, 1).toordinal()))
        return replace(one, events={**one.events, kind: EventFact(kind, on, old.id + 100, on)})

    never_earlier(before, replace(before, applied=tuple(with_later(one) for one in before.applied)), as_of)


@MANY
@given(subject=SUBJECTS, as_of=DAYS, until=DAYS)
def test_a_date_set_by_a_person_makes_nothing_due_earlier(subject: Subject, as_of: date, until: date) -> None:
    later = max(until, subject.not_before or date.min)
    never_earlier(subject, replace(subject, not_before=later), as_of)


@pytest.mark.requirement("RET-D2", "RET-S5")
@MANY
@given(subject=SUBJECTS, as_of=DAYS, order=st.randoms())
def test_the_order_of_rules_never_matters(subject: Subject, as_of: date, order: Random) -> None:
    shuffled = list(subject.applied)
    order.shuffle(shuffled)
    one, other = at(subject, as_of), at(replace(subject, applied=tuple(shuffled)), as_of)
    assert (one.outcome, one.due_on, one.next_action) == (other.outcome, other.due_on, other.next_action)
    assert set(one.reasons) == set(other.reasons)


@pytest.mark.requirement("RET-C2")
@MANY
@given(subject=SUBJECTS, as_of=DAYS)
def test_nothing_is_due_by_itself(subject: Subject, as_of: date) -> None:
    """Without a trigger there is no date, whatever day it is; with one, no date follows from the day of asking."""
    without = replace(subject, applied=tuple(replace(one, events={}) for one in subject.applied))
    assert at(without, as_of).due_on is None
    assert at(without, as_of).outcome not in DUE
    ever = {at(subject, day).due_on for day in (date(1900, 1, 1), as_of, date(2300, 1, 1))}
    assert len(ever) == 1


@MANY
@given(subject=SUBJECTS, as_of=DAYS)
def test_nothing_changes_before_the_day_that_is_named(subject: Subject, as_of: date) -> None:
    """The night looks only at records whose `next_change_on` has come: so until then the answer must be the same."""
    now = at(subject, as_of)
    last = now.next_change_on or date(2500, 1, 1)
    day = date.fromordinal(max(as_of.toordinal(), last.toordinal() - 1))
    then = at(subject, day)
    assert (then.outcome, then.due_on, then.flags) == (now.outcome, now.due_on, now.flags)
