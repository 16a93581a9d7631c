"""Holds: every kind, what they cover, how they end, and the database's own refusal to delete what is held."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from docstore.cases import actions as cases
from docstore.cases.models import Case, Side
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.documents import actions as documents
from docstore.documents.models import Document, Filing, Version
from docstore.retention import guards, holds, nightly, queries
from docstore.retention.hold_models import Hold, HoldMembership
from docstore.retention.holds import HoldTold, Targets
from docstore.retention.models import RetentionStatus
from docstore.retention.schedules import SamePerson
from docstore.retention.vocabulary import HoldKind, Outcome, Record, RecordKind, Via
from tests.retention.world import DUE_ON, World, of_case

pytestmark = pytest.mark.django_db


def place(world: World, kind: HoldKind, by: str = "rm1", **targets: Any) -> Hold:
    review = clock.today() + timedelta(days=365)
    told = HoldTold(kind, f"A {kind} hold", "An inquiry", "Inquiries Act", review, Targets(**targets))
    return holds.place_hold(by=world.actor(by), told=told).hold


def of(document: Document) -> Record:
    return Record(RecordKind.DOCUMENT, document.pk)


def outcome(record: Record) -> Outcome:
    return queries.evaluate_record(record).outcome


@pytest.fixture
def due(world: World) -> Case:
    """A closed case, long due, with one document."""
    case = world.case(world.new_class(), closed_on=None)
    world.courts.file("A page", case=case)
    world.close(case)
    world.advance(8)
    return case


@pytest.mark.requirement("RET-E1")
def test_a_hold_says_who_why_by_what_right_and_when_it_is_looked_at_again(world: World, due: Case) -> None:
    row = place(world, HoldKind.CASE, cases=(due.pk,))
    assert (row.owner, row.placed_by) == (world.courts.people["rm1"].pk,) * 2
    for lacking in ({"cases": ()}, {"cases": (due.pk,), "people": ("Ann",)}, {"people": (" ",)}):
        with pytest.raises(holds.HoldWithoutTarget):
            place(world, HoldKind.CASE, **lacking)
    told = HoldTold(HoldKind.CASE, "A", "B", "C", clock.today(), Targets(cases=(due.pk,)))
    with pytest.raises(holds.ReviewInThePast):
        holds.place_hold(by=world.actor("rm1"), told=told)


def test_who_may_hold_what(world: World, due: Case) -> None:
    place(world, HoldKind.CASE, by="adviser", cases=(due.pk,))
    with pytest.raises(Forbidden):
        place(world, HoldKind.CASE, by="clerk", cases=(due.pk,))
    with pytest.raises(Forbidden):
        place(world, HoldKind.SYSTEM, by="adviser", everything=True)
    with pytest.raises(NotFound):
        place(world, HoldKind.CASE, by="adviser", cases=(world.courts.other.pk,))


@pytest.mark.requirement("RET-E2", "RET-E3")
def test_the_last_hold_that_ends_makes_it_due_at_once(world: World, due: Case) -> None:
    first, second = (place(world, HoldKind.CASE, cases=(due.pk,)) for _ in range(2))
    assert RetentionStatus.objects.get(record_id=due.pk).outcome == Outcome.HELD
    holds.release_hold(by=world.actor("rm1"), hold_id=first.pk, reason="Over")
    assert outcome(of_case(due)) is Outcome.HELD
    holds.release_hold(by=world.actor("rm2"), hold_id=second.pk, reason="Over")
    found = queries.evaluate_record(of_case(due))
    assert (found.outcome, found.due_on) == (Outcome.ELIGIBLE, DUE_ON)
    assert RetentionStatus.objects.get(record_id=due.pk).outcome == Outcome.ELIGIBLE


@pytest.mark.requirement("RET-E4")
def test_a_person_is_held_wherever_they_turn_up(world: World, due: Case) -> None:
    place(world, HoldKind.PERSON, people=("José  ÁLVAREZ",))
    assert outcome(of_case(due)) is Outcome.ELIGIBLE
    party = cases.add_party(
        by=world.actor("clerk"), case_id=due.pk, name="Jose Alvarez", role="Defendant", side=Side.DEFENCE
    )
    assert outcome(of_case(due)) is Outcome.HELD
    nightly.pass_night()
    assert HoldMembership.objects.get(case=due).via == Via.PARTY
    party.name = "J. A. Smith"
    party.save()
    assert outcome(of_case(due)) is Outcome.HELD


@pytest.mark.requirement("RET-E5", "RET-E6")
def test_what_a_query_has_caught_stays_until_a_person_lets_it_go(world: World, due: Case) -> None:
    row = place(world, HoldKind.QUERY, query={"all": [{"field": "document_title", "contains": "ballistics"}]})
    paper = world.courts.file("A page", title="Ballistics report")
    assert outcome(of(paper)) is Outcome.HELD
    assert outcome(of_case(due)) is Outcome.ELIGIBLE
    assert holds.sweep(by=world.actor("rm1")) == 2
    Document.objects.filter(pk=paper.pk).update(title="Report")
    assert outcome(of(paper)) is Outcome.HELD
    holds.remove_member(by=world.actor("rm1"), hold_id=row.pk, record=of(paper), reason="Not about it")
    holds.remove_member(by=world.actor("rm1"), hold_id=row.pk, record=of_case(world.courts.case), reason="As above")
    assert queries.holds_on(of(paper)) == ()


@pytest.mark.requirement("RET-S6", "RET-B7")
def test_a_ring_of_linked_cases_is_held_with_one_of_them(world: World) -> None:
    kind = world.new_class()
    ring = [world.case(kind) for _ in range(3)]
    for one, other in zip(ring, ring[1:] + ring[:1], strict=True):
        cases.link_cases(by=world.actor("clerk"), case_id=one.pk, other_id=other.pk, reason="Same matter")
    world.advance(8)
    assert {outcome(of_case(one)) for one in ring} == {Outcome.ELIGIBLE}
    cases.add_party(by=world.actor("clerk"), case_id=ring[1].pk, name="Bea Bold", role="Defendant", side=Side.DEFENCE)
    place(world, HoldKind.PERSON, people=("Bea Bold",))
    assert {outcome(of_case(one)) for one in ring} == {Outcome.HELD}
    assert queries.holds_on(of_case(ring[0]))[0].via is Via.INHERITED


@pytest.mark.requirement("WIN-13")
def test_a_document_is_held_with_any_of_its_cases_and_a_case_with_its_documents(world: World, due: Case) -> None:
    paper = world.courts.file("A page", title="Shared")
    other = world.case(closed_on=None)
    documents.show_on(
        by=world.actor("clerk"), document_id=paper.pk, seen=paper.etag, case_id=other.pk, section="statements"
    )
    row = place(world, HoldKind.CASE, cases=(other.pk,))
    assert queries.holds_on(of(paper))[0].via is Via.INHERITED
    holds.release_hold(by=world.actor("rm1"), hold_id=row.pk, reason="Over")
    assert queries.holds_on(of(paper)) == ()
    own = Filing.objects.get(case=due).document
    place(world, HoldKind.DOCUMENT, documents=(own.pk,))
    assert outcome(of_case(due)) is Outcome.HELD


def test_what_was_held_is_guarded_for_a_month_after_the_release(world: World, due: Case) -> None:
    other = world.case(world.new_class())
    row = place(world, HoldKind.CASE, cases=(due.pk,))
    assert holds.guarded_until(of_case(due)) is None
    holds.release_hold(by=world.actor("rm1"), hold_id=row.pk, reason="Over")
    assert holds.guarded_until(of_case(due)) == clock.today() + timedelta(days=30)
    assert holds.guarded_until(of(Filing.objects.get(case=due).document)) == clock.today() + timedelta(days=30)
    assert holds.guarded_until(of_case(other)) is None
    world.advance(30)
    assert holds.guarded_until(of_case(due)) is None


def test_a_class_or_everything_can_be_held(world: World, due: Case) -> None:
    kind = world.new_class(code="MORATORIUM")
    other = world.case(kind)
    row = place(world, HoldKind.CLASS, classes=("MORATORIUM",))
    assert (outcome(of_case(other)), outcome(of_case(due))) == (Outcome.HELD, Outcome.ELIGIBLE)
    assert holds.count_of(row) == 1
    place(world, HoldKind.SYSTEM, everything=True)
    assert outcome(of_case(due)) is Outcome.HELD


@pytest.mark.requirement("RET-E11")
def test_a_hold_on_everything_is_released_by_two_people(world: World, due: Case) -> None:
    row = place(world, HoldKind.SYSTEM, everything=True)
    asked = holds.release_hold(by=world.actor("rm1"), hold_id=row.pk, reason="Lifted")
    assert asked.is_in_force
    with pytest.raises(SamePerson):
        holds.release_hold(by=world.actor("rm1"), hold_id=row.pk, reason="Lifted")
    released = holds.release_hold(by=world.actor("rm2"), hold_id=row.pk, reason="Lifted by the ministry")
    assert not released.is_in_force
    assert released.guard_until == clock.today() + timedelta(days=30)
    assert released.release_reason == "Lifted by the ministry"
    with pytest.raises(holds.HoldReleased):
        holds.release_hold(by=world.actor("rm2"), hold_id=row.pk, reason="Again")


@pytest.mark.parametrize("kind", ["case", "document", "person", "class", "query", "system"])
def test_the_database_itself_refuses_to_delete_what_is_held(world: World, due: Case, kind: str) -> None:
    paper = Filing.objects.get(case=due).document
    cases.add_party(by=world.actor("clerk"), case_id=due.pk, name="Cy Cole", role="Defendant", side=Side.DEFENCE)
    code = RetentionStatus.objects.get(record_id=due.pk).disposal_class
    targets: dict[str, dict[str, Any]] = {
        "case": {"cases": (due.pk,)},
        "document": {"documents": (paper.pk,)},
        "person": {"people": ("Cy Cole",)},
        "class": {"classes": (str(code),)},
        "query": {"query": {"field": "document_title", "is": paper.title}},
        "system": {"everything": True},
    }
    place(world, HoldKind(kind), **targets[kind])
    rows = {"docstore_version": f"document_id = '{_raw(paper.pk)}'", "docstore_document": f"id = '{_raw(paper.pk)}'"}
    for table, where in rows.items():
        with (
            pytest.raises(IntegrityError, match="a hold is in force"),
            transaction.atomic(),
            connection.cursor() as raw,
        ):
            raw.execute(f"DELETE FROM {table} WHERE {where}")
    with pytest.raises(IntegrityError, match="a hold is in force"), transaction.atomic():
        Version.objects.filter(document=paper).update(sha256="0" * 64)
    assert Document.objects.filter(pk=paper.pk).exists()


def test_without_a_hold_the_guard_is_out_of_the_way(world: World, due: Case) -> None:
    paper = Filing.objects.get(case=due).document
    row = place(world, HoldKind.DOCUMENT, documents=(paper.pk,))
    holds.release_hold(by=world.actor("rm1"), hold_id=row.pk, reason="Over")
    with transaction.atomic():
        assert Version.objects.filter(document=paper).update(sha256="0" * 64) == 1


@pytest.mark.requirement("RET-K2")
def test_a_restricted_hold_keeps_its_title_from_those_without_the_right(world: World, due: Case) -> None:
    review = clock.today() + timedelta(days=365)
    told = HoldTold(
        HoldKind.CASE, "Operation Heron", "An investigation", "A warrant", review, Targets(cases=(due.pk,)), True
    )
    holds.place_hold(by=world.actor("rm1"), told=told)
    found = queries.seen_evaluation(world.actor("clerk"), of_case(due))
    assert "Heron" not in " ".join(found.because)
    assert found.holds[0].restricted
    with pytest.raises(Forbidden):
        queries.hold_by_id(world.actor("clerk"), found.holds[0].id)


@pytest.mark.parametrize("table", guards.NEVER_EMPTIED)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE; its DELETE is refused above")
def test_no_table_of_record_is_emptied_at_once(table: str) -> None:
    with pytest.raises(IntegrityError, match=guards.EMPTIED), transaction.atomic(), connection.cursor() as raw:
        raw.execute(f"TRUNCATE {table} CASCADE")


def _raw(pk: Any) -> str:
    return str(pk) if connection.vendor == "postgresql" else pk.hex
