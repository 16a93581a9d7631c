"""Appending events. Called as the last statement of a business transaction; if it fails, so does the act (RET-L, SEC-95)."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models.functions import Collate
from django.utils.crypto import salted_hmac

from docstore.audit import chain
from docstore.audit.events import Event
from docstore.audit.kinds import CATALOGUE
from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from docstore.audit.record import Stamp
from docstore.core import clock

ACCESS = "access:"
ACCESS_SHARDS = 8
BULK = 500
MOVE_HEAD = "UPDATE docstore_streamhead SET seq = %s, hash = %s WHERE stream = %s"


class OutsideTransaction(RuntimeError):
    """An event must be written in the transaction of what it describes."""


class FactMissing(TypeError):
    """An event must state every fact that its kind demands, and no other."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be appended to one stream, with what it is about by id."""

    stream: str
    refs: Mapping[str, str]
    facts: Mapping[str, object]


def access_stream(at: datetime, subject: str) -> str:
    """The stream for acts of reading: by day, spread by subject, so that reading never queues behind filing."""
    return f"{ACCESS}{at:%Y-%m-%d}:{sum(subject.encode()) % ACCESS_SHARDS}"


def record(
    event: Event, *, stamp: Stamp, stream: str, refs: Mapping[str, str], facts: Mapping[str, object]
) -> AuditEvent:
    """Append `event` to `stream`. `refs` names what it is about by id; `facts` holds ids, numbers and reasons, no names."""
    if not connection.in_atomic_block:
        raise OutsideTransaction(event)
    _check_facts(event, facts)
    head = _locked_head(stream)
    at = clock.now()  # after the wait for the head: a crowd of writers is no clock that went back
    row, payload = _linked(event, stamp, head, refs, facts, at)
    row.save(force_insert=True)
    payload.event_id = row.pk
    payload.save(force_insert=True)
    StreamHead.objects.filter(pk=stream).update(seq=head.seq, hash=head.hash)
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


def record_many(event: Event, *, stamp: Stamp, told: Sequence[Told]) -> None:
    """Append one kind of event about many things, in the order given, in a handful of statements.

    Each stream's events follow one another as if they had been appended one by one; streams are locked in the order that
    keeps two writers from a deadlock.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(event)
    for one in told:
        _check_facts(event, one.facts)
    heads = _locked_heads({one.stream for one in told})
    at = clock.now()
    rows, payloads = [], []
    for one in told:
        row, payload = _linked(event, stamp, heads[one.stream], one.refs, one.facts, at)
        rows.append(row)
        payloads.append(payload)
    AuditEvent.objects.bulk_create(rows, batch_size=BULK)
    for row, payload in zip(rows, payloads, strict=True):
        payload.event_id = row.pk
    AuditPayload.objects.bulk_create(payloads, batch_size=BULK)
    _move_heads(rows)


def _move_heads(rows: Sequence[AuditEvent]) -> None:
    """Move the heads on to the last of these events, by one at a time, as the database refuses longer steps; sent at once."""
    with connection.cursor() as cursor:
        cursor.executemany(MOVE_HEAD, [(one.seq, bytes(one.event_hash), one.stream) for one in rows])


def _check_facts(event: Event, facts: Mapping[str, object]) -> None:
    if set(facts) != CATALOGUE[event].facts:
        raise FactMissing(f"{event}: {sorted(CATALOGUE[event].facts ^ set(facts))}")


def _linked(
    event: Event, stamp: Stamp, head: StreamHead, refs: Mapping[str, str], facts: Mapping[str, object], at: datetime
) -> tuple[AuditEvent, AuditPayload]:
    """Make the next link of a chain, not stored yet, and move its head on to it."""
    prev, seq = bytes(head.hash), head.seq + 1
    header = chain.canonical(_header(event, stamp, head.stream, seq, refs, at))
    salt, payload = secrets.token_bytes(16), chain.canonical(facts)
    bound = chain.commitment(salt, payload)
    link = chain.event_hash(prev, header, bound)
    row = AuditEvent(
        stream=head.stream,
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
    head.seq, head.hash = seq, link
    return row, AuditPayload(salt=salt, payload=payload)


def _locked_heads(streams: Collection[str]) -> dict[str, StreamHead]:
    """Lock the heads of several streams in the order of their names: by one statement, or one by one where any is new."""
    wanted = sorted(streams)
    rows = StreamHead.objects.filter(pk__in=wanted)
    if rows.count() < len(wanted):
        return {one: _locked_head(one) for one in wanted}
    if connection.vendor == "postgresql":
        rows = rows.order_by(Collate("stream", "C")).select_for_update()
    return {one.stream: one for one in rows}


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
