"""A program of its own that appends events from several threads at once: `python -m tests.audit.append_many THREADS EACH`."""

import sys
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.db import OperationalError, connection  # noqa: E402 - Django has to be set up first

from tests.audit.writing import withdraw  # noqa: E402 - as above


def append(each: int) -> None:
    """Append to the one stream that all writers meet at."""
    try:
        for number in range(each):
            _withdraw(f"Reason {number}")
    finally:
        connection.close()


def _withdraw(reason: str) -> None:
    """As whoever is told that the database is busy: SQLite is not fair, and a writer may have waited its twenty seconds."""
    while True:
        try:
            withdraw(reason=reason)
        except OperationalError as busy:
            if "locked" not in str(busy):
                raise
        else:
            return


if __name__ == "__main__":
    threads, each = int(sys.argv[1]), int(sys.argv[2])
    with ThreadPoolExecutor(threads) as pool:
        for outcome in [pool.submit(append, each) for _ in range(threads)]:
            outcome.result()
