"""The disposal gate (design T2): a claim to destroy holds it shared, whatever could stop disposal holds it alone.

So a hold, a reopening or a further filing either commits first, and the claim sees it, or waits for the short claim. On
PostgreSQL these are transaction advisory locks; on SQLite writers take turns anyway, because transactions are IMMEDIATE.
"""

from django.db import connection

NUMBER = 0x646F6373  # any fixed number that nothing else in this database uses


def alone() -> None:
    """Wait until no claim is being made, and keep claims out until this transaction ends."""
    _take("pg_advisory_xact_lock")


def shared() -> None:
    """Wait until nobody changes what could stop disposal, and keep such changes out until this transaction ends."""
    _take("pg_advisory_xact_lock_shared")


def _take(function: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [NUMBER])
