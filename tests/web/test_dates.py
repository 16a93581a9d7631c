"""Dates as people in court write them."""

from datetime import UTC, date, datetime

import pytest

from docstore.web import dates


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 6, 14, 13, 1, tzinfo=UTC), "14 June 2026 at 2:01pm"),
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "24 November 2026 at 10am"),
        (datetime(2026, 11, 24, 12, 0, tzinfo=UTC), "24 November 2026 at midday"),
        (datetime(2026, 6, 13, 23, 0, tzinfo=UTC), "14 June 2026 at midnight"),
        (datetime(2026, 11, 24, 0, 5, tzinfo=UTC), "24 November 2026 at 12:05am"),
    ],
)
def test_a_moment_is_said_in_court_time(moment: datetime, said: str) -> None:
    assert dates.moment(moment) == said


@pytest.mark.parametrize("text", ["14 6 2026", "14/06/2026", "14 June 2026", "14 jun 2026", "2026-06-14", "14.6.2026"])
def test_a_day_may_be_typed_in_many_ways(text: str) -> None:
    assert dates.parse_day(text) == date(2026, 6, 14)


@pytest.mark.parametrize("text", ["", "yesterday", "31 2 2026", "14 6", "14 x 2026", "6 2026 14 1"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert dates.parse_day(text) is None
