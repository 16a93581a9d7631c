"""Whether a receipt is the court's own and says what was sent. Verified before it is parsed, never written anew.

A receipt is a DSSE envelope signed with Ed25519. The public keys are those that this station trusts: fetched once from
the server over TLS, or put there by the operator, and from then on only added to.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from station.outcomes import ReceiptForged

PAYLOAD_TYPE = "application/vnd.docstore.receipt+json"
IN_CUSTODY = ("accepted", "accepted_with_exceptions")

Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True, slots=True)
class Sent:
    """What this station knows of one item that it sent."""

    seq: int
    control_number: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt whose signature holds."""

    batch: str
    external_id: str
    site: str
    custody: str
    issued_at: str
    items: Sequence[Mapping[str, Any]]

    @property
    def pages(self) -> int:
        return sum(int(one.get("pages") or 0) for one in self.items)


def read_keys(raw: bytes | str) -> Keys:
    """Return the Ed25519 keys of a JWK set (RFC 8037) by their id; what is of another kind is passed over."""
    try:
        named = json.loads(raw)["keys"]
        return {
            str(one["kid"]): Ed25519PublicKey.from_public_bytes(_url_bytes(one["x"]))
            for one in named
            if one.get("kty") == "OKP" and one.get("crv") == "Ed25519"
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReceiptForged("The court's public keys cannot be read.") from error


def verify(envelope: bytes, keys: Keys) -> Receipt:
    """Return what a receipt says, or raise ReceiptForged. One good signature by a trusted key is enough."""
    try:
        told = json.loads(envelope)
        kind, payload = str(told["payloadType"]), base64.b64decode(told["payload"], validate=True)
        signatures = [(str(one["keyid"]), base64.b64decode(one["sig"], validate=True)) for one in told["signatures"]]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise ReceiptForged("The receipt is not of the form that the court gives.") from error
    if kind != PAYLOAD_TYPE:
        raise ReceiptForged("What came is signed as something else than a receipt.")
    message = b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)
    if not any(_holds(keys.get(key), signature, message) for key, signature in signatures):
        raise ReceiptForged("The receipt bears no signature of a key that this station trusts.")
    return _receipt(payload)


def unknown_keys(envelope: bytes, keys: Keys) -> bool:
    """Whether the receipt names keys of which none is known here: the court may have a new one."""
    try:
        named = {str(one["keyid"]) for one in json.loads(envelope)["signatures"]}
    except (ValueError, KeyError, TypeError):
        return False
    return not named & set(keys)


def check_says_what_was_sent(
    receipt: Receipt, *, batch: str, external_id: str, site: str, sent: Sequence[Sent]
) -> set[int]:
    """Return the numbers of the items that are in custody; raise ReceiptForged where it speaks of something else."""
    if (receipt.batch, receipt.external_id) != (batch, external_id) or (site and receipt.site != site):
        raise ReceiptForged("The receipt is for another batch.")
    if receipt.custody not in IN_CUSTODY:
        raise ReceiptForged("The receipt does not say that the court has the papers.")
    by_seq, held = {one.seq: one for one in sent}, set()
    for item in receipt.items:
        mine = by_seq.get(int(item["seq"]))
        if mine is None:
            raise ReceiptForged("The receipt names an item that was not sent.")
        if (item["control_number"], item["sha256"], item["bytes"]) != (mine.control_number, mine.sha256, mine.size):
            raise ReceiptForged(f"The receipt says other bytes than were sent for item {mine.seq}.")
        if is_held(item):
            held.add(mine.seq)
    return held


def is_held(item: Mapping[str, Any]) -> bool:
    """Whether a line of a receipt says that the court has this paper; a rejected one is named and not held."""
    return bool(item.get("custody_at")) and item.get("safe", True) is True


def _receipt(payload: bytes) -> Receipt:
    try:
        told = json.loads(payload)
        return Receipt(
            batch=str(told["batch"]),
            external_id=str(told["external_id"]),
            site=str(told["site"]),
            custody=str(told["custody"]),
            issued_at=str(told["issued_at"]),
            items=[
                {**one, "seq": int(one["seq"]), "bytes": int(one["bytes"]), "sha256": str(one["sha256"])}
                for one in told["items"]
            ],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ReceiptForged("The receipt lacks what a receipt must say.") from error


def _holds(key: Ed25519PublicKey | None, signature: bytes, message: bytes) -> bool:
    if key is None:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _url_bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
