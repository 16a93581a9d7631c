"""Starting the browser and signing in: what tests and pictures share."""

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "docstore-demo"
WIDE: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
NARROW: ViewportSize = {"width": 320, "height": 640}


def has_chromium() -> bool:
    """Whether there is a browser to drive."""
    return Path(CHROMIUM).exists()


def _settled(act: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(act)
    def acted(self: Page | Locator, *arguments: Any, **named: Any) -> None:
        act(self, *arguments, **named)
        if not named.get("no_wait_after"):
            (self if isinstance(self, Page) else self.page).wait_for_load_state("domcontentloaded")

    return acted


# The driver goes on at the first byte of the page that a click loads: a title, a count or the focus that is read at
# once would be that of an empty page.
for _kind in (Page, Locator):
    for _name in ("click", "press"):
        setattr(_kind, _name, _settled(getattr(_kind, _name)))


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium; without its own sandbox only where the tests run as root, where it cannot have one."""
    with sync_playwright() as playwright:
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*as_root, "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


def sign_in(context: BrowserContext, base: str, who: str) -> Page:
    """Sign in as a person of the demo court, through the page."""
    page = context.new_page()
    page.goto(f"{base}/sign-in/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]:has-text('Sign in')")
    page.wait_for_url(f"{base}/")
    return page
