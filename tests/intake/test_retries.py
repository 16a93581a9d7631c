"""What a station sends again: the same answer, once the same work, however many send at once."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from docstore.access.actor import system
from docstore.core import clock
from docstore.documents.models import Document
from docstore.intake.models import Batch, IdempotentRequest, Item
from docstore.intake.stations import issue_station_key, register_station
from tests.courts import TwoCourts, build_courts
from tests.intake.sending import Sender, drain_intake, manifest, told_of

SENDERS = 50
LETTER = b"Dear court, this is sent fifty times at once."


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


@pytest.mark.requirement("REL-23")
def test_a_retry_is_told_the_very_same_and_another_body_is_refused(courts: TwoCourts, sender: Sender) -> None:
    told, key = manifest("NGT", LETTER), str(uuid.uuid4())
    first = sender.post("batches", told, Idempotency_Key=key)
    batch = first.json()["id"]
    sender.put(batch, 1, LETTER)

    again = sender.post("batches", told, Idempotency_Key=key)
    other = sender.post("batches", manifest("NGT", b"Another"), Idempotency_Key=key)
    IdempotentRequest.objects.update(answer=None, begun_seconds=clock.seconds())
    under_way = sender.post("batches", told, Idempotency_Key=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (again.content, again["ETag"], again["Location"]) == (first.content, first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert (under_way.status_code, under_way.json()["code"]) == (409, "still-at-work")
    assert sender.post("batches", told, Idempotency_Key="").status_code == 400
    assert Batch.objects.count() == 1


def at_once(ask: Callable[[Client], Any]) -> list[Any]:
    """The answers to fifty who ask at the same moment and ask again while the first is being worked on."""
    gate, answers = threading.Barrier(SENDERS), []

    def send() -> None:
        client = Client()
        try:
            gate.wait()
            while (answer := ask(client)).status_code in (409, 503) and answer.json().get("retryable"):
                threading.Event().wait(0.05)
            answers.append(answer)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("WIN-2")
def test_fifty_parallel_sends_make_one_document_and_forty_nine_replays(settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": {**settings.DOCSTORE["INTAKE"], "REQUESTS_PER_MINUTE": 6000}}
    courts = build_courts()
    station = register_station(by=system("tests"), court=courts.first, username="fifty", name="Fifty")
    key = issue_station_key(by=system("tests"), station_id=station.pk, label="test")
    told = manifest("NGT", LETTER, reference=courts.case.references.get().value)
    mark = str(uuid.uuid4())
    signed = {"Authorization": f"Bearer {key}"}

    def open_it(client: Client) -> Any:
        headers = {**signed, "Idempotency-Key": mark}
        return client.post("/api/v1/batches", told, content_type="application/json", headers=headers)

    opened = at_once(open_it)
    assert {one.status_code for one in opened} == {201}
    assert len({one.json()["id"] for one in opened}) == 1
    assert sum("Idempotency-Replayed" in one for one in opened) == SENDERS - 1
    batch = opened[0].json()["id"]

    def put_it(client: Client) -> Any:
        where = f"/api/v1/batches/{batch}/items/1/content"
        return client.put(where, LETTER, content_type="text/plain", headers={**signed, **told_of(LETTER)})

    sent = at_once(put_it)
    assert sorted(one.status_code for one in sent) == [200] * (SENDERS - 1) + [201]
    closed = at_once(lambda client: client.post(f"/api/v1/batches/{batch}/close", headers=signed))
    assert {one.status_code for one in closed} == {202}
    drain_intake()
    receipts = at_once(lambda client: client.get(f"/api/v1/batches/{batch}/receipt", headers=signed))
    assert {one.status_code for one in receipts} == {200}
    assert len({one.content for one in receipts}) == 1
    assert (Batch.objects.count(), Item.objects.count(), Document.objects.count()) == (1, 1, 1)
