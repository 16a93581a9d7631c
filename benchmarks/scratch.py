"""A database of its own for one measurement, and the environment in which a process uses it and nobody else's data."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

SERVICES = ("DATABASE_URL", "REDIS_URL", "S3_", "CLAMD_ADDRESS", "DOCSTORE_", "OPENSEARCH_")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def databases() -> list[str]:
    """Return what there is to measure on: SQLite always, PostgreSQL where the environment names a server."""
    server = os.environ.get("DATABASE_URL", "")
    return ["sqlite", *(["postgresql"] if server.startswith("postgres") else [])]


@contextmanager
def environment(database: str) -> Iterator[dict[str, str]]:
    """The environment of a process that works on an empty database and in an empty folder, gone afterwards."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SERVICES)}
    with tempfile.TemporaryDirectory(prefix="docstore-bench-") as folder:
        kept |= {"DOCSTORE_STATE": folder, "DOCSTORE_ENV": "test", "DOCSTORE_RUN": Path(folder).name[-8:].lower()}
        kept["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        if database == "sqlite":
            yield kept
        else:
            with _database(os.environ["DATABASE_URL"]) as address:
                yield kept | {"DATABASE_URL": address}


@contextmanager
def _database(server: str) -> Iterator[str]:
    parts, name = urlsplit(server), f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
