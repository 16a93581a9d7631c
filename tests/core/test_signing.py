"""Envelopes verify for anybody with the published keys, and for nothing else."""

import base64
import json
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from docstore.core import signing
from docstore.core.errors import Refusal
from docstore.core.signing import Envelope, JwkSet

KIND = "application/vnd.docstore.receipt+json"
PAYLOAD = '{"custody":"accepted","who":"Siân"}'.encode()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DOCSTORE = settings.DOCSTORE | {"SIGNING": str(tmp_path / "signing")}
    return tmp_path / "signing"


def test_what_is_signed_verifies_and_comes_back_byte_for_byte(folder: Path) -> None:
    envelope = signing.sign(PAYLOAD, payload_type=KIND)
    assert signing.verify(json.loads(json.dumps(envelope)), keys=signing.public_keys()) == PAYLOAD


def test_openssl_agrees(folder: Path, tmp_path: Path) -> None:
    """An outsider's verifier: nothing of ours but the envelope and the published key."""
    envelope, key = signing.sign(PAYLOAD, payload_type=KIND), signing.public_keys()["keys"][0]
    raw = base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))
    (tmp_path / "key").write_bytes(bytes.fromhex("302a300506032b6570032100") + raw)
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    (tmp_path / "data").write_bytes(b"DSSEv1 %d %s %d %s" % (len(KIND), KIND.encode(), len(PAYLOAD), PAYLOAD))
    command = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -sigfile sig -in data"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0


def _with(envelope: Envelope, **changed: Any) -> dict[str, Any]:
    return {**envelope, **changed}


def test_whatever_was_changed_does_not_verify(folder: Path) -> None:
    envelope, keys = signing.sign(PAYLOAD, payload_type=KIND), signing.public_keys()
    other = base64.b64encode(PAYLOAD.replace(b"accepted", b"rejected")).decode()
    nobody = [{**envelope["signatures"][0], "keyid": "nobody"}]
    broken = [{**envelope["signatures"][0], "sig": "AAAA"}]
    forged: list[Any] = [
        _with(envelope, payload=other),
        _with(envelope, payloadType=KIND + "x"),
        _with(envelope, signatures=nobody),
        _with(envelope, signatures=broken),
        _with(envelope, signatures=[]),
        _with(envelope, payload="not base64!"),
        _with(envelope, signatures=[None]),
        {},
        [],
    ]
    for one in forged:
        with pytest.raises(signing.SignatureDoesNotHold):
            signing.verify(one, keys=keys)
    with pytest.raises(signing.SignatureDoesNotHold):
        signing.verify(envelope, keys=JwkSet(keys=[]))


def test_a_past_key_still_verifies(folder: Path) -> None:
    old = signing.sign(PAYLOAD, payload_type=KIND)
    public = signing.of_jwk(signing.public_keys()["keys"][0])
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / "past").mkdir()
    (folder / "past" / "2026.pem").write_bytes(pem)
    (folder / "current.pem").unlink()
    new = signing.sign(PAYLOAD, payload_type=KIND)
    keys = signing.public_keys()
    assert old["signatures"][0]["keyid"] != new["signatures"][0]["keyid"]
    assert keys["keys"][0]["kid"] == new["signatures"][0]["keyid"]
    assert signing.verify(old, keys=keys) == signing.verify(new, keys=keys) == PAYLOAD


def test_the_key_is_its_owners_alone_and_is_made_once(folder: Path) -> None:
    first = signing.public_keys()
    signing.make_key(folder)
    assert signing.public_keys() == first
    assert stat.S_IMODE((folder / "current.pem").stat().st_mode) == 0o400
    assert [path.name for path in folder.iterdir()] == ["current.pem"]


def test_a_real_court_never_makes_a_key_by_itself(folder: Path, settings: Any) -> None:
    settings.DOCSTORE = settings.DOCSTORE | {"ENV": "production"}
    with pytest.raises(Refusal, match="signing key"):
        signing.sign(PAYLOAD, payload_type=KIND)
    assert not (folder / "current.pem").exists()


def test_the_keys_are_published_to_everybody(folder: Path) -> None:
    envelope = signing.sign(PAYLOAD, payload_type=KIND)
    response = Client().get("/.well-known/jwks.json")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/jwk-set+json"
    told = json.loads(response.content)
    assert set(told["keys"][0]) == {"kty", "crv", "x", "kid", "use", "alg"}  # and no private half
    assert signing.verify(envelope, keys=told) == PAYLOAD
