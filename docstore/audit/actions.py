"""Appending events. Called as the last statement of a business transaction; if it fails, so does the act (RET-L, SEC-95)."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from docstore.audit import chain
from docstore.audit.events import Event
from docstore.audit.kinds import CATALOGUE
from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from docstore.audit.record import Stamp
from docstore.core import clock

ACCESS = "access:"
ACCESS_SHARDS = 8


class OutsideTransaction(RuntimeError):
    """An event must be written in the transaction of what it describes."""


class FactMissing(TypeError):
    """An event must state every fact that its kind demands, and no other."""


def access_stream(at: datetime, subject: str) -> str:
    """The stream for acts of reading: by day, spread by subject, so that reading never queues behind filing."""
    return f"{ACCESS}{at:%Y-%m-%d}:{sum(subject.encode()) % ACCESS_SHARDS}"


def record(
    event: Event, *, stamp: Stamp, stream: str, refs: Mapping[str, str], facts: Mapping[str, object]
) -> AuditEvent:
    """Append `event` to `stream`. `refs` names what it is about by id; `facts` holds ids, numbers and reasons, no names."""
    if not connection.in_atomic_block:
        raise OutsideTransaction(event)
    if set(facts) != CATALOGUE[event].facts:
        raise FactMissing(f"{event}: {sorted(CATALOGUE[event].facts ^ set(facts))}")
    head = _locked_head(stream)
    at = (
        clock.now()
    )  # after the wait for the head, so that a crowd of writers does not look like a clock that went back
    prev, seq = bytes(head.hash), head.seq + 1
    header = chain.canonical(_header(event, stamp, stream, seq, refs, at))
    salt, payload = secrets.token_bytes(16), chain.canonical(facts)
    bound = chain.commitment(salt, payload)
    link = chain.event_hash(prev, header, bound)
    row = AuditEvent.objects.create(
        stream=stream,
        seq=seq,
        type=event,
        actor=stamp.actor_id,
        document=refs.get("document", ""),
        case=refs.get("case", ""),
        prev_hash=prev,
        header=header,
        payload_commitment=bound,
        event_hash=link,
        recorded_at=at,
    )
    AuditPayload.objects.create(event_id=row.pk, salt=salt, payload=payload)
    StreamHead.objects.filter(pk=stream).update(seq=seq, hash=link)
    return row


@transaction.atomic
def record_alone(
    event: Event, *, stamp: Stamp, stream: str, refs: Mapping[str, str], facts: Mapping[str, object]
) -> AuditEvent:
    """Append an event that stands for itself, such as a reading: its own transaction, before the bytes go out."""
    return record(event, stamp=stamp, stream=stream, refs=refs, facts=facts)


def record_in_each(
    streams: Mapping[str, Mapping[str, str]], event: Event, *, stamp: Stamp, facts: Mapping[str, object]
) -> list[AuditEvent]:
    """Append one event to several streams, each with its own refs, in the order that keeps two writers from a deadlock."""
    return [
        record(event, stamp=stamp, stream=stream, refs=refs, facts=facts) for stream, refs in sorted(streams.items())
    ]


def _locked_head(stream: str) -> StreamHead:
    """Lock the stream's head; SQLite is already alone inside its IMMEDIATE transaction.

    The head is locked and not the last event: that would lock today's tail, not the row about to exist.
    """
    locked = StreamHead.objects.select_for_update().filter(pk=stream)
    if head := locked.first():
        return head
    fresh = StreamHead(stream=stream, seq=0, hash=chain.first_hash(stream))
    StreamHead.objects.bulk_create([fresh], ignore_conflicts=True)
    return locked.get()


def _header(
    event: Event, stamp: Stamp, stream: str, seq: int, refs: Mapping[str, str], at: datetime
) -> dict[str, object]:
    return {
        "format": chain.FORMAT,
        "stream": stream,
        "seq": seq,
        "type": str(event),
        "occurred_at": chain.moment(at),
        "actor": stamp.actor_id,
        "role": stamp.role,
        "method": stamp.method,
        "on_behalf_of": stamp.on_behalf_of,
        "request_id": stamp.request_id,
        "address": _address(stream, stamp.address),
        "refs": dict(refs),
    }


def _address(stream: str, address: str) -> str:
    """Where somebody read from is kept only as a keyed digest: enough to compare, not enough to follow a person home."""
    if not address or not stream.startswith(ACCESS):
        return address
    return salted_hmac("docstore.audit.address", address, algorithm="sha256").hexdigest()[:32]
