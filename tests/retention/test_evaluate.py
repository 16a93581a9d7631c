"""What the one pure function says, situation by situation (design/retention.md section 5)."""

from datetime import date
from itertools import permutations
from typing import Any

import pytest

from docstore.retention.evaluate import Applied, Evaluation, Settings, Subject, evaluate
from docstore.retention.explain import sentences
from docstore.retention.periods import parse
from docstore.retention.queries import explained
from docstore.retention.triggers import StepDone
from docstore.retention.vocabulary import AppliesTo, Cutoff, Level, Origin, Outcome, StepAction, TriggerType
from tests.retention.making import CLOSED, applied, event, hold, rule, step, subject

TODAY = date(2026, 11, 25)
SEVEN = step({"event": "case_closed"}, "P7Y")
TWELVE = step({"event": "case_closed"}, "P12Y")
KEPT = step({"none": True}, action=StepAction.RETAIN)
SENTENCE = step({"max": [{"event": "case_closed", "period": "P7Y"}, {"event": "sentence_end"}]})


def at(what: Subject | Applied, as_of: date = TODAY, *, known_on: date | None = None, **chosen: Any) -> Evaluation:
    facts = what if isinstance(what, Subject) else subject(what)
    return evaluate(facts, settings=Settings(**chosen), as_of=as_of, known_on=known_on)


def outcome(what: Subject | Applied, as_of: date = TODAY, **chosen: Any) -> tuple[Outcome, date | None]:
    found = at(what, as_of, **chosen)
    return found.outcome, found.due_on


def test_without_a_class_it_is_unclassified() -> None:
    assert outcome(subject()) == (Outcome.UNCLASSIFIED, None)


@pytest.mark.requirement("RET-C2")
def test_without_a_trigger_it_waits_and_has_no_date() -> None:
    assert outcome(applied(rule(SEVEN), events={})) == (Outcome.AWAITING_TRIGGER, None)
    assert outcome(applied(rule(SEVEN), is_open=True)) == (Outcome.AWAITING_TRIGGER, None)


@pytest.mark.requirement("RET-C11", "DOM-10.5", "WIN-13")
def test_it_is_due_on_the_day_and_not_the_day_before() -> None:
    one = applied(rule(SEVEN))
    assert outcome(one, date(2025, 3, 4)) == (Outcome.NOT_DUE, date(2025, 3, 5))
    assert outcome(one, date(2025, 3, 5)) == (Outcome.ELIGIBLE, date(2025, 3, 5))
    assert outcome(one, date(2025, 3, 5), end_of_day=True)[0] is Outcome.NOT_DUE
    assert outcome(one, date(2025, 3, 6), end_of_day=True)[0] is Outcome.ELIGIBLE


@pytest.mark.requirement("RET-E2", "RET-E3")
def test_a_hold_stops_and_the_clock_runs_on() -> None:
    one = applied(rule(SEVEN))
    assert outcome(subject(one, holds=(hold("a"), hold("b")))) == (Outcome.HELD, date(2025, 3, 5))
    assert outcome(subject(one, holds=(hold("b"),))) == (Outcome.HELD, date(2025, 3, 5))
    assert outcome(subject(one)) == (Outcome.ELIGIBLE, date(2025, 3, 5))


@pytest.mark.requirement("RET-D1", "WIN-13")
def test_hold_then_permanent_then_regulatory_then_longest() -> None:
    seven, twelve = applied(rule(SEVEN)), applied(rule(TWELVE, code="L"))
    kept = applied(rule(KEPT, code="P"))
    for order in permutations([seven, twelve, kept]):
        assert at(subject(*order, holds=(hold(),))).outcome is Outcome.HELD
        assert at(subject(*order)).outcome is Outcome.PERMANENT
    for two in permutations([seven, twelve]):
        assert outcome(subject(*two)) == (Outcome.NOT_DUE, date(2030, 3, 5))


@pytest.mark.requirement("RET-D1")
def test_nearest_level_is_a_setting_with_a_regulatory_floor() -> None:
    of_case, own = applied(rule(TWELVE, code="C")), applied(rule(SEVEN, code="D"), level=Level.DOCUMENT)
    regulatory = applied(rule(TWELVE, code="C", regulatory=True))
    assert outcome(subject(of_case, own)) == (Outcome.NOT_DUE, date(2030, 3, 5))
    assert outcome(subject(of_case, own), nearest_level=True) == (Outcome.ELIGIBLE, date(2025, 3, 5))
    assert outcome(subject(regulatory, own), nearest_level=True) == (Outcome.NOT_DUE, date(2030, 3, 5))


@pytest.mark.requirement("RET-D2", "RET-S5")
def test_the_unknown_counts_as_longer_in_both_orders() -> None:
    dated, unknown = applied(rule(SEVEN)), applied(rule(SEVEN, code="U"), events={})
    for two in permutations([dated, unknown]):
        assert outcome(subject(*two)) == (Outcome.AWAITING_TRIGGER, None)


@pytest.mark.requirement("RET-D3")
def test_a_maximum_before_another_minimum_is_a_conflict() -> None:
    short = applied(rule(step({"event": "case_closed"}, "P2Y", maximum=parse("P3Y"))))
    long = applied(rule(SEVEN, code="L"))
    for two in permutations([short, long]):
        assert at(subject(*two)).outcome is Outcome.CONFLICT


@pytest.mark.requirement("RET-D4")
def test_a_longer_statute_governs() -> None:
    assert outcome(applied(rule(step({"event": "case_closed"}, "P7Y", statute=parse("P10Y")))))[1] == date(2028, 3, 5)
    assert outcome(applied(rule(step({"event": "case_closed"}, "P7Y", statute=parse("P3Y")))))[1] == date(2025, 3, 5)


@pytest.mark.requirement("RET-D5")
def test_a_date_by_hand_is_never_earlier_than_the_rules() -> None:
    one = applied(rule(SEVEN))
    assert at(subject(one, not_before=date(2020, 1, 1))).due_on == date(2025, 3, 5)
    later = at(subject(one, not_before=date(2030, 1, 1)))
    assert (later.outcome, later.due_on, later.flags) == (Outcome.NOT_DUE, date(2030, 1, 1), ("manual date",))


@pytest.mark.requirement("RET-C13", "DOM-10.4")
def test_the_later_of_two_and_nothing_while_one_is_unknown() -> None:
    assert outcome(applied(rule(SENTENCE))) == (Outcome.CANNOT_COMPUTE, None)
    known = {CLOSED: event(), TriggerType.SENTENCE_END: event(TriggerType.SENTENCE_END, date(2033, 1, 10), id=2)}
    assert outcome(applied(rule(SENTENCE), events=known)) == (Outcome.NOT_DUE, date(2033, 1, 10))
    early = {CLOSED: event(), TriggerType.SENTENCE_END: event(TriggerType.SENTENCE_END, date(2019, 1, 10), id=2)}
    assert outcome(applied(rule(SENTENCE), events=early)) == (Outcome.ELIGIBLE, date(2025, 3, 5))


@pytest.mark.requirement("RET-C14")
def test_an_age_needs_a_date_of_birth() -> None:
    until = step({"max": [{"event": "case_closed", "period": "P6Y"}, {"age": {"years": 25, "of": "subject"}}]})
    assert at(applied(rule(until))).outcome is Outcome.CANNOT_COMPUTE
    assert "the date of birth" in at(applied(rule(until))).reasons[0]
    born = {CLOSED: event(), TriggerType.BIRTH: event(TriggerType.BIRTH, date(2008, 6, 1), id=2)}
    assert outcome(applied(rule(until), events=born)) == (Outcome.NOT_DUE, date(2033, 6, 1))


@pytest.mark.requirement("RET-C4", "DOM-10.10")
def test_what_was_told_this_week_is_provisional() -> None:
    fresh = {CLOSED: event(provisional_until=date(2026, 12, 2))}
    one = applied(rule(SEVEN), events=fresh)
    assert outcome(one, date(2026, 12, 1)) == (Outcome.PROVISIONAL, date(2025, 3, 5))
    assert outcome(one, date(2026, 12, 2)) == (Outcome.ELIGIBLE, date(2025, 3, 5))
    looking_back = at(one, date(2025, 3, 4), known_on=date(2026, 12, 3))
    assert looking_back.outcome is Outcome.NOT_DUE


@pytest.mark.requirement("RET-C18")
def test_past_its_maximum_it_is_flagged_and_a_hold_still_wins() -> None:
    one = applied(rule(step({"event": "case_closed"}, "P2Y", maximum=parse("P5Y"))))
    assert "past maximum" in at(one).flags
    assert at(subject(one, holds=(hold(),))).outcome is Outcome.HELD
    assert "past maximum" not in at(one, date(2021, 1, 1)).flags


@pytest.mark.requirement("RET-A10")
def test_the_next_step_counts_from_its_own_basis() -> None:
    strip = step({"event": "case_closed"}, "P18Y", action=StepAction.STRIP)
    bases = {"completed": date(2120, 6, 1), "original": date(2118, 3, 5)}
    for basis, due in bases.items():
        period = "P82Y" if basis == "completed" else "P100Y"
        then = step({"previous_step": basis}, period, order=2)
        one = applied(rule(strip, then), done=(StepDone(1, date(2038, 6, 1), date(2018, 3, 5)),))
        assert outcome(one) == (Outcome.NOT_DUE, due)
    assert at(applied(rule(strip, step({"previous_step": "completed"}, "P82Y", order=2)))).next_action == "strip"


@pytest.mark.requirement("RET-H1")
def test_what_is_permanent_is_never_eligible() -> None:
    for action in (StepAction.RETAIN, StepAction.TRANSFER):
        found = at(applied(rule(step({"none": True}, action=action))), date(2999, 1, 1))
        assert (found.outcome, found.next_action) == (Outcome.PERMANENT, str(action))


@pytest.mark.requirement("RET-A6")
@pytest.mark.parametrize(
    ("applies_to", "started", "number"),
    [
        (AppliesTo.ALL_LIVE, date(2018, 3, 5), 2),
        (AppliesTo.ALL_LIVE, None, 2),
        (AppliesTo.UNTRIGGERED, date(2018, 3, 5), 1),
        (AppliesTo.UNTRIGGERED, None, 2),
        (AppliesTo.NEW_TRIGGERS, date(2018, 3, 5), 1),
        (AppliesTo.NEW_TRIGGERS, None, 1),
        (AppliesTo.NEW_TRIGGERS, date(2026, 2, 1), 2),
    ],
)
def test_a_new_version_takes_over_whom_it_says(applies_to: AppliesTo, started: date | None, number: int) -> None:
    later = rule(TWELVE, number=2, effective_from=date(2026, 1, 1), applies_to=applies_to)
    found = at(applied(rule(SEVEN), later, started_on=started))
    assert found.basis is not None
    assert found.basis.rule.number == number
    assert at(applied(rule(SEVEN), later, started_on=started), date(2025, 12, 31)).findings[0].rule.number == 1


@pytest.mark.requirement("RET-A7")
def test_nothing_falls_due_within_the_guard_time() -> None:
    guarded = applied(rule(SEVEN, guard_until=date(2027, 11, 25)))
    found = at(guarded)
    assert (found.outcome, found.due_on, found.flags) == (Outcome.NOT_DUE, date(2027, 11, 25), ("guard time",))
    assert outcome(guarded, date(2027, 11, 25))[0] is Outcome.ELIGIBLE


def test_what_only_describes_never_computes() -> None:
    assert outcome(applied(rule(SEVEN, descriptive=True))) == (Outcome.CANNOT_COMPUTE, None)


def test_a_review_or_transfer_of_one_rule_goes_before_destruction_by_another() -> None:
    destroy, review = (
        applied(rule(SEVEN)),
        applied(rule(step({"event": "case_closed"}, "P2Y", action=StepAction.REVIEW))),
    )
    transfer = applied(rule(step({"event": "case_closed"}, "P3Y", action=StepAction.TRANSFER), code="T"))
    assert at(subject(destroy, review)).outcome is Outcome.REVIEW_DUE
    assert at(subject(destroy, transfer)).outcome is Outcome.TRANSFER_DUE
    assert at(subject(destroy, transfer, review)).outcome is Outcome.REVIEW_DUE


def test_a_linked_case_without_class_keeps_the_group() -> None:
    assert at(subject(applied(rule(SEVEN)), without_class=("a linked case",))).outcome is Outcome.AWAITING_TRIGGER


@pytest.mark.requirement("RET-C17")
def test_the_reasons_name_trigger_period_rule_competitors_holds_and_date() -> None:
    competing = applied(rule(TWELVE, code="LONG"), origin=Origin.RULE, about="another case it is filed in")
    found = explained(at(subject(applied(rule(SEVEN, code="SHORT")), competing, holds=(hold(),))))
    told = " ".join(found.because)
    for part in (
        "A hold stops",
        "5 March 2030",
        "SHORT",
        "LONG",
        "7 years after the closing",
        "5 March 2018",
        "decides",
    ):
        assert part in told
    for one in Outcome:
        assert one.value not in told


@pytest.mark.parametrize(
    "one",
    [
        applied(rule(SENTENCE)),
        applied(rule(KEPT)),
        applied(rule(SEVEN), events={}),
        applied(rule(step({"event": "case_closed"}, "P1Y", cutoff=Cutoff.FISCAL_YEAR))),
        applied(rule(step({"age": {"years": 21, "of": "youngest_minor"}}))),
        applied(rule(SEVEN, guard_until=date(2030, 1, 1))),
        applied(rule(SEVEN), level=Level.DOCUMENT, origin=Origin.RULE),
    ],
)
def test_every_sentence_is_one(one: Applied) -> None:
    for sentence in sentences(at(one)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert len(sentence) > 20
