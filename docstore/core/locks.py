"""Named locks between processes: PostgreSQL advisory locks where there is PostgreSQL, a locked file elsewhere."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from docstore.core import conf


@contextmanager
def named(name: str) -> Iterator[None]:
    """Hold the lock `name` for the block; wait for whoever holds it now. Ends with the process in any case."""
    if connection.vendor == "postgresql":
        with _advisory(name):
            yield
    else:
        with _file(name):
            yield


@contextmanager
def _advisory(name: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _file(name: str) -> Iterator[None]:
    folder = conf.get().state / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / hashlib.sha256(name.encode()).hexdigest()[:32]).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
