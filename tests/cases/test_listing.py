"""The court's list: hearings come, change and move, and access goes with them at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from docstore.cases import actions as cases
from docstore.cases import hearing_lists, listing
from docstore.cases.days import start_of
from docstore.cases.hearing_lists import What
from docstore.cases.models import Case, Hearing
from docstore.cases.queries import hearings_on
from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.core.jobs import Job, JobName, JobState, Lane, enqueue
from docstore.documents.visibility import visible_to
from tests.courts import TwoCourts

ROOM = "Courtroom 1"


def listed(courts: TwoCourts, *, room: str = ROOM, days: int = 0, case: Case | None = None) -> Hearing:
    starts_at = start_of(clock.today() + timedelta(days=days)) + timedelta(hours=10)
    where = case or courts.case
    return cases.list_hearing(
        by=courts.actor("listing"), case_id=where.pk, room=room, starts_at=starts_at, kind="First hearing"
    )


def may_open(courts: TwoCourts, who: str, case: Case) -> bool:
    return Scope.of(courts.actor(who)).cases().filter(pk=case.pk).exists()


def put(courts: TwoCourts, who: str, *, room: str = ROOM, days: int = 0) -> None:
    listing.assign_duty(
        by=courts.actor("listing"),
        court="NGT",
        room=room,
        day=clock.today() + timedelta(days=days),
        person=courts.people[who],
    )


@pytest.mark.requirement("DOM-7.3")
def test_access_follows_a_case_to_another_courtroom_and_a_list_to_another_person(courts: TwoCourts) -> None:
    document = courts.file("the paper")
    hearing = listed(courts)
    assert not may_open(courts, "clerk2", courts.case)

    put(courts, "clerk2")
    assert may_open(courts, "clerk2", courts.case)
    assert visible_to(Scope.of(courts.actor("clerk2"))).filter(pk=document.pk).exists()

    listing.move_hearings(by=courts.actor("listing"), hearings=[hearing.pk], room="Courtroom 2")
    assert not may_open(courts, "clerk2", courts.case)
    assert not visible_to(Scope.of(courts.actor("clerk2"))).filter(pk=document.pk).exists()

    put(courts, "clerk2", room="Courtroom 2")
    assert may_open(courts, "clerk2", courts.case)

    duty = courts.people["clerk2"].duties.get(room="Courtroom 2")  # type: ignore[attr-defined]
    listing.assign_duty(
        by=courts.actor("listing"),
        court="NGT",
        room="Courtroom 2",
        day=clock.today(),
        person=courts.people["judge"],
        in_place_of=duty.pk,
    )
    assert not may_open(courts, "clerk2", courts.case)


def test_a_duty_opens_no_sealed_case_and_ends_with_its_day(courts: TwoCourts) -> None:
    listed(courts)
    put(courts, "clerk2")
    clerk = courts.actor("clerk")
    cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people["clerk"], role="clerk")
    cases.seal_case(by=clerk, case_id=courts.case.pk, reason="A test")

    assert not may_open(courts, "clerk2", courts.case)

    other = courts.open_case()
    listed(courts, case=other)
    tomorrow = Scope.of(courts.actor("clerk2"), on=clock.today() + timedelta(days=1))
    assert may_open(courts, "clerk2", other)
    assert not tomorrow.cases().filter(pk=other.pk).exists()


def test_a_vacated_hearing_is_off_the_list_and_opens_nothing(courts: TwoCourts) -> None:
    hearing = listed(courts)
    put(courts, "clerk2")
    listing.vacate_hearing(by=courts.actor("listing"), hearing_id=hearing.pk, reason="Settled")

    assert not may_open(courts, "clerk2", courts.case)
    assert hearings_on(Scope.of(courts.actor("clerk")), clock.today()) == []
    with pytest.raises(listing.HearingIsVacated):
        listing.move_hearings(by=courts.actor("listing"), hearings=[hearing.pk], room="Courtroom 2")


def test_only_who_keeps_the_list_changes_it(courts: TwoCourts) -> None:
    hearing = listed(courts)

    with pytest.raises(Forbidden):
        listing.move_hearings(by=courts.actor("judge"), hearings=[hearing.pk], room="Courtroom 2")
    with pytest.raises(NotFound):
        listing.move_hearings(by=courts.actor("clerk2"), hearings=[hearing.pk], room="Courtroom 2")
    with pytest.raises(listing.NobodyToMove):
        listing.move_hearings(by=courts.actor("listing"), hearings=[], room="Courtroom 2")
    with pytest.raises(listing.NotCourtStaff):
        put(courts, "defence")


def table(*rows: str) -> bytes:
    return "\r\n".join(["reference,date,time,room,hearing,judges,listing_id", *rows]).encode()


def take(courts: TwoCourts, content: bytes, *, by: str = "listing") -> hearing_lists.Report:
    return hearing_lists.import_hearings(by=courts.actor(by), court="NGT", content=content)


@pytest.mark.requirement("DOM-7.1", "DOM-7.7")
def test_a_list_can_be_taken_in_again_and_again(courts: TwoCourts) -> None:
    number = courts.case.references.get().value
    day = (clock.today() + timedelta(days=3)).strftime("%d/%m/%Y")
    rows = table(f"{number},{day},10:00,Courtroom 3,Trial,DJ Ashdown,L-1", f"9999,{day},10:00,Courtroom 3,Trial,,")

    first, again = take(courts, rows), take(courts, rows)

    assert [one.what for one in first.results] == [What.ADDED, What.UNMATCHED]
    assert [one.what for one in again.results] == [What.SAME, What.UNMATCHED]
    assert again.unmatched[0].line == 3
    assert "No case" in again.unmatched[0].why
    hearing = Hearing.objects.get()
    assert (hearing.room, hearing.judges, hearing.kind) == ("Courtroom 3", "DJ Ashdown", "Trial")

    moved = take(courts, table(f"{number},{day},2pm,Courtroom 4,Trial,DJ Ashdown,L-1"))
    hearing.refresh_from_db()
    assert [one.what for one in moved.results] == [What.CHANGED]
    assert (hearing.room, hearing.starts_at.astimezone(clock.COURT_ZONE).hour) == ("Courtroom 4", 14)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",25/11/2026,10:00,Room,Trial,,", "names no case"),
        ("1,31/02/2026,10:00,Room,Trial,,", "is no date"),
        ("1,25/11/2026,25:00,Room,Trial,,", "is no time"),
        ("1,25/11/2026,10:00,,Trial,,", "no courtroom"),
        ("1,25/11/2026,10:00,Room,,,", "what kind"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_keeps_no_other_from_being_taken(
    courts: TwoCourts, row: str, why: str
) -> None:
    number = courts.case.references.get().value

    report = take(courts, table(row, f"{number},25/11/2026,10:00,Room,Trial,,"))

    assert [one.what for one in report.results] == [What.UNMATCHED, What.ADDED]
    assert why in report.results[0].why


def test_what_is_no_list_is_refused_in_words(courts: TwoCourts) -> None:
    with pytest.raises(hearing_lists.ListUnreadable, match="no column called date"):
        take(courts, b"reference,room\n1,2\n")
    with pytest.raises(Forbidden):
        take(courts, table(), by="judge")


def lanes(case: Case) -> list[tuple[str, Lane]]:
    rows = Job.objects.filter(share=str(case.pk), state=JobState.READY).order_by("id")
    return [(one.name, Lane(one.lane)) for one in rows]


def test_a_hearing_entered_later_has_the_papers_that_wait_read_first(courts: TwoCourts) -> None:
    other = courts.open_case()
    with transaction.atomic():
        for case in (courts.case, other):
            enqueue(JobName.READING_OPEN, subject=f"version:{case.pk}", share=str(case.pk), lane=Lane.FIRST)

    later = listed(courts, days=9)
    assert lanes(courts.case) == [("reading.open", Lane.FIRST)]
    tomorrow = replace(listing.listed(later), starts_at=start_of(clock.today() + timedelta(days=1)))
    listing.change_hearing(by=courts.actor("listing"), hearing_id=later.pk, to=tomorrow)
    assert lanes(courts.case) == [("reading.open", Lane.HEARING)]
    assert lanes(other) == [("reading.open", Lane.FIRST)]

    listed(courts, case=other)
    assert lanes(other) == [("reading.open", Lane.HEARING)]
