"""Batches from the first word to the receipt, as a station sees them."""

import base64
import json
import uuid
from typing import Any

import pytest

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.core import signing
from docstore.documents.models import Document, Version
from docstore.documents.vault import vault
from docstore.intake.models import Batch, IntakeException, Item
from tests.api.client import drain
from tests.courts import TwoCourts
from tests.intake.sending import Sender, item, manifest, told_of

pytestmark = pytest.mark.django_db

LETTER = b"Dear court, please find my statement below. Yours faithfully."
OTHER = b"A second letter, about something else entirely."


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


def reference(courts: TwoCourts) -> str:
    return courts.case.references.get().value


def test_a_batch_ends_on_its_case_with_a_receipt_that_verifies(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER, OTHER, reference=reference(courts))

    told = sender.told(batch)
    assert (told["state"], told["expected"], told["received"], told["accepted"]) == ("accepted", 2, 2, 2)
    payload = json.loads(signing.verify(sender.get(f"batches/{batch}/receipt").json(), keys=signing.public_keys()))
    assert payload["custody"] == "accepted"
    assert payload["batch"] == batch
    assert [one["sha256"] for one in payload["items"]] == [one["sha256"] for one in told["items"]]
    on_case = Document.objects.filter(filings__case=courts.case, filings__partition="side:court")
    assert {str(one.pk) for one in on_case} == {one["document"] for one in told["items"]}


@pytest.mark.requirement("REL-47")
def test_an_altered_receipt_does_not_hold(courts: TwoCourts, sender: Sender) -> None:
    envelope = sender.get(f"batches/{sender.send_all(LETTER)}/receipt").json()
    altered = base64.b64decode(envelope["payload"]).replace(b"accepted", b"acceptable", 1)
    with pytest.raises(signing.SignatureDoesNotHold):
        signing.verify({**envelope, "payload": base64.b64encode(altered).decode()}, keys=signing.public_keys())


def test_a_filed_item_and_its_document_are_one_object(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER, reference=reference(courts))
    [row] = Item.objects.filter(batch=batch)
    assert Version.objects.get(document_id=row.document).key == row.key


@pytest.mark.requirement("DOM-1.2")
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"surprise": 1}, "/surprise"),
        ({"items": []}, "/items"),
        ({"scanned_at": "yesterday"}, "/scanned_at"),
        ({"scanned_at": "2026-02-31T10:00:00Z"}, "/scanned_at"),
        ({"operator": "a\x00b"}, "/operator"),
        ({"external_id": "../../etc/passwd"}, "/external_id"),
        ({"items": [{**item(1, LETTER), "sha256": "zz"}]}, "/items/0/sha256"),
        ({"items": [{**item(1, LETTER), "bytes": 0}]}, "/items/0/bytes"),
        ({"items": [{**item(1, LETTER), "colour_": "x"}]}, "/items/0/colour_"),
        ({"items": [item(1, LETTER), item(1, OTHER)]}, "/items/1/seq"),
    ],
)
def test_a_bad_manifest_is_refused_with_a_pointer(sender: Sender, change: dict[str, object], pointer: str) -> None:
    answer = sender.post("batches", {**manifest("NGT", LETTER), **change})
    assert answer.status_code == 400
    assert answer.json()["code"] == "metadata-invalid"
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]
    assert not Batch.objects.exists()


@pytest.mark.requirement("DOM-1.2")
def test_a_missing_field_is_named(sender: Sender) -> None:
    told = manifest("NGT", LETTER)
    del told["operator"]
    answer = sender.post("batches", told)
    assert sender.get("schemas/batch.json").json()["required"].count("operator") == 1
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/operator", "required")]


@pytest.mark.requirement("DOM-1.1", "SEC-9")
def test_another_site_is_forbidden_and_its_batches_do_not_exist(courts: TwoCourts, sender: Sender) -> None:
    answer = sender.post("batches", manifest("SFT", LETTER))
    assert (answer.status_code, answer.json()["code"]) == (403, "another-site")
    denied = AuditEvent.objects.get(type=Event.ACCESS_DENIED)
    assert denied.actor == str(sender.station.user_id)
    other = Sender(courts, "station2", courts.second)
    batch = other.open(LETTER, reference=courts.other.references.get().value)

    told = [_asked_of(sender, where) for where in (batch, str(uuid.uuid4()))]
    assert told[0] == told[1]  # another's and none are one answer
    assert {status for status, _ in told[0]} == {404}
    assert sender.get("events").json()["results"] == []
    theirs = courts.other.references.get().value
    assert sender.get(f"cases?reference={theirs}").json()["results"] == []
    assert sender.get(f"cases/{courts.other.pk}").status_code == 404
    assert other.told(batch)["state"] == "open"


def _asked_of(sender: Sender, batch: str) -> list[tuple[int, str]]:
    """What a station is told that reads, amends, fills, closes and rescans this batch."""
    answers = [
        sender.get(f"batches/{batch}"),
        sender.get(f"batches/{batch}/receipt"),
        sender.patch(f"batches/{batch}", {"operator": "x"}, If_Match='"1.0"'),
        sender.put(batch, 1, LETTER),
        sender.send("POST", f"batches/{batch}/items/1/uploads", Upload_Complete="?0"),
        sender.post(f"batches/{batch}/close"),
        sender.post(f"batches/{batch}/items/1/rescan", {}),
    ]
    return [(one.status_code, one.json()["detail"]) for one in answers]


@pytest.mark.requirement("DOM-1.4", "SEC-38")
def test_a_control_number_is_used_once(courts: TwoCourts, sender: Sender) -> None:
    told = manifest("NGT", LETTER)
    assert sender.post("batches", told).status_code == 201
    again = sender.post("batches", {**manifest("NGT", OTHER), "items": told["items"]})
    assert (again.status_code, again.json()["code"]) == (409, "duplicate-control-number")
    assert told["external_id"] in again.json()["detail"]
    assert again.json()["errors"][0]["pointer"] == "/items/0/control_number"
    twice = [item(1, LETTER, control_number="7"), item(2, OTHER, control_number="7")]
    assert sender.post("batches", {**manifest("NGT", LETTER), "items": twice}).status_code == 409
    elsewhere = Sender(courts, "station2", courts.second)
    taken = elsewhere.post("batches", {**manifest("SFT", OTHER), "items": told["items"]})
    assert taken.status_code == 409
    assert told["external_id"] not in taken.content.decode()


@pytest.mark.requirement("DOM-1.5", "REL-25", "SEC-38")
def test_the_same_batch_again_is_linked_to_the_first(sender: Sender) -> None:
    told = manifest("NGT", LETTER)
    first = sender.post("batches", told)
    again = sender.post("batches", told)
    assert (again.status_code, again.json()["code"]) == (409, "duplicate-batch")
    assert again.json()["batch"] == first.json()["id"]
    assert Batch.objects.count() == 1


def test_an_idempotency_key_answers_the_same_batch_and_no_other(sender: Sender) -> None:
    told, key = manifest("NGT", LETTER), str(uuid.uuid4())
    first = sender.post("batches", told, Idempotency_Key=key)
    replay = sender.post("batches", told, Idempotency_Key=key)
    other = sender.post("batches", {**told, "operator": "op-9"}, Idempotency_Key=key)
    assert replay.status_code == 201
    assert replay.json()["id"] == first.json()["id"]
    assert replay.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


@pytest.mark.requirement("REL-22", "SEC-17")
def test_wrong_bytes_are_refused_and_nothing_is_kept(sender: Sender) -> None:
    batch = sender.open(LETTER)
    place = f"batches/{batch}/items/1/content"
    tried = [
        sender.send("PUT", place, LETTER),
        sender.send("PUT", place, LETTER, **told_of(OTHER)),
        sender.send("PUT", place, OTHER, **told_of(OTHER)),
        sender.send("PUT", place, LETTER + b"x", **told_of(LETTER)),
        sender.send("PUT", place, LETTER[:-1], **told_of(LETTER)),
        sender.send("PUT", place, LETTER, "application/x-msdownload", **told_of(LETTER)),
    ]
    assert [(one.status_code, one.json()["code"]) for one in tried] == [
        (400, "digest-missing"),
        (422, "digest-mismatch"),
        (409, "different-content"),
        (422, "digest-mismatch"),
        (422, "digest-mismatch"),
        (415, "type-not-accepted"),
    ]
    assert sender.told(batch)["received"] == 0
    assert not Item.objects.exclude(key="").exists()


@pytest.mark.requirement("DOM-1.3", "REL-24")
def test_a_batch_with_missing_items_is_not_closed_and_names_them(sender: Sender) -> None:
    batch = sender.open(LETTER, OTHER)
    assert sender.put(batch, 1, LETTER).status_code == 201
    assert sender.put(batch, 1, LETTER).status_code == 200
    answer = sender.post(f"batches/{batch}/close")
    assert (answer.status_code, answer.json()["code"]) == (409, "batch-incomplete")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/items/2"]
    assert sender.get(f"batches/{batch}/receipt").json()["code"] == "receipt-not-yet"


def test_an_open_manifest_is_amended_by_whoever_has_seen_it(sender: Sender) -> None:
    batch = sender.open(LETTER, OTHER)
    sender.put(batch, 1, LETTER)
    etag = sender.get(f"batches/{batch}").headers["ETag"]
    kept = json.loads(Batch.objects.get(pk=batch).manifest)["items"][:1]

    assert sender.patch(f"batches/{batch}", {"items": kept}).status_code == 428
    assert sender.patch(f"batches/{batch}", {"items": kept}, If_Match='"9.x"').status_code == 412
    amended = sender.patch(f"batches/{batch}", {"items": kept}, If_Match=etag)

    assert amended.status_code == 200
    assert (amended.json()["expected"], amended.json()["received"]) == (1, 1)
    assert sender.post(f"batches/{batch}/close").status_code == 202
    assert sender.patch(f"batches/{batch}", {"operator": "x"}, If_Match=amended.headers["ETag"]).status_code in (
        409,
        412,
    )


def test_a_state_that_was_seen_is_not_sent_again(sender: Sender) -> None:
    batch = sender.open(LETTER)
    first = sender.get(f"batches/{batch}")
    assert sender.get(f"batches/{batch}", If_None_Match=first.headers["ETag"]).status_code == 304
    sender.put(batch, 1, LETTER)
    assert sender.get(f"batches/{batch}", If_None_Match=first.headers["ETag"]).status_code == 200


@pytest.mark.requirement("DOM-1.6", "DOM-1.22")
def test_the_feed_tells_everything_in_order_and_goes_on_from_a_cursor(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER, reference=reference(courts))
    first = sender.get("events?limit=3").json()
    rest = sender.get(f"events?cursor={first['next']}").json()
    told = [one["event"] for one in (*first["results"], *rest["results"])]
    assert told == [
        "batch.opened",
        "item.received",
        "batch.closed",
        "item.cleared",
        "item.filed",
        "batch.settled",
        "receipt.issued",
    ]
    assert {one["batch"] for one in first["results"]} == {batch}
    assert [one["detail"] for one in rest["results"] if one["event"] == "batch.settled"] == ["accepted"]
    assert sender.get(f"events?cursor={rest['next']}").json()["results"] == []


def test_a_station_is_told_of_itself(sender: Sender) -> None:
    told = sender.get("stations/me", Date="Fri, 20 Nov 2020 10:00:00 GMT")
    assert told.json()["site"] == "NGT"
    assert told.json()["limits"]["item_bytes"] == 1024**3
    assert told.json()["warnings"]
    assert told.headers["RateLimit-Policy"].endswith("w=60")
    assert sender.post("stations/me/heartbeat", {"queue_depth": 3}).status_code == 204
    assert sender.post("stations/me/heartbeat", {"queue_depth": "many"}).status_code == 422


@pytest.mark.requirement("DOM-1.15")
def test_a_rescan_replaces_an_item_and_the_old_one_is_kept(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER)
    assert sender.told(batch)["items"][0]["state"] == "needs_attention"
    declared = {key: value for key, value in item(1, OTHER).items() if key != "seq"}
    again = sender.post(f"batches/{batch}/items/1/rescan", declared)
    assert again.status_code == 201
    assert sender.put(again.json()["id"], 1, OTHER).status_code == 201
    assert sender.post(f"batches/{again.json()['id']}/close").status_code == 202
    assert sender.told(batch)["items"][0]["code"] == "unmatched"  # until the new one is settled
    drain()

    old = sender.told(batch)["items"][0]
    assert (old["state"], old["code"], old["sha256"]) == ("rejected", "superseded", item(1, LETTER)["sha256"])
    assert Item.objects.get(batch=again.json()["id"]).replaces == Item.objects.get(batch=batch)
    assert vault().has(Item.objects.get(batch=batch).key)
    [waiting] = IntakeException.objects.filter(settled_at__isnull=True)
    assert str(waiting.batch_id) == again.json()["id"]  # nobody is asked about the old one any more


@pytest.mark.requirement("DOM-1.15")
def test_a_batch_says_which_earlier_one_it_replaces(courts: TwoCourts, sender: Sender) -> None:
    first = sender.send_all(LETTER)
    name = Batch.objects.get(pk=first).external_id
    sender.send_all(OTHER, reference=reference(courts), rescan_for=name)
    assert sender.told(first)["items"][0]["code"] == "superseded"
    assert not IntakeException.objects.filter(settled_at__isnull=True).exists()


@pytest.mark.requirement("DOM-1.7", "SEC-17")
def test_what_is_too_large_ends_before_anything_is_kept(sender: Sender, settings: Any) -> None:
    limits = {**settings.DOCSTORE["LIMITS"], "PDF_BYTES": 20}
    intake = {**settings.DOCSTORE["INTAKE"], "BATCH_ITEMS": 1}
    settings.DOCSTORE = {**settings.DOCSTORE, "LIMITS": limits, "INTAKE": intake}
    batch = sender.open(LETTER)
    refused = sender.put(batch, 1, LETTER, "application/pdf")
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert sender.told(batch)["received"] == 0
    many = sender.post("batches", manifest("NGT", LETTER, OTHER))
    assert [(one["pointer"], one["code"]) for one in many.json()["errors"]] == [("/items", "too-many")]
    assert Batch.objects.count() == 1
