"""What lawyers write as one thing and a search must keep whole: sections, citations, case numbers, postcodes, sums, dates.

Each is found in a text however it is written there and becomes one value, so that "3 March 2026" finds 03/03/2026 and
"§ 21(1)" finds "section 21 (1)". The same function reads pages and queries. Pure; each pattern is linear in the text.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

_MONTHS = (
    ("jan", "ionawr"), ("feb", "chwefror"), ("mar", "mawrth"), ("apr", "ebrill"), ("may", "mai"), ("jun", "mehefin"),
    ("jul", "gorffennaf"), ("aug", "awst"), ("sep", "medi"), ("oct", "hydref"), ("nov", "tachwedd"),
    ("dec", "rhagfyr"),
)  # fmt: skip
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref"
    r"|tachwedd|rhagfyr)\.?"
)
# So much text around a figure is looked at; what is recognised is never longer on either side of its first figure.
_AROUND = 40
# Figures whose surroundings touch: at most twice as much lies between them.
_FIGURES = re.compile(rf"[0-9]+(?:[^0-9]{{1,{2 * _AROUND}}}[0-9]+)*")
_NEITHER = r"(?<![\w£])"


class Found(NamedTuple):
    """One thing that was recognised: its values from the most general to the most exact, and where it stands."""

    values: tuple[str, ...]
    start: int
    end: int
    loose: bool


def find(text: str) -> list[Found]:
    """Return what is recognised in `text`, in order, without overlap."""
    found: list[Found] = []
    for begin, finish in _windows(text):
        stretch = text[begin:finish]
        inside = sorted(_in(stretch), key=lambda one: (one.start, -one.end))
        for one in inside:
            if not found or one.start + begin >= found[-1].end:
                found.append(Found(one.values, one.start + begin, one.end + begin, one.loose))
    return found


def values(text: str) -> list[str]:
    """Return what the index holds of a page: every value of everything that is recognised."""
    return [value for one in find(text) for value in one.values]


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Stretches around figures, joined where they touch and cut at spaces: most of a page has none."""
    for match in _FIGURES.finditer(text):
        yield _to_spaces(text, max(0, match.start() - _AROUND), min(len(text), match.end() + _AROUND))


def _to_spaces(text: str, begin: int, finish: int) -> tuple[int, int]:
    while begin > 0 and not text[begin - 1].isspace():
        begin -= 1
    while finish < len(text) and not text[finish].isspace():
        finish += 1
    return begin, finish


def _in(stretch: str) -> Iterator[Found]:
    for pattern, read, loose in _KINDS:
        if not _NEEDS[read](stretch):
            continue  # most stretches have nothing of the kind, and this is told much sooner
        for match in pattern.finditer(stretch):
            if told := read(match):
                yield Found(told, match.start(), match.end(), loose)


def _section(match: re.Match[str]) -> tuple[str, ...]:
    """§ 21(1)(a) is also § 21(1) and § 21, for those who ask for the whole."""
    parts = re.findall(r"\w+", match["sub"] or "")
    told = [f"s:{match['number'].lower()}"]
    for part in parts:
        told.append(f"{told[-1]}({part.lower()})")
    return tuple(told)


def _citation(match: re.Match[str]) -> tuple[str, ...]:
    return ("c:" + re.sub(r"[^0-9a-z]", "", match.group().lower()),)


def _number(match: re.Match[str]) -> tuple[str, ...]:
    return ("n:" + match.group().lower(),)


def _postcode(match: re.Match[str]) -> tuple[str, ...]:
    return ("p:" + "".join(match.group().lower().split()),)


def _sum(match: re.Match[str]) -> tuple[str, ...]:
    return (f"m:{match['whole'].replace(',', '')}.{match['pence'] or '00'}",)


def _worded_date(match: re.Match[str]) -> tuple[str, ...]:
    said = match["month"].lower()
    month = next(at for at, (english, welsh) in enumerate(_MONTHS, start=1) if said == welsh or said[:3] == english)
    day = match["day"] if "day" in match.re.groupindex else None
    return _date(match["year"], month, int(day) if day else None)


def _figured_date(match: re.Match[str]) -> tuple[str, ...]:
    return _date(match["year"], int(match["month"]), int(match["day"]))


def _date(year: str, month: int, day: int | None) -> tuple[str, ...]:
    """A day is also in its month. A year of two figures is of this century up to 49."""
    full = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 50 else 1900)
    try:
        whole = date(full, month, day or 1)
    except ValueError:
        return ()
    of_month = f"d:{whole:%Y-%m}"
    return (of_month, f"d:{whole:%Y-%m-%d}") if day else (of_month,)


_YEAR = r"(?P<year>[12]\d{3})"
_DAY = r"(?P<day>[0-3]?\d)"
_KINDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, ...]], bool], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), read, loose)
    for pattern, read, loose in (
        (
            r"(?:§§?|(?<![\w'’])(?:sections?|sect?|adran|ss?)(?:\.|\b)|(?<![\w'’])s(?=\d))\s?"
            r"(?P<number>\d{1,4}[A-Z]{0,2})(?P<sub>(?:\s?\([0-9a-z]{1,4}\)){0,4})(?!\w)",
            _section,
            False,
        ),
        (
            r"[\[(][12]\d{3}[\])]\s{0,2}(?:\d{1,2}\s)?[A-Z][A-Za-z.]{1,8}(?:\s[A-Z][A-Za-z.]{1,6}){0,2}\s\d{1,5}"
            r"(?:\s?\([A-Z][A-Za-z]{1,8}\))?(?!\w)",
            _citation,
            True,
        ),
        (_NEITHER + r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}(?!\w)", _postcode, True),
        (r"(?:£|\bGBP)\s?(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(?P<pence>\d{2}))?(?![\w]|,\d)", _sum, False),
        (
            _NEITHER
            + _DAY
            + r"(?:st|nd|rd|th|af|il|ydd|eg|fed)?(?:\sday)?(?:\sof)?\s{1,2}"
            + _MONTH
            + r",?\s{1,2}"
            + _YEAR
            + r"(?!\w)",
            _worded_date,
            False,
        ),
        (_NEITHER + _MONTH + r"\s{1,2}" + _DAY + r"(?:st|nd|rd|th)?,?\s{1,2}" + _YEAR + r"(?!\w)", _worded_date, False),
        (_NEITHER + _MONTH + r",?\s{1,2}" + _YEAR + r"(?!\w)", _worded_date, False),
        (_NEITHER + _DAY + r"[./-](?P<month>[01]?\d)[./-](?P<year>[12]\d{3}|\d{2})(?![\w/])", _figured_date, False),
        (_NEITHER + _YEAR + r"-(?P<month>\d{2})-(?P<day>\d{2})(?!\w)", _figured_date, False),
        (_NEITHER + r"\d{1,6}(?:/\d{1,6}){2,3}(?![\w/])", _number, True),
    )
)
# What has to be in a stretch before it is worth trying the patterns of a kind: the last letter before a section's figure,
# a postcode's letter before a figure, a year.
_NEEDS: dict[Callable[[re.Match[str]], tuple[str, ...]], Callable[[str], object]] = {
    _section: re.compile(r"[§sStTnNcC.]\s?\d").search,
    _citation: re.compile(r"[\[(][12]").search,
    _postcode: re.compile(r"[A-Za-z]\d").search,
    _sum: re.compile(r"£|[Gg][Bb][Pp]").search,
    _worded_date: re.compile(r"\s[12]\d{3}").search,
    _figured_date: re.compile(r"\d[./-]\d").search,
    _number: re.compile(r"\d/\d").search,
}
