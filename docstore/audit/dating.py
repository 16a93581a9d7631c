"""Whether events were written when they say: each lies between two checkpoints, which somebody made at a known time.

Whoever appends an event today and dates it last year makes a chain that holds. Its place in the tree gives it away.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, Checkpoint
from docstore.audit.sealed import LOG
from docstore.audit.verify import Anomaly, Fault

# An event is dated when it is written and sealed once its transaction has committed, which may take long in bulk.
LONGEST_TRANSACTION = timedelta(hours=1)
CLOCKS_APART = timedelta(minutes=1)

MOMENT = "%Y-%m-%d %H:%M"

Row = tuple[int | None, datetime, str]


def verify_dates() -> Iterator[Fault]:
    """Yield the first event of each stretch between two checkpoints whose date does not lie between theirs.

    A stretch in which the clock's own leap was written down is left out: it is told there.
    """
    made = list(Checkpoint.objects.order_by("size").values_list("size", "made_at"))
    sizes = [size for size, _ in made]
    rows = AuditEvent.objects.filter(log_index__lt=sizes[-1] if sizes else 0).order_by("log_index")
    dated = rows.values_list("log_index", "recorded_at", "type").iterator()
    for at, stretch in groupby(dated, key=lambda row: bisect_right(sizes, row[0] or 0)):
        earliest = made[at - 1][1] - LONGEST_TRANSACTION if at else None
        yield from _outside(stretch, earliest, made[at][1] + CLOCKS_APART)


def _outside(stretch: Iterable[Row], earliest: datetime | None, latest: datetime) -> Iterator[Fault]:
    found: Fault | None = None
    leapt = False
    for place, at, kind in stretch:
        index = place or 0
        leapt = leapt or kind == Event.CLOCK_LEAPT
        if found is None and at > latest:
            found = Fault(LOG, index, Anomaly.CLOCK, f"it is dated {at:{MOMENT}}, after the checkpoint that seals it")
        if found is None and earliest is not None and at < earliest:
            found = Fault(LOG, index, Anomaly.CLOCK, f"it is dated {at:{MOMENT}}, before what was sealed before it")
    if found is not None and not leapt:
        yield found
