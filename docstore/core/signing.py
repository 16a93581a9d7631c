"""Signatures that anybody can check without us: Ed25519 over a DSSE envelope, keys published as a JWK set (RFC 8037).

The folder that `settings.DOCSTORE["SIGNING"]` names holds `current.pem`, the private key, and under `past/` the public
keys that signed before. In the demo court and in tests a key pair is made at first use; a real court brings its own and
refuses to start without. Knows bytes and keys, not what is signed.
"""

import base64
import binascii
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from docstore.core import conf
from docstore.core.errors import Refusal, Unavailable

OWNER_READS = 0o400
CURRENT, PAST = "current.pem", "past"


class KeyMissing(Unavailable):
    """Nothing can be signed just now, because the signing key is not where it should be. Nothing was lost; tell an administrator."""

    code = "signing-key-missing"


class SignatureDoesNotHold(Refusal):
    """This was not signed by a key of this court, or it was changed since. Do not rely on it."""

    code = "signature-does-not-hold"


class Signature(TypedDict):
    """One signature of an envelope, in base64, and which key made it."""

    keyid: str
    sig: str


class Envelope(TypedDict):
    """A DSSE envelope: the exact bytes that were signed, in base64, and their type."""

    payloadType: str
    payload: str
    signatures: list[Signature]


class Jwk(TypedDict):
    """One public key as RFC 8037 writes it."""

    kty: str
    crv: str
    x: str
    kid: str
    use: str
    alg: str


class JwkSet(TypedDict):
    keys: list[Jwk]


def sign(payload: bytes, *, payload_type: str) -> Envelope:
    """Return `payload` in an envelope signed with the current key. Keep and forward it unchanged."""
    key = _current()
    signature = key.sign(pre_authentication(payload, payload_type=payload_type))
    return Envelope(
        payloadType=payload_type,
        payload=base64.b64encode(payload).decode(),
        signatures=[Signature(keyid=key_id(key.public_key()), sig=base64.b64encode(signature).decode())],
    )


def verify(envelope: Mapping[str, Any], *, keys: JwkSet) -> bytes:
    """Return the exact payload of `envelope` where one of its signatures holds under `keys`.

    Raises SignatureDoesNotHold, also for what is no envelope at all: a verifier must never fail in another way.
    """
    try:
        payload = base64.b64decode(envelope["payload"], validate=True)
        signed = pre_authentication(payload, payload_type=envelope["payloadType"])
        if any(_holds(one, signed, keys["keys"]) for one in envelope["signatures"]):
            return payload
    except (KeyError, TypeError, AttributeError, ValueError, binascii.Error) as error:
        raise SignatureDoesNotHold from error
    raise SignatureDoesNotHold


def pre_authentication(payload: bytes, *, payload_type: str) -> bytes:
    """The bytes that are signed, as DSSE fixes them: type and payload, each with its length."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_raw(message: bytes) -> tuple[str, bytes]:
    """Sign bytes that have a form of their own, such as a checkpoint; return the key's id and the signature."""
    key = _current()
    return key_id(key.public_key()), key.sign(message)


def public_keys() -> JwkSet:
    """The published keys, the current one first: what was signed with a past key still has to verify."""
    current = _current().public_key()
    past = [_public(path) for path in sorted((_folder() / PAST).glob("*.pem"))]
    found = {key_id(key): key for key in (current, *past)}
    return JwkSet(keys=[_jwk(key) for key in found.values()])


def key_id(key: Ed25519PublicKey) -> str:
    """The thumbprint of a public key (RFC 7638), so that its name follows from the key itself."""
    required = {"crv": "Ed25519", "kty": "OKP", "x": _unpadded(key.public_bytes_raw())}
    return _unpadded(hashlib.sha256(json.dumps(required, separators=(",", ":"), sort_keys=True).encode()).digest())


def of_jwk(jwk: Mapping[str, Any]) -> Ed25519PublicKey:
    """Return the public key that a JWK holds; raise ValueError where it holds none of ours."""
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise ValueError("not an Ed25519 key")
    text = str(jwk["x"])
    return Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def make_key(folder: Path) -> None:
    """Make the first key pair in `folder`, readable by its owner alone. Where another process was quicker, its key stays."""
    folder.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    handle, fresh = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        Path(fresh).chmod(OWNER_READS)
        os.link(fresh, folder / CURRENT)
    except FileExistsError:
        return
    finally:
        Path(fresh).unlink()


def _current() -> Ed25519PrivateKey:
    path = _folder() / CURRENT
    if not path.exists() and conf.get().is_demo:
        make_key(_folder())
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyMissing from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing
    return key


def _folder() -> Path:
    return conf.get().signing


def _public(path: Path) -> Ed25519PublicKey:
    key = serialization.load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise KeyMissing
    return key


def _holds(signature: Mapping[str, Any], signed: bytes, keys: Sequence[Mapping[str, Any]]) -> bool:
    raw = base64.b64decode(signature["sig"], validate=True)
    return any(_verifies(of_jwk(key), raw, signed) for key in keys if key.get("kid") == signature["keyid"])


def _verifies(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _jwk(key: Ed25519PublicKey) -> Jwk:
    raw = _unpadded(key.public_bytes_raw())
    return Jwk(kty="OKP", crv="Ed25519", x=raw, kid=key_id(key), use="sig", alg="EdDSA")


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
