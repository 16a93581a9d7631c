"""Where on the page stands what leads to a case: numbers and names, as boxes for the person who decides.

Boxes are looked for in the words of the first pages, and only for cases that this person may open.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from docstore.cases.models import Case
from docstore.core.references import normalise
from docstore.intake.models import Item

LONGEST_NUMBER = 6  # words that one number may be written in: sixteen digits in groups, and a sign
MARGIN = 0.004
SAME_LINE = 0.012
_EDGE = re.compile(r"^\W+|\W+$")

Placed = tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the page in thousandths of its width and height, and what stands there."""

    text: str
    left: int
    top: int
    width: int
    height: int


def boxes(item: Item, number: int, cases: Sequence[Case]) -> list[Box]:
    """Return the boxes on one page for the numbers and parties of these cases."""
    page = item.scanned_pages.filter(number=number).first()
    if page is None:
        return []
    words = page.placed_words
    numbers = {row.value for case in cases for row in case.references.all()}
    names = {party.name for case in cases for party in case.parties.all()}
    found = [*_numbers(words, numbers), *(box for name in sorted(names) for box in _names(words, name))]
    return [one for run in found for one in _as_boxes(run)]


def _numbers(words: Sequence[Placed], wanted: Iterable[str]) -> Iterator[Sequence[Placed]]:
    """Runs of words that are one of the numbers when written together."""
    known = {normalise(one) for one in wanted}
    at = 0
    while at < len(words):
        run = next((n for n in range(LONGEST_NUMBER, 0, -1) if _together(words[at : at + n]) in known), 0)
        if run:
            yield words[at : at + run]
        at += max(run, 1)


def _together(words: Sequence[Placed]) -> str:
    return normalise("".join(_EDGE.sub("", one[0]) for one in words))


def _names(words: Sequence[Placed], name: str) -> Iterator[Sequence[Placed]]:
    """A whole name, or where that does not stand there, the surname alone."""
    parts = [_plain(one) for one in name.split()]
    plain = [_plain(one[0]) for one in words]
    for wanted in (parts, parts[-1:]):
        runs = [at for at in range(len(plain)) if wanted and plain[at : at + len(wanted)] == wanted]
        if runs:
            yield from (words[at : at + len(wanted)] for at in runs)
            return


def _plain(word: str) -> str:
    return _EDGE.sub("", word).casefold()


def _as_boxes(run: Sequence[Placed]) -> Iterator[Box]:
    """One box for each line that the run stands on."""
    line: list[Placed] = [run[0]]
    for before, word in pairwise(run):
        if abs(word[2] - before[2]) > SAME_LINE or word[1] < before[1]:
            yield _around(line)
            line = []
        line.append(word)
    yield _around(line)


def _around(line: Sequence[Placed]) -> Box:
    left, top = min(one[1] for one in line) - MARGIN, min(one[2] for one in line) - MARGIN
    right, bottom = max(one[3] for one in line) + MARGIN, max(one[4] for one in line) + MARGIN
    shown = " ".join(one[0] for one in line)
    return Box(shown, *(round(1000 * edge) for edge in (left, top, right - left, bottom - top)))
