"""Named locks between processes: PostgreSQL advisory locks where there is PostgreSQL, a locked file elsewhere."""

import fcntl
import hashlib
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

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
def named_all(names: Collection[str]) -> Iterator[None]:
    """Hold several locks for the block. They are taken in one order, whoever takes them, so that nobody waits in a ring."""
    if connection.vendor == "postgresql":
        with _advisory_all(sorted(_number(one) for one in set(names))):
            yield
    else:
        with ExitStack() as held:
            for one in sorted(set(names), key=_path):
                held.enter_context(_file(one))
            yield


@contextmanager
def tried(name: str) -> Iterator[bool]:
    """Hold the lock `name` for the block if nobody else does, and say whether it is held; never wait."""
    with _tried_advisory(name) if connection.vendor == "postgresql" else _tried_file(name) as held:
        yield held


@contextmanager
def _advisory(name: str) -> Iterator[None]:
    key = _number(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [key])
    try:
        yield
    finally:
        _unlock(key)


@contextmanager
def _advisory_all(keys: list[int]) -> Iterator[None]:
    """One statement for all; should it be cut short, what it has taken is let go with the rest."""
    ordered = "FROM (SELECT unnest(%s::bigint[]) AS key ORDER BY 1) AS wanted"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT pg_advisory_lock(key) {ordered}", [keys])
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock(key) {ordered}", [keys])


@contextmanager
def _tried_advisory(name: str) -> Iterator[bool]:
    key = _number(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            _unlock(key)


def _unlock(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


@contextmanager
def _file(name: str) -> Iterator[None]:
    with _path(name).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def _tried_file(name: str) -> Iterator[bool]:
    with _path(name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _path(name: str) -> Path:
    folder = conf.get().state / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / hashlib.sha256(name.encode()).hexdigest()[:32]
