"""How often a station or a person may ask. Counted per process and key: a limit against runaway programs, not an account."""

import threading
from collections import deque

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from docstore.core import clock, conf

MINUTE = 60.0
_lock = threading.Lock()
_asked: dict[str, deque[float]] = {}


class Rate(BaseThrottle):
    """A sliding window for each account: a minute, or a part of one."""

    @staticmethod
    def a_minute() -> int:
        """How many requests a minute holds."""
        return conf.get().limits.requests_per_minute

    @classmethod
    def most(cls) -> int:
        """How many requests the window holds."""
        return max(1, round(cls.a_minute() * window() / MINUTE))

    def allow_request(self, request: Request, view: object) -> bool:
        """Count this request where there is room for it."""
        most, now, seconds = self.most(), clock.monotonic(), window()
        with _lock:
            times = _asked.setdefault(_who(request), deque())
            while times and times[0] <= now - seconds:
                times.popleft()
            self._wait = seconds - (now - times[0]) if times else 0.0
            if len(times) >= most:
                return False
            times.append(now)
        return True

    def wait(self) -> float:
        """Return the seconds until there is room again."""
        return max(1.0, self._wait)


class StationRate(Rate):
    """The same for stations, which are told how much is left."""

    @staticmethod
    def a_minute() -> int:
        """How many requests a minute holds for a station."""
        return conf.get().intake.requests_per_minute

    @classmethod
    def told(cls, request: Request) -> dict[str, str]:
        """Return the RateLimit headers: how much is left of the minute, and when it is full again."""
        most, now = cls.most(), clock.monotonic()
        with _lock:
            times = _asked.get(_who(request), deque())
            used, first = len(times), times[0] if times else now
        left, reset = max(0, most - used), max(1, round(window() - (now - first)))
        return {
            "RateLimit-Policy": f'"station";q={most};w={window():.0f}',
            "RateLimit": f'"station";r={left};t={reset}',
        }


def window() -> float:
    """Over how many seconds requests are counted."""
    return conf.get().limits.rate_seconds


def _who(request: Request) -> str:
    holder = getattr(request, "user", None)
    return str(getattr(holder, "pk", "")) if holder is not None else ""
