"""Finding and reading, with the keyboard, and with JavaScript switched off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.checks import faults, listen
from tests.browser.conftest import EVIL, PAGES, Court
from tests.browser.driving import NARROW, WIDE

FOUND = "Hawthorn Lane"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_phrase_is_found_and_boxed_on_its_page(court: Court, visit: Callable[..., Page], script: bool) -> None:
    page = visit("judge", script=script)
    page.goto(court.url("/search/"))
    page.fill("#q", f'"{FOUND}"')
    page.press("#q", "Enter")

    assert page.locator("#results").inner_text() == f"{PAGES} pages in 1 document"
    assert "Hawthorn" not in page.url
    page.locator(".ds-hit__page p a").nth(1).click()

    assert "/pages/2/?s=" in page.url
    assert page.locator(".ds-scan rect:not(.ds-box--unclear)").count() == 1
    assert page.locator(".ds-text mark").all_inner_texts() == ["Hawthorn Lane"]
    assert "(unclear)" in page.locator(".ds-text").inner_text()
    assert page.locator(".ds-title").inner_text().count("Hit 2 of 3") == 1
    page.click("text=Next hit")
    assert "/pages/3/" in page.url


def test_results_and_the_hit_page_are_without_fault_at_320_px(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk", viewport=NARROW)
    heard = listen(page)
    page.goto(court.url("/search/"))
    page.fill("#q", f"{FOUND} nosuchfield:x")
    page.press("#q", "Enter")
    page.wait_for_selector("#results")
    assert faults(page) + heard == []
    assert "Not understood: nosuchfield:x" in page.locator(".ds-notice").inner_text()

    page.locator(".ds-hit__page p a").first.click()
    page.wait_for_selector("[data-viewer]")
    assert faults(page) + heard == []


def test_the_viewer_is_reached_turned_and_left_by_keyboard(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge", viewport=WIDE)
    page.goto(court.url(f"{court.document_path}pages/2/"))
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement.closest('.ds-scan, .ds-thumbs, .ds-text, footer')?.classList[0] ?? ''"
            )
        )
        if "ds-footer" in seen[-1]:
            break
    assert {"ds-thumbs", "ds-scan", "ds-text", "ds-footer"} <= set(seen)

    page.focus(".ds-scan")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_url("**/pages/3/")


def test_a_name_made_of_markup_is_text_everywhere(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    heard = listen(page)
    for path in (
        court.case_path,
        court.document_path,
        f"{court.document_path}pages/1/",
        f"{court.document_path}acts/seal/",
    ):
        page.goto(court.url(path))
        assert EVIL in page.locator("main").inner_text()
        assert page.locator("img[src='x']").count() == 0
    assert heard == []
