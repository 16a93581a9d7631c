"""Filing several files: rows, carried values, refusals beside their file, and the same without script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page

from tests.browser.checks import faults, listen
from tests.browser.conftest import EVIL, Court
from tests.browser.driving import NARROW, WIDE

EMPTY: FilePayload = {"name": EVIL, "mimeType": "application/pdf", "buffer": b""}
NOTE: FilePayload = {"name": "Note_of_hearing.txt", "mimeType": "text/plain", "buffer": b"A note of the hearing.\n"}


@pytest.mark.requirement("SEC-43")
@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=lambda one: str(one["width"]))
def test_each_file_is_taken_or_refused_by_itself(court: Court, visit: Callable[..., Page], viewport: object) -> None:
    page = visit("clerk", viewport=viewport)
    heard = listen(page)
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [EMPTY, NOTE])

    assert page.locator("[data-list] h3").all_inner_texts() == [f"1. {EVIL}", "2. Note_of_hearing.txt"]
    assert page.locator("img").count() == 0
    assert page.input_value("#title-2") == "Note of hearing"
    assert faults(page) + heard == []

    page.fill("#dated_on-1", "9 9 2026")
    page.select_option("#section-1", "statements")
    assert page.input_value("#section-2") == "statements"
    assert page.input_value("#dated_on-2") == "9 9 2026"
    page.click("[data-go]")
    page.wait_for_selector(".ds-batch__refused")
    page.wait_for_selector("[data-go]:not([disabled])", state="attached")

    assert not page.is_visible("[data-go]")
    assert not page.is_visible("#file-1 [data-fields]")
    assert "Nothing of this file was kept" in page.locator("#file-1").inner_text()
    assert page.evaluate("document.activeElement.id") == "file-1"
    said = [one for one in heard if "Failed to load resource" not in one]
    assert faults(page) + said == []


def test_without_script_the_form_files_and_refuses_too(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk", script=False)
    page.goto(court.url(f"{court.case_path}file/"))
    page.set_input_files("#id_files", [EMPTY])
    page.click("text=File documents now")

    assert "1 file needs you" in page.locator(".govuk-error-summary").inner_text()
    assert EVIL in page.locator("#outcome-1 h3").inner_text()
