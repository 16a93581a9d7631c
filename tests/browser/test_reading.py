"""Finding and reading, with the keyboard, and with JavaScript switched off."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.checks import faults, listen
from tests.browser.conftest import EVIL, PAGES, Court
from tests.browser.driving import NARROW, WIDE

FOUND = "Hawthorn Lane"


@pytest.mark.requirement("WIN-7")
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
    page.wait_for_url("**/pages/3/?s=*")


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


def test_pages_are_turned_without_leaving_and_the_focus_stays(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge")
    heard = listen(page)
    page.goto(court.url(f"{court.document_path}pages/1/"))
    page.evaluate("window.stayed = true")
    page.focus(".ds-scan")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_url("**/pages/2/")
    page.wait_for_selector("#picture:has-text('Page 2 of 3')")

    assert page.evaluate("window.stayed") is True
    assert page.evaluate("document.activeElement.className").startswith("ds-scan")
    assert page.locator("[data-said]").inner_text() == "Page 2 of 3, picture"
    assert page.title().startswith("Page 2 of 3")

    page.click(".ds-thumbs a >> nth=2")
    page.wait_for_selector("#picture:has-text('Page 3 of 3')")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "page"
    page.keyboard.press("Alt+ArrowRight")
    assert "/pages/3/" in page.url
    page.go_back()
    page.wait_for_selector("#picture:has-text('Page 2 of 3')")
    assert faults(page) + heard == []


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_page_is_turned_on_its_side_and_back(court: Court, visit: Callable[..., Page], script: bool) -> None:
    page = visit("judge", script=script)
    page.goto(court.url(f"{court.document_path}pages/2/?zoom=150"))
    page.click("text=Turn right")
    page.wait_for_selector("text=turned by 90°")

    assert page.locator(".ds-page").get_attribute("viewBox") == "0 0 842 595"
    assert "zoom=150" in page.url or not script
    assert faults(page) == [] if script else True
    page.click("text=Turn left")
    page.wait_for_selector("text=turned by 90°", state="detached")


def test_the_words_of_the_picture_can_be_selected(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge")
    page.goto(court.url(f"{court.document_path}pages/2/"))
    page.wait_for_load_state("networkidle")  # nothing moves any more
    box = page.locator(".ds-page text").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    page.mouse.up()

    assert page.evaluate("getSelection().toString()").strip() == "The door at Hawthorn Lane was replaced."


def test_a_page_that_cannot_be_had_is_said_and_the_one_before_stays(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge")
    page.goto(court.url(f"{court.document_path}pages/1/"))
    page.wait_for_load_state("networkidle")
    page.route("**/pages/2/", lambda route: route.abort())
    page.focus(".ds-scan")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_selector("text=The page could not be loaded.")

    assert page.locator("#picture").inner_text() == "Page 1 of 3, picture"
    page.unroute("**/pages/2/")


def test_shortcuts_switched_off_turn_no_page(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("judge")
    page.goto(court.url("/help/"))
    page.click("text=Turn shortcuts off")
    page.goto(court.url(f"{court.document_path}pages/1/"))
    page.focus(".ds-scan")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_timeout(300)

    assert "/pages/1/" in page.url


def test_wrong_text_is_reported_beside_its_picture(court: Court, visit: Callable[..., Page]) -> None:
    page = visit("clerk")
    page.goto(court.url(f"{court.document_path}pages/2/"))
    page.click("text=Report wrong text")
    page.fill("#id_text", "The door at Hawthorn Lane was repaired.")
    page.click("text=Save the correction")
    assert "Say what was wrong" in page.locator(".govuk-error-summary").inner_text()
    assert page.input_value("#id_text") == "The door at Hawthorn Lane was repaired."
    assert faults(page) == []
    page.fill("#id_reason", "The scan was read wrongly")
    page.click("text=Save the correction")

    page.wait_for_selector("text=The text is corrected.")
    assert "repaired" in page.locator(".ds-text").inner_text()
    assert "Corrected by Clerk" in page.locator(".ds-aside").inner_text()
    page.click("text=Change the corrected text")
    assert faults(page) == []
    page.fill("#revert_reason", "It was right after all")
    page.click("text=Use the machine’s text again")
    page.wait_for_selector("text=The machine’s text is in use again.")
    assert "replaced" in page.locator(".ds-text").inner_text()
