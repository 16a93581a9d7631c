"""The database's own refusal to change what was written, for both databases. Run by a migration.

Events, payloads and heads are never deleted. Of an event only `log_index` may change, once, from empty to a number; a
head only moves forward by one. Changing these statements needs a new migration that removes and installs them.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

REFUSAL = "audit rows are never changed or deleted"

_EVENT, _PAYLOAD, _HEAD = "docstore_auditevent", "docstore_auditpayload", "docstore_streamhead"
_TABLES = (_EVENT, _PAYLOAD, _HEAD)
_FIXED = (
    *("id", "stream", "seq", "type", "actor", "document", '"case"'),
    *("prev_hash", "header", "payload_commitment", "event_hash", "recorded_at"),
)
_SEALS = "OLD.log_index IS NULL AND NEW.log_index IS NOT NULL AND " + " AND ".join(
    f"OLD.{column} = NEW.{column}" for column in _FIXED
)
_STEPS = "NEW.stream = OLD.stream AND NEW.seq = OLD.seq + 1"
# What an UPDATE must satisfy to be let through; a payload has none.
_ALLOWED = {_EVENT: _SEALS, _HEAD: _STEPS}

_SQLITE_INSTALL = tuple(
    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
    f"{f'WHEN NOT ({_ALLOWED[table]})' if act == 'UPDATE' and table in _ALLOWED else ''} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table in _TABLES
    for act in ("UPDATE", "DELETE")
)
_SQLITE_REMOVE = tuple(f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in _TABLES for act in ("update", "delete"))

_POSTGRESQL_INSTALL = (
    f"CREATE OR REPLACE FUNCTION docstore_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    *(
        f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} FOR EACH "
        f"{'STATEMENT' if act == 'TRUNCATE' else 'ROW'} "
        f"{f'WHEN (NOT ({_ALLOWED[table]}))' if act == 'UPDATE' and table in _ALLOWED else ''} "
        f"EXECUTE FUNCTION docstore_audit_refuse()"
        for table in _TABLES
        for act in ("UPDATE", "DELETE", "TRUNCATE")
    ),
)
_POSTGRESQL_REMOVE = (
    *(
        f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}"
        for table in _TABLES
        for act in ("update", "delete", "truncate")
    ),
    "DROP FUNCTION IF EXISTS docstore_audit_refuse()",
)

INSTALL = {"sqlite": _SQLITE_INSTALL, "postgresql": _POSTGRESQL_INSTALL}
REMOVE = {"sqlite": _SQLITE_REMOVE, "postgresql": _POSTGRESQL_REMOVE}


def install(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers on the database at hand. The forward half of a RunPython operation."""
    guard(editor.connection)


def remove(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers. The backward half; never called by the product itself."""
    lift(editor.connection)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers anew through `connection`."""
    lift(connection)
    with connection.cursor() as cursor:
        for statement in INSTALL[connection.vendor]:
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers through `connection`: for a migration back, and for test databases that are emptied."""
    with connection.cursor() as cursor:
        for statement in REMOVE[connection.vendor]:
            cursor.execute(statement)
