"""Civil-date arithmetic against the vectors of design/retention.md section 7."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docstore.retention.periods import (
    DateNotUnderstood,
    Period,
    PeriodNotUnderstood,
    add_period,
    apply_cutoff,
    latest_day,
    parse,
    reach_age,
)
from docstore.retention.vocabulary import Cutoff

VECTORS = (
    ("2024-02-29", "P1Y", "2025-02-28"),
    ("2024-02-29", "P4Y", "2028-02-29"),
    ("2023-08-31", "P6M", "2024-02-29"),
    ("2024-08-31", "P6M", "2025-02-28"),
    ("2024-01-31", "P1M", "2024-02-29"),
    ("2024-02-29", "P1Y6M", "2025-08-29"),
    ("2024-02-29", "P18M", "2025-08-29"),
    ("2023-12-31", "P2Y6M", "2026-06-30"),
    ("2023-08-31", "P6M1D", "2024-03-01"),
    ("2024-11-22", "P42D", "2025-01-03"),
    ("2024-02-29", "P99Y", "2123-02-28"),
    ("2000-02-29", "P100Y", "2100-02-28"),
)
CUTOFFS = (
    ("2024-03-15", Cutoff.CALENDAR_YEAR, "2031-12-31"),
    ("2024-03-15", Cutoff.FISCAL_YEAR, "2031-03-31"),
    ("2024-04-01", Cutoff.FISCAL_YEAR, "2032-03-31"),
    ("2024-02-10", Cutoff.QUARTER, "2031-03-31"),
    ("2024-02-10", Cutoff.MONTH, "2031-02-28"),
    ("2024-02-10", Cutoff.NONE, "2031-02-10"),
)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
PERIODS = st.builds(Period, st.integers(0, 1500), st.integers(0, 5000))


@pytest.mark.requirement("RET-C9", "DOM-10.2")
@pytest.mark.parametrize(("start", "period", "end"), VECTORS)
def test_years_and_months_first_then_days(start: str, period: str, end: str) -> None:
    assert add_period(date.fromisoformat(start), parse(period)) == date.fromisoformat(end)


@pytest.mark.requirement("RET-C10")
@given(start=DAYS, years=st.integers(0, 300))
def test_years_are_calendar_years(start: date, years: int) -> None:
    end = add_period(start, Period(12 * years, 0))
    assert (end.year, end.month) == (start.year + years, start.month)
    assert end.day == start.day or (start.month, start.day, end.day) == (2, 29, 28)


@pytest.mark.requirement("RET-C12")
@pytest.mark.parametrize(("on", "cutoff", "end"), CUTOFFS)
def test_the_period_runs_from_the_end_of_the_cutoff(on: str, cutoff: Cutoff, end: str) -> None:
    start = apply_cutoff(date.fromisoformat(on), cutoff)
    assert add_period(start, parse("P7Y")) == date.fromisoformat(end)


def test_the_first_month_of_the_fiscal_year_is_a_setting() -> None:
    assert apply_cutoff(date(2024, 8, 1), Cutoff.FISCAL_YEAR, fiscal_start=7) == date(2025, 6, 30)
    assert apply_cutoff(date(2024, 8, 1), Cutoff.FISCAL_YEAR, fiscal_start=10) == date(2024, 9, 30)


@given(one=DAYS, other=DAYS, period=PERIODS)
def test_a_later_start_never_ends_earlier(one: date, other: date, period: Period) -> None:
    first, second = sorted((one, other))
    assert add_period(first, period) <= add_period(second, period)


@given(start=DAYS, period=PERIODS, cutoff=st.sampled_from(list(Cutoff)))
def test_no_period_ends_before_it_begins(start: date, period: Period, cutoff: Cutoff) -> None:
    assert add_period(apply_cutoff(start, cutoff), period) >= start


@given(period=PERIODS)
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert parse(str(period)) == period


@pytest.mark.parametrize("text", ["", "P", "7Y", "P-1Y", "PT5H", "P1Y2W3X", "P99999Y"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(PeriodNotUnderstood):
        parse(text)


@pytest.mark.requirement("RET-C19")
@pytest.mark.parametrize(
    ("text", "day"),
    [("2019", "2019-12-31"), ("2019-02", "2019-02-28"), ("2020-02", "2020-02-29"), ("2019-05-31", "2019-05-31")],
)
def test_an_indefinite_date_counts_as_its_latest_day(text: str, day: str) -> None:
    assert latest_day(text) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["", "19", "2019-13", "2019-02-30", "31/05/2019", "0000"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateNotUnderstood):
        latest_day(text)


def test_a_birthday_on_the_leap_day_is_a_setting() -> None:
    assert reach_age(date(2004, 2, 29), 21) == date(2025, 3, 1)
    assert reach_age(date(2004, 2, 29), 21, leap_day_later=False) == date(2025, 2, 28)
    assert reach_age(date(2004, 2, 29), 20) == date(2024, 2, 29)
