"""No work is lost: a save that fails, a server that does not answer, a session that ends, a page that was left (DOM-14.3)."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import FilePayload, Page, Route, expect

from docstore.intake.draft_models import Draft
from docstore.markup.models import CaseNote
from tests.browser.checks import faults
from tests.browser.conftest import Court

NOTE: FilePayload = {"name": "Note_of_hearing.txt", "mimeType": "text/plain", "buffer": b"A note of the hearing.\n"}
WRITTEN = "The schedule lists a second hinge that no statement mentions."


def refuse_posts(page: Page, *, cut: bool = False) -> None:
    def answer(route: Route) -> None:
        if route.request.method == "POST" and cut:
            route.abort()
        elif route.request.method == "POST":
            route.fulfill(status=503, body="")
        else:
            route.continue_()

    page.route("**/*", answer)


@pytest.mark.requirement("DOM-14.3")
def test_a_save_that_fails_is_said_and_the_next_one_takes_everything(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [NOTE])
    row = page.locator("[data-row]")
    row.get_by_label("Section").select_option("statements")
    page.wait_for_selector("[data-status]:has-text('Draft saved')")

    refuse_posts(page)
    row.get_by_label("Title").fill("Note of the hearing on Monday")
    page.wait_for_selector("[data-status]:has-text('could not be saved')")
    assert row.get_by_label("Title").input_value() == "Note of the hearing on Monday"

    page.unroute("**/*")
    row.get_by_label("Dated").fill("9 9 2026")
    page.wait_for_selector("[data-status]:has-text('Draft saved')")
    page.reload()
    assert row.get_by_label("Title").input_value() == "Note of the hearing on Monday"
    assert row.get_by_label("Dated").input_value() == "9 9 2026"


@pytest.mark.requirement("DOM-14.3")
@pytest.mark.parametrize("how", ["server", "network"])
def test_words_of_a_form_that_did_not_arrive_stand_in_it_again(
    court: Court, visit: Callable[..., Page], how: str
) -> None:
    page, path = visit("clerk"), f"{court.document_path}acts/withdraw/"
    page.goto(court.url(path))
    page.fill("#id_reason", WRITTEN)
    refuse_posts(page, cut=how == "network")
    page.locator("main form button[type=submit]").click(no_wait_after=True)
    page.wait_for_timeout(200)
    page.unroute("**/*")

    page.goto(court.url(path))
    assert page.input_value("#id_reason") == WRITTEN
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector("text=The document is withdrawn")
    page.goto(court.url(f"{court.document_path}acts/restore/"))
    assert page.input_value("#id_reason") == ""  # what was taken is not offered again


@pytest.mark.requirement("DOM-7.6")
def test_a_note_that_is_sent_while_there_is_no_connection_goes_by_itself_later_and_the_page_stays(
    court: Court, visit: Callable[..., Page]
) -> None:
    page = visit("judge", viewport={"width": 800, "height": 300})
    page.goto(court.url(f"{court.case_path}notes/"))
    page.fill("[name=text]", WRITTEN)
    page.context.set_offline(True)
    page.locator("main form:has([name=text]) button[type=submit]").click()
    expect(page.locator("[data-line-down]")).to_contain_text("is sent as soon as the connection is back")
    place = page.evaluate("scrollY")
    assert place > 0
    assert page.input_value("[name=text]") == WRITTEN
    assert CaseNote.objects.count() == 0

    page.context.set_offline(False)
    page.wait_for_selector("text=The note is on the file.")
    assert CaseNote.objects.get().text == WRITTEN


@pytest.mark.requirement("DOM-14.3")
def test_the_end_of_the_session_is_announced_and_typing_outlives_it(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge")
    page.clock.install()
    page.goto(court.url(f"{court.case_path}notes/"))
    page.fill("#id_text", WRITTEN)
    idle = int(page.locator("body").get_attribute("data-idle") or "0")
    page.clock.fast_forward((idle - 300) * 1000 + 1000)
    page.wait_for_selector("dialog:has-text('You will be signed out soon')")
    assert faults(page) == []
    page.click("dialog button")
    page.wait_for_selector("dialog[open]", state="detached")

    Session.objects.all().delete()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector("[name=login]")
    page.fill("[name=login]", "judge")
    page.fill("[name=password]", "test-password-1")
    page.press("[name=password]", "Enter")
    page.wait_for_selector("text=Sign out")
    page.goto(court.url(f"{court.case_path}notes/"))
    assert page.input_value("#id_text") == WRITTEN


@pytest.mark.requirement("DOM-14.3")
def test_the_page_and_the_place_on_it_are_kept(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge")
    page.goto(court.url(f"{court.document_path}pages/3/?zoom=200"))
    page.locator(".ds-scan--page").evaluate("one => one.scrollTo(0, 300)")
    page.route("**/pages/2/*", lambda route: route.abort())
    page.focus(".ds-scan--page")
    page.keyboard.press("Alt+ArrowLeft")
    page.wait_for_selector("text=The page could not be loaded.")
    assert page.locator(".ds-scan--page").evaluate("one => one.scrollTop") == 300

    page.goto(court.url(court.document_path))
    page.click("text=Go on at page 3")
    page.wait_for_selector("#picture:has-text('Page 3 of 3')")


@pytest.mark.requirement("DOM-14.3")
def test_who_leaves_in_the_middle_of_typing_finds_it_saved(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [NOTE])
    page.locator("[data-row]").get_by_label("Title").fill("Note of Monday")
    page.goto(court.url("/help/"))
    for _ in range(50):  # it is still on its way when the next page is there
        if Draft.objects.get().title == "Note of Monday":
            break
        page.wait_for_timeout(100)
    page.goto(court.url(f"{court.case_path}file/"))
    assert page.locator("[data-row]").get_by_label("Title").input_value() == "Note of Monday"
