"""Where a query's words stand on a page: parts of a snippet, and boxes on the picture. Independent of any engine.

Works on text, never on markup: a part says whether it is a hit, and templates do the rest (SEC-45).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from docstore.documents.models import Word as PageWord
from docstore.search.query import All, Fuzzy, Phrase, Prefix, Word, positives
from docstore.search.text import Token, stem, terms, tokens

SNIPPET = 240
MOST_BOXES = 200
SAME_LINE = 0.5

Wanted = Word | Phrase | Prefix | Fuzzy
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a snippet."""

    text: str
    hit: bool


def spans(found: Sequence[str], tree: All) -> list[tuple[int, int]]:
    """Return (first, end) places in a list of terms that the query's words match, in order, without overlap."""
    hits: list[tuple[int, int]] = []
    for wanted in positives(tree):
        hits += _places(wanted, found)
    return _merged(sorted(set(hits)))


def snippet(text: str, tree: All) -> tuple[Part, ...]:
    """Return about 240 characters around the best match; the start of the page where nothing matches."""
    marks = list(tokens(text))
    places = spans([one.term for one in marks], tree)
    ranges = [(marks[first].start, marks[end - 1].end) for first, end in places]
    begin, finish = _window(text, ranges, marks)
    parts, at = [], begin
    for start, end in ranges:
        if begin <= start and end <= finish:
            parts += [Part(_flat(text[at:start]), False), Part(_flat(text[start:end]), True)]
            at = end
    parts.append(Part(_flat(text[at:finish]), False))
    whole = [part for part in parts if part.text]
    if begin > 0:
        whole.insert(0, Part("… ", False))
    return (*whole, Part(" …", False)) if finish < len(text) else tuple(whole)


def boxes(words: Sequence[PageWord], tree: All) -> tuple[Box, ...]:
    """Return the boxes of what matches; words of a phrase that stand side by side share one."""
    owners, found = [], []
    for place, word in enumerate(words):
        for term in _terms_of(word.text):
            owners.append(place)
            found.append(term)
    result: list[Box] = []
    for first, end in spans(found, tree)[:MOST_BOXES]:
        result += _joined([words[owner].box for owner in dict.fromkeys(owners[first:end])])
    return tuple(result)


@lru_cache(maxsize=50_000)
def _terms_of(word: str) -> tuple[str, ...]:
    """The terms of one printed word; pages repeat their words, and a page of results has thousands of them."""
    return tuple(terms(word))


def _places(wanted: Wanted, found: Sequence[str]) -> list[tuple[int, int]]:
    """Every (first, end) in a list of terms that `wanted` matches."""
    match wanted:
        case Phrase(asked):
            size = len(asked)
            starts = (at for at, term in enumerate(found) if term == asked[0])
            return [(at, at + size) for at in starts if tuple(found[at : at + size]) == asked]
        case Word(asked):
            root = stem(asked)
            return [(at, at + 1) for at, term in enumerate(found) if term == asked or stem(term) == root]
        case Prefix(asked):
            return [(at, at + 1) for at, term in enumerate(found) if term.startswith(asked)]
        case Fuzzy(asked):
            limit = distance_for(asked)
            return [(at, at + 1) for at, term in enumerate(found) if within(term, asked, limit)]


def distance_for(term: str) -> int:
    """How many letters may differ: one in short words, two in longer ones."""
    return 1 if len(term) < 6 else 2


def within(one: str, other: str, limit: int) -> bool:
    """Whether two terms differ by at most `limit` edits, a swap of neighbours counting as one."""
    if abs(len(one) - len(other)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        last, before_last = row, before
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1] <= limit


def _merged(hits: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, end in hits:
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((first, end))
    return merged


def _window(text: str, ranges: list[tuple[int, int]], marks: list[Token]) -> tuple[int, int]:
    """The stretch with most hits, not cut inside a word."""
    if not ranges:
        return 0, min(len(text), SNIPPET)
    best = max(ranges, key=lambda one: sum(one[0] <= start < one[0] + SNIPPET for start, _ in ranges))
    begin = max(0, best[0] - SNIPPET // 4)
    finish = min(len(text), max(begin + SNIPPET, best[1]))
    begin = next((mark.start for mark in marks if mark.start >= begin), begin) if begin else 0
    inside = [mark.end for mark in marks if mark.start < finish <= mark.end]
    return begin, min(len(text), inside[0] if inside else finish)


def _flat(text: str) -> str:
    """Line breaks and runs of space as one space, keeping whether there was any at the ends."""
    flat = " ".join(text.split())
    before = " " if text[:1].isspace() and flat else ""
    after = " " if text[-1:].isspace() else ""
    return before + flat + after


def _joined(row: list[Box]) -> list[Box]:
    joined: list[Box] = []
    for box in row:
        if joined and _side_by_side(joined[-1], box):
            left, top, right, bottom = joined[-1]
            joined[-1] = (min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3]))
        else:
            joined.append(box)
    return joined


def _side_by_side(one: Box, other: Box) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > SAME_LINE * min(one[3] - one[1], other[3] - other[1]) and other[0] >= one[0]
