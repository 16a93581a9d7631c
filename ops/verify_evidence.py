#!/usr/bin/env python3
"""Check evidence of the court without its server: a certificate of destruction, or the history of a case.

    python3 verify_evidence.py certificate.json jwks.json
    python3 verify_evidence.py history.json jwks.json

One file, the standard library and `cryptography`. `certificate.json` is what /api/v1/certificates/<number> answered,
`history.json` what an auditor took away as evidence, `jwks.json` what /.well-known/jwks.json answered. Prints one line per
claim and exits with 1 unless all of them hold.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def check(envelope: dict[str, Any], keys: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each claim and whether it holds."""
    payload = base64.b64decode(envelope["payload"])
    yield (
        "the certificate is signed by a published key",
        any(
            _signed(one, key, _pre_authentication(envelope["payloadType"], payload))
            for one in envelope["signatures"]
            for key in keys["keys"]
            if key["kid"] == one["keyid"]
        ),
    )
    proof = envelope.get("inclusion")
    if not proof:
        yield "the certificate brings a proof that it stands in the audit", False
        return
    event = proof["event"]
    told = base64.b64decode(event["payload"])
    yield (
        "the audit event names this certificate's digest",
        json.loads(told)["sha256"] == hashlib.sha256(payload).hexdigest(),
    )
    header, bound = base64.b64decode(event["header"]), _sha(b"\x02" + bytes.fromhex(event["salt"]) + told)
    link = _sha(b"\x03" + bytes.fromhex(event["prev_hash"]) + len(header).to_bytes(8, "big") + header + bound)
    origin, size, root, signed = _checkpoint(proof["checkpoint"], keys)
    yield f"the checkpoint of {origin} at {size} is signed by a published key", signed
    leaf, way = _sha(b"\x00" + link), [bytes.fromhex(one) for one in proof["proof"]]
    yield "the event stands in the log that the checkpoint seals", _leads_to(leaf, proof["index"], size, way, root)


def check_history(told: dict[str, Any], keys: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Yield each claim about a stream of events. What was withheld is bound by its commitment like everything else."""
    link, links, in_order = _sha(b"docstore-audit-v1" + told["stream"].encode()), [], True
    for number, event in enumerate(told["events"], start=1):
        header = base64.b64decode(event["header"])
        said = json.loads(header)
        in_order &= (said["seq"], said["stream"]) == (number, told["stream"])
        bound = (
            bytes.fromhex(event["commitment"])
            if "commitment" in event
            else _sha(b"\x02" + bytes.fromhex(event["salt"]) + base64.b64decode(event["payload"]))
        )
        link = _sha(b"\x03" + link + len(header).to_bytes(8, "big") + header + bound)
        links.append(link)
    withheld = sum("commitment" in one for one in told["events"])
    yield f"{len(links)} events follow each other without a gap, the facts of {withheld} withheld or erased", in_order
    proof = told.get("inclusion")
    if not proof:
        yield "a checkpoint seals these events", False
        return
    origin, size, root, signed = _checkpoint(proof["checkpoint"], keys)
    yield f"the checkpoint of {origin} at {size} is signed by a published key", signed
    is_there = 0 < proof["seq"] <= len(links)
    leaf = _sha(b"\x00" + links[proof["seq"] - 1]) if is_there else b""
    way = [bytes.fromhex(one) for one in proof["proof"]]
    yield (
        f"the first {proof['seq']} events stand in the log that the checkpoint seals",
        is_there and _leads_to(leaf, proof["index"], size, way, root),
    )


def _pre_authentication(kind: str, payload: bytes) -> bytes:
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)


def _signed(one: dict[str, Any], key: dict[str, Any], message: bytes) -> bool:
    return _holds(_raw(key), base64.b64decode(one["sig"]), message)


def _checkpoint(note: str, keys: dict[str, Any]) -> tuple[str, int, bytes, bool]:
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")[:3]
    raws = [base64.b64decode(line.split(" ")[2]) for line in signatures.splitlines() if line.startswith("\u2014 ")]
    signed = any(_holds(_raw(key), raw[4:], (text + "\n").encode()) for raw in raws for key in keys["keys"])
    return origin, int(size), base64.b64decode(root), signed


def _leads_to(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    at, last, whole = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            whole = _sha(b"\x01" + sibling + whole)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            whole = _sha(b"\x01" + whole + sibling)
        at, last = at >> 1, last >> 1
    return 0 <= index < size and last == 0 and whole == root


def _raw(key: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64decode(key["x"] + "=" * (-len(key["x"]) % 4))


def _holds(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def main(arguments: list[str]) -> int:
    told, keys = (json.loads(Path(one).read_text()) for one in arguments)
    claims = check_history(told, keys) if "events" in told else check(told, keys)
    well = True
    for claim, holds in claims:
        print(f"{'PASS' if holds else 'FAIL'}  {claim}")
        well &= holds
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
