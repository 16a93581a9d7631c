"""The text of two versions side by side: what stayed, what went, what came and what was changed (DOM-3.11).

Compares sentences first and the words of those that differ then, so that a line broken elsewhere is no difference. Knows
text alone: what a page looks like is not compared.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from docstore.core.errors import Conflict
from docstore.documents.models import Page, Version

MOST_SENTENCES = 4_000
# So many sentences around a difference are shown with it; longer runs that stayed are counted.
AROUND = 1
_END = re.compile(r"(?<=[.;:?!])\s+|\n\s*\n")


class TooLongToCompare(Conflict):
    """These versions have more text than can be compared at once: {sentences} sentences, and {most} is the most. Read
    both side by side in two windows instead.
    """

    code = "too-long-to-compare"


class Kind(StrEnum):
    SAME = "same"
    SKIPPED = "skipped"
    REMOVED = "removed"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and whether the other version does not have them."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One step through both texts. `skipped` counts sentences that stayed and are not shown."""

    kind: Kind
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    before_page: int = 0
    after_page: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    page: int


def compare(before: Version, after: Version) -> list[Row]:
    """Return the rows, in order. Raises TooLongToCompare."""
    old, new = _sentences(before), _sentences(after)
    longest = max(len(old), len(new))
    if longest > MOST_SENTENCES:
        raise TooLongToCompare(sentences=f"{longest:,}", most=f"{MOST_SENTENCES:,}")
    matcher = SequenceMatcher(None, [one.text for one in old], [one.text for one in new], autojunk=False)
    rows: list[Row] = []
    for kind, left, left_end, right, right_end in matcher.get_opcodes():
        if kind == "equal":
            rows += _stayed(old[left:left_end], new[right:right_end])
        else:
            rows += _differs(old[left:left_end], new[right:right_end])
    return rows


def differences(rows: Sequence[Row]) -> int:
    """Return how many rows tell of a difference."""
    return sum(row.kind not in (Kind.SAME, Kind.SKIPPED) for row in rows)


def _sentences(version: Version) -> list[_Sentence]:
    rows = Page.objects.filter(version=version).exclude(text="").defer("packed_words").order_by("number")
    return [
        _Sentence(flat, row.number) for row in rows for one in _END.split(row.text) if (flat := " ".join(one.split()))
    ]


def _stayed(old: Sequence[_Sentence], new: Sequence[_Sentence]) -> Iterator[Row]:
    pairs = list(zip(old, new, strict=True))
    if len(pairs) <= 2 * AROUND + 1:
        yield from (_same(*pair) for pair in pairs)
        return
    yield from (_same(*pair) for pair in pairs[:AROUND])
    yield Row(Kind.SKIPPED, skipped=len(pairs) - 2 * AROUND)
    yield from (_same(*pair) for pair in pairs[-AROUND:])


def _same(one: _Sentence, other: _Sentence) -> Row:
    return Row(Kind.SAME, (Piece(one.text),), (Piece(other.text),), one.page, other.page)


def _differs(old: Sequence[_Sentence], new: Sequence[_Sentence]) -> Iterator[Row]:
    """Sentences side by side as long as there are two; what is left over went or came."""
    for one, other in zip(old, new, strict=False):
        before, after = _words(one.text, other.text)
        yield Row(Kind.CHANGED, before, after, one.page, other.page)
    for one in old[len(new) :]:
        yield Row(Kind.REMOVED, before=(Piece(one.text, True),), before_page=one.page)
    for one in new[len(old) :]:
        yield Row(Kind.ADDED, after=(Piece(one.text, True),), after_page=one.page)


def _words(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    old, new = one.split(), other.split()
    before, after = [], []
    for kind, left, left_end, right, right_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if left < left_end:
            before.append(Piece(" ".join(old[left:left_end]), kind != "equal"))
        if right < right_end:
            after.append(Piece(" ".join(new[right:right_end]), kind != "equal"))
    return tuple(before), tuple(after)
