"""What a process that a test has forked must not share with its parent."""

from typing import Any

from django.core.files.storage import storages
from django.db import connection

from docstore.search import engine

_inherited: list[Any] = []  # sockets of the parent: kept open, never spoken to, so that the parent keeps its session


def with_connections_of_its_own() -> None:
    """Leave the parent's connections to database, vault and engine alone; open new ones when they are needed."""
    _inherited.append(connection.connection)
    connection.connection = None
    storages.__dict__.pop("_storages", None)
    storages.__init__()  # type: ignore[misc] # connections to the vault are not shared with the parent
    engine.configured.cache_clear()
