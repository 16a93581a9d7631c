"""Receipts that hold, and every way in which one may not."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from station.outcomes import ReceiptForged
from station.receipts import PAYLOAD_TYPE, Keys, Sent, check_says_what_was_sent, read_keys, verify

SENT = [Sent(1, "111", "a" * 64, 10), Sent(2, "222", "b" * 64, 20)]
SAYS: dict[str, Any] = {
    "batch": "b1",
    "external_id": "e1",
    "station": "s",
    "site": "NGT",
    "custody": "accepted",
    "issued_at": "2026-11-25T10:00:00Z",
    "items": [
        {"seq": one.seq, "control_number": one.control_number, "sha256": one.sha256, "bytes": one.size, "pages": 2, "document": "d", "custody_at": "2026-11-25T09:59:00Z"}
        for one in SENT
    ],
}  # fmt: skip


def text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def envelope(key: Ed25519PrivateKey, payload: bytes, kind: str = PAYLOAD_TYPE, name: str = "k1") -> bytes:
    signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)
    signature = {"keyid": name, "sig": text(key.sign(signed))}
    return json.dumps({"payloadType": kind, "payload": text(payload), "signatures": [signature]}).encode()


def jwks(**named: Ed25519PrivateKey) -> bytes:
    told = [
        {
            "kty": "OKP",
            "crv": "Ed25519",
            "kid": id,
            "x": base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("="),
        }
        for id, key in named.items()
    ]
    return json.dumps({"keys": told}).encode()


@pytest.fixture
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def keys(key: Ed25519PrivateKey) -> Keys:
    return read_keys(jwks(k1=key))


def said(**changes: Any) -> bytes:
    return json.dumps({**SAYS, **changes}).encode()


def held(receipt: bytes, keys: Keys) -> set[int]:
    return check_says_what_was_sent(verify(receipt, keys), batch="b1", external_id="e1", site="NGT", sent=SENT)


def test_a_receipt_that_holds_names_what_is_in_custody(key: Ed25519PrivateKey, keys: Keys) -> None:
    assert held(envelope(key, said()), keys) == {1, 2}


def test_an_item_without_custody_is_not_held(key: Ed25519PrivateKey, keys: Keys) -> None:
    items = [SAYS["items"][0], {**SAYS["items"][1], "custody_at": None}]
    assert held(envelope(key, said(items=items, custody="accepted_with_exceptions")), keys) == {1}


def test_an_item_that_was_rejected_is_named_and_not_held(key: Ed25519PrivateKey, keys: Keys) -> None:
    items = [{**SAYS["items"][0], "safe": False}, {**SAYS["items"][1], "safe": True}]
    assert held(envelope(key, said(items=items, custody="accepted_with_exceptions")), keys) == {2}


def test_every_single_altered_byte_of_the_payload_is_noticed(key: Ed25519PrivateKey, keys: Keys) -> None:
    told = json.loads(envelope(key, said()))
    payload = base64.b64decode(told["payload"])
    for place in range(0, len(payload), 7):
        altered = bytes([*payload[:place], payload[place] ^ 1, *payload[place + 1 :]])
        with pytest.raises(ReceiptForged):
            verify(json.dumps({**told, "payload": text(altered)}).encode(), keys)


@pytest.mark.parametrize(
    "change",
    [
        {"batch": "b2"},
        {"external_id": "e2"},
        {"site": "EST"},
        {"custody": "rejected"},
        {"items": [{**SAYS["items"][0], "sha256": "c" * 64}]},
        {"items": [{**SAYS["items"][0], "bytes": 11}]},
        {"items": [{**SAYS["items"][0], "control_number": "333"}]},
        {"items": [{**SAYS["items"][0], "seq": 3}]},
    ],
)
def test_a_genuine_receipt_for_something_else_is_none(
    key: Ed25519PrivateKey, keys: Keys, change: dict[str, Any]
) -> None:
    with pytest.raises(ReceiptForged):
        held(envelope(key, said(**change)), keys)


def test_a_strangers_signature_under_the_courts_name_is_refused(keys: Keys) -> None:
    with pytest.raises(ReceiptForged, match="no signature"):
        verify(envelope(Ed25519PrivateKey.generate(), said()), keys)


def test_another_kind_of_paper_signed_by_the_court_is_no_receipt(key: Ed25519PrivateKey, keys: Keys) -> None:
    with pytest.raises(ReceiptForged, match="something else"):
        verify(envelope(key, said(), kind="application/vnd.docstore.certificate+json"), keys)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"payloadType": "x", "payload": "?", "signatures": []}', b"\xff"])
def test_nonsense_is_refused(raw: bytes, keys: Keys) -> None:
    with pytest.raises(ReceiptForged):
        verify(raw, keys)


@pytest.mark.parametrize("payload", [b"[]", b"{}", b"no json", b'{"batch": "b1"}'])
def test_signed_nonsense_is_refused(key: Ed25519PrivateKey, keys: Keys, payload: bytes) -> None:
    with pytest.raises(ReceiptForged, match="lacks"):
        verify(envelope(key, payload), keys)


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "AA"}]}'])
def test_keys_that_cannot_be_read_are_refused(raw: bytes) -> None:
    with pytest.raises(ReceiptForged):
        read_keys(raw)


def test_keys_of_other_kinds_are_passed_over(key: Ed25519PrivateKey) -> None:
    told = json.loads(jwks(k1=key))
    told["keys"].append({"kty": "RSA", "kid": "r", "n": "AQAB", "e": "AQAB"})
    assert set(read_keys(json.dumps(told))) == {"k1"}
