"""The database itself refuses to change what was written. The triggers come from the product's own migration."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from docstore.audit.models import AuditEvent, AuditPayload, StreamHead
from tests.audit.writing import STREAM, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SEC-92"), pytest.mark.requirement("DOM-11.3")]

COLUMNS = [field.name for field in AuditEvent._meta.fields if field.name not in ("id", "log_index")]


def refused(sql: str, *values: Any) -> None:
    refusal = pytest.raises(DatabaseError, match="never changed or deleted")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, list(values))


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_event_changes(column: str) -> None:
    event = withdraw()
    other: dict[str, object] = {"seq": 99, "recorded_at": "2020-01-01 00:00:00+00:00"}
    value = other.get(column, b"x" * 32 if isinstance(getattr(event, column), (bytes, memoryview)) else "x")
    refused(f"UPDATE docstore_auditevent SET {connection.ops.quote_name(column)} = %s WHERE id = %s", value, event.pk)


@pytest.mark.parametrize("table", ["docstore_auditevent", "docstore_auditpayload", "docstore_streamhead"])
def test_nothing_is_deleted(table: str) -> None:
    withdraw()
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", ["docstore_auditevent", "docstore_auditpayload", "docstore_streamhead"])
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE; its DELETE is refused above")
def test_nothing_is_truncated(table: str) -> None:
    withdraw()
    refused(f"TRUNCATE {table}")


def test_facts_do_not_change() -> None:
    event = withdraw()
    refused("UPDATE docstore_auditpayload SET payload = %s WHERE event_id = %s", b"{}", event.pk)
    assert AuditPayload.objects.filter(pk=event.pk).exists()


def test_a_head_only_moves_forward_by_one() -> None:
    withdraw()
    refused("UPDATE docstore_streamhead SET seq = 0")
    refused("UPDATE docstore_streamhead SET seq = seq + 2")
    refused("UPDATE docstore_streamhead SET stream = 'another', seq = seq + 1")


def test_the_sealer_may_number_an_event_once() -> None:
    event = withdraw()
    AuditEvent.objects.filter(pk=event.pk).update(log_index=7)
    refused("UPDATE docstore_auditevent SET log_index = 8")
    refused("UPDATE docstore_auditevent SET log_index = NULL")


def test_a_sealer_changes_nothing_besides_the_number() -> None:
    withdraw()
    refused("UPDATE docstore_auditevent SET log_index = 7, actor = 'x'")
    assert StreamHead.objects.get(pk=STREAM).seq == 1
