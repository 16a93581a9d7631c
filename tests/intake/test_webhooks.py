"""Webhooks to a listener of the test's own: signed, in order, tried again, dead letters, replay, and closed addresses."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from docstore.access.actor import system
from docstore.core import outbound, signing
from docstore.core.errors import Forbidden
from docstore.intake import webhooks
from docstore.intake.batches import open_batch
from docstore.intake.manifest import parse
from docstore.intake.models import IntakeEvent
from docstore.intake.stations import register_station
from docstore.intake.subscriptions import Delivery, Webhook
from tests.courts import TwoCourts
from tests.intake.sending import manifest

pytestmark = pytest.mark.django_db


class Listener:
    """Another system. It answers what the test says, and remembers what it was told."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.heard: list[tuple[dict[str, str], bytes]] = []
        listener = self

        class Ear(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(listener.answers.pop(0) if listener.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hooks"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    made = Listener()
    settings.DOCSTORE = {**settings.DOCSTORE, "OUTBOUND": {"HOSTS": [made.host], "PRIVATE_NETWORKS": ["127.0.0.0/8"]}}
    yield made
    made.close()


@pytest.fixture
def webhook(courts: TwoCourts, listener: Listener) -> Webhook:
    station = register_station(by=system("tests"), court=courts.first, username="scanner", name="Post room")
    courts.people["scanner"] = station.user
    manager = courts.actor("stations")
    return webhooks.add_webhook(by=manager, court=courts.first, name="Case system", url=listener.url)[0]


def sent(courts: TwoCourts) -> None:
    open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", b"a")))


def due_now() -> None:
    Delivery.objects.update(next_seconds=0)


@pytest.mark.requirement("DOM-13.3")
def test_events_are_signed_retried_replayed_and_never_lost_in_silence(
    courts: TwoCourts, listener: Listener, webhook: Webhook
) -> None:
    sent(courts)
    listener.answers = [500]
    assert webhooks.send_due() == 0
    assert webhooks.send_due() == 0  # not before its time
    due_now()
    assert webhooks.send_due() == 1
    first, second = listener.heard
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert json.loads(second[1])["type"] == "batch.opened"
    check_signatures(webhooks.secret_of(webhook), *second)

    sent(courts)
    listener.answers = [503] * (len(webhooks.WAITS) + 1)
    for _ in range(len(webhooks.WAITS) + 1):
        due_now()
        webhooks.send_due()
    [dead] = webhooks.dead_letters(webhook)
    assert dead.said == "It answered 503."
    webhooks.send_again(by=courts.actor("stations"), delivery_id=dead.pk)
    assert webhooks.send_due() == 1
    assert not webhooks.dead_letters(webhook).exists()

    before = len(listener.heard)
    event = IntakeEvent.objects.order_by("number").first()
    assert event is not None
    assert webhooks.replay(by=courts.actor("stations"), webhook_id=webhook.pk, since=event.at) == 2
    assert webhooks.send_due() == 2
    told = [json.loads(body)["data"]["number"] for _, body in listener.heard[before:]]
    assert told == sorted(told)


def check_signatures(secret: str, headers: dict[str, str], body: bytes) -> None:
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    shared, own = headers["webhook-signature"].split()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert shared == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    signing.of_jwk(signing.public_keys()["keys"][0]).verify(base64.b64decode(own.removeprefix("v1a,")), signed)


def test_a_redirect_is_not_followed(courts: TwoCourts, listener: Listener, webhook: Webhook) -> None:
    sent(courts)
    listener.answers = [302]
    assert webhooks.send_due() == 0
    assert len(listener.heard) == 1
    assert Delivery.objects.get().said == "It answered 302."


def test_a_delivery_is_sent_once_though_two_workers_take_a_round(
    courts: TwoCourts, listener: Listener, webhook: Webhook
) -> None:
    sent(courts)
    assert webhooks.send_due() == 1
    assert webhooks.send_due() == 0
    assert len(listener.heard) == 1


def test_what_happened_before_is_not_told_unless_replayed(courts: TwoCourts, listener: Listener) -> None:
    station = register_station(by=system("tests"), court=courts.first, username="scanner", name="Post room")
    courts.people["scanner"] = station.user
    sent(courts)
    webhooks.add_webhook(by=courts.actor("stations"), court=courts.first, name="Late", url=listener.url)
    assert webhooks.send_due() == 0


def test_a_new_secret_signs_from_then_on(courts: TwoCourts, listener: Listener, webhook: Webhook) -> None:
    old = webhooks.secret_of(webhook)
    fresh = webhooks.renew_secret(by=courts.actor("stations"), webhook_id=webhook.pk)
    assert fresh != old
    sent(courts)
    webhooks.send_due()
    check_signatures(fresh, *listener.heard[0])


@pytest.mark.parametrize("who", ["clerk", "judge", "support"])
def test_only_station_managers_add_webhooks(courts: TwoCourts, listener: Listener, who: str) -> None:
    with pytest.raises(Forbidden):
        webhooks.add_webhook(by=courts.actor(who), court=courts.first, name="Mine", url=listener.url)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/",
        "ftp://allowed.example/",
        "https://user:secret@allowed.example/",
        "https://allowed.example:8443/",
        "https://allowed.example/?to=elsewhere",
        "//allowed.example/",
    ],
)
def test_a_target_that_is_not_allowed_is_refused(url: str, settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "OUTBOUND": {"HOSTS": ["allowed.example"], "PRIVATE_NETWORKS": []}}
    with pytest.raises(outbound.TargetNotAllowed):
        outbound.check_target(url)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "169.254.169.254", "10.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
)
def test_addresses_inside_are_closed_though_their_name_is_allowed(host: str, settings: Any) -> None:
    named = host.strip("[]")
    settings.DOCSTORE = {**settings.DOCSTORE, "OUTBOUND": {"HOSTS": [named], "PRIVATE_NETWORKS": []}}
    with pytest.raises(outbound.TargetNotAllowed):
        outbound.post(f"https://{host}/", b"", {})


def test_nothing_goes_out_without_encryption_but_to_this_machine(settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "OUTBOUND": {"HOSTS": ["10.1.2.3"], "PRIVATE_NETWORKS": ["10.0.0.0/8"]}}
    with pytest.raises(outbound.TargetNotAllowed):
        outbound.post("http://10.1.2.3/", b"", {})
