"""Whether what documents need is there: the database with its migrations, and the vault."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from docstore.core.errors import Refusal
from docstore.documents.vault import vault

PROBE = "probe/readiness"


def is_ready() -> dict[str, bool]:
    """Return each part and whether it works now."""
    return {"database": _database_answers(), "migrations": _migrated(), "vault": _vault_answers()}


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _vault_answers() -> bool:
    try:
        vault().has(PROBE)
    except (Refusal, OSError):
        return False
    return True
