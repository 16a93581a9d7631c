"""The second step of signing in, in a real browser with a security key that the browser itself plays: set up, used, taken away.

Every page on the way is looked at for faults, in English and, one of them, in Welsh.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from tests.browser.checks import faults, listen
from tests.browser.conftest import Court
from tests.browser.driving import NARROW

PASSWORD = "test-password-1"
STEP = "/account/second-factor/"


class Desk:
    """Somebody before a browser, at an address whose name a security key takes for a site's."""

    def __init__(self, court: Court, page: Page) -> None:
        self.base = court.base.replace("127.0.0.1", "localhost")
        self.page, self.heard = page, listen(page)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def sign_in(self, who: str = "clerk") -> None:
        self.go("/sign-in/")
        self.page.fill("[name=login]", who)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")

    def sign_out(self) -> None:
        self.page.click("header button:has-text('Sign out')")
        expect(self.page.locator("h1")).to_have_text("Sign in to Docstore")

    def prove(self) -> None:
        """Show again that it is you, where the page asks: by password."""
        expect(self.page.locator("h1")).to_have_text("Show again that it is you")
        self.looks_right()
        instead = self.page.locator("a:has-text('Use your password instead')")
        if instead.is_visible():
            instead.click()
            expect(instead).to_be_hidden()
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")

    def sees(self, title: str) -> None:
        expect(self.page.locator("h1")).to_have_text(title)
        self.looks_right()

    def looks_right(self) -> None:
        assert faults(self.page) == [], self.page.url

    def hears_nothing(self) -> None:
        assert self.heard == []


@pytest.fixture
def desk(court: Court, visit: Callable[..., Page], settings: Any) -> Desk:

    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return Desk(court, visit("", viewport=NARROW))


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_an_app_with_codes_is_set_up_asked_for_and_given_up(desk: Desk) -> None:
    page = desk.page
    desk.sign_in()
    page.click("header a:has-text('how you sign in')")
    desk.sees("How you sign in")
    page.click("main a:has-text('Set up an app')")
    desk.prove()
    desk.sees("Set up an app")
    secret = page.locator("main strong.ds-mono").inner_text()
    page.fill("[name=code]", "000000")
    page.click("main button:has-text('Set up the app')")
    expect(page.locator(".govuk-error-summary")).to_contain_text("That code does not fit.")
    desk.looks_right()
    page.fill("[name=code]", code_for(secret))
    page.click("main button:has-text('Set up the app')")
    desk.sees("Spare codes")
    spare = page.locator("main ul.ds-mono li").first.inner_text()

    desk.sign_out()
    desk.sign_in()
    desk.sees("Second step of signing in")
    page.fill("[name=code]", "111111")
    page.click("main button:has-text('Sign in')")
    expect(page.locator(".govuk-error-summary")).to_contain_text("That code does not fit.")
    page.fill("[name=code]", spare)
    page.click("main button:has-text('Sign in')")
    page.wait_for_selector("text=Find a case by its number")

    desk.go(f"{STEP}")
    expect(page.locator("main")).to_contain_text("9 spare codes are left.")
    page.click("main a:has-text('Stop using the app')")
    desk.prove()
    desk.sees("Stop using the app")
    page.click("main button:has-text('Stop using the app')")
    expect(page.locator("main")).to_contain_text("Not set up.")
    page.click("button[lang=cy]")
    expect(page.locator("h1")).to_have_text("Sut rydych yn mewngofnodi")
    desk.looks_right()
    desk.hears_nothing()


def test_a_security_key_is_added_named_used_and_removed(desk: Desk) -> None:
    page = desk.page
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "usb",
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    desk.sign_in()
    page.wait_for_selector("text=Find a case by its number")
    desk.go(f"{STEP}webauthn/add/")
    desk.prove()
    desk.sees("Add a security key")
    page.fill("[name=name]", "Blue key")
    page.click("main button:has-text('Add the key')")
    expect(page.locator("h1")).to_have_text(re.compile("Spare codes|How you sign in"))
    desk.go(f"{STEP}webauthn/")
    desk.sees("Your security keys")
    page.click("main a:has-text('Rename')")
    desk.sees("Rename a security key")
    page.fill("[name=name]", "Red key")
    page.click("main button:has-text('Save')")
    expect(page.locator("tbody")).to_contain_text("Red key")

    desk.sign_out()
    desk.sign_in()
    desk.sees("Second step of signing in")
    page.click("main button:has-text('Use a security key')")
    page.wait_for_selector("text=Find a case by its number")

    desk.go(f"{STEP}webauthn/")
    page.click("main a:has-text('Remove')")
    desk.prove()
    desk.sees("Remove a security key")
    page.click("main button:has-text('Remove the key')")
    expect(page.locator("main")).to_contain_text("No security key is set up.")
    desk.looks_right()
    desk.hears_nothing()
