"""How much may be taken up now: a cap on each day and, where an operator wants one, on each minute (RET-G14).

Hours of the day are the switch's affair, because they hold for everything; these figures are about how fast it goes.
"""

from datetime import datetime, time, timedelta

from docstore.core import clock, conf
from docstore.retention.disposal_models import ListItem

MINUTE = timedelta(minutes=1)


def room() -> int:
    """Return how many records may be taken up now."""
    return max(min(_left_today(), _left_this_minute()), 0)


def why_waiting() -> str:
    """Return why what is being carried out stands still now, in a sentence; empty where it does not."""
    chosen = conf.get().disposal
    if _left_today() <= 0:
        return f"{chosen.cap_per_day} records have been taken up today, which is the most for one day. It goes on tomorrow."
    return ""


def _left_today() -> int:
    start = datetime.combine(clock.today(), time.min, tzinfo=clock.COURT_ZONE)
    return conf.get().disposal.cap_per_day - ListItem.objects.filter(claimed_at__gte=start).count()


def _left_this_minute() -> int:
    most = conf.get().disposal.cap_per_minute
    if most is None:
        return conf.get().disposal.cap_per_day
    return most - ListItem.objects.filter(claimed_at__gt=clock.now() - MINUTE).count()
