"""A program of its own that appends events from several threads at once: `python -m tests.audit.append_many THREADS EACH`."""

import sys
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.db import connection  # noqa: E402 - Django has to be set up first

from tests.audit.writing import withdraw  # noqa: E402 - as above


def append(each: int) -> None:
    """Append to the one stream that all writers meet at."""
    try:
        for number in range(each):
            withdraw(reason=f"Reason {number}")
    finally:
        connection.close()


if __name__ == "__main__":
    threads, each = int(sys.argv[1]), int(sys.argv[2])
    with ThreadPoolExecutor(threads) as pool:
        for outcome in [pool.submit(append, each) for _ in range(threads)]:
            outcome.result()
