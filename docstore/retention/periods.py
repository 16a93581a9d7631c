"""Civil-date arithmetic: ISO 8601 periods, ends of years, ages. No clock, no zone, no instants (RET-C9 to C12, C19)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from docstore.core.errors import Invalid
from docstore.retention.vocabulary import Cutoff

_FORM = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")
LAST_YEAR = 9999
MONTHS = 12
FISCAL_START = 4
LEAP_MONTH, LEAP_DAY = 2, 29
_PART = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class PeriodNotUnderstood(Invalid):
    """“{text}” is not a period. Write years, months and days as P7Y, P2Y6M or P42D."""

    code = "period-not-understood"


class DateNotUnderstood(Invalid):
    """“{text}” is not a date. Write 2019-05-31; where only the year or the month is known, 2019 or 2019-05."""

    code = "date-not-understood"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in the calendar, such as P2Y6M."""

    months: int
    days: int

    def __str__(self) -> str:
        years, months = divmod(self.months, MONTHS)
        parts = [f"{years}Y" if years else "", f"{months}M" if months else "", f"{self.days}D" if self.days else ""]
        return "P" + ("".join(parts) or "0D")

    @property
    def words(self) -> str:
        """The period for the middle of a sentence: "2 years and 6 months"."""
        years, months = divmod(self.months, MONTHS)
        counts = ((years, "year"), (months, "month"), (self.days, "day"))
        parts = [f"{count} {name}{'' if count == 1 else 's'}" for count, name in counts if count]
        return " and ".join(parts) if len(parts) < 3 else ", ".join(parts[:2]) + " and " + parts[2]


def parse(text: str) -> Period:
    """Return a period written in ISO 8601; raise PeriodNotUnderstood. Weeks are seven days."""
    found = _FORM.fullmatch(text.strip().upper())
    if found is None or not any(found.groups()):
        raise PeriodNotUnderstood(text=text)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return Period(years * MONTHS + months, weeks * 7 + days)


def add_period(start: date, period: Period) -> date:
    """Add years and months together, keep the day or clamp it to the month's end, then add days (RET-C9, C10).

    A date past the year 9999 is that year's last day: later than any record will be looked at.
    """
    month = start.month - 1 + period.months
    year = start.year + month // MONTHS
    if year > LAST_YEAR:
        return date.max
    month = month % MONTHS + 1
    moved = date(year, month, min(start.day, calendar.monthrange(year, month)[1]))
    return moved + timedelta(days=period.days) if period.days else moved


def apply_cutoff(on: date, cutoff: Cutoff, *, fiscal_start: int = FISCAL_START) -> date:
    """Return the last day of the cutoff period that contains `on` (RET-C12)."""
    match cutoff:
        case Cutoff.NONE:
            return on
        case Cutoff.CALENDAR_YEAR:
            return date(on.year, 12, 31)
        case Cutoff.FISCAL_YEAR:
            begun = on.year if on.month >= fiscal_start else on.year - 1
            return date(begun + 1, fiscal_start, 1) - timedelta(days=1)
        case Cutoff.QUARTER:
            month = (on.month - 1) // 3 * 3 + 3
            return date(on.year, month, calendar.monthrange(on.year, month)[1])
        case Cutoff.MONTH:
            return date(on.year, on.month, calendar.monthrange(on.year, on.month)[1])


def reach_age(born: date, years: int, *, leap_day_later: bool = True) -> date:
    """Return the day on which somebody reaches an age. A birthday on 29 February falls on 1 March in a common year,
    or on 28 February where the jurisdiction says so.
    """
    year = born.year + years
    if (born.month, born.day) == (LEAP_MONTH, LEAP_DAY) and not calendar.isleap(year):
        return date(year, 3, 1) if leap_day_later else date(year, 2, 28)
    return born.replace(year=year)


def latest_day(text: str) -> date:
    """Return the day that a date, or a year or month alone, means at the latest: 2019 is 2019-12-31 (RET-C19)."""
    found = _PART.fullmatch(text.strip())
    if found is None:
        raise DateNotUnderstood(text=text)
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        if year is not None and month is not None and day is not None:
            return date(year, month, day)
        last_month = month or MONTHS
        return date(year or 0, last_month, calendar.monthrange(year or 0, last_month)[1])
    except ValueError as error:
        raise DateNotUnderstood(text=text) from error
