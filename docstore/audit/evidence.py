"""One stream as evidence that can be checked without this server, and how it stands right now (RET-L7, L12, L13, L14).

What somebody may not read of an event is withheld: its facts stay out and the commitment to them stays in, so that the
chain can be walked as if nothing were missing.
"""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint
from docstore.audit.sealed import prove_inclusion
from docstore.audit.sealing import LONGEST_LAG, lag
from docstore.audit.verify import Fault, Walk, verify
from docstore.core.errors import NotFound

FORMAT = "docstore-evidence/1"
# What was said about holds can tell of an investigation; who may not read reasons of holds is not given these facts.
ABOUT_HOLDS = frozenset(
    {
        Event.HOLD_MEMBER_REMOVED,
        Event.HOLD_PLACED,
        Event.HOLD_RELEASE_ASKED,
        Event.HOLD_RELEASED,
        Event.HOLD_WIDENED,
    }
)


@dataclass(frozen=True, slots=True)
class Anchored:
    """Up to when the log lies in locked storage, and whether that is longer ago than it may be."""

    until: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a stream stands: how many events, how many of them without facts by a lawful erasure, and the first fault."""

    events: int
    erased: int
    fault: Fault | None

    @property
    def holds(self) -> bool:
        return self.fault is None


def anchored() -> Anchored:
    """Return up to when everything is anchored; late is an alarm."""
    last = Checkpoint.objects.filter(anchored_at__isnull=False).order_by("size").last()
    return Anchored(last.made_at if last else None, lag() > LONGEST_LAG)


def standing_of(stream: str) -> Standing:
    """Walk one stream and say whether it holds."""
    walk = Walk()
    first = next(verify(stream=stream, walk=walk), None)
    return Standing(walk.events, len(walk.erased), first)


def evidence_of(stream: str, *, withheld: Collection[Event] = ()) -> dict[str, Any]:
    """Return a stream with everything that proves it: the links, and the place of its last sealed event in the log.

    Raises NotFound where there is no such stream.
    """
    events = list(AuditEvent.objects.filter(stream=stream).order_by("seq"))
    if not events:
        raise NotFound
    payloads = AuditPayload.objects.in_bulk([one.pk for one in events])
    told = [_told(one, payloads.get(one.pk) if Event(one.type) not in withheld else None) for one in events]
    return {"format": FORMAT, "stream": stream, "events": told, "inclusion": _inclusion(events)}


def _told(event: AuditEvent, payload: AuditPayload | None) -> dict[str, str]:
    header = {"header": base64.b64encode(bytes(event.header)).decode()}
    if payload is None:
        return header | {"commitment": bytes(event.payload_commitment).hex()}
    facts = base64.b64encode(bytes(payload.payload)).decode()
    return header | {"salt": bytes(payload.salt).hex(), "payload": facts}


def _inclusion(events: list[AuditEvent]) -> dict[str, Any] | None:
    """The proof for the last event that a checkpoint seals; it stands for all before it, because they are linked."""
    last = Checkpoint.objects.order_by("size").last()
    if last is None:
        return None
    sealed = [one for one in events if one.log_index is not None and one.log_index < last.size]
    if not sealed:
        return None
    proof = prove_inclusion(sealed[-1], last)
    return {
        "seq": sealed[-1].seq,
        "index": proof.index,
        "proof": [one.hex() for one in proof.proof],
        "checkpoint": proof.note,
    }
