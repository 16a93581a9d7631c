"""Filing several files: rows, carried values, refusals beside their file, and the same without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page

from tests.browser.checks import faults, listen
from tests.browser.conftest import EVIL, Court
from tests.browser.driving import NARROW, WIDE

EMPTY: FilePayload = {"name": EVIL, "mimeType": "application/pdf", "buffer": b""}
OTHER: FilePayload = {"name": "Letter.txt", "mimeType": "text/plain", "buffer": b"Words that suggest nothing.\n"}
NOTE: FilePayload = {"name": "Note_of_hearing.txt", "mimeType": "text/plain", "buffer": b"A note of the hearing.\n"}


@pytest.mark.requirement("SEC-43")
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=lambda one: str(one["width"]))
def test_each_file_is_taken_or_refused_by_itself(court: Court, visit: Callable[..., Page], viewport: object) -> None:
    page = visit("clerk", viewport=viewport)
    heard = listen(page)
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [EMPTY, NOTE, OTHER])
    page.wait_for_selector("[data-row] >> nth=1")

    assert page.locator("[data-sending] h3").all_inner_texts() == [EVIL]
    assert "Nothing of this file was kept" in page.locator("[data-sending]").inner_text()
    assert page.locator("img").count() == 0
    rows = page.locator("[data-row]")
    assert rows.locator("h3").all_inner_texts() == ["1. Note_of_hearing.txt", "2. Letter.txt"]
    assert rows.nth(0).get_by_label("Title").input_value() == "Note of hearing"

    rows.nth(0).get_by_label("Section").select_option("statements")
    rows.nth(0).get_by_label("Dated").fill("9 9 2026")
    assert rows.nth(1).get_by_label("Section").input_value() == "statements"
    assert rows.nth(1).get_by_label("Dated").input_value() == "9 9 2026"
    page.wait_for_selector("[data-status]:has-text('Draft saved')")
    said = [one for one in heard if "Failed to load resource" not in one]
    assert faults(page) + said == []

    page.reload()  # what was typed is there after the window was closed
    assert page.locator("[data-row]").nth(0).get_by_label("Dated").input_value() == "9 9 2026"
    page.click("[data-go]")
    page.wait_for_selector(".ds-pass")
    assert page.locator(".ds-pass").all_inner_texts() == ["Filed", "Filed"]
    assert faults(page) == []


@pytest.mark.requirement("WIN-16")
def test_a_paper_is_filed_by_keyboard_alone(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [NOTE, OTHER])  # the system's own dialogue, which no page can walk
    page.wait_for_selector("[data-row] >> nth=1")

    page.locator("[data-row]").nth(0).get_by_label("Title").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Note of the hearing")
    page.keyboard.press("Tab")
    page.keyboard.type("9 9 2026")
    page.keyboard.press("Tab")
    page.keyboard.type("10 9 2026")
    page.keyboard.press("Tab")
    page.keyboard.type("Witness")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "Letter"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.hasAttribute('data-go')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".ds-pass >> nth=1")

    assert page.locator(".ds-batch__ready h3").all_inner_texts()[:2] == ["Note of the hearing", "Letter"]


@pytest.mark.requirement("WIN-16")
def test_without_script_the_form_files_and_refuses_too(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk", script=False)
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [EMPTY, NOTE])
    page.click("button:has-text('Add')")

    assert "1 file needs you" in page.locator(".govuk-error-summary").inner_text()
    assert EVIL in page.locator("#outcome-1 h3").inner_text()
    page.locator("[data-row]").get_by_label("Section").select_option("statements")
    page.click("[data-go]")
    assert page.locator(".ds-pass").all_inner_texts() == ["Filed"]
