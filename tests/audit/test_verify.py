"""Tampering is found, and said where. The triggers are lifted first, as the database's owner could."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from docstore.audit import triggers
from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from docstore.audit.verify import Anomaly, Fault, Walk, verify
from tests.audit.writing import STREAM, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SEC-92"), pytest.mark.requirement("DOM-11.3")]


@pytest.fixture
def chain() -> list[AuditEvent]:
    """Five events in one stream and one in another, no longer guarded."""
    withdraw(stream="security")
    events = [withdraw(reason=f"Reason {number}") for number in range(5)]
    triggers.lift(connection)
    return events


def faults() -> list[tuple[str, int, Anomaly]]:
    return [(fault.stream, fault.seq, fault.anomaly) for fault in verify()]


def test_an_untouched_audit_has_no_faults(chain: list[AuditEvent]) -> None:
    walk = Walk()
    assert list(verify(walk=walk)) == []
    assert (walk.streams, walk.events) == (2, 6)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("type", "document.restored"),
        ("actor", "somebody-else"),
        ("document", ""),
        ("case", "another"),
        ("header", b"{}"),
        ("header", b"not json"),
        ("prev_hash", bytes(32)),
        ("payload_commitment", bytes(32)),
        ("event_hash", bytes(32)),
        ("recorded_at", "2020-01-01T00:00:00Z"),
    ],
)
def test_a_changed_column_is_found_at_its_event(chain: list[AuditEvent], column: str, value: object) -> None:
    AuditEvent.objects.filter(pk=chain[2].pk).update(**{column: value})
    assert (STREAM, 3, Anomaly.TAMPERED) in faults()


@pytest.mark.parametrize(("column", "value"), [("salt", bytes(16)), ("payload", b'{"reason":"None"}')])
def test_changed_facts_are_found(chain: list[AuditEvent], column: str, value: bytes) -> None:
    AuditPayload.objects.filter(pk=chain[2].pk).update(**{column: value})
    assert faults() == [(STREAM, 3, Anomaly.TAMPERED)]


def test_removed_facts_are_found(chain: list[AuditEvent]) -> None:
    AuditPayload.objects.filter(pk=chain[2].pk).delete()
    assert faults() == [(STREAM, 3, Anomaly.MISSING)]


def test_a_deleted_event_is_found(chain: list[AuditEvent]) -> None:
    chain[2].delete()
    assert (STREAM, 3, Anomaly.MISSING) in faults()


def test_the_first_event_deleted_is_found(chain: list[AuditEvent]) -> None:
    chain[0].delete()
    assert (STREAM, 1, Anomaly.MISSING) in faults()


def test_events_put_in_another_order_are_found(chain: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=chain[1].pk).update(seq=99)
    AuditEvent.objects.filter(pk=chain[2].pk).update(seq=2)
    AuditEvent.objects.filter(pk=chain[1].pk).update(seq=3)
    assert {(STREAM, 2, Anomaly.TAMPERED), (STREAM, 3, Anomaly.TAMPERED)} <= set(faults())


def test_an_event_moved_to_another_stream_is_found(chain: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=chain[4].pk).update(stream="security", seq=2)
    found = faults()
    assert (STREAM, 5, Anomaly.MISSING) in found
    assert ("security", 2, Anomaly.TAMPERED) in found


def test_a_cut_tail_is_noticed_by_the_head(chain: list[AuditEvent]) -> None:
    chain[3].delete()
    chain[4].delete()
    assert faults() == [(STREAM, 4, Anomaly.MISSING)]


def test_a_head_set_back_is_found(chain: list[AuditEvent]) -> None:
    StreamHead.objects.filter(pk=STREAM).update(seq=4, hash=bytes(chain[3].event_hash))
    assert faults() == [(STREAM, 5, Anomaly.TAMPERED)]


def test_a_removed_head_is_found(chain: list[AuditEvent]) -> None:
    StreamHead.objects.filter(pk=STREAM).delete()
    assert {fault[2] for fault in faults()} == {Anomaly.MISSING}
    assert [fault.seq for fault in verify(stream=STREAM)] == [1, 2, 3, 4, 5]


@pytest.mark.requirement("WIN-12")
def test_the_command_says_that_all_is_well(chain: list[AuditEvent]) -> None:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "6 events in 2 streams" in out.getvalue()


@pytest.mark.requirement("WIN-12")
def test_the_command_fails_and_says_where(chain: list[AuditEvent]) -> None:
    AuditEvent.objects.filter(pk=chain[2].pk).update(actor="somebody-else")
    errors = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("verify_audit", stderr=errors)
    assert refusal.value.returncode == 1
    assert f"{STREAM}, event 3: tampered" in errors.getvalue()


def test_a_fault_reads_as_a_sentence() -> None:
    assert str(Fault("security", 2, Anomaly.FORK, "two events claim this place")).startswith("security, event 2: fork")
