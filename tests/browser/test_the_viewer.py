"""What the viewer must be able to do (DOM-5.1, 5.2, 5.8): each of it, in one browser, with keys and without a download."""

from collections.abc import Callable
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page

from docstore.cases import actions as cases
from docstore.documents.models import Page as PageRow
from docstore.documents.models import PageState, Version
from docstore.documents.outline_models import Heading, Outline
from tests.browser.checks import faults, listen
from tests.browser.conftest import Court

# What a person who cannot use a mouse sees of where they are: an outline, a shadow or another ground.
SHOWN = """() => {
  const one = document.activeElement, now = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const marked = now.outlineStyle !== 'none' || now.boxShadow !== 'none' || now.backgroundColor === 'rgb(255, 221, 0)';
  const parent = one.parentElement && getComputedStyle(one.parentElement.querySelector('label') ?? one);
  return {marked: marked || parent.boxShadow !== 'none', name: one.outerHTML.slice(0, 120), tall: box.height};
}"""


TEN_MEGABITS = 1_250_000  # bytes in a second
SCAN_BYTES = 250_000


def give_outline(court: Court) -> None:
    version = court.document.versions.get()
    headings = [Heading(0, "Part A", 1), Heading(1, "The lock", 3)]
    Outline.objects.create(version=version, lines=[(one.level, one.title, one.page) for one in headings])
    PageRow.objects.filter(version=version, number=2).update(label="B3")


@pytest.mark.requirement("DOM-5.1")
def test_a_reader_jumps_enlarges_turns_looks_over_finds_and_takes_away_only_what_they_may(
    court: Court, visit: Callable[..., Page]
) -> None:
    give_outline(court)
    page = visit("judge")
    heard = listen(page)
    page.goto(court.url(f"{court.document_path}pages/1/"))

    page.fill("#p", "b3")  # by the number printed on the page
    page.press("#p", "Enter")
    page.wait_for_selector("#picture:has-text('Page 2 of 3')")
    page.click("text=Larger")
    page.wait_for_selector(".ds-zoom-125")
    page.click("text=Turn right")
    page.wait_for_selector("text=turned by 90°")
    page.click(".ds-thumbs a >> nth=0")
    page.wait_for_selector("#picture:has-text('Page 1 of 3')")
    page.click(".ds-contents summary")
    page.click(".ds-outline >> text=The lock")
    page.wait_for_selector("#picture:has-text('Page 3 of 3')")
    assert page.locator(".ds-outline [aria-current]").inner_text() == "The lock"
    assert page.locator(".ds-contents").get_attribute("open") is not None
    page.fill("#f", "knife")
    page.press("#f", "Enter")
    page.wait_for_selector(".ds-scan rect:not(.ds-box--unclear)")
    page.goto(court.url(f"{court.document_path}pages/2/"))  # turned as it was left, for this person alone
    assert page.locator(".ds-page").get_attribute("viewBox") == "0 0 842 595"
    assert (
        page.locator(".ds-toolbar >> text=Original").count() == page.locator(".ds-toolbar >> text=Print").count() == 1
    )
    assert faults(page) + heard == []

    other = visit("usher")  # reads statements, and takes none away
    other.goto(court.url(f"{court.document_path}pages/2/"))
    assert other.locator(".ds-page").get_attribute("viewBox") == "0 0 595 842"
    assert (
        other.locator(".ds-toolbar >> text=Original").count() == other.locator(".ds-toolbar >> text=Print").count() == 0
    )
    for path in ("original/", "print/"):
        assert other.request.get(court.url(f"{court.document_path}{path}")).status == 404


@pytest.mark.requirement("DOM-5.2")
def test_the_first_page_needs_its_picture_alone_and_not_the_file(court: Court, visit: Callable[..., Page]) -> None:
    version = court.document.versions.get()
    Version.objects.filter(pk=version.pk).update(bytes=900_000_000, pages_total=500)
    rows = [PageRow(version=version, number=at, state=PageState.PENDING) for at in range(4, 501)]
    PageRow.objects.bulk_create(rows)
    page, asked = visit("judge"), []
    page.on("response", lambda one: asked.append((urlparse(one.url).path, len(one.body()) if one.ok else 0)))
    page.goto(court.url(f"{court.document_path}pages/1/"))
    page.wait_for_load_state("networkidle")

    papers = {path: size for path, size in asked if path.startswith(court.document_path)}
    assert not [path for path in papers if path.endswith("/original/")]
    assert {path for path in papers if path.endswith("/picture/")} <= {
        f"{court.document_path}pages/{at}/picture/" for at in (1, 2)
    }
    assert sum(papers.values()) < 400_000
    # With styles and scripts, and a scan's real size in place of the white page: one second of ten megabits (DOM-14.2 gives two).
    assert sum(size for _path, size in asked) + SCAN_BYTES < TEN_MEGABITS


@pytest.mark.requirement("DOM-5.8")
def test_every_step_by_key_shows_where_it_is_and_every_picture_has_its_words(
    court: Court, visit: Callable[..., Page]
) -> None:
    give_outline(court)
    page = visit("clerk")
    page.goto(court.url(f"{court.document_path}pages/2/"))
    unmarked, steps = [], 0
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        steps += 1
        shown = page.evaluate(SHOWN)
        unmarked += [] if shown["marked"] else [shown["name"]]
    assert unmarked == []
    assert steps > 30

    tree = page.locator("main").aria_snapshot()
    assert "Words of page 2" in tree
    assert "The door at Hawthorn Lane was replaced." in " ".join(tree.split())
    assert page.locator(".ds-page[role=img]").get_attribute("aria-label") == (
        "Picture of page 2. Its words are under the heading Text of page 2."
    )


def test_who_may_not_open_it_is_told_nothing_of_outline_pages_or_pictures(
    court: Court, visit: Callable[..., Page]
) -> None:
    give_outline(court)
    cases.exclude_person(
        by=court.courts.actor("clerk"), case_id=court.courts.case.pk, person=court.courts.people["usher"], reason="Kin"
    )
    page = visit("usher")
    for path in ("", "pages/1/", "pages/1/picture/", "pages/1/thumbnail/", "text/"):
        assert page.request.get(court.url(f"{court.document_path}{path}")).status == 404
