"""Where a query's words stand on a page: parts of a snippet, and boxes on the picture. Independent of any engine.

Works on text, never on markup: a part says whether it is a hit, and templates do the rest (SEC-45).
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from docstore.documents.models import Page
from docstore.documents.models import Word as PageWord
from docstore.search.query import All, Fuzzy, Phrase, Prefix, Word, positives
from docstore.search.text import stem, terms, tokens

SNIPPET = 240
MOST_BOXES = 200
SAME_LINE = 0.5
# So many different terms of pages are remembered per query; far more than a page of results has.
MOST_KNOWN = 20_000

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a snippet."""

    text: str
    hit: bool


def spans(found: Sequence[str], tree: All) -> list[tuple[int, int]]:
    """Return (first, end) places in a list of terms that the query's words match, in order, without overlap."""
    return _marker(tree).spans(found)


def snippet(text: str, tree: All) -> tuple[Part, ...]:
    """Return about 240 characters around the best match; the start of the page where nothing matches."""
    ranges = _ranges(text, spans(terms(text), tree))
    begin, finish = _window(text, ranges)
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
    return _boxed([(word.text, word.box) for word in words], tree)


def boxes_of(page: Page, tree: All) -> tuple[Box, ...]:
    """Return the same for a stored page, without making an object of every word on it."""
    return _boxed([(row[0], (row[1], row[2], row[3], row[4])) for row in page.word_rows], tree)


def _boxed(words: Sequence[tuple[str, Box]], tree: All) -> tuple[Box, ...]:
    owners: list[int] = []
    found: list[str] = []
    for place, (text, _) in enumerate(words):
        of_word = _terms_of(text)
        found += of_word
        owners += [place] * len(of_word)
    result: list[Box] = []
    for first, end in spans(found, tree)[:MOST_BOXES]:
        result += _joined([words[owner][1] for owner in dict.fromkeys(owners[first:end])])
    return tuple(result)


@lru_cache(maxsize=50_000)
def _terms_of(word: str) -> tuple[str, ...]:
    """The terms of one printed word; pages repeat their words, and a page of results has thousands of them."""
    return tuple(terms(word))


class _Marker:
    """One query, ready to be held against pages: what it says of a term is worked out once, not once a page."""

    def __init__(self, tree: All) -> None:
        wanted = positives(tree)
        self._alone = [one for one in wanted if not isinstance(one, Phrase)]
        self._phrases = [one.terms for one in wanted if isinstance(one, Phrase)]
        self._known: dict[str, tuple[bool, tuple[tuple[str, ...], ...]]] = {}

    def spans(self, found: Sequence[str]) -> list[tuple[int, int]]:
        known, hits = self._known, set()
        for at, term in enumerate(found):
            told = known.get(term) or self._learn(term)
            if told[0]:
                hits.add((at, at + 1))
            for phrase in told[1]:
                if tuple(found[at : at + len(phrase)]) == phrase:
                    hits.add((at, at + len(phrase)))
        return _merged(sorted(hits))

    def _learn(self, term: str) -> tuple[bool, tuple[tuple[str, ...], ...]]:
        begun = tuple(phrase for phrase in self._phrases if phrase[0] == term)
        told = (any(_is(one, term) for one in self._alone), begun)
        if len(self._known) < MOST_KNOWN:
            self._known[term] = told
        return told


@lru_cache(maxsize=32)
def _marker(tree: All) -> _Marker:
    return _Marker(tree)


def _is(wanted: Word | Prefix | Fuzzy, term: str) -> bool:
    """Whether a term of a page is what was asked for."""
    match wanted:
        case Word(asked):
            return term == asked or stem(term) == stem(asked)
        case Prefix(asked):
            return term.startswith(asked)
        case Fuzzy(asked):
            return within(term, asked, distance_for(asked))


def _ranges(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where in the text these places of its terms begin and end."""
    if not places:
        return []
    last = places[-1][1]
    marks = list(islice(tokens(text), last))
    return [(marks[first].start, marks[end - 1].end) for first, end in places]


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


def _window(text: str, ranges: list[tuple[int, int]]) -> tuple[int, int]:
    """The stretch with most hits, not cut inside a word."""
    if not ranges:
        return 0, _word_end(text, min(len(text), SNIPPET))
    starts = [start for start, _ in ranges]
    best = max(range(len(ranges)), key=lambda at: bisect_left(starts, starts[at] + SNIPPET) - at)
    begin = max(0, ranges[best][0] - SNIPPET // 4)
    finish = min(len(text), max(begin + SNIPPET, ranges[best][1]))
    return _word_start(text, begin) if begin else 0, _word_end(text, finish)


def _word_start(text: str, at: int) -> int:
    """The first word that begins at or after `at`."""
    while text[at - 1].isalnum() and at < len(text):
        at += 1
    while at < len(text) and not text[at].isalnum():
        at += 1
    return at


def _word_end(text: str, at: int) -> int:
    """The end of the word in which `at` stands."""
    while 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum():
        at += 1
    return at


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
