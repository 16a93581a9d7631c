"""The database's own refusal to change what was written, for both databases. Run by a migration.

Events, heads, checkpoints and the tree are never deleted, a payload only where an erasure event names it. Of an event
only `log_index` may change, once, from empty to a number; a head only moves forward by one, the tree only grows; a
checkpoint is only marked as anchored, or its leap of the clock as accepted. Changing these statements needs a new migration that installs them anew.
"""

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "audit rows are never changed or deleted"

_EVENT, _PAYLOAD, _HEAD = "docstore_auditevent", "docstore_auditpayload", "docstore_streamhead"
_ERASURE, _CHECKPOINT, _LOG = "docstore_payloaderasure", "docstore_checkpoint", "docstore_sealedlog"
FIRST_TABLES = (_EVENT, _PAYLOAD, _HEAD)
LATER_TABLES = (_ERASURE, _CHECKPOINT, _LOG)
ALL_TABLES = FIRST_TABLES + LATER_TABLES
# The one way in which the application's role can take a payload away: it has no right to delete (see `grants`).
ERASING = "docstore_audit_erase"
_FIXED = (
    *("id", "stream", "seq", "type", "actor", "document", '"case"'),
    *("prev_hash", "header", "payload_commitment", "event_hash", "recorded_at"),
)
_SEALS = "OLD.log_index IS NULL AND NEW.log_index IS NOT NULL AND " + " AND ".join(
    f"OLD.{column} = NEW.{column}" for column in _FIXED
)
_STEPS = "NEW.stream = OLD.stream AND NEW.seq = OLD.seq + 1"
_GROWS = "NEW.id = OLD.id AND NEW.size >= OLD.size"
# A comparison with nothing is neither true nor false, and would let a change slip through.
_MARKS = " AND ".join(
    f"(OLD.{one} IS NULL OR (NEW.{one} IS NOT NULL AND OLD.{one} = NEW.{one}))"
    for one in ("anchored_at", "leap_accepted_by")
) + (
    " AND "
    + " AND ".join(
        f"OLD.{one} = NEW.{one}" for one in ("id", "size", "root", "note", "previous", "made_at", "leap_seconds")
    )
)
# What an UPDATE must satisfy to be let through; a payload and an erasure have none.
_ALLOWED = {_EVENT: _SEALS, _HEAD: _STEPS, _CHECKPOINT: _MARKS, _LOG: _GROWS}
_IS_ERASED = "EXISTS (SELECT 1 FROM docstore_payloaderasure WHERE event_id = OLD.event_id)"


def _sqlite(tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        for act in ("UPDATE", "DELETE"):
            # Before there are erasures, their table must not be named: SQLite looks at triggers whenever a table is remade.
            allowed = (
                _ALLOWED.get(table, "")
                if act == "UPDATE"
                else _IS_ERASED
                if table == _PAYLOAD and _ERASURE in tables
                else ""
            )
            when = f"WHEN NOT ({allowed})" if allowed else ""
            yield (
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {when}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )


def _postgresql(tables: tuple[str, ...]) -> Iterator[str]:
    yield (
        f"CREATE OR REPLACE FUNCTION docstore_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    # A trigger's condition cannot look into another table; its function can.
    yield (
        f"CREATE OR REPLACE FUNCTION docstore_audit_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN IF {_IS_ERASED} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    if _ERASURE in tables:
        yield (
            f"CREATE OR REPLACE FUNCTION {ERASING}(which bigint) RETURNS void LANGUAGE sql SECURITY DEFINER"  # noqa: S608 - names of our own
            f" SET search_path FROM CURRENT AS $$ DELETE FROM {_PAYLOAD} WHERE event_id = which $$"
        )
    for table in tables:
        for act in ("UPDATE", "DELETE", "TRUNCATE"):
            each = "STATEMENT" if act == "TRUNCATE" else "ROW"
            when = f"WHEN (NOT ({_ALLOWED[table]}))" if act == "UPDATE" and table in _ALLOWED else ""
            erasable = table == _PAYLOAD and act == "DELETE"
            does = "docstore_audit_refuse_unless_erased" if erasable else "docstore_audit_refuse"
            yield f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} FOR EACH {each} {when} EXECUTE FUNCTION {does}()"


def _removal(vendor: str, tables: tuple[str, ...]) -> Iterator[str]:
    for table in tables:
        for act in ("update", "delete", "truncate"):
            on = f" ON {table}" if vendor == "postgresql" else ""
            yield f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}"


_STATEMENTS = {"sqlite": _sqlite, "postgresql": _postgresql}


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers on the tables that the first migration made. The forward half of a RunPython operation."""
    _install(editor.connection, FIRST_TABLES)


def install_all(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create all triggers anew, now that the sealed log has its tables too."""
    guard(editor.connection)


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers on the first tables. The backward half; never called by the product itself."""
    _remove(editor.connection, FIRST_TABLES)


def remove_later(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers on the sealed log's tables, and install those of the first tables as they were."""
    _remove(editor.connection, LATER_TABLES)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers anew through `connection`."""
    _install(connection, ALL_TABLES)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers through `connection`: for test databases that are emptied."""
    _remove(connection, ALL_TABLES)


def _install(connection: BaseDatabaseWrapper, tables: tuple[str, ...]) -> None:
    _remove(connection, tables)
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor](tables):
            cursor.execute(statement)


def _remove(connection: BaseDatabaseWrapper, tables: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in _removal(connection.vendor, tables):
            cursor.execute(statement)
