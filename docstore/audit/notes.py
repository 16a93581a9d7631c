"""The text of a checkpoint as it is signed and published (C2SP tlog-checkpoint, signed note). Pure but for the signing key."""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature

from docstore.core import signing
from docstore.core.signing import JwkSet

ED25519 = b"\x01"
DASH = "\u2014"


class NoteBroken(ValueError):
    """This is no checkpoint, or no published key signed it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a checkpoint says of the log."""

    origin: str
    size: int
    root: bytes


def write(told: Told) -> str:
    """Return the signed note."""
    text = f"{told.origin}\n{told.size}\n{base64.b64encode(told.root).decode()}\n"
    _, signature = signing.sign_raw(text.encode())
    public = signing.of_jwk(signing.public_keys()["keys"][0]).public_bytes_raw()
    line = base64.b64encode(_key_hash(told.origin, public) + signature).decode()
    return f"{text}\n{DASH} {told.origin} {line}\n"


def read(note: str, *, keys: JwkSet) -> Told:
    """Return what a note says where one of the keys signed it; raise NoteBroken otherwise."""
    try:
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        origin, size, root = text.split("\n")[:3]
        told = Told(origin, int(size), base64.b64decode(root, validate=True))
        lines = [line.split(" ") for line in signatures.splitlines() if line.startswith(f"{DASH} ")]
        raws = [base64.b64decode(line[2], validate=True) for line in lines if line[1] == origin]
    except (ValueError, IndexError, binascii.Error) as error:
        raise NoteBroken from error
    if not any(_holds(raw, origin, text.encode(), keys) for raw in raws):
        raise NoteBroken
    return told


def _holds(raw: bytes, origin: str, text: bytes, keys: JwkSet) -> bool:
    for jwk in keys["keys"]:
        key = signing.of_jwk(jwk)
        if raw[:4] != _key_hash(origin, key.public_bytes_raw()):
            continue
        try:
            key.verify(raw[4:], text)
        except InvalidSignature:
            continue
        return True
    return False


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]
