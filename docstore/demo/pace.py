"""Filing at the pace of reading, so that whoever uses the demo court meanwhile is served first.

Papers for today's hearings overtake everything; a hundred of them filed at once would keep a user's own scan waiting. So
the next one is filed only when little waits, whoever filed it.
"""

import time
from dataclasses import dataclass

from docstore.core import clock
from docstore.core.jobs import Job, JobState

LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class Pace:
    """How many jobs may wait before another paper is filed. Where nothing moves, no worker is running: it gives up."""

    most: int
    is_kept: bool = True

    def wait(self) -> None:
        """Return when little waits, or nothing has moved for half a minute; from then on return at once."""
        seen, since = -1, clock.monotonic()
        while self.is_kept and (waiting := _waiting()) > self.most:
            if waiting != seen:
                seen, since = waiting, clock.monotonic()
            self.is_kept = clock.monotonic() - since < PATIENCE_SECONDS
            time.sleep(LOOK_SECONDS)


AT_THE_PACE_OF_READING = 4
ALL_AT_ONCE = 1_000_000


def _waiting() -> int:
    """Return how many jobs a worker has still to do; what waits for a person holds nobody up."""
    return Job.objects.waiting().exclude(state=JobState.PARKED).count()
