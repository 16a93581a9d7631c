"""Whether every chain still stands as it was written, and where it does not.

Walks by sequence, never by time: a transaction's start is not its place in the chain.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice

from docstore.audit import chain
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload, PayloadErasure, StreamHead

BATCH = 500


class Anomaly(StrEnum):
    """What is wrong, in words that a records manager can tell apart."""

    TAMPERED = "tampered"
    MISSING = "missing"
    FORK = "fork"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain does not hold: which stream, at which event, and what is wrong."""

    stream: str
    seq: int
    anomaly: Anomaly
    what: str

    def __str__(self) -> str:
        return f"{self.stream}, event {self.seq}: {self.anomaly} – {self.what}"


@dataclass(slots=True)
class Walk:
    """How far a verification has come; read it after the faults were all taken.

    `erased` holds (stream, event, by which event) of facts that were lawfully erased: no fault, and not hidden either.
    """

    streams: int = 0
    events: int = 0
    erased: list[tuple[str, int, int]] = field(default_factory=list)


def verify(*, stream: str | None = None, walk: Walk | None = None) -> Iterator[Fault]:
    """Walk every chain, or one, and yield each place where it does not hold; nothing where all is well."""
    walk = walk or Walk()
    heads = StreamHead.objects.filter(pk=stream) if stream else StreamHead.objects.all()
    for head in heads.order_by("pk").iterator():
        walk.streams += 1
        yield from _stream(head, walk)
    events = AuditEvent.objects.filter(stream=stream) if stream else AuditEvent.objects.all()
    headless = events.exclude(stream__in=StreamHead.objects.values("pk")).order_by("stream", "seq")
    for event in headless.iterator():
        yield Fault(event.stream, event.seq, Anomaly.MISSING, "the head of its stream is gone")


def _stream(head: StreamHead, walk: Walk) -> Iterator[Fault]:
    prev, seq = chain.first_hash(head.pk), 0
    for event, payload in _with_payloads(head.pk):
        walk.events += 1
        if event.seq <= seq:
            yield Fault(head.pk, event.seq, Anomaly.FORK, "two events claim this place")
        elif event.seq != seq + 1:
            yield Fault(head.pk, seq + 1, Anomaly.MISSING, f"the next event that is there is {event.seq}")
        seq = event.seq
        for what in _changed(event, payload, prev):
            yield Fault(head.pk, seq, Anomaly.TAMPERED, what)
        if payload is None:
            yield from _without_facts(event, walk)
        prev = bytes(event.event_hash)
    if head.seq > seq:
        yield Fault(head.pk, seq + 1, Anomaly.MISSING, f"the stream should reach {head.seq}")
    elif head.seq != seq or bytes(head.hash) != prev:
        yield Fault(head.pk, seq, Anomaly.TAMPERED, "the head of the stream says something else")


def _with_payloads(stream: str) -> Iterator[tuple[AuditEvent, AuditPayload | None]]:
    rows = AuditEvent.objects.filter(stream=stream).order_by("seq", "id").iterator(chunk_size=BATCH)
    while some := list(islice(rows, BATCH)):
        payloads = AuditPayload.objects.in_bulk([event.pk for event in some])
        for event in some:
            yield event, payloads.get(event.pk)


def _changed(event: AuditEvent, payload: AuditPayload | None, prev: bytes) -> Iterator[str]:
    header, bound = bytes(event.header), bytes(event.payload_commitment)
    if bytes(event.prev_hash) != prev:
        yield "it does not follow the event before it"
    if chain.event_hash(bytes(event.prev_hash), header, bound) != bytes(event.event_hash):
        yield "its content does not fit its hash"
    if payload is not None and chain.commitment(bytes(payload.salt), bytes(payload.payload)) != bound:
        yield "its facts were changed"
    if _columns(event) != _told(header):
        yield "its columns differ from what was hashed"


def _columns(event: AuditEvent) -> tuple[object, ...]:
    at = chain.moment(event.recorded_at)
    return (event.stream, event.seq, event.type, event.actor, event.document, event.case, at)


def _told(header: bytes) -> tuple[object, ...] | None:
    """What the hashed bytes say about the columns; None where they are no longer readable at all."""
    try:
        told = json.loads(header)
        refs = told["refs"]
        about = (refs.get("document", ""), refs.get("case", ""))
        return (told["stream"], told["seq"], told["type"], told["actor"], *about, told["occurred_at"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _without_facts(event: AuditEvent, walk: Walk) -> Iterator[Fault]:
    """Facts may be gone only where an event of erasure says so, and says it of this very event."""
    erasure = PayloadErasure.objects.filter(pk=event.pk).first()
    said = AuditEvent.objects.filter(pk=erasure.by_event, type=Event.PAYLOAD_ERASED).first() if erasure else None
    payload = AuditPayload.objects.filter(pk=said.pk).first() if said else None
    if said is None or payload is None or json.loads(bytes(payload.payload)).get("event") != event.pk:
        yield Fault(event.stream, event.seq, Anomaly.MISSING, "its facts are gone")
    else:
        walk.erased.append((event.stream, event.seq, said.seq))
