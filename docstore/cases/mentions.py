"""Which cases a text speaks of: typed numbers that stand in it, and names of parties. Knows words, not where they come from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from docstore.cases.models import Case, Party, Reference, ReferenceKind
from docstore.core.references import is_luhn_16

LONGEST_TEXT = 40_000
MOST_NAMES = 400
# Digits in groups as people write sixteen of them; letters between would make it something else.
_CCD = re.compile(r"(?<![0-9A-Za-z])(?:[0-9][ \-‐-―]?){15}[0-9](?![0-9A-Za-z])")
_URN = re.compile(r"(?<![0-9A-Za-z])[0-9]{2}[ ]?[A-Z]{2}[ ]?[0-9]{7}(?![0-9A-Za-z])")
_PROSECUTOR = re.compile(r"(?<![0-9A-Za-z])[A-Z]{2,6}[0-9]{4,10}(?![0-9A-Za-z])")
_WORD = re.compile(r"[^\W\d_][\w'’\-]*")

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAY = re.compile(
    rf"\b([0-3]?[0-9])(?:st|nd|rd|th)?(?: of)? ({'|'.join(_MONTHS)})(?:,? ([12][0-9]{{3}}))?\b"
    r"|\b([0-3]?[0-9])[/.]([01]?[0-9])[/.](20[0-9]{2})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number as it stands in a text, and what kind it looks like."""

    kind: ReferenceKind
    value: str


def numbers_in(text: str) -> tuple[Mention, ...]:
    """Return the distinct case numbers in a text, in the order in which they stand. Sixteen digits must pass their check."""
    found: dict[Mention, None] = {}
    for mention in _numbers(text[:LONGEST_TEXT]):
        found.setdefault(mention)
    return tuple(found)


def cases_named(text: str, *, court_id: int) -> dict[Case, tuple[str, ...]]:
    """Return the cases of one court whose numbers stand in a text, each with those numbers."""
    values = {one.value for one in numbers_in(text)}
    rows = Reference.objects.filter(value__in=values, case__court_id=court_id).select_related("case__case_type")
    found: dict[Case, tuple[str, ...]] = {}
    for row in rows.order_by("id"):
        found[row.case] = (*found.get(row.case, ()), row.value)
    return found


def cases_by_party(text: str, *, court_id: int, most: int = 20) -> dict[Case, tuple[str, ...]]:
    """Return open cases of one court with a party whose full name stands in a text, each with those names."""
    rows = Party.objects.filter(name__in=_names(text), case__court_id=court_id, case__status="OPEN")
    found: dict[Case, tuple[str, ...]] = {}
    for row in rows.select_related("case__case_type").order_by("case_id", "order")[: most * 4]:
        found[row.case] = (*found.get(row.case, ()), row.name)
    return dict(list(found.items())[:most])


def parties_named(text: str, parties: Iterable[Party]) -> tuple[str, ...]:
    """Return which of these parties a text names, by full name or, for people, by surname as a word."""
    words = {one.casefold() for one in _WORD.findall(text[:LONGEST_TEXT])}
    return tuple(one.name for one in parties if _surname(one.name) in words)


def day_named(text: str, days: Iterable[date]) -> date | None:
    """Return the first of these days that stands in a text, with its year or, as people write in letters, without one."""
    spoken = {_spoken(found) for found in _DAY.finditer(text[:LONGEST_TEXT])}
    return next((one for one in days if {(one.day, one.month, one.year), (one.day, one.month, 0)} & spoken), None)


def _spoken(found: re.Match[str]) -> tuple[int, int, int]:
    day, month, year, figure_day, figure_month, figure_year = found.groups(default="0")
    if month == "0":
        return int(figure_day), int(figure_month), int(figure_year)
    return int(day), _MONTHS.index(month.capitalize()) + 1, int(year)


def _numbers(text: str) -> Iterator[Mention]:
    for found in _CCD.finditer(text):
        digits = re.sub(r"[^0-9]", "", found.group())
        if is_luhn_16(digits):
            yield Mention(ReferenceKind.CCD, digits)
    for found in _URN.finditer(text):
        yield Mention(ReferenceKind.URN, found.group().replace(" ", ""))
    for found in _PROSECUTOR.finditer(text):
        yield Mention(ReferenceKind.PROSECUTOR, found.group())


def _names(text: str) -> list[str]:
    """Runs of two to four capitalised words: what a person's name looks like."""
    words = re.findall(r"[^\s.,;:()\"“”]+", text[:LONGEST_TEXT])
    runs: dict[str, None] = {}
    for start in range(len(words)):
        for length in (2, 3, 4):
            run = words[start : start + length]
            if len(run) == length and all(word[:1].isupper() for word in run):
                runs.setdefault(" ".join(run))
        if len(runs) >= MOST_NAMES:
            break
    return list(runs)


def _surname(name: str) -> str:
    words = _WORD.findall(name)
    return words[-1].casefold() if words else ""
