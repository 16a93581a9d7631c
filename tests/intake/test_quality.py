"""Scans in doubt: found, stored by page, held back where a station's court wants it, and looked at by a person."""

import json
from typing import Any

import pytest

from docstore.access.actor import system
from docstore.cases import actions as cases
from docstore.core.errors import Forbidden, Invalid, NotFound
from docstore.documents.models import Document
from docstore.intake import quality
from docstore.intake.models import Happening, IntakeEvent, IntakeException, Item, ItemState, Station
from docstore.intake.quality import NothingBefore, SettledAlready
from docstore.intake.quality_policy import Policy
from docstore.intake.scan_models import ScannedPage
from docstore.intake.stations import set_scan_policy
from docstore.reading.shapes import Doubt
from tests.api.client import drain
from tests.courts import TwoCourts
from tests.intake import scans
from tests.intake.sending import Sender, drain_intake

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


def send(sender: Sender, *pages: Any, reference: str) -> Item:
    content = scans.scan(*pages)
    batch = sender.open(content, reference=reference)
    assert sender.put(batch, 1, content, "application/pdf").status_code == 201
    assert sender.post(f"batches/{batch}/close").status_code == 202
    drain_intake()
    return Item.objects.get(batch=batch)


@pytest.fixture
def noted(courts: TwoCourts, sender: Sender) -> Item:
    """A paper on its case with two pages in doubt, as if they had been looked at: for what needs no pictures."""
    item = Item.objects.get(batch=sender.send_all(b"A letter", reference=courts.case.references.get().value))
    for number in (1, 2):
        found = json.dumps([(str(Doubt.SKEWED), 3.0)])
        ScannedPage.objects.create(item=item, number=number, findings=found, doubtful=True)
    return item


@pytest.fixture
def doubtful(courts: TwoCourts, sender: Sender) -> Item:
    """A paper of two pages on its case; its second page was scanned upside down and empty."""
    reference = courts.case.references.get().value
    pages = (scans.printed_page("A letter"), scans.printed_page("Its end").rotate(90, expand=True))
    return send(sender, *pages, reference=reference)


def read(item: Item) -> Document:
    drain()
    return Document.objects.get(pk=item.document)


def test_doubts_are_stored_with_what_was_measured(courts: TwoCourts, doubtful: Item) -> None:
    [first, second] = doubtful.scanned_pages.order_by("number")
    assert {doubt for doubt, _ in first.found} == {Doubt.LOW_RESOLUTION}
    assert first.found[0][1] == pytest.approx(scans.DPI, abs=2)
    assert (Doubt.TURNED, 90.0) in second.found
    assert second.placed_words == []
    waiting = quality.waiting_pages(courts.actor("clerk"))
    assert [one.number for one in waiting] == [1, 2]
    assert not quality.waiting_pages(courts.actor("clerk2")).exists()
    assert not quality.waiting_pages(courts.actor("judge")).exists()


def test_a_policy_says_what_counts_and_what_holds_a_paper_back(courts: TwoCourts, sender: Sender) -> None:
    policy = Policy(least_dpi=100, holds=frozenset({Doubt.TURNED}))
    set_scan_policy(by=system("tests"), station_id=Station.objects.get().pk, policy=policy, splits_at_blanks=False)
    item = send(
        sender,
        scans.printed_page("A letter"),
        scans.printed_page("Its end").rotate(90, expand=True),
        reference=courts.case.references.get().value,
    )
    assert item.state == ItemState.NEEDS_ATTENTION
    waiting = IntakeException.objects.get()
    assert waiting.code == "poor-scan"
    assert "Page 2" in waiting.reason
    assert not any(doubt == Doubt.LOW_RESOLUTION for one in item.scanned_pages.all() for doubt, _ in one.found)


def test_a_page_is_accepted_once(courts: TwoCourts, noted: Item) -> None:
    clerk = courts.actor("clerk")
    quality.accept(by=clerk, item_id=noted.pk, number=1)
    with pytest.raises(SettledAlready):
        quality.accept(by=clerk, item_id=noted.pk, number=1)
    assert [one.number for one in quality.waiting_pages(clerk)] == [2]
    for stranger in ("clerk2", "defence"):
        with pytest.raises((NotFound, Forbidden)):
            quality.accept(by=courts.actor(stranger), item_id=noted.pk, number=2)


def test_a_page_is_turned_in_a_new_version_and_the_scan_stays(courts: TwoCourts, doubtful: Item) -> None:
    document = read(doubtful)
    before = document.versions.get()
    quality.turn(by=courts.actor("clerk"), item_id=doubtful.pk, number=2, degrees=270, reason="")
    document.refresh_from_db()
    assert document.current == 2
    assert document.versions.get(number=1).sha256 == before.sha256 == doubtful.sha256


def test_a_paper_is_split_before_a_page(courts: TwoCourts, doubtful: Item) -> None:
    document, clerk = read(doubtful), courts.actor("clerk")
    with pytest.raises(NothingBefore):
        quality.split(by=clerk, item_id=doubtful.pk, number=1, reason="")
    quality.split(by=clerk, item_id=doubtful.pk, number=2, reason="Two letters")
    titles = list(Document.objects.order_by("title").values_list("title", flat=True))
    assert titles == [document.title, f"{document.title}, part 1", f"{document.title}, part 2"]


def test_a_new_scan_is_asked_for_with_a_reason_and_takes_the_place_of_the_old(
    courts: TwoCourts, sender: Sender, noted: Item
) -> None:
    clerk = courts.actor("clerk")
    with pytest.raises(Invalid):
        quality.ask_for_rescan(by=clerk, item_id=noted.pk, number=2, reason=" ")
    quality.ask_for_rescan(by=clerk, item_id=noted.pk, number=2, reason="It lies on its side")
    told = IntakeEvent.objects.get(happening=Happening.ITEM_RESCAN_WANTED)
    assert (told.seq, told.detail) == (1, "page 2")
    assert not quality.waiting_pages(clerk).filter(number=2).exists()
    feed = [one["event"] for one in sender.get("events").json()["results"]]
    assert "item.rescan_wanted" in feed


def test_what_a_person_may_not_open_is_not_in_their_queue(courts: TwoCourts, noted: Item) -> None:
    clerk = courts.actor("clerk")
    assert quality.waiting_pages(clerk).exists()
    cases.exclude_person(by=clerk, case_id=courts.case.pk, person=courts.people["clerk"], reason="Related")
    assert not quality.waiting_pages(clerk).exists()
    with pytest.raises(NotFound):
        quality.get_page(clerk, noted.pk, 2)


def test_words_are_forgotten_once_a_paper_is_filed(courts: TwoCourts, sender: Sender) -> None:
    waiting = send(sender, scans.printed_page("Nobody knows this case"), reference="00XX0000000")
    page = ScannedPage.objects.get(item=waiting, number=1)
    assert "Nobody" in [text for text, *_ in page.placed_words]
    assert all(0 <= edge <= 1 for word in json.loads(page.words) for edge in word[1:])
