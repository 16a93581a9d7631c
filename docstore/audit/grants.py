"""What the application's own role may do in PostgreSQL: add to the audit, and change or delete nothing of it (RET-L4).

A production installation has two roles: one owns the tables and runs migrations, the other is what web and workers
connect as. The triggers of `triggers` refuse everybody; these grants refuse the application even if a trigger were gone.
"""

from collections.abc import Iterator, Mapping

from django.db import connection as default
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from docstore.audit.triggers import ALL_TABLES, ERASING

# What must be moved on: the sealer's number, a stream's head, the tree, and the marks of a checkpoint.
MOVES: Mapping[str, tuple[str, ...]] = {
    "docstore_auditevent": ("log_index",),
    "docstore_streamhead": ("seq", "hash"),
    "docstore_sealedlog": ("installation", "size", "edge", "former"),
    "docstore_checkpoint": ("anchored_at", "leap_accepted_by"),
}
READ_ONLY = ("django_migrations",)
SCHEMA = "public"
_TOO_MUCH = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER")


class RoleMissing(LookupError):
    """There is no such role in the database. Create it first; docs/how-to/operate.md says how."""


def limit(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give `role` what web and workers need of every table, and of the audit no more than to add to it. Safe to repeat."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise RoleMissing(role)
        for statement in _statements(role):
            cursor.execute(statement)


def excess() -> list[str]:
    """Return what the role of this connection could do to the audit although it must not; nothing where all is well."""
    if default.vendor != "postgresql":
        return []
    with default.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            return ["superuser"]
        cursor.execute(
            "SELECT c.relname, pg_has_role(c.relowner, 'MEMBER'), p.act FROM pg_class c, unnest(%s::text[]) AS p(act)"
            " WHERE c.relname = ANY(%s) AND c.relnamespace = %s::regnamespace"
            " AND (pg_has_role(c.relowner, 'MEMBER') OR has_table_privilege(c.oid, p.act)) ORDER BY 1, 3",
            [list(_TOO_MUCH), list(ALL_TABLES), SCHEMA],
        )
        return list(dict.fromkeys(f"owner of {row[0]}" if row[1] else f"{row[2]} on {row[0]}" for row in cursor))


def _statements(role: str) -> Iterator[sql.Composed]:
    to = sql.Identifier(role)
    for text in (
        "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}",
        "GRANT USAGE ON SCHEMA {schema} TO {to}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {to}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {to}",
    ):
        yield sql.SQL(text).format(schema=sql.Identifier(SCHEMA), to=to)
    for table in ALL_TABLES:
        yield sql.SQL("REVOKE UPDATE, DELETE ON {table} FROM {to}").format(table=sql.Identifier(table), to=to)
    for table in READ_ONLY:
        yield sql.SQL("REVOKE INSERT, UPDATE, DELETE ON {table} FROM {to}").format(table=sql.Identifier(table), to=to)
    for table, columns in MOVES.items():
        moved = sql.SQL(", ").join(map(sql.Identifier, columns))
        yield sql.SQL("GRANT UPDATE ({moved}) ON {table} TO {to}").format(
            moved=moved, table=sql.Identifier(table), to=to
        )
    erasing = sql.Identifier(ERASING)
    yield sql.SQL("REVOKE ALL ON FUNCTION {erasing}(bigint) FROM PUBLIC").format(erasing=erasing)
    yield sql.SQL("GRANT EXECUTE ON FUNCTION {erasing}(bigint) TO {to}").format(erasing=erasing, to=to)
