"""Each role's morning in a real browser, from the sign-in page on: what they do first, the way a newcomer would find it.

The same mornings without a browser are in tests/journeys. Here every page on the way is looked at as well: the last one
of each morning for faults, all of them for what the console says.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import FilePayload, Page, expect

from docstore.cases import actions as cases
from docstore.cases.listing import assign_duty
from docstore.core import clock
from docstore.documents.models import Document
from docstore.intake.models import Station
from tests.browser.checks import faults, listen
from tests.browser.conftest import Court

PAPER: FilePayload = {
    "name": "Statement_of_Ada_Pike.txt",
    "mimeType": "text/plain",
    "buffer": b"WITNESS STATEMENT\nStatement of Ada Pike\nDated 3 June 2025\nI heard the door.\n",
}
PASSWORD = "test-password-1"


class Desk:
    """Somebody who has just signed in, and what their browser complained of."""

    def __init__(self, court: Court, page: Page, who: str) -> None:
        self.court, self.page, self.heard = court, page, listen(page)
        page.goto(court.url("/"))
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("text=Sign out")

    def go(self, link: str) -> None:
        """Follow the link in the navigation or on the page that begins with these words."""
        self.page.locator(f":is(nav, main) a:visible:has-text('{link}')").first.click()

    def press(self, button: str) -> None:
        self.page.locator(f"main button:has-text('{button}')").first.click()

    def sees(self, words: str) -> None:
        self.page.wait_for_selector(f"text={words} >> visible=true")

    def said(self) -> str:
        return self.page.locator("main").inner_text()

    def find_case(self) -> None:
        self.page.fill("[name=reference]", self.court.courts.case.references.get().value)
        self.page.press("[name=reference]", "Enter")
        self.page.click("main tbody a")
        self.page.wait_for_selector("h1")

    def nothing_is_wrong(self) -> None:
        """A form that is sent back with its errors is reported by the console as a failed load; that is no fault."""
        said = [one for one in self.heard if "422" not in one]
        assert faults(self.page) + said == []


@pytest.fixture
def desk(court: Court, visit: Callable[..., Page]) -> Callable[[str], Desk]:
    return lambda who: Desk(court, visit(""), who)


def test_the_clerk_files_what_came_in_corrects_a_slip_and_ends_with_the_history(desk: Callable[[str], Desk]) -> None:
    clerk = desk("clerk")
    clerk.find_case()
    clerk.go("File documents")
    clerk.page.set_input_files("#id_files", [PAPER])
    row = clerk.page.locator("[data-row]")
    assert row.get_by_label("Title").input_value() == "Statement of Ada Pike"
    assert row.get_by_label("Dated").input_value() == "3 6 2025"
    row.get_by_label("Section").select_option("statements")
    clerk.press("File 1 document now")
    clerk.sees("Filed")
    clerk.go("Statement of Ada Pike")
    clerk.go("Change title, kind, date or parties")
    clerk.page.get_by_label("Title").fill("Statement of Ada Pyke")
    clerk.page.get_by_label("Reason").fill("Her name was mistyped")
    clerk.press("Change title")
    clerk.sees("What is said of the document is changed.")
    assert "Statement of Ada Pyke" in clerk.page.locator("h1").inner_text()
    clerk.page.locator(".ds-identity a").click()
    clerk.go("History")
    assert "Reason: Her name was mistyped" in clerk.said()
    clerk.nothing_is_wrong()


@pytest.mark.requirement("DOM-7.2", "DOM-7.4")
def test_the_legal_adviser_sees_a_late_paper_on_the_list_and_is_at_its_first_page_in_two_actions(
    desk: Callable[[str], Desk], court: Court
) -> None:
    court.make_old()
    listing, person = court.courts.actor("listing"), court.courts.people["adviser"]
    assign_duty(by=listing, court="NGT", room="Courtroom 1", day=clock.today(), person=person)
    adviser = desk("adviser")
    assert "filed since 8am" not in adviser.said()
    court.file_late("Late skeleton argument")
    adviser.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(adviser.page.locator(".ds-notices")).to_contain_text("1 paper came in for a case that you hear today")
    adviser.page.reload()
    adviser.sees("1 case has a paper filed since 8am")
    adviser.go("Day list")
    assert "Late skeleton argument" in adviser.said()
    assert adviser.page.locator(".moj-badge:has-text('New 9am')").count() == 1
    adviser.nothing_is_wrong()
    adviser.page.locator("main tbody td:last-child a").first.click()
    assert adviser.page.title().startswith("Page 1 of")


def test_the_judge_finds_a_line_reads_on_by_keys_seals_a_paper_and_keeps_a_note(
    desk: Callable[[str], Desk], court: Court
) -> None:
    judge = desk("judge")
    judge.go("Search")
    judge.page.fill("#q", "hawthorn lane")
    judge.page.press("#q", "Enter")
    judge.page.locator(".ds-hit__page p a").first.click()
    judge.page.wait_for_selector(".ds-scan rect")
    judge.page.focus(".ds-scan--page")
    judge.page.keyboard.press("Alt+ArrowRight")
    judge.page.wait_for_selector("#picture:has-text('Page 2 of 3')")
    judge.page.click("h1 a")
    judge.go("Seal it")
    judge.page.get_by_label("Reason").fill("The address of a witness")
    judge.press("Seal it")
    judge.sees("The document is sealed, in search as well.")
    judge.page.locator(".ds-identity a").click()
    judge.go("Notes to file")
    judge.page.get_by_label("Note", exact=True).fill("Ask about the hinge.")
    judge.page.locator("main form button[type=submit]").last.click()
    judge.sees("The note is on the file.")
    judge.nothing_is_wrong()
    assert Document.objects.get(pk=court.document.pk).sealed


def test_the_usher_sees_who_is_heard_where_and_changes_nothing(desk: Callable[[str], Desk], court: Court) -> None:
    usher = desk("usher")
    usher.go("Day list")
    assert "Courtroom 1" in usher.said()
    assert usher.page.locator("main input[type=checkbox]").count() == 0
    usher.go(court.courts.case.references.get().value[:4])
    assert "File documents" not in usher.said()
    assert "Other acts" not in usher.said()
    usher.nothing_is_wrong()


def test_the_listing_officer_takes_in_a_list_moves_a_case_and_puts_somebody_to_work(
    desk: Callable[[str], Desk], court: Court
) -> None:
    listing, number = desk("listing"), court.courts.case.references.get().value
    rows = f"reference,date,time,room,hearing\n{number},{clock.today():%d/%m/%Y},2pm,Courtroom 2,Bail\nNONE1,{clock.today():%d/%m/%Y},2pm,X,Y\n"
    listing.go("Day list")
    listing.go("Take in a list")
    listing.page.set_input_files("#id_file", {"name": "list.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    listing.press("Take it in")
    listing.sees("These rows were not taken")
    assert "NONE1" in listing.said()
    listing.go("Day list")
    second = listing.page.locator("section.ds-room", has_text="Courtroom 2").last
    second.locator(".govuk-checkboxes__label").first.click()
    second.get_by_role("button", name="Move").click()
    listing.sees("1 case is now in Courtroom 1.")
    listing.go("Who works here")
    listing.page.get_by_label("User name").fill("usher")
    listing.press("Put them here")
    listing.sees("Usher, usher")
    listing.nothing_is_wrong()


def test_the_records_manager_sees_what_is_due_and_places_a_hold(desk: Callable[[str], Desk], court: Court) -> None:
    records = desk("records")
    records.go("Records")
    records.sees("What never happens by itself")
    records.page.goto(court.url("/records/holds/"))
    records.go("Place a hold")
    records.page.get_by_label("Which one").fill(court.courts.case.references.get().value)
    records.page.get_by_label("Title", exact=True).fill("Complaint under review")
    records.page.get_by_label("Reason", exact=True).fill("The complaint of 3 June")
    records.press("Place")
    assert "There is a problem" in records.said()  # nothing is placed without the mandate that it rests on
    assert records.page.get_by_label("Title", exact=True).input_value() == "Complaint under review"
    records.page.get_by_label("Mandate").fill("Data Protection Act 2018, section 45")
    records.page.locator("form:has([name=mandate]) button[type=submit]").click()
    records.sees("It covers")
    records.nothing_is_wrong()


def test_the_auditor_finds_who_opened_a_paper_and_no_title_of_it(desk: Callable[[str], Desk], court: Court) -> None:
    judge = desk("judge")
    judge.page.goto(court.url(f"{court.document_path}pages/1/"))
    auditor = desk("auditor")
    assert "opens no case files" in auditor.said()
    auditor.go("Who did what")
    auditor.page.get_by_label("Person").fill("judge")
    auditor.page.get_by_label("Case number").fill(court.courts.case.references.get().value)
    auditor.press("Apply filters")
    auditor.sees("What fits, newest first")
    assert "Opened a page" in auditor.said()
    assert "onerror" not in auditor.said()
    auditor.nothing_is_wrong()


def test_support_sees_off_a_leaver_and_opens_no_case(desk: Callable[[str], Desk], court: Court) -> None:
    support = desk("support")
    support.go("Access")
    support.go("Review who has access")
    support.go("Listing")
    support.page.get_by_label("Note").fill("Left the service on Friday")
    support.press("End all access")
    support.sees("Listing")
    court.courts.people["listing"].refresh_from_db()
    assert not court.courts.people["listing"].is_active
    support.nothing_is_wrong()


def register_scanner(manager: Desk, number: int) -> None:
    manager.go("Intake")
    manager.go("Stations and keys")
    manager.page.get_by_label("Name", exact=True).fill(f"Post room, scanner {number}")
    manager.page.get_by_label("Short name").fill(f"northgate-post-{number}")
    manager.page.locator("main form button[type=submit]").last.click()


def test_the_station_manager_registers_a_scanner_and_is_shown_its_key_once(desk: Callable[[str], Desk]) -> None:
    manager = desk("stations")
    register_scanner(manager, 1)
    manager.page.wait_for_selector("h1:has-text('Post room, scanner 1')")
    assert Station.objects.get().name == "Post room, scanner 1"
    manager.page.get_by_label("What the key is for").fill("Agent on the post room PC")
    manager.page.locator("form:has([name=days]) button[type=submit]").click()
    manager.page.wait_for_selector(".govuk-panel, .ds-mono")
    manager.nothing_is_wrong()


def test_the_administrator_asks_the_doctor_admits_a_scanner_and_shuts_a_leaver_out_at_once(
    desk: Callable[[str], Desk], court: Court
) -> None:
    told = StringIO()
    with suppress(SystemExit):  # 1 where some part is not well: in a test no scheduler seals the log
        call_command("doctor", json=True, stdout=told)
    rows = json.loads(told.getvalue())
    assert [one["part"] for one in rows if not one["well"] and not one["do"]] == []

    manager = desk("stations")
    register_scanner(manager, 2)
    manager.page.get_by_label("What the key is for").fill("Agent on the post room PC")
    manager.page.locator("form:has([name=days]) button[type=submit]").click()
    key = manager.page.locator(".ds-mono:has-text('ds_')").first.inner_text().strip()
    events = Client().get("/api/v1/events", headers={"Authorization": f"Bearer {key}"})
    assert events.status_code == 200, events.content
    manager.page.reload()
    expect(manager.page.locator("main")).not_to_contain_text(key)  # shown once
    manager.nothing_is_wrong()

    leaver, support = desk("usher"), desk("support")
    support.go("Access")
    support.go("Review who has access")
    support.go("Usher")
    support.page.get_by_label("Note").fill("Left the service on Friday")
    support.press("End all access")
    support.sees("Usher")
    support.nothing_is_wrong()
    leaver.page.goto(court.url("/day/"))
    expect(leaver.page.locator("h1")).to_have_text("Sign in to Docstore")


@pytest.mark.parametrize("who", ["prosecutor", "defence", "probation"])
def test_a_party_files_its_paper_and_the_others_morning_goes_on_without_it(
    desk: Callable[[str], Desk], court: Court, who: str
) -> None:
    clerk, case = court.courts.actor("clerk"), court.courts.case
    side = {"probation": "other", "prosecutor": "prosecution", "defence": "defence"}[who]
    cases.add_member(by=clerk, case_id=case.pk, person=court.courts.people[who], role=who, side=side)
    party = desk(who)
    party.go(case.references.get().value[:4])
    assert "hidden from you" not in party.said()
    party.go("File documents")
    party.page.set_input_files("#id_files", [PAPER])
    row = party.page.locator("[data-row]")
    row.get_by_label("Section").select_option(index=1)
    party.press("File 1 document now")
    party.sees("Filed")
    party.nothing_is_wrong()
    filed = Document.objects.get(title="Statement of Ada Pike")
    assert filed.side == side
