"""Keys of stations: narrow, bound, dated, two at a time (SEC-66, SEC-67)."""

from typing import Any

import pytest
from django.test import Client

from docstore.access.actor import system
from docstore.access.key_scopes import KeyScope
from docstore.access.machines import TooManyKeys, revoke_machine_key
from docstore.access.models import ServiceKey
from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.intake.stations import Envelopes, change_station, issue_station_key, keys_of
from tests.courts import TwoCourts
from tests.intake.sending import Sender, manifest

pytestmark = pytest.mark.django_db

THUMB = "ab" * 32


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


def issue(sender: Sender, **more: Any) -> str:
    return issue_station_key(by=system("tests"), station_id=sender.station.pk, label="second", **more)


def asked(key: str, peer: str = "127.0.0.1", **headers: str) -> int:
    client = Client(headers={"Authorization": f"Bearer {key}", **{n.replace("_", "-"): v for n, v in headers.items()}})
    return client.get("/api/v1/stations/me", REMOTE_ADDR=peer).status_code


def proxied(settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "PROXIES": ["10.0.0.0/24"]}


@pytest.mark.requirement("SEC-66")
def test_a_key_is_shown_once_and_only_its_digest_kept(sender: Sender) -> None:
    secret = sender.key.split("_", 3)[3]
    row = keys_of(sender.station).get()
    assert secret not in str(vars(row))
    assert (row.last_used_at, sender.key.startswith("ds_test_")) == (None, True)
    assert asked(sender.key) == 200
    assert keys_of(sender.station).get().last_used_at is not None
    ServiceKey.objects.update(expires_at=clock.now())
    assert asked(sender.key) == 401


@pytest.mark.requirement("SEC-66")
def test_a_key_that_is_not_valid_yet_or_revoked_opens_nothing(sender: Sender) -> None:
    later = issue(sender, not_before=clock.now().replace(year=2099))
    assert asked(later) == 401
    revoke_machine_key(by=system("tests"), key=keys_of(sender.station).get(label="test"))
    assert asked(sender.key) == 401


def test_two_keys_live_at_a_time(sender: Sender) -> None:
    issue(sender)
    with pytest.raises(TooManyKeys):
        issue(sender)
    revoke_machine_key(by=system("tests"), key=keys_of(sender.station).get(label="test"))
    assert issue(sender)


@pytest.mark.requirement("SEC-67")
def test_a_bound_key_is_good_from_its_network_alone_and_nobody_can_pretend(sender: Sender, settings: Any) -> None:
    key = issue(sender, addresses=("192.0.2.0/24",))
    assert asked(key, "192.0.2.7") == 200
    assert asked(key, "198.51.100.1") == 401
    assert asked(key, "198.51.100.1", X_Forwarded_For="192.0.2.7") == 401
    proxied(settings)
    assert asked(key, "10.0.0.5", X_Forwarded_For="192.0.2.7") == 200
    assert asked(key, "10.0.0.5", X_Forwarded_For="192.0.2.7, 198.51.100.1") == 401
    assert asked(key, "198.51.100.1", X_Forwarded_For="192.0.2.7") == 401


@pytest.mark.requirement("SEC-67")
def test_a_key_bound_to_a_certificate_believes_only_the_proxy(sender: Sender, settings: Any) -> None:
    key = issue(sender, certificate=THUMB.upper())
    assert asked(key, "198.51.100.1", X_Client_Certificate_SHA256=THUMB) == 401
    proxied(settings)
    assert asked(key, "10.0.0.5", X_Client_Certificate_SHA256=THUMB) == 200
    assert asked(key, "10.0.0.5", X_Client_Certificate_SHA256="cd" * 32) == 401
    assert asked(key, "10.0.0.5") == 401


def test_a_scope_only_takes_away(sender: Sender) -> None:
    batch = sender.open(b"x")
    key = issue(sender, scopes=(KeyScope.INTAKE_READ,))
    reader = Client(headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "one"})
    assert reader.get(f"/api/v1/batches/{batch}").status_code == 200
    refused = reader.post("/api/v1/batches", manifest("NGT", b"x"), content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert reader.post("/api/v1/statements", {}, content_type="application/json").status_code == 403
    assert reader.get("/api/v1/cases").json()["results"] == []


@pytest.mark.requirement("DOM-1.7")
def test_only_a_station_manager_issues_keys_and_a_station_switched_off_sends_nothing(
    courts: TwoCourts, sender: Sender
) -> None:
    with pytest.raises(Forbidden):
        issue_station_key(by=courts.actor("clerk"), station_id=sender.station.pk, label="mine")
    change_station(
        by=courts.actor("stations"),
        station_id=sender.station.pk,
        name="Off",
        is_enabled=False,
        section="",
        envelopes=Envelopes(),
    )
    answer = sender.post("batches", manifest("NGT", b"x"))
    assert (answer.status_code, answer.json()["code"]) == (403, "service-disabled")


def test_too_many_requests_are_told_when_to_come_back(sender: Sender, settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": {**settings.DOCSTORE["INTAKE"], "REQUESTS_PER_MINUTE": 2}}
    answers = [sender.get("stations/me") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1


@pytest.mark.requirement("SEC-18")
def test_a_days_quota_is_kept(sender: Sender, settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": {**settings.DOCSTORE["INTAKE"], "DAY_BYTES": 10}}
    batch = sender.open(b"0123456789", b"more")
    assert sender.put(batch, 1, b"0123456789").status_code == 201
    refused = sender.put(batch, 2, b"more")
    assert (refused.status_code, refused.json()["code"]) == (429, "quota-reached")
    assert int(refused.headers["Retry-After"]) > 0
    settings.DOCSTORE = {
        **settings.DOCSTORE,
        "INTAKE": {**settings.DOCSTORE["INTAKE"], "DAY_BYTES": 99, "DAY_ITEMS": 1},
    }
    assert sender.put(batch, 2, b"more").json()["code"] == "quota-reached"
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": {**settings.DOCSTORE["INTAKE"], "DAY_ITEMS": 2}}
    assert sender.put(batch, 2, b"more").status_code == 201
