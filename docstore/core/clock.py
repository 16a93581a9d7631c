"""The only readers of the wall clock.

Knows what time it is for the product. In the demo court that time can be moved forward, for every process at once,
through a small file that all of them look at. Leases and time-outs that count seconds use `seconds` and `monotonic`,
which nobody can move.
"""

import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from docstore.core import conf
from docstore.core.errors import Refusal

COURT_ZONE = ZoneInfo("Europe/London")


class ClockCannotBeMoved(Refusal):
    """The clock can be moved forward only, and only in the demo court."""

    code = "clock-fixed"
    status = 403


def now() -> datetime:
    """Return the product's time as an aware UTC datetime."""
    return datetime.now(UTC) + ahead()


def today() -> date:
    """Return the civil date at the courts, which is what day lists and periods in days are counted in."""
    return now().astimezone(COURT_ZONE).date()


def seconds() -> float:
    """Return real wall-clock seconds since the epoch, never moved: for leases shared between processes."""
    return time.time()


def monotonic() -> float:
    """Return seconds that only ever grow within this process: for measuring how long something took."""
    return time.monotonic()


def ahead() -> timedelta:
    """Return how far the demo court's clock has been moved forward; zero everywhere else."""
    path = _offset_file()
    if path is None:
        return timedelta(0)
    try:
        return timedelta(seconds=int(path.read_text()))
    except FileNotFoundError:
        return timedelta(0)


def advance(by: timedelta) -> timedelta:
    """Move the demo court's clock forward and return the whole offset.

    Raises ClockCannotBeMoved outside the demo court, and for a step back: evidence does not run backwards.
    """
    path = _offset_file()
    if path is None or by < timedelta(0):
        raise ClockCannotBeMoved
    offset = ahead() + by
    fresh = path.with_suffix(".new")
    fresh.write_text(str(int(offset.total_seconds())))
    os.replace(fresh, path)
    return offset


def _offset_file() -> Path | None:
    return conf.get().state / "clock" if conf.get().is_demo else None
