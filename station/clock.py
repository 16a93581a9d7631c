"""The only readers of the clock in the agent.

A scanning PC's clock may be wrong by days. Waiting is therefore counted in `monotonic` seconds, and what is told to the
server is `told`: the time here, corrected by what the server says the time is.
"""

import time
from datetime import UTC, datetime, timedelta

WORTH_A_WARNING = timedelta(minutes=5)


def now() -> datetime:
    """Return this PC's time, right or wrong."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Return seconds that only ever grow while the agent runs."""
    return time.monotonic()


def stamp(at: datetime) -> str:
    """Return a time as the server takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def skew(server_says: str) -> timedelta:
    """Return by how much the server's clock is ahead of this one."""
    return datetime.fromisoformat(server_says) - now()


def words_for(ahead: timedelta) -> str:
    """Return the sentence that warns of a wrong clock."""
    minutes = round(abs(ahead).total_seconds() / 60)
    size = f"{minutes} minutes" if minutes < 120 else f"{round(minutes / 60)} hours"
    return (
        f"The clock of this PC is {size} {'behind' if ahead > timedelta(0) else 'ahead of'} the server's. Set it right."
    )
