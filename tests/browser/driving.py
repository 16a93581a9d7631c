"""Starting the browser and signing in: what tests and pictures share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "docstore-demo"
WIDE: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
NARROW: ViewportSize = {"width": 320, "height": 640}


def has_chromium() -> bool:
    """Whether there is a browser to drive."""
    return Path(CHROMIUM).exists()


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
