"""Values from–to in a query: 2026, 2026-03, 2026-03-01..2026-03-31, >=2026-03-01, ..2026; for pages 3, 2..9, >10."""

import re
from calendar import monthrange
from datetime import date

from docstore.search.tree import InRange, RangeName

_SIGNED = re.compile(r"(?P<sign>>=|<=|>|<)(?P<value>.+)")
_DAY = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?|(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>[12]\d{3})")  # fmt: skip


class NotARange(ValueError):
    """What stands after the colon is no day, number or range."""


def read_range(field: RangeName, text: str) -> InRange:
    """Return the range that `text` says. Raises NotARange with a sentence that shows a right one."""
    try:
        low, high = _bounds(field, text)
    except ValueError as error:
        example = (
            "page:3 or page:2..9" if field is RangeName.PAGE else f"{field}:2026-03 or {field}:2026-03-01..2026-03-31"
        )
        raise NotARange(f"That is no range. Write {example}.") from error
    if low is not None and high is not None and low > high:
        raise NotARange("The end of this range lies before its beginning.")
    return InRange(field, low, high)


def _bounds(field: RangeName, text: str) -> tuple[int | None, int | None]:
    if match := _SIGNED.fullmatch(text):
        first, last = _stretch(field, match["value"])
        return {">=": (first, None), ">": (last + 1, None), "<=": (None, last), "<": (None, first - 1)}[match["sign"]]
    if ".." in text:
        begin, _, end = text.partition("..")
        if not begin and not end:
            raise ValueError(text)
        return (_stretch(field, begin)[0] if begin else None), (_stretch(field, end)[1] if end else None)
    return _stretch(field, text)


def _stretch(field: RangeName, text: str) -> tuple[int, int]:
    """The first and last that a value stands for: a month is all its days."""
    if field is RangeName.PAGE:
        number = int(text)
        return number, number
    match = _DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    year = int(match["year"] or match["y"])
    month, day = match["month"] or match["m"], match["day"] or match["d"]
    first = date(year, int(month or 1), int(day or 1))
    last_month = int(month or 12)
    last = date(year, last_month, int(day or monthrange(year, last_month)[1]))
    return first.toordinal(), last.toordinal()
