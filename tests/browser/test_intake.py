"""The pages of intake, for the people who use them, at two widths: no fault, and the exception page by keyboard alone."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from docstore.access.actor import system
from docstore.core import clock
from docstore.intake.batches import open_batch
from docstore.intake.manifest import parse
from docstore.intake.matching import Doubt, Suggestion
from docstore.intake.models import IntakeException, Item, ItemState
from docstore.intake.stations import register_station
from tests.browser.checks import faults, listen
from tests.browser.conftest import Court
from tests.browser.driving import NARROW, WIDE
from tests.intake.sending import manifest

BOARD = ("/intake/", "/intake/batches/", "/intake/exceptions/", "/intake/reconciliation/")
MANAGED = ("/intake/stations/", "/intake/webhooks/", "/intake/")


@pytest.fixture
def waiting(court: Court) -> IntakeException:
    """A batch of two papers: one missing, one that two cases fit."""
    courts = court.courts
    station = register_station(by=system("tests"), court=courts.first, username="scanner", name="Post room, scanner 2")
    courts.people["scanner"] = station.user
    batch = open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", b"a", b"b")))
    Item.objects.filter(batch=batch, seq=1).update(
        state=ItemState.NEEDS_ATTENTION, received_at=clock.now(), scanned_by="clamd"
    )
    doubt = Doubt(
        "several-cases", "Numbers of two cases stand on it.", (Suggestion(courts.case.pk, ("Ann Ash is a party.",)),)
    )
    return IntakeException.objects.create(
        court=courts.first, batch=batch, item=batch.items.get(seq=1), code=doubt.code, reason=doubt.reason,
        suggestions=doubt.packed, raised_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=lambda one: str(one["width"]))
@pytest.mark.parametrize("who", ["clerk", "stations"])
def test_the_pages_of_intake_are_without_fault(
    court: Court, waiting: IntakeException, visit: Callable[..., Page], who: str, viewport: ViewportSize
) -> None:
    paths = [*BOARD, f"/intake/batches/{waiting.batch_id}/", f"/intake/exceptions/{waiting.pk}/"]
    paths += [f"/intake/exceptions/{waiting.pk}/case/"]
    if who == "stations":
        paths = [*MANAGED, f"/intake/stations/{waiting.batch.station_id}/"]
    page = visit(who, viewport=viewport)
    heard = listen(page)
    wrong = []
    for path in paths:
        page.goto(court.url(path))
        wrong += [f"{path}: {fault}" for fault in [*faults(page), *heard]]
        heard.clear()
    assert wrong == []


def test_an_exception_is_settled_by_keyboard_alone(
    court: Court, waiting: IntakeException, visit: Callable[..., Page]
) -> None:
    page = visit("clerk")
    page.goto(court.url(f"/intake/exceptions/{waiting.pk}/"))
    page.keyboard.press("Alt+1")
    assert page.locator("#case-1").is_checked()
    page.check("input[name=act][value=abort]")
    page.keyboard.press("Alt+r")
    page.keyboard.type(f"A test {uuid.uuid4().hex[:6]}")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/intake/exceptions/")
    waiting.refresh_from_db()
    assert waiting.act == "abort"
