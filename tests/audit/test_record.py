"""Appending: only inside the act's transaction, with every fact, and the act does not happen without its event."""

import json
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from docstore.access.models import Court
from docstore.audit.actions import FactMissing, OutsideTransaction, access_stream, record, record_in_each
from docstore.audit.events import Event
from docstore.audit.kinds import CATALOGUE
from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from docstore.core import clock
from tests.audit.writing import CASE, DOCUMENT, STAMP, STREAM, withdraw

pytestmark = pytest.mark.django_db


def header(event: AuditEvent) -> dict[str, object]:
    told: dict[str, object] = json.loads(bytes(event.header))
    return told


@pytest.mark.requirement("SEC-91")
@pytest.mark.requirement("DOM-11.2")
def test_an_event_says_who_when_where_what_and_in_which_request() -> None:
    event = withdraw()
    told = header(event)
    assert told["actor"] == STAMP.actor_id
    assert (told["role"], told["method"], told["request_id"]) == ("clerk", "session", "r-1")
    assert told["address"] == "192.0.2.7"
    assert told["refs"] == {"case": CASE, "document": DOCUMENT}
    assert str(told["occurred_at"]).endswith("Z")
    assert json.loads(bytes(AuditPayload.objects.get(pk=event.pk).payload)) == {"reason": "Scanned twice"}


def test_events_of_one_stream_are_numbered_without_gaps() -> None:
    assert [withdraw().seq for _ in range(3)] == [1, 2, 3]
    assert StreamHead.objects.get(pk=STREAM).seq == 3


def test_streams_are_chains_of_their_own() -> None:
    withdraw()
    assert withdraw(stream="security").seq == 1


def test_one_act_on_two_cases_stands_in_both_streams() -> None:
    streams = {f"case:{one}": {"case": one, "document": DOCUMENT} for one in ("b", "a")}
    events = record_in_each(streams, Event.DOCUMENT_WITHDRAWN, stamp=STAMP, facts={"reason": "r"})
    assert [event.stream for event in events] == ["case:a", "case:b"]


def test_a_missing_fact_is_a_programming_error() -> None:
    with pytest.raises(FactMissing, match="reason"):
        record(Event.DOCUMENT_WITHDRAWN, stamp=STAMP, stream=STREAM, refs={}, facts={})


def test_a_fact_that_nobody_declared_is_a_programming_error() -> None:
    with pytest.raises(FactMissing, match="colour"):
        record(Event.DOCUMENT_WITHDRAWN, stamp=STAMP, stream=STREAM, refs={}, facts={"reason": "", "colour": ""})


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(OutsideTransaction):
        record(Event.DOCUMENT_WITHDRAWN, stamp=STAMP, stream=STREAM, refs={}, facts={"reason": ""})
    assert not AuditEvent.objects.exists()


def test_reading_streams_keep_no_address() -> None:
    """An address is kept there as a keyed digest, the same for the same address."""
    first = withdraw(stream=access_stream(clock.now(), DOCUMENT))
    second = withdraw(stream=access_stream(clock.now(), DOCUMENT))
    assert b"192.0.2.7" not in bytes(first.header)
    assert header(first)["address"] == header(second)["address"]


def test_reading_streams_are_spread_and_named_by_day() -> None:
    at = clock.now()
    streams = {access_stream(at, str(number)) for number in range(100)}
    assert len(streams) > 1
    assert all(stream.startswith(f"access:{at:%Y-%m-%d}:") for stream in streams)


def test_every_event_has_a_kind_and_a_sentence() -> None:
    assert set(CATALOGUE) == set(Event)
    assert all(kind.sentence[0].isupper() and not kind.sentence.endswith(".") for kind in CATALOGUE.values())


def act() -> None:
    """An act as the rooms write it: a row, then its event."""
    with transaction.atomic():
        Court.objects.create(code="X", name="A court", jurisdictions="crime")
        withdraw()


def refuse_event_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE docstore_auditpayload")


def spoil_the_head() -> None:
    """A head that names the wrong place: the constraint on sequence numbers then refuses the next event."""
    withdraw()
    rows: QuerySet[StreamHead] = StreamHead.objects.filter(pk=STREAM)
    assert rows.exists()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE docstore_streamhead RENAME TO docstore_streamhead_gone")


@pytest.mark.requirement("REL-48")
@pytest.mark.requirement("SEC-95")
@pytest.mark.requirement("DOM-11.4")
@pytest.mark.parametrize("fault", [refuse_event_rows, spoil_the_head])
def test_where_the_audit_cannot_be_written_the_act_does_not_happen(fault: Callable[[], None]) -> None:
    fault()
    with pytest.raises(DatabaseError):
        act()
    assert not Court.objects.filter(code="X").exists()
