"""The pages of intake, as people use them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.access.actor import system
from docstore.access.models import ServiceKey
from docstore.access.queries import user_of_key
from docstore.core import clock
from docstore.core.jobs import JobName, enqueue
from docstore.intake.batches import open_batch
from docstore.intake.manifest import parse
from docstore.intake.models import Happening, IntakeEvent, IntakeException, ItemState, Station
from docstore.intake.statements import post_statement, reconcile
from docstore.intake.stations import register_station
from docstore.intake.subscriptions import Webhook
from docstore.web import dates
from tests.courts import TwoCourts
from tests.intake.sending import manifest

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(courts: TwoCourts) -> Station:
    made = register_station(by=system("tests"), court=courts.first, username="scanner", name="Post room <scanner>")
    courts.people["scanner"] = made.user
    return made


def signed_in(courts: TwoCourts, who: str) -> Client:
    client = Client()
    client.force_login(courts.people[who])
    return client


def page(courts: TwoCourts, who: str, path: str) -> Any:
    return signed_in(courts, who).get(path)


def test_the_board_shows_figures_reasons_and_a_chase(courts: TwoCourts, station: Station) -> None:
    batch = open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", b"a", b"b")))
    shown = page(courts, "clerk", "/intake/").content.decode()
    assert "Post room &lt;scanner&gt;" in shown
    assert "0 of 2 items received" in shown
    assert "2 items were declared and have not come: 1, 2." in shown
    client = signed_in(courts, "clerk")
    assert client.post(f"/intake/batches/{batch.pk}/chase/").status_code == 303
    assert IntakeEvent.objects.filter(batch=batch, happening=Happening.BATCH_CHASED).count() == 1
    assert "The court asked the station for it" in client.get(f"/intake/batches/{batch.pk}/").content.decode()


@pytest.mark.requirement("DOM-12.1")
def test_the_boards_tell_received_and_rejected_by_station_and_day_the_age_of_exceptions_and_what_waits_or_failed(
    courts: TwoCourts, station: Station
) -> None:
    batch = open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", b"a", b"b", b"c")))
    states = (ItemState.READING, ItemState.NEEDS_ATTENTION, ItemState.REJECTED)
    for seq, state in enumerate(states, start=1):
        batch.items.filter(seq=seq).update(state=state, received_at=clock.now())
    for days in (3, 1):
        IntakeException.objects.create(
            court=courts.first,
            batch=batch,
            code="no-case",
            reason=f"Waits for {days} days",
            raised_at=clock.now() - timedelta(days=days),
        )
    failed = courts.file("words", title="Torn page")
    failed.versions.get().pages.update(state="FAILED", reason="The page is torn.")
    enqueue(JobName.READING_PAGE, subject=f"version:{failed.versions.get().pk}")
    clerk = signed_in(courts, "clerk")

    shown = clerk.get("/intake/").content.decode()
    assert re.search(r">3<span[^>]*> received", shown)
    assert re.search(r">1<span[^>]*> rejected", shown)
    yesterday = clerk.get(f"/intake/?day={clock.today() - timedelta(days=1):%Y-%m-%d}").content.decode()
    assert re.search(r">0<span[^>]*> received", yesterday)
    assert f"the oldest since {dates.filed(clock.now() - timedelta(days=3))}" in shown
    queue = clerk.get("/intake/exceptions/").content.decode()
    assert queue.index("Waits for 3 days") < queue.index("Waits for 1 days")
    assert dates.filed(clock.now() - timedelta(days=3)) in queue
    work = clerk.get("/work/").content.decode()
    assert "Reading a page" in work
    assert "The page is torn." in work


def test_an_empty_court_says_the_next_step(courts: TwoCourts) -> None:
    assert "No scanning station is registered for your courts." in page(courts, "clerk", "/intake/").content.decode()
    assert "No batch has been sent yet." in page(courts, "clerk", "/intake/batches/").content.decode()


def test_a_station_is_registered_and_its_key_is_shown_once(courts: TwoCourts) -> None:
    client = signed_in(courts, "stations")
    given = {"court": "NGT", "name": "Front desk", "username": "front-desk"}
    made = client.post("/intake/stations/", given)
    assert made.status_code == 303
    station = Station.objects.get()
    answer = client.post(f"{made.headers['Location']}keys/", {"label": "Agent", "days": "30", "addresses": "127.0.0.1"})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    [key] = [
        word for word in answer.content.decode().replace("<", " ").replace(">", " ").split() if word.startswith("ds_")
    ]
    found = user_of_key(key, address="127.0.0.1")
    assert found is not None
    assert found[0] == station.user
    assert key not in client.get(made.headers["Location"]).content.decode()
    assert "Issue the key" in client.get(made.headers["Location"]).content.decode()


def test_a_third_key_is_refused_and_ending_one_makes_room(courts: TwoCourts, station: Station) -> None:
    client, where = signed_in(courts, "stations"), f"/intake/stations/{station.pk}/"
    for label in ("one", "two"):
        assert client.post(f"{where}keys/", {"label": label, "days": "30"}).status_code == 200
    refused = client.post(f"{where}keys/", {"label": "three", "days": "30"})
    assert refused.status_code == 422
    assert "This station has two keys already" in refused.content.decode()
    first = ServiceKey.objects.get(label="one")
    assert client.post(f"{where}keys/{first.pk}/end/").status_code == 303
    assert client.post(f"{where}keys/{first.pk}/end/").status_code == 404
    assert client.post(f"{where}keys/", {"label": "three", "days": "30"}).status_code == 200


def test_a_key_of_another_station_is_not_ended_through_this_one(courts: TwoCourts, station: Station) -> None:
    other = register_station(by=system("tests"), court=courts.first, username="other", name="Other")
    client = signed_in(courts, "stations")
    client.post(f"/intake/stations/{other.pk}/keys/", {"label": "theirs", "days": "30"})
    key = ServiceKey.objects.get(label="theirs")
    assert client.post(f"/intake/stations/{station.pk}/keys/{key.pk}/end/").status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_station_is_switched_off(courts: TwoCourts, station: Station) -> None:
    client, where = signed_in(courts, "stations"), f"/intake/stations/{station.pk}/"
    assert client.post(where, {"name": "Post room", "paper_days": "14"}).status_code == 303
    station.refresh_from_db()
    assert (station.name, station.is_enabled) == ("Post room", False)
    assert "Switched off" in client.get(where).content.decode()


@pytest.mark.parametrize("given", [{}, {"court": "NGT", "name": "A", "username": "Not Good"}, {"court": "XXX"}])
def test_a_station_with_faults_is_refused_in_words(courts: TwoCourts, given: dict[str, str]) -> None:
    answer = signed_in(courts, "stations").post("/intake/stations/", given)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Station.objects.exists()


def test_a_webhook_is_added_and_its_secret_shown_once(courts: TwoCourts, settings: Any) -> None:
    settings.DOCSTORE = {
        **settings.DOCSTORE,
        "OUTBOUND": {"HOSTS": ["cases.example"], "PRIVATE_NETWORKS": []},
    }
    client = signed_in(courts, "stations")
    given = {"court": "NGT", "name": "Case system", "url": "https://cases.example/hooks"}
    answer = client.post("/intake/webhooks/", given)
    assert answer.status_code == 200
    assert "whsec_" in answer.content.decode()
    where = f"/intake/webhooks/{Webhook.objects.get().pk}/"
    shown = client.get(where).content.decode()
    assert "whsec_" not in shown
    assert "Everything was delivered, or is still being tried." in shown
    refused = client.post("/intake/webhooks/", {**given, "url": "https://elsewhere.example/"})
    assert refused.status_code == 422
    assert "An operator has to add it to the allowed hosts first." in refused.content.decode()


def test_a_day_is_reconciled_on_a_page(courts: TwoCourts, station: Station) -> None:
    batch = open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", b"a")))
    body = {"day": clock.today().isoformat(), "batches": [{"external_id": "never-came", "items": []}]}
    post_statement(by=courts.actor("scanner"), body=body)
    reconcile(station, clock.today())
    post_statement(by=courts.actor("scanner"), body=body)
    shown = page(courts, "clerk", f"/intake/reconciliation/?day={clock.today().isoformat()}").content.decode()
    for words in ("Reported, but not received", "never-came", "Received, but not reported", batch.external_id):
        assert words in shown
    assert "1 statement was received in time." in shown
    assert "1 came late" in shown
    assert "never-came" not in page(courts, "clerk2", "/intake/reconciliation/").content.decode()
