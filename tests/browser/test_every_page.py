"""Every page without fault: axe, targets, landmarks, console, content policy, nothing too wide.

Each build looks at every page once wide and once at 320 px, in the role that uses it most, and a third of them in one more state in turn.
`make matrix` looks at every page in every role that it opens to and in every state (some 20 minutes).
"""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from tests.browser.checks import faults, listen
from tests.browser.conftest import Court
from tests.browser.driving import NARROW, WIDE
from tests.browser.every_page import ABSENT, NOT_PAGES, STATES, State, addresses, look, open_to, pages, send_empty
from tests.courts import build_courts
from tests.security.world import PEOPLE, Matrix, build

WHOLE = bool(os.environ.get("DOCSTORE_WHOLE_MATRIX"))
IN_PLACE = [one for one in STATES if not one.needs_loading]
LOADED = [one for one in STATES if one.needs_loading]
IN_TURN = [one for one in STATES if one.name not in ("wide", "narrow")]


class Whole(Court):
    """The court of the access matrix: somebody in every role, a paper, what stations sent, records and lists."""

    matrix: Matrix


@pytest.fixture
def court(live_server: LiveServer) -> Whole:
    """That court on the live server."""
    courts = build_courts()
    matrix = build(courts)
    found = Whole(live_server.url, courts, matrix.document)
    found.matrix = matrix
    return found


Visit = Callable[..., Page]


def opened(visit: Visit, who: str, state: State) -> tuple[Page, list[str]]:
    page = visit(who, language=state.language)
    if not state.script:  # what a page is where no script of ours arrives; axe itself still has to run
        page.route("**/*.js", lambda route: route.abort())
    return page, listen(page)


def test_every_address_is_a_page_or_said_to_be_none() -> None:
    assert set(pages()) & NOT_PAGES == set()
    assert [name for name in pages() if not open_to(name)] == []


@pytest.mark.requirement("SEC-70", "DOM-14.9", "WIN-16")
@pytest.mark.parametrize("half", [0, 1], ids=["first half", "second half"])
def test_every_page_is_without_fault_wide_and_narrow(court: Whole, visit: Visit, half: int) -> None:
    seen: dict[str, tuple[Page, list[str]]] = {}
    wrong: list[str] = []
    for name in pages()[half::2]:
        who = open_to(name)[0]
        if who not in seen:
            seen[who] = opened(visit, who, STATES[0])
        page, heard = seen[who]
        for path in addresses(court.matrix, name):
            wrong += [f"{who} {path} {one}" for one in look(page, court.url(path), list(STATES[:2]), heard)]
    assert wrong == []


@pytest.mark.requirement("DOM-13.10")
def test_a_third_of_all_pages_is_without_fault_in_one_more_state_in_turn(court: Whole, visit: Visit) -> None:
    """Welsh, 400 %, forced colours and no script, each on some pages; `make matrix` looks at them all on all."""
    seen: dict[tuple[str, State], tuple[Page, list[str]]] = {}
    wrong: list[str] = []
    for at, name in enumerate(pages()[::3]):
        who, state = open_to(name)[at % len(open_to(name))], IN_TURN[at % len(IN_TURN)]
        if (who, state) not in seen:
            seen[who, state] = opened(visit, who, state)
        page, heard = seen[who, state]
        path = next(addresses(court.matrix, name))
        wrong += [f"{who} {path} {one}" for one in look(page, court.url(path), [state], heard)]
    assert wrong == []


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=lambda one: str(one["width"]))
def test_the_sign_in_page_is_without_fault(court: Whole, visit: Visit, viewport: ViewportSize) -> None:
    page = visit("", viewport=viewport)
    heard = listen(page)

    page.goto(court.url("/sign-in/"))
    assert faults(page) + heard == []

    page.click("main button:has-text('Sign in')")
    assert "Error:" in page.title()
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert faults(page) == []


@pytest.mark.skipif(not WHOLE, reason="the whole matrix is looked at by `make matrix`")
@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("states", [IN_PLACE, *([one] for one in LOADED)], ids=lambda some: some[0].name)
def test_the_whole_matrix(court: Whole, visit: Visit, who: str, states: list[State]) -> None:
    page, heard = opened(visit, who, states[0])
    wrong: list[str] = []
    count = 0
    for name in [one for one in pages() if who in open_to(one)]:
        for path in addresses(court.matrix, name):
            wrong += [f"{path} {one}" for one in look(page, court.url(path), states, heard)]
            count += len(states)
    print(f"\n{who}: {count} pages × states looked at")
    assert wrong == []


@pytest.mark.skipif(not WHOLE, reason="the whole matrix is looked at by `make matrix`")
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_form_that_is_sent_empty_comes_back_without_fault(court: Whole, visit: Visit, language: str) -> None:
    wrong: list[str] = []
    count = 0
    for name in pages():
        if name in ABSENT:
            continue
        who = open_to(name)[0]
        page = visit(who, language=language)
        page.goto(court.url(next(addresses(court.matrix, name))))
        if send_empty(page):
            count += 1
            for viewport in (WIDE, NARROW):
                page.set_viewport_size(viewport)
                wrong += [f"{who} {name} error: {one}" for one in faults(page)]
        page.context.close()
    print(f"\n{count} forms came back with errors")
    assert wrong == []


@pytest.mark.skipif(not WHOLE, reason="the whole matrix is looked at by `make matrix`")
@pytest.mark.parametrize("who", ["clerk", "judge", "records", "stations", "auditor"])
def test_every_list_is_without_fault_while_it_is_empty(
    live_server: LiveServer, visit: Visit, court: Whole, who: str
) -> None:
    del live_server
    page = visit(who)
    heard = listen(page)
    empty = court.courts.open_case() if who in ("clerk", "judge") else None
    paths = ["/", "/day/?day=2030-01-01", "/cases/?reference=none", "/search/", "/search/saved/"]
    paths += [
        "/intake/",
        "/intake/batches/?name=none",
        "/work/",
        "/records/",
        "/access/",
        "/trail/?document=" + "0" * 8 + "-0000-4000-8000-" + "0" * 12,
    ]
    if empty:
        paths += [f"/cases/{empty.pk}/{part}" for part in ("", "timeline/", "hearings/", "notes/", "history/", "file/")]
    wrong = [f"{path} {one}" for path in paths for one in look(page, court.url(path), IN_PLACE, heard)]
    assert wrong == []
