"""Triggers and assignment on real records: closing and reopening, late papers, several cases, moved papers, two writers."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from docstore.access.permissions import Permission
from docstore.access.roles import ROLES
from docstore.cases import actions as cases
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.documents import actions as documents
from docstore.documents.models import Document, Filing
from docstore.retention import actions, longer, nightly, queries, schedules, stale, tiles
from docstore.retention.models import (
    Assignment,
    AssignmentRule,
    ClosureProposal,
    RetentionStatus,
    Trigger,
)
from docstore.retention.vocabulary import (
    Level,
    Outcome,
    Record,
    RecordKind,
    Source,
    StepAction,
    TriggerType,
)
from tests.retention.world import CLOSED_ON, DUE_ON, SEVEN_YEARS, UNTIL_SENTENCE_ENDS, World, of_case

pytestmark = pytest.mark.django_db
HUNDRED = {**SEVEN_YEARS, "period": "P100Y"}


def of(document: Document) -> Record:
    return Record(RecordKind.DOCUMENT, document.pk)


def tell(world: World, record: Record, type_: str, on: str, **more: Any) -> Trigger:
    told = {"source": Source.USER, "reason": "A test", **more}
    return actions.record_trigger(by=world.actor("clerk"), record=record, type=type_, event_on=on, **told)


@pytest.fixture
def due(world: World) -> Case:
    """A closed case, long due, with one document that was filed before it was closed."""
    case = world.case(world.new_class(code="SEVEN"), closed_on=None)
    world.courts.file("A page", case=case, title="Own paper")
    world.close(case)
    world.advance(8)
    return case


@pytest.mark.requirement("RET-B2", "DOM-10.3")
def test_a_document_inherits_and_its_own_rule_may_outlive_the_case(world: World, due: Case) -> None:
    paper = Filing.objects.get(case=due).document
    assert queries.evaluate_record(of(paper)).due_on == DUE_ON
    own = world.new_class(HUNDRED, code="ORDERS", level=Level.DOCUMENT)
    rule = AssignmentRule(level=RecordKind.DOCUMENT, disposal_class=own, document_type="order")
    schedules.make_rule(by=world.actor("rm1"), rule=rule)
    Document.objects.filter(pk=paper.pk).update(type="Order")
    actions.follow_document(by=world.actor("rm1"), document_id=paper.pk)
    found = queries.evaluate_record(of(paper))
    assert (found.outcome, found.due_on) == (Outcome.NOT_DUE, date(2118, 3, 5))
    assert {one.rule.code for one in found.findings} == {"SEVEN", "ORDERS"}
    assert queries.evaluate_record(of_case(due)).outcome is Outcome.ELIGIBLE


@pytest.mark.requirement("RET-B3")
def test_documents_follow_their_case_unless_they_have_a_class_of_their_own(world: World, due: Case) -> None:
    inheriting = Filing.objects.get(case=due).document
    actions.reopen_case(by=world.actor("clerk"), case_id=due.pk, reason="One more paper")
    chosen = world.courts.file("A page", case=due, title="Classed by hand")
    world.close(due)
    world.assign(of(chosen), world.new_class({**SEVEN_YEARS, "period": "P50Y"}, level=Level.DOCUMENT))
    world.assign(of_case(due), world.new_class({**SEVEN_YEARS, "period": "P20Y"}))
    assert queries.evaluate_record(of(inheriting)).due_on == date(2038, 3, 5)
    assert queries.evaluate_record(of(chosen)).due_on == date(2068, 3, 5)
    assert Assignment.objects.filter(kind=RecordKind.DOCUMENT, record_id=inheriting.pk).count() == 0


@pytest.mark.requirement("RET-B6", "DOM-10.9")
def test_a_document_of_two_cases_waits_for_both(world: World, due: Case) -> None:
    other = world.case(world.new_class({**SEVEN_YEARS, "period": "P10Y"}), closed_on=None)
    actions.reopen_case(by=world.actor("clerk"), case_id=due.pk, reason="To show a paper")
    paper = Filing.objects.get(case=due).document
    documents.show_on(
        by=world.actor("clerk"), document_id=paper.pk, seen=paper.etag, case_id=other.pk, section="statements"
    )
    world.close(due)
    assert queries.evaluate_record(of(paper)).outcome is Outcome.AWAITING_TRIGGER
    world.close(other)
    world.advance(8)
    found = queries.evaluate_record(of(paper))
    assert (found.outcome, found.due_on) == (Outcome.NOT_DUE, date(2028, 3, 5))
    assert queries.evaluate_record(of_case(due)).outcome is Outcome.ELIGIBLE


@pytest.mark.requirement("RET-B8")
def test_a_moved_document_is_kept_as_long_as_before_until_a_records_manager_lets_go(world: World) -> None:
    long, short = world.new_class({**SEVEN_YEARS, "period": "P30Y"}), world.new_class(SEVEN_YEARS)
    first, second = world.case(long, closed_on=None), world.case(short, closed_on=None)
    paper = world.courts.file("A page", case=first, title="Misfiled")
    documents.move(
        by=world.actor("clerk"),
        document_id=paper.pk,
        seen=paper.etag,
        case_id=second.pk,
        section="statements",
        reason="Misfiled",
    )
    world.close(first)
    world.close(second)
    assert queries.evaluate_record(of(paper)).due_on == date(2048, 3, 5)
    ended = Filing.objects.get(document=paper, case=first)
    with pytest.raises(Forbidden):
        actions.assign_class(by=world.actor("clerk"), record=of(paper), code="any", reason="A test")
    actions.release_filing(by=world.actor("rm1"), filing_id=ended.pk, reason="It never belonged there")
    assert queries.evaluate_record(of(paper)).due_on == DUE_ON


@pytest.mark.requirement("RET-C3", "DOM-10.15")
def test_a_trigger_says_who_told_how_surely_and_is_never_changed(world: World, due: Case) -> None:
    row = tell(
        world, of_case(due), "sentence_end", "2031-05-01", confidence=70, evidence="warrant", source=Source.INTEGRATION
    )
    assert (row.source, row.confidence, row.evidence, row.event_on) == ("integration", 70, "warrant", date(2031, 5, 1))
    for act in ("UPDATE docstore_trigger SET event_on = '2000-01-01'", "DELETE FROM docstore_trigger"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as raw:
            raw.execute(f"{act} WHERE id = {row.pk}")


@pytest.mark.requirement("RET-C5")
def test_a_voided_trigger_leaves_the_dates_to_those_that_remain(world: World) -> None:
    case = of_case(world.case(world.new_class(UNTIL_SENTENCE_ENDS)))
    right = tell(world, case, "sentence_end", "2033-01-10")
    wrong = tell(world, case, "sentence_end", "2050-01-10")
    assert queries.evaluate_record(case).due_on == date(2050, 1, 10)
    actions.void_trigger(by=world.actor("rm1"), trigger_id=wrong.pk, reason="Another defendant's")
    assert queries.evaluate_record(case).due_on == right.event_on
    with pytest.raises(actions.AlreadyVoid):
        actions.void_trigger(by=world.actor("rm1"), trigger_id=wrong.pk, reason="Again")


@pytest.mark.requirement("RET-C7")
def test_a_late_document_joins_the_clock_that_runs(world: World, due: Case) -> None:
    before = Trigger.objects.count()
    place = Filing.objects.get(case=due)
    late = world.courts.file("A page", title="Late paper")
    Filing.objects.filter(document=late).update(case=due, section=place.section)
    found = queries.evaluate_record(of(late))
    assert (found.outcome, found.due_on) == (Outcome.ELIGIBLE, DUE_ON)
    assert Trigger.objects.count() == before


@pytest.mark.requirement("RET-C15")
def test_an_impossible_date_is_refused_and_an_unusual_one_asked_about_twice(world: World, due: Case) -> None:
    for day in ("1899-12-31", "2300-01-01"):
        with pytest.raises(actions.DateImpossible):
            tell(world, of_case(due), "sentence_end", day, confirmed=(actions.UNUSUAL_DATE,))
    ahead = (clock.today() + timedelta(days=1)).isoformat()
    for day in (ahead, "1970-01-01"):
        with pytest.raises(actions.DateUnusual):
            tell(world, of_case(due), "final_order", day)
        tell(world, of_case(due), "final_order", day, confirmed=(actions.UNUSUAL_DATE,))
    tell(world, of_case(due), "sentence_end", ahead)


@pytest.mark.requirement("RET-C16", "DOM-10.16")
def test_a_case_that_lay_open_is_proposed_and_a_person_closes_it(world: World) -> None:
    case = world.case(world.new_class(), closed_on=None)
    fresh = world.case(world.new_class(), closed_on=None)
    Case.objects.filter(pk=case.pk).update(opened_on=date(2012, 2, 29))
    world.advance(1)
    proposal = ClosureProposal.objects.get()
    assert (proposal.case, proposal.confidence) == (case.pk, stale.BY_OPENING)
    assert fresh.pk != proposal.case
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.AWAITING_TRIGGER
    stale.decide(
        by=world.actor("clerk"), proposal_id=proposal.pk, accepted=True, outcome="Abandoned", reason="Nothing for years"
    )
    row = Trigger.objects.get(record_id=case.pk)
    assert (row.source, row.event_on, row.confidence) == ("inferred", date(2012, 2, 29), stale.BY_OPENING)
    world.advance(8)
    assert "low confidence" in queries.evaluate_record(of_case(case)).flags
    assert tiles.counts(world.actor("rm1"))["uncertain"] == 1


def test_close_reopen_close_sentence_void(world: World) -> None:
    record = of_case(case := world.case(world.new_class(UNTIL_SENTENCE_ENDS)))
    assert queries.evaluate_record(record).outcome is Outcome.CANNOT_COMPUTE
    actions.reopen_case(by=world.actor("clerk"), case_id=case.pk, reason="New evidence")
    assert queries.evaluate_record(record).outcome is Outcome.AWAITING_TRIGGER
    world.close(case, CLOSED_ON.replace(year=2020))
    sentence = tell(world, record, "sentence_end", "2035-06-30")
    found = queries.evaluate_record(record)
    assert (found.outcome, found.due_on) == (Outcome.PROVISIONAL, date(2035, 6, 30))
    world.advance(8)
    assert queries.evaluate_record(record).outcome is Outcome.NOT_DUE
    assert RetentionStatus.objects.get(record_id=case.pk).due_on == date(2035, 6, 30)
    actions.void_trigger(by=world.actor("rm1"), trigger_id=sentence.pk, reason="Quashed")
    assert queries.evaluate_record(record).outcome is Outcome.CANNOT_COMPUTE
    tell(world, record, "sentence_end", "2021-01-01")
    assert queries.evaluate_record(record).due_on == date(2027, 3, 5)
    standing = Trigger.objects.filter(record_id=case.pk, type=TriggerType.CASE_CLOSED, voids=None, voided_by=None)
    assert [one.event_on for one in standing] == [date(2020, 3, 5)]


@pytest.mark.requirement("RET-S8")
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Auckland"])
def test_the_civil_day_of_the_court_counts_wherever_the_server_stands(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, zone: str
) -> None:
    settings.TIME_ZONE = zone
    case = of_case(world.case(world.new_class(), closed_on=date(2020, 3, 29)))
    world.advance(8)
    for at, outcome in (
        ("2027-03-28T00:59:59+00:00", Outcome.NOT_DUE),
        ("2027-03-28T22:59:59+00:00", Outcome.NOT_DUE),
        ("2027-03-28T23:00:00+00:00", Outcome.ELIGIBLE),
    ):
        moment = clock.datetime.fromisoformat(at)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        assert queries.evaluate_record(case).outcome is outcome


@pytest.mark.requirement("RET-D5", "DOM-10.11")
def test_a_person_can_set_a_later_date_and_never_an_earlier_one(world: World, due: Case) -> None:
    with pytest.raises(longer.EarlierThanTheRules):
        longer.extend(by=world.actor("rm1"), record=of_case(due), until=date(2024, 1, 1), reason="Sooner")
    longer.extend(by=world.actor("rm1"), record=of_case(due), until=date(2029, 1, 1), reason="Research")
    found = queries.evaluate_record(of_case(due))
    assert (found.outcome, found.due_on) == (Outcome.NOT_DUE, date(2029, 1, 1))
    with pytest.raises(Forbidden):
        longer.extend(by=world.actor("adviser"), record=of_case(due), until=date(2040, 1, 1), reason="Longer")


def test_after_a_strip_what_is_left_goes_by_the_next_step(world: World) -> None:
    kind = world.new_class(
        {**SEVEN_YEARS, "action": "strip", "keep_types": ["order"]},
        {"action": "destroy", "trigger": {"previous_step": "original"}, "period": "P100Y"},
    )
    record = of_case(world.case(kind))
    world.advance(8)
    found = queries.evaluate_record(record)
    assert (found.outcome, found.next_action) == (Outcome.ELIGIBLE, StepAction.STRIP)
    actions.complete_step(
        by=world.actor("rm1"), record=record, version=kind.versions.get(), order=1, completed_on=clock.today()
    )
    found = queries.evaluate_record(record)
    assert (found.outcome, found.due_on, found.next_action) == (Outcome.NOT_DUE, date(2118, 3, 5), "destroy")
    with pytest.raises(actions.StepUnknown):
        actions.complete_step(
            by=world.actor("rm1"), record=record, version=kind.versions.get(), order=1, completed_on=clock.today()
        )


@pytest.mark.requirement("RET-P2")
def test_what_is_stored_is_what_is_worked_out_and_drift_is_told(world: World, due: Case) -> None:
    assert nightly.reconcile(share=1).changes == ()
    RetentionStatus.objects.filter(record_id=due.pk).update(due_on=date(2020, 1, 1), outcome=Outcome.NOT_DUE)
    found = nightly.reconcile(share=1)
    assert [one.record for one in found.changes] == [of_case(due)]
    assert RetentionStatus.objects.get(record_id=due.pk).due_on == DUE_ON


def test_a_night_with_nothing_to_do_changes_nothing(world: World, due: Case) -> None:
    nightly.pass_night()
    again = nightly.pass_night()
    assert (again.looked_at, again.changed, again.classified, again.held) == (0, 0, 0, 0)


@pytest.mark.requirement("RET-Q1", "RET-Q2")
def test_each_right_is_separate_and_a_superuser_has_none(world: World, due: Case) -> None:
    rights = {
        Permission.DEFINE_SCHEDULES,
        Permission.APPROVE_SCHEDULES,
        Permission.ASSIGN_CLASSES,
        Permission.RECORD_TRIGGERS,
        Permission.PLACE_HOLDS,
        Permission.RELEASE_HOLDS,
        Permission.READ_HOLD_REASONS,
    }
    assert len(rights) == 7
    person = world.courts.people["support"]
    person.is_superuser = person.is_staff = True
    person.save()
    actor = world.actor("support")
    assert not any(actor.may(one) for one in rights)
    assert not any(rights & ROLES[code].permissions for code in ("support", "auditor", "system", "stations"))
    with pytest.raises(Forbidden):
        schedules.preview_version(by=actor, version_id=1)


def test_a_case_that_is_closed_without_retention_being_told_is_followed(world: World) -> None:
    case = world.case(world.new_class(), closed_on=None)
    cases.close_case(by=world.actor("clerk"), case_id=case.pk, closed_on=CLOSED_ON, outcome="done", reason="A test")
    actions.follow_case(by=world.actor("rm1"), case_id=case.pk)
    actions.follow_case(by=world.actor("rm1"), case_id=case.pk)
    assert Trigger.objects.filter(record_id=case.pk).count() == 1
    assert queries.evaluate_record(of_case(case)).due_on == DUE_ON
