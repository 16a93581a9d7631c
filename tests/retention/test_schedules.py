"""Schedules: written by one person, approved by another, never changed once in force; preview, import and export."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.retention import actions, interchange, nightly, preview, queries, schedules
from docstore.retention.assignment import ClassNotReady, ClassRetired, RegulatoryClass
from docstore.retention.drafts import StepNotUnderstood, parse_steps
from docstore.retention.models import (
    AssignmentRule,
    ClassVersion,
    DisposalClass,
    DisposalStep,
    Recomputation,
    RetentionStatus,
    Trigger,
)
from docstore.retention.schedules import ClassTold
from docstore.retention.triggers import TriggerNotUnderstood
from docstore.retention.vocabulary import AppliesTo, Level, Outcome, RecordKind, VersionStatus
from tests.retention.world import DUE_ON, SEVEN_YEARS, World, of_case

pytestmark = pytest.mark.django_db
SEED = Path(__file__).resolve().parents[2] / "docstore" / "demo" / "schedules" / "starter.csv"
THREE_YEARS = {**SEVEN_YEARS, "period": "P3Y"}
TEN_YEARS = {**SEVEN_YEARS, "period": "P10Y"}


@pytest.mark.requirement("RET-A1")
def test_an_unfinished_class_is_neither_submitted_nor_assigned(world: World) -> None:
    told = ClassTold("TESTS", "UNFINISHED", "A title", level=Level.CASE)
    kind = schedules.define_class(by=world.actor("rm1"), told=told)
    row = world.draft(kind)
    with pytest.raises(schedules.ClassUnfinished, match="description, mandate, scope notes"):
        schedules.submit_version(by=world.actor("rm1"), version_id=row.pk)
    with pytest.raises(ClassNotReady):
        world.assign(of_case(world.courts.case), kind)


@pytest.mark.requirement("RET-A2", "DOM-10.1")
def test_what_is_in_force_is_changed_by_nobody_and_ends_when_the_next_begins(world: World) -> None:
    kind = world.new_class()
    live = kind.versions.get()
    with pytest.raises(schedules.StartsTooEarly):
        world.draft(kind, TEN_YEARS, effective_from=clock.today())
    for change in ("content_hash = 'x'", "effective_from = '1990-01-01'", "applies_to = 'untriggered'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as raw:
            raw.execute(f"UPDATE docstore_classversion SET {change} WHERE id = {live.pk}")
    for act in ("UPDATE docstore_disposalstep SET period = 'P1Y'", "DELETE FROM docstore_disposalstep"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as raw:
            raw.execute(f"{act} WHERE version_id = {live.pk}")
    with pytest.raises(IntegrityError), transaction.atomic():
        DisposalStep.objects.create(version=live, order=2, action="destroy", trigger={"event": "case_closed"})
    later = world.new_version(kind, TEN_YEARS)
    live.refresh_from_db()
    assert live.effective_to == later.effective_from
    world.advance(1)
    live.refresh_from_db()
    assert live.status == VersionStatus.SUPERSEDED


@pytest.mark.requirement("RET-A3")
def test_one_change_at_a_time(world: World) -> None:
    kind = world.new_class()
    pending = world.new_version(kind, TEN_YEARS, effective_from=clock.today() + timedelta(days=30))
    with pytest.raises(schedules.VersionPending):
        world.draft(kind, THREE_YEARS)
    schedules.withdraw_version(by=world.actor("rm1"), version_id=pending.pk, reason="Not needed")
    assert kind.versions.get(number=1).effective_to is None
    world.draft(kind, THREE_YEARS)


@pytest.mark.requirement("RET-A4")
def test_the_author_cannot_approve_and_neither_can_the_database_be_told_so(world: World) -> None:
    row = world.draft(world.new_class(), TEN_YEARS)
    schedules.submit_version(by=world.actor("rm1"), version_id=row.pk)
    with pytest.raises(schedules.SamePerson):
        schedules.approve_version(by=world.actor("rm1"), version_id=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassVersion.objects.filter(pk=row.pk).update(approver=row.author)
    for name in ("clerk", "judge", "auditor"):
        with pytest.raises(Forbidden):
            schedules.approve_version(by=world.actor(name), version_id=row.pk)
    assert schedules.approve_version(by=world.actor("rm2"), version_id=row.pk).status == VersionStatus.APPROVED


@pytest.mark.requirement("RET-A5", "RET-A6", "DOM-10.20", "WIN-13")
def test_the_preview_says_what_then_happens(world: World) -> None:
    kind = world.new_class()
    for closed_on in (date(2012, 1, 1), date(2018, 3, 5), date(2022, 3, 5)):
        world.case(kind, closed_on=closed_on)
    world.case(kind, closed_on=None)
    world.advance(8)
    before = dict(RetentionStatus.objects.values_list("record_id", "due_on"))
    row = world.draft(kind, THREE_YEARS, effective_from=clock.today() + timedelta(days=10))
    found = schedules.preview_version(by=world.actor("rm1"), version_id=row.pk)
    assert (found.total, found.earlier, found.later, found.becomes_due) == (4, 3, 0, 1)
    assert dict(RetentionStatus.objects.values_list("record_id", "due_on")) == before
    foretold = {one.record.id: one.after.due_on for one in preview.moves(row)}
    schedules.submit_version(by=world.actor("rm1"), version_id=row.pk)
    schedules.approve_version(by=world.actor("rm2"), version_id=row.pk)
    run = nightly.recompute_run(Recomputation.objects.latest("id").pk)
    assert (run.seen, run.total) == (4, 4)
    world.advance(10)
    after = dict(RetentionStatus.objects.filter(record_id__in=foretold).values_list("record_id", "due_on"))
    assert after == foretold


@pytest.mark.requirement("RET-A7")
def test_a_shortened_rule_waits_for_a_year_unless_its_author_says_otherwise(world: World) -> None:
    kind = world.new_class()
    case = world.case(kind, closed_on=date(2022, 3, 5))
    world.advance(8)
    row = world.new_version(kind, THREE_YEARS, guard_days=None)
    assert row.guard_until == row.effective_from + timedelta(days=365)
    world.advance(2)
    found = queries.evaluate_record(of_case(case))
    assert (found.outcome, found.due_on) == (Outcome.NOT_DUE, row.guard_until)
    longer = world.new_version(kind, TEN_YEARS, guard_days=None)
    assert longer.guard_until is None


@pytest.mark.requirement("RET-A8")
def test_the_stored_answer_names_version_engine_and_inputs(world: World) -> None:
    kind = world.new_class()
    case = world.case(kind)
    row = RetentionStatus.objects.get(record_id=case.pk)
    assert row.class_version == kind.versions.get()
    assert row.trigger == Trigger.objects.get(record_id=case.pk).pk
    assert len(row.inputs_hash) == 64
    assert row.engine_version
    assert queries.evaluate_record(of_case(case)).inputs_hash == row.inputs_hash


@pytest.mark.requirement("RET-A9")
def test_a_retired_class_names_its_successor_and_still_evaluates(world: World) -> None:
    old, new = world.new_class(code="OLD"), world.new_class(code="NEW")
    case = world.case(old)
    schedules.retire_class(by=world.actor("rm1"), class_id=old.pk, successor=new, reason="Merged")
    with pytest.raises(ClassRetired, match="Assign NEW instead"):
        world.assign(of_case(world.courts.open_case()), old)
    assert queries.evaluate_record(of_case(case)).due_on == DUE_ON


@pytest.mark.requirement("RET-A14")
def test_a_regulatory_class_is_only_ever_extended(world: World) -> None:
    kind = world.new_class(code="REG", regulatory=True)
    case = of_case(world.case(kind))
    with pytest.raises(schedules.ShortensRegulatory):
        world.draft(kind, THREE_YEARS)
    with pytest.raises(RegulatoryClass):
        world.assign(case, world.new_class())
    for act in (
        "DELETE FROM docstore_disposalclass WHERE code = 'REG'",
        "UPDATE docstore_disposalclass SET regulatory = (1 = 0) WHERE code = 'REG'",
        "UPDATE docstore_assignment SET superseded_at = assigned_at",
        "DELETE FROM docstore_assignment",
        "UPDATE docstore_disposalstep SET period = 'P1Y'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as raw:
            raw.execute(act)
    world.new_version(kind, TEN_YEARS)


@pytest.mark.requirement("RET-C1", "WIN-13")
@pytest.mark.parametrize(
    "trigger",
    [
        {"event": "creation"},
        {"event": "document_date"},
        {"event": "case_closed"},
        {"event": "date_of_last_paper"},
        {"event": "final_order"},
        {"event": "judgment_sent"},
        {"event": "sentence_end"},
        {"event": "appeal_concluded"},
        {"age": {"years": 25, "of": "subject"}},
        {"event": "order_expires"},
        {"event": "jurisdiction_terminated"},
        {"event": "manual"},
        {"max": [{"event": "case_closed", "period": "P7Y"}, {"event": "sentence_end"}]},
    ],
)
def test_every_kind_of_trigger_is_offered(trigger: dict[str, object]) -> None:
    first = {"action": "review", "trigger": trigger}
    then = {"action": "retain", "trigger": {"none": True}}
    assert parse_steps([first, {"action": "review", "trigger": {"previous_step": "completed"}}, then])


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        ({**SEVEN_YEARS, "trigger": {"event": "full_moon"}}, "/steps/0/trigger/event"),
        (
            {**SEVEN_YEARS, "trigger": {"max": [{"event": "case_closed"}, {"event": "moon"}]}},
            "/steps/0/trigger/max/1/event",
        ),
        ({**SEVEN_YEARS, "trigger": "case_closed"}, "/steps/0/trigger"),
        ({**SEVEN_YEARS, "period": "seven years"}, "/steps/0/period"),
        ({**SEVEN_YEARS, "action": "burn"}, "/steps/0/action"),
        ({**SEVEN_YEARS, "approval_stages": 9}, "/steps/0/approval_stages"),
        ({**SEVEN_YEARS, "colour": "red"}, "/steps/0/colour"),
        ({"action": "destroy", "trigger": {"none": True}}, "/steps/0/trigger"),
        ({"action": "destroy", "trigger": {"previous_step": "completed"}}, "/steps/0/trigger"),
    ],
)
def test_what_is_wrong_in_a_step_is_pointed_at(step: dict[str, object], pointer: str) -> None:
    with pytest.raises((StepNotUnderstood, TriggerNotUnderstood)) as refused:
        parse_steps([step])
    assert [error.pointer for error in refused.value.errors] == [pointer]


@pytest.mark.requirement("RET-A13")
def test_a_schedule_that_is_exported_and_imported_has_the_same_digests(world: World) -> None:
    kind = world.new_class(code="E-1")
    world.new_version(kind, TEN_YEARS, guard_days=None)
    world.draft(DisposalClass.objects.get(pk=world.new_class(code="E-2").pk), {**SEVEN_YEARS, "cutoff": "fiscal_year"})
    exported = interchange.export_schedule(by=world.actor("rm1"), code="TESTS")
    digests = set(ClassVersion.objects.values_list("content_hash", flat=True))
    renamed = exported.csv.replace("TESTS,", "ELSEWHERE,")
    with pytest.raises(interchange.ScheduleUnreadable, match="digest"):
        interchange.import_schedule(by=world.actor("rm1"), content=renamed.encode(), schedule="")
    again = interchange.import_schedule(by=world.actor("rm1"), content=exported.csv.encode(), schedule="")
    assert (again.versions, interchange.schedule_hash(again.schedule)) == (0, exported.sha256)
    assert set(ClassVersion.objects.values_list("content_hash", flat=True)) == digests


def test_the_starter_schedule_comes_in_as_drafts_that_wait_for_a_person(world: World) -> None:
    taken = interchange.import_schedule(by=world.actor("rm1"), content=SEED.read_bytes(), schedule="STARTER")
    assert (taken.classes, taken.versions, taken.holds) == (74, 75, ("EW-COMPLAINT", "EW-MORA"))
    assert not ClassVersion.objects.filter(status=VersionStatus.APPROVED).exists()
    unsure = ClassVersion.objects.get(disposal_class__code="EW-HC-DIV")
    assert unsure.descriptive
    custodial = ClassVersion.objects.get(disposal_class__code="EW-CC-AUD-3").steps.get()
    assert custodial.trigger == {
        "max": [{"event": "case_closed", "period": "P7Y"}, {"event": "case_closed", "period": "total_sentence"}]
    }
    wordings = ClassVersion.objects.filter(disposal_class__code="EW-HC-CH").order_by("number")
    assert [(one.steps.get().period, one.status) for one in wordings] == [("P12Y", "withdrawn"), ("P7Y", "draft")]
    twice = interchange.import_schedule(by=world.actor("rm1"), content=SEED.read_bytes(), schedule="STARTER")
    assert (twice.classes, twice.versions) == (0, 0)


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe", b'code,"broken\n'])
def test_what_is_no_schedule_is_refused_whole(world: World, content: bytes) -> None:
    with pytest.raises(interchange.ScheduleUnreadable):
        interchange.import_schedule(by=world.actor("rm1"), content=content, schedule="X")


@pytest.mark.requirement("RET-B1", "WIN-13")
def test_rules_give_new_cases_their_class_and_the_rest_waits_in_a_queue(world: World) -> None:
    kind, narrow = world.new_class(), world.new_class()
    made = {"level": RecordKind.CASE, "disposal_class": kind}
    schedules.make_rule(by=world.actor("rm1"), rule=AssignmentRule(**made, jurisdiction="crime"))
    schedules.make_rule(
        by=world.actor("rm1"),
        rule=AssignmentRule(
            level=RecordKind.CASE, disposal_class=narrow, jurisdiction="crime", court=world.courts.first
        ),
    )
    crime, family = world.courts.open_case(), world.courts.open_case(case_type="family")
    nightly.pass_night()
    assert RetentionStatus.objects.get(record_id=crime.pk).disposal_class == narrow
    assert RetentionStatus.objects.get(record_id=family.pk).outcome == Outcome.UNCLASSIFIED
    assert queries.evaluate_record(of_case(family)).outcome is Outcome.UNCLASSIFIED


@pytest.mark.requirement("RET-B4")
def test_a_rule_does_not_overwrite_a_persons_choice(world: World) -> None:
    chosen, by_rule = world.new_class(), world.new_class()
    case = of_case(world.case(chosen))
    schedules.make_rule(by=world.actor("rm1"), rule=AssignmentRule(level=RecordKind.CASE, disposal_class=by_rule))
    nightly.pass_night()
    actions.follow_case(by=world.actor("rm1"), case_id=case.id)
    found = queries.evaluate_record(case)
    assert found.basis is not None
    assert found.basis.rule.code == chosen.code


def test_what_may_be_previewed_but_not_by_everybody(world: World) -> None:
    row = world.draft(world.new_class(), TEN_YEARS, applies_to=AppliesTo.NEW_TRIGGERS)
    with pytest.raises(Forbidden):
        schedules.preview_version(by=world.actor("judge"), version_id=row.pk)
