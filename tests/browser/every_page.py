"""Which pages there are, for whom, and in which states they are looked at: from the tables of addresses and roles.

A new address is a page to be looked at unless it stands in NOT_PAGES, so that nobody can forget one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize, expect

from docstore.access.roles import ROLES
from docstore.cases.doors import Target
from docstore.web.access import ROUTES
from docstore.web.acts import ACTS
from docstore.web.views.case_acts import CASE_ACTS
from tests.browser.checks import faults
from tests.browser.driving import NARROW, WIDE
from tests.security.test_page_matrix import address
from tests.security.world import PEOPLE, Matrix, refusals, sees_case, sees_document

# Bytes, JSON, tables, and addresses that only send on.
NOT_PAGES = {
    "account_reauthenticate",
    "certificate-envelope",
    "certificate-pdf",
    "exception-picture",
    "export-schedule",
    "go-to-page",
    "notices",
    "original",
    "picture",
    "progress",
    "scan-picture",
    "signing-keys",
    "thumbnail",
    "trail-evidence",
    "transfer-package",
    "version-impact",
}
SMALL = (NARROW["width"], NARROW["height"])
ZOOMED = (320, 256)  # 1280 × 1024 at 400 %
# Who is likeliest to use a page, where one person has to stand for all who may.
FIRST = ("clerk", "judge", "records", "stations", "auditor", "listing", "support", "defence")
ABSENT = {"strike-note", "moved", "compare-versions", "admission-decide"}


@dataclass(frozen=True, slots=True)
class State:
    """How a page is looked at. Those that need no new page are taken one after another on the page as it stands."""

    name: str
    width: int = WIDE["width"]
    height: int = WIDE["height"]
    forced: bool = False
    language: str = "en"
    script: bool = True

    @property
    def viewport(self) -> ViewportSize:
        return {"width": self.width, "height": self.height}

    @property
    def needs_loading(self) -> bool:
        return self.language != "en" or not self.script


STATES = (
    State("wide"),
    State("narrow", *SMALL),
    State("zoomed", *ZOOMED),
    State("forced colours", forced=True),
    State("welsh", language="cy"),
    State("welsh narrow", *SMALL, language="cy"),
    State("no script", script=False),
    State("no script narrow", *SMALL, script=False),
)


def pages() -> list[str]:
    """The names of all pages that one can go to, those of the sign-in apart."""
    return [name for name, methods in ROUTES.items() if "GET" in methods and name not in NOT_PAGES]


def open_to(name: str) -> list[str]:
    """The roles that a page opens to, the likeliest first."""
    door = ROUTES[name]["GET"]
    sees = {Target.CASE: sees_case, Target.DOCUMENT: sees_document}.get(door.target, lambda _role: True)
    found = [one for one in PEOPLE if ROLES[one].permissions and not refusals(one, door, sees=sees(one))]
    return sorted(found, key=lambda one: FIRST.index(one) if one in FIRST else len(FIRST))


def addresses(matrix: Matrix, name: str) -> Iterator[str]:
    """Where a page is, and all of its kind where one name stands for many."""
    url = address(matrix, name, "visible")
    acts = {"document-act": ACTS, "case-act": CASE_ACTS}.get(name)
    if acts is None:
        yield url
        return
    head = url.rstrip("/").rpartition("/")[0]
    yield from (f"{head}/{one}/" for one in acts)


def take_on(page: Page, state: State) -> None:
    """Bring a page into a state that needs no loading."""
    page.emulate_media(forced_colors="active" if state.forced else "none")
    page.set_viewport_size(state.viewport)


def look(page: Page, url: str, states: list[State], heard: list[str]) -> list[str]:
    """Open a page and say what is wrong with it in each of these states."""
    heard.clear()
    answer = page.goto(url)
    assert answer is not None
    # A page that is refused or absent is itself reported by the console as a failed load, and so are blocked scripts.
    said = [one for one in heard if "Failed to load resource" not in one]
    wrong = [*said, *([f"crashed with {answer.status}"] if answer.status >= 500 else [])]
    for state in states:
        take_on(page, state)
        wrong += [f"{state.name}: {one}" for one in faults(page)]
    return wrong


def send_empty(page: Page) -> bool:
    """Send the page's own form with nothing in it, where it asks for words; whether an error came back."""
    form = page.locator("main form[method=post]:has(textarea:visible, input[type=text]:visible)").first
    if form.count() == 0:
        return False
    for field in form.locator("textarea:visible, input[type=text]:visible").all():
        field.fill("")
    form.locator("button[type=submit]").first.click()
    expect(page.locator("main")).to_be_visible()
    return page.locator(".govuk-error-summary, .govuk-error-message").count() > 0
