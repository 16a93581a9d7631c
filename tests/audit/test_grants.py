"""The application's own role: everything the product does goes with it, and nothing that was written changes (RET-L4)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from docstore.audit import grants, triggers
from docstore.audit.erasing import erase_payload
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.audit.sealed import verify_sealed
from docstore.audit.sealing import seal
from docstore.audit.verify import verify
from docstore.cases.lifecycle import Lifecycle
from docstore.management.doctor import LOOKS
from tests.audit.writing import STAMP, withdraw
from tests.retention.disposing import Disposal

pytestmark = pytest.mark.django_db

ON_SERVER = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="an embedded database has no roles")
# Changes that the triggers refuse to the owner too; each table of the audit has one.
CHANGES = {
    "docstore_auditevent": "type = 'x'",
    "docstore_auditpayload": "payload = 'x'",
    "docstore_streamhead": "stream = 'x'",
    "docstore_payloaderasure": "by_event = 0",
    "docstore_checkpoint": "note = 'x'",
    "docstore_sealedlog": "id = 7",
}


@pytest.fixture
def role() -> str:
    """A role as ops/database-role.sh makes it, with what `migrate` grants."""
    name = f"docstore_app_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS")
    grants.limit(connection, name)
    return name


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """Be the role itself, and not its owner in its clothes: nothing can be taken back before the end."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {role}")
        yield
        cursor.execute("RESET SESSION AUTHORIZATION")


@pytest.fixture
def written() -> list[AuditEvent]:
    """Something in every table of the audit."""
    events = [withdraw(reason=f"Reason {number}") for number in range(3)]
    seal()
    erase_payload(events[0], stamp=STAMP, reason="An order of the court")
    return events


def refused(statement: str, why: str) -> None:
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def acts(table: str) -> list[str]:
    emptied = [f"TRUNCATE {table}"] if connection.vendor == "postgresql" else []  # SQLite has none
    return [f"UPDATE {table} SET {CHANGES[table]}", f"DELETE FROM {table}", *emptied]


@pytest.mark.requirement("RET-L4")
def test_triggers_refuse_every_change_to_everybody(written: list[AuditEvent]) -> None:
    assert set(CHANGES) == set(triggers.ALL_TABLES)
    for table in triggers.ALL_TABLES:
        for act in acts(table):
            refused(act, "never changed or deleted")


@ON_SERVER
@pytest.mark.requirement("RET-L4")
def test_grants_refuse_every_change_to_the_application(written: list[AuditEvent], role: str) -> None:
    triggers.lift(connection)  # what refuses now are the rights alone
    with connected_as(role):
        for table in triggers.ALL_TABLES:
            for act in acts(table):
                refused(act, "permission denied")
            refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL", "must be owner")
        refused("SET session_replication_role = replica", "permission denied")
        refused("UPDATE docstore_auditevent SET header = 'x'", "permission denied")
        refused("UPDATE docstore_streamhead SET stream = 'x', seq = 1", "permission denied")
        refused("DELETE FROM django_migrations", "permission denied")
        assert grants.excess() == []
    triggers.guard(connection)
    with connected_as(role):
        refused(
            "UPDATE docstore_auditevent SET log_index = 99", "never changed or deleted"
        )  # a right, and no use of it
        refused(f"SELECT {triggers.ERASING}({written[1].pk})", "never changed or deleted")
    assert list(verify()) == []


@ON_SERVER
def test_all_that_the_product_does_goes_with_the_applications_role(disposal: Disposal, role: str) -> None:
    with connected_as(role):
        case, paper = disposal.case()
        event = withdraw()
        assert seal() is not None
        erase_payload(event, stamp=STAMP, reason="An order of the court")
        assert not AuditPayload.objects.filter(pk=event.pk).exists()
        disposal.pass_days(8)
        made = disposal.run(disposal.begun().pk)
        assert seal() is not None
        assert [*verify(), *verify_sealed()] == []
    case.refresh_from_db()
    paper.refresh_from_db()
    assert (case.lifecycle, paper.lifecycle) == (Lifecycle.DESTROYED, Lifecycle.DESTROYED)
    assert made.certificate.number


@ON_SERVER
def test_migrate_grants_and_the_doctor_says_what_a_role_could_do(role: str, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT UPDATE, DELETE ON docstore_auditevent TO {role}")
    settings.DOCSTORE = settings.DOCSTORE | {"DATABASE_ROLE": role, "ENV": "production"}
    with connected_as(role):
        [found] = LOOKS["audit rights"]("audit rights")
        assert not found.well
        assert "DELETE on docstore_auditevent, UPDATE on docstore_auditevent" in found.state
    call_command("migrate", verbosity=0, stdout=StringIO())
    with connected_as(role):
        [found] = LOOKS["audit rights"]("audit rights")
        assert found.well
    [found] = LOOKS["audit rights"]("audit rights")  # whoever may do everything may do this too
    assert not found.well
    with pytest.raises(grants.RoleMissing):
        grants.limit(connection, "nobody_of_that_name")
