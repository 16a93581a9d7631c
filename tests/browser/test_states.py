"""Finding and reading in every state that a person may meet them in: nothing, one, many, wrong, Welsh, forced colours,
a window as at 400 % zoom, no script. Each is asked for the same: no axe violation, no small target, nothing too wide.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.checks import faults, listen
from tests.browser.conftest import Court
from tests.browser.driving import NARROW, WIDE

# 1280 × 1024 at 400 %.
ZOOMED = {"width": 320, "height": 256}
WAYS = {
    "wide": {},
    "zoomed": {"viewport": ZOOMED},
    "welsh": {"language": "cy"},
    "welsh narrow": {"language": "cy", "viewport": NARROW},
    "forced colours": {"forced": True},
}


def search(page: Page, court: Court, words: str) -> None:
    page.goto(court.url("/search/"))
    page.fill("#q", words)
    page.press("#q", "Enter")
    page.wait_for_selector("#results, .govuk-inset-text")


@pytest.mark.parametrize("way", WAYS)
def test_search_is_without_fault_in_every_state(court: Court, visit: Callable[..., Page], way: str) -> None:
    page = visit("judge", **WAYS[way])
    heard = listen(page)
    wrong = []
    for state, words in {
        "nothing asked": " ",
        "nothing found": "unicorn nosuch:field",
        "many": "knife OR door OR lock",
        "near": "hawthornn lane",
    }.items():
        search(page, court, words)
        wrong += [f"{state}: {one}" for one in faults(page)]
    search(page, court, "knife")
    page.evaluate("document.querySelector('.ds-filters').open = true")
    page.fill("#dated_from", "soon")
    page.locator("[form=find][type=submit]").last.click()
    page.wait_for_selector(".govuk-error-summary")
    wrong += [f"wrong day: {one}" for one in faults(page)]
    assert wrong + heard == []


@pytest.mark.parametrize("way", WAYS)
def test_reading_is_without_fault_in_every_state(court: Court, visit: Callable[..., Page], way: str) -> None:
    page = visit("judge", **WAYS[way])
    heard = listen(page)
    wrong = []
    search(page, court, "knife")
    page.locator(".ds-hit__page p a").first.click()
    page.wait_for_selector("[data-viewer]")
    wrong += [f"page: {one}" for one in faults(page)]
    for path in ("pages/2/?zoom=200", "pages/1/correct/", "text/", "print/?from=1&to=2", ""):
        page.goto(court.url(f"{court.document_path}{path}"))
        wrong += [f"{path}: {one}" for one in faults(page)]
    assert wrong + heard == []


@pytest.mark.parametrize("language", ["en", "cy"])
def test_saved_searches_are_without_fault_empty_and_with_one(
    court: Court, visit: Callable[..., Page], language: str
) -> None:
    page = visit("judge", language=language, viewport=NARROW)
    heard = listen(page)
    page.goto(court.url("/search/saved/"))
    wrong = faults(page)
    search(page, court, "knife")
    page.click(".ds-after-results summary")
    page.fill("#save-name", "Knives")
    page.check("#save-watched", force=True)
    page.click(".ds-after-results details button")
    page.goto(court.url("/search/saved/"))
    wrong += faults(page)
    assert "Knives" in page.locator("main").inner_text()
    page.goto(court.url("/search/"))
    wrong += faults(page)
    assert wrong + heard == []


@pytest.mark.requirement("WIN-16")
def test_a_reader_with_the_keyboard_alone_finds_a_word_and_reads_its_page(
    court: Court, visit: Callable[..., Page]
) -> None:
    page = visit("judge", viewport=WIDE)
    page.goto(court.url("/search/"))
    _tab_to(page, "document.activeElement.id === 'q'")
    page.keyboard.type("knife")
    page.keyboard.press("Enter")
    page.wait_for_selector("#results")
    _tab_to(page, "!!document.activeElement.closest('.ds-hit__page p')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-viewer]")
    _tab_to(page, "document.activeElement.matches('.ds-scan--page')")
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_selector("#picture:has-text('Page 2 of 3')")
    _tab_to(page, "document.activeElement.matches('.ds-text')")
    _tab_to(page, "!!document.activeElement.closest('footer')")


def _tab_to(page: Page, there: str) -> None:
    """Press Tab until the focus is there; fail where it never comes."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    pytest.fail(f"Tab never led to where {there}")


@pytest.mark.requirement("DOM-13.10", "WIN-16")
def test_without_script_a_person_finds_reads_turns_and_prints(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge", script=False)
    search(page, court, "knife")
    page.locator(".ds-hit__page p a").first.click()
    page.click("text=Larger")
    assert "zoom=125" in page.url
    page.fill("#f", "door")
    page.press("#f", "Enter")
    assert "Hit 1 of 3 in this document" in page.locator(".ds-title").inner_text()
    page.fill("#p", "3")
    page.press("#p", "Enter")
    assert "/pages/3/" in page.url
    page.click(".ds-toolbar >> text=Print")
    assert page.locator(".ds-sheet").count() == 1
