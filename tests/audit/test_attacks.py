"""Every way in which the database's owner can take from the log, add to it or change it, and where it is found (RET-L5)."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import F

from docstore.audit import triggers
from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from docstore.audit.sealed import LOG, verify_sealed
from docstore.audit.sealing import seal
from docstore.audit.verify import Fault, verify
from tests.audit.writing import STREAM, withdraw

pytestmark = pytest.mark.django_db

Attack = Callable[[list[AuditEvent]], None]


def _change_a_byte(events: list[AuditEvent]) -> None:
    payload = AuditPayload.objects.get(pk=events[2].pk)
    changed = bytes(payload.payload).replace(b"Reason 2", b"Reason 3")
    AuditPayload.objects.filter(pk=payload.pk).update(payload=changed)


def _remove(events: list[AuditEvent]) -> None:
    AuditPayload.objects.filter(pk=events[2].pk).delete()
    AuditEvent.objects.filter(pk=events[2].pk).delete()


def _insert(events: list[AuditEvent]) -> None:
    """Make room behind the second event, and put one there whose hash fits to the one before it."""
    for seq in (5, 4, 3):
        AuditEvent.objects.filter(stream=STREAM, seq=seq).update(seq=F("seq") + 1)
    forged = AuditEvent.objects.get(pk=events[2].pk)
    payload = AuditPayload.objects.get(pk=forged.pk)
    forged.pk, forged.seq, forged.log_index = None, 3, None
    forged.prev_hash = bytes(32)
    forged.save(force_insert=True)
    AuditPayload.objects.create(pk=forged.pk, salt=payload.salt, payload=payload.payload)
    StreamHead.objects.filter(pk=STREAM).update(seq=6)


def _reorder(events: list[AuditEvent]) -> None:
    for pk, seq in ((events[1].pk, 99), (events[2].pk, 2), (events[1].pk, 3)):
        AuditEvent.objects.filter(pk=pk).update(seq=seq)


def _cut_the_tail(events: list[AuditEvent]) -> None:
    """With the head set back, so that the chain itself is whole again."""
    AuditPayload.objects.filter(pk=events[4].pk).delete()
    AuditEvent.objects.filter(pk=events[4].pk).delete()
    StreamHead.objects.filter(pk=STREAM).update(seq=4, hash=bytes(events[3].event_hash))


def _remove_the_stream(events: list[AuditEvent]) -> None:
    every = [one.pk for one in events]
    AuditPayload.objects.filter(pk__in=every).delete()
    AuditEvent.objects.filter(pk__in=every).delete()
    StreamHead.objects.filter(pk=STREAM).delete()


# What is done, and where it must be found first: the place in the stream, or in the log where the stream cannot show it.
ATTACKS: dict[Attack, tuple[str, int]] = {
    _change_a_byte: (STREAM, 3),
    _remove: (STREAM, 3),
    _insert: (STREAM, 3),
    _reorder: (STREAM, 2),
    _cut_the_tail: (LOG, 5),
    _remove_the_stream: (LOG, 1),
}


@pytest.mark.requirement("RET-L5", "WIN-12")
def test_whatever_is_changed_taken_away_added_or_moved_is_found_where_it_is() -> None:
    withdraw(stream="security")
    events = [withdraw(reason=f"Reason {number}") for number in range(5)]
    withdraw(stream="security")
    seal()
    triggers.lift(connection)
    assert _faults() == []
    for attack, where in ATTACKS.items():
        with transaction.atomic():
            attack(events)
            found = _faults()
            transaction.set_rollback(True)
        assert found, attack.__name__
        assert (found[0].stream, found[0].seq) == where, attack.__name__
    assert _faults() == []


def _faults() -> list[Fault]:
    return [*verify(), *verify_sealed()]
