"""Dates and times as people in court write them: "14 June 2026 at 2:01pm", always in court time.

Knows the house style of dates and nothing of what happened on them. Names of months and days follow the language of
the page.
"""

from datetime import date, datetime, time

from django.utils import dateformat
from django.utils.translation import gettext as _

from docstore.core import clock
from docstore.core.clock import COURT_ZONE


def day(value: date) -> str:
    """Return "14 June 2026"."""
    return dateformat.format(_local(value), "j F Y")


def named_day(value: date) -> str:
    """Return "Sunday 14 June 2026"."""
    return dateformat.format(_local(value), "l j F Y")


def time_of_day(value: datetime) -> str:
    """Return "2:01pm", "10am", "midday" or "midnight"."""
    local = value.astimezone(COURT_ZONE)
    if local.minute == 0 and local.hour in (0, 12):
        return _("midday") if local.hour else _("midnight")
    hour = local.hour % 12 or 12
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{hour}{minutes}{_('am') if local.hour < 12 else _('pm')}"


def moment(value: datetime) -> str:
    """Return "14 June 2026 at 2:01pm"."""
    return _("%(day)s at %(time)s") % {"day": day(value), "time": time_of_day(value)}


def sitting(value: datetime) -> str:
    """Return "Today, 10am" or "24 November 2026, 10am"."""
    local = _local(value)
    when = _("Today") if local == clock.today() else day(local)
    return f"{when}, {time_of_day(value)}"


def filed(value: datetime) -> str:
    """Return "9:31am today", or the day and the time where it was another day."""
    if _local(value) == clock.today():
        return _("%(time)s today") % {"time": time_of_day(value)}
    return moment(value)


def _local(value: date) -> date:
    return value.astimezone(COURT_ZONE).date() if isinstance(value, datetime) else value


def parse_iso(text: str) -> date | None:
    """Return the day in "2026-11-24", or None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
SHORTEST_MONTH = 3


def parse_day(text: str) -> date | None:
    """Return the day in "14 6 2026", "14/06/2026", "14 June 2026" or "2026-06-14", or None for anything else."""
    parts = text.replace("/", " ").replace(".", " ").replace("-", " ").replace(",", " ").split()
    if len(parts) != len(("day", "month", "year")):
        return None
    if len(parts[0]) == len("2026"):
        parts.reverse()
    day, month, year = parts[0], parts[1].lower(), parts[2]
    if not month.isdigit():
        named = [
            str(at)
            for at, name in enumerate(MONTHS, start=1)
            if len(month) >= SHORTEST_MONTH and name.startswith(month)
        ]
        month = named[0] if named else ""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """Return the time in "10:30", "10.30", "10:30am" or "2pm", or None for anything else."""
    plain = text.strip().lower().replace(" ", "").replace(".", ":")
    for shape in ("%H:%M", "%I:%M%p", "%I%p"):
        try:
            return datetime.strptime(plain, shape).time()  # noqa: DTZ007 - a time of day; the day gives its zone
        except ValueError:
            continue
    return None
