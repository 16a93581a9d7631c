"""Many events at once: the same chains as if they had been appended one by one."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from docstore.access.actor import system
from docstore.audit.actions import FactMissing, OutsideTransaction, Told, record, record_many
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from docstore.audit.sealed import verify_sealed
from docstore.audit.verify import verify

pytestmark = pytest.mark.django_db
EVENT = Event.DESTRUCTION_STOPPED


def told(stream: str, reason: str) -> Told:
    return Told(stream, {}, {"reason": reason})


def test_streams_old_and_new_go_on_without_a_gap() -> None:
    stamp = system("tests").stamp
    record(EVENT, stamp=stamp, stream="one", refs={}, facts={"reason": "first"})
    record_many(
        EVENT, stamp=stamp, told=[told("two", "a"), told("one", "second"), told("one", "third"), told("two", "b")]
    )
    record(EVENT, stamp=stamp, stream="two", refs={}, facts={"reason": "c"})
    rows = AuditEvent.objects.filter(stream__in=["one", "two"]).order_by("stream", "seq")
    assert list(rows.values_list("stream", "seq")) == [
        ("one", 1),
        ("one", 2),
        ("one", 3),
        ("two", 1),
        ("two", 2),
        ("two", 3),
    ]
    said = dict(AuditPayload.objects.values_list("event_id", "payload"))
    assert [b"first" in bytes(said[one.pk]) or b"second" in bytes(said[one.pk]) for one in rows[:2]] == [True, True]
    assert StreamHead.objects.get(pk="one").seq == 3
    assert [*verify(stream="one"), *verify(stream="two")] == []
    assert list(verify_sealed()) == []


def test_a_hundred_cost_as_many_statements_as_two() -> None:
    stamp = system("tests").stamp

    def statements(count: int) -> int:
        streams = [f"case:{at}" for at in range(count)]
        record_many(EVENT, stamp=stamp, told=[told(one, "made") for one in streams])
        with CaptureQueriesContext(connection) as asked:
            record_many(EVENT, stamp=stamp, told=[told(one, "again") for one in streams])
        return len(asked)

    assert statements(100) <= statements(2) + 2  # an embedded database takes a thousand values at a time


def test_what_lacks_a_fact_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(FactMissing):
        record_many(EVENT, stamp=system("tests").stamp, told=[told("one", "a"), Told("one", {}, {})])
    assert not AuditEvent.objects.filter(stream="one").exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    assert not transaction.get_connection().in_atomic_block
    with pytest.raises(OutsideTransaction):
        record_many(EVENT, stamp=system("tests").stamp, told=[told("one", "a")])
