"""Every page for several people at three widths: axe, targets, landmarks, console, content policy, nothing too wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from docstore.core import clock
from tests.browser.checks import faults, listen
from tests.browser.conftest import Court
from tests.browser.driving import NARROW, TABLET, WIDE

ROLES = ("clerk", "judge", "defence", "records", "auditor")
EVERYBODY = (
    "/",
    "/cases/",
    "/search/",
    "/help/",
    "/accessibility/",
    "/day/",
    "/intake/",
    "/records/",
    "/records/list/?show=all",
    "/records/calendar/",
    "/records/schedules/",
    "/records/schedules/new/",
    "/records/holds/",
    "/records/holds/new/",
    "/records/what-if/?as_of=1+1+2035",
    "/records/open-for-years/",
    "/access/",
    "/access/report/",
    "/access/at-once/",
    "/people/",
    "/work/",
    "/nothing/",
    "/sign-out/",
)
STAFF = ("/cases/open/", "/account/second-factor/")
ACTS = ("version", "amend", "reclassify", "seal", "move", "show", "reorder", "split", "withdraw", "reread")
CASE_ACTS = ("party", "link", "restrict", "seal", "close")


def paths(court: Court, who: str) -> list[str]:
    """Every page, whether this person may open it or not: a refusal is a page too."""
    pages = [
        *EVERYBODY,
        court.case_path,
        *(f"{court.case_path}{part}/" for part in ("timeline", "hearings", "notes", "file")),
        f"{court.case_path}access/",
        f"{court.case_path}retention/",
        f"{court.case_path}retention/trigger/",
        f"{court.document_path}retention/",
        f"{court.case_path}access/as/defence/",
        court.document_path,
        f"{court.document_path}access/",
        f"{court.document_path}pages/2/",
        f"{court.document_path}text/",
        f"{court.document_path}print/?from=1&to=2",
        f"{court.document_path}pages/2/correct/",
    ]
    if who == "clerk":
        pages += [*STAFF, f"{court.document_path}pages/2/?zoom=200"]
        pages += [f"{court.document_path}acts/{act}/" for act in ACTS]
        pages += [f"{court.case_path}acts/{act}/" for act in CASE_ACTS]
        pages += [f"{court.document_path}readers/", "/day/import/", court.hearing_path]
        pages += [f"/day/courtroom/?court=NGT&room=Courtroom%201&day={clock.today().isoformat()}"]
    return pages


@pytest.mark.requirement("SEC-70")
@pytest.mark.parametrize(
    ("who", "viewport"),
    [(who, size) for who in ROLES for size in (WIDE, NARROW)] + [("clerk", TABLET)],
    ids=lambda one: one if isinstance(one, str) else str(one["width"]),
)
def test_every_page_is_without_fault(
    court: Court, visit: Callable[..., Page], who: str, viewport: ViewportSize
) -> None:
    page = visit(who, viewport=viewport)
    heard = listen(page)
    wrong: list[str] = []
    for path in paths(court, who):
        answer = page.goto(court.url(path))
        assert answer is not None
        # A page that is refused or absent is itself reported by the console as a failed load; that is no fault of it.
        said = [one for one in heard if answer.status < 400 or "Failed to load resource" not in one]
        heard.clear()
        wrong += [
            f"{path}: {fault}" for fault in [*faults(page), *said, *(["crashed"] if answer.status >= 500 else [])]
        ]

    assert wrong == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=lambda one: str(one["width"]))
def test_the_sign_in_page_is_without_fault(court: Court, visit: Callable[..., Page], viewport: ViewportSize) -> None:
    page = visit("", viewport=viewport)
    heard = listen(page)

    page.goto(court.url("/sign-in/"))
    assert faults(page) + heard == []

    page.click("main button:has-text('Sign in')")
    assert "Error:" in page.title()
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert faults(page) == []
