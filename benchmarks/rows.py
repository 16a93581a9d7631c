"""Very many rows, made inside the database: one row is written through the models and copied in one statement.

The same SQL on SQLite and PostgreSQL. A million documents take seconds instead of the half hour of as many objects.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Model


def multiplied(row: Model, count: int, changed: Mapping[str, str]) -> None:
    """Write `count` copies of a stored row. `changed` says column by column what differs, as SQL over `n.i`, which counts
    from 0; `t` is the row that is copied.
    """
    key = row._meta.pk
    if key is None:
        raise TypeError(row)
    _insert(type(row), count, changed, f't."{key.column}" = %s', [key.get_db_prep_value(row.pk, connection)])


def copied(model: type[Model], count: int, changed: Mapping[str, str], which: str) -> None:
    """Write `count` copies of several rows in turn; `which` is SQL that says of which row `t` the copy `n.i` is made."""
    _insert(model, count, changed, which, [])


def _insert(model: type[Model], count: int, changed: Mapping[str, str], which: str, given: list[object]) -> None:
    meta = model._meta
    columns = [one.column for one in meta.concrete_fields if one.column in changed or not one.primary_key]
    values = [changed.get(column) or f't."{column}"' for column in columns]
    if unknown := set(changed) - set(columns):
        raise ValueError(f"{meta.db_table} has no {unknown}")
    named = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{meta.db_table}" ({named}) '
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %s) "
            f'SELECT {", ".join(values)} FROM n, "{meta.db_table}" t WHERE {which}',
            [count, *given],
        )


def uuid_of(text: str) -> str:
    """SQL of the id that belongs to a text, itself SQL: the same whenever it is asked for, so that rows can be joined."""
    return f"CAST(md5({text}) AS uuid)" if connection.vendor == "postgresql" else f"md5({text})"


def literal(key: uuid.UUID) -> str:
    """SQL of an id as the database keeps it."""
    return f"CAST('{key}' AS uuid)" if connection.vendor == "postgresql" else f"'{key.hex}'"


def earlier(column: str, hours: str) -> str:
    """SQL of a moment of the copied row, so many hours earlier; `hours` is SQL."""
    if connection.vendor == "postgresql":
        return f"t.{column} - ({hours}) * interval '1 hour'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', t.{column}, '-' || ({hours}) || ' hours')"


def one_of(values: Sequence[object], turn: str) -> str:
    """SQL of one of some numbers, in turn; `turn` is SQL that counts."""
    ways = " ".join(f"WHEN {at} THEN {value}" for at, value in enumerate(values))
    return f"CASE ({turn}) %% {len(values)} {ways} END"


@contextmanager
def unguarded() -> Iterator[None]:
    """Write without looking every foreign key up: the rows are made to fit. Gathers statistics afterwards on PostgreSQL,
    as its own upkeep would soon do.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
