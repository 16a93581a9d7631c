"""Where a query's words stand on a page: parts of a snippet, and boxes on the picture. Independent of any engine.

Works on text, never on markup: a part says whether it is a hit, and templates do the rest (SEC-45).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

from docstore.documents.models import Page
from docstore.documents.words import Box
from docstore.documents.words import Word as PageWord
from docstore.search.marks import find
from docstore.search.matching import PLAIN, Look, is_form, look_of, pairs, rows
from docstore.search.text import HYPHENS, cut_page, of_word
from docstore.search.tree import All, Fuzzy, Mark, Near, Phrase, Prefix, Word, positives

SNIPPET = 240
MOST_BOXES = 200
SAME_LINE = 0.5
# So many different terms of pages are remembered per query; far more than a page of results has.
MOST_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a snippet."""

    text: str
    hit: bool


def spans(found: Sequence[str], tree: All, look: Look = PLAIN) -> list[tuple[int, int]]:
    """Return (first, end) places in a list of terms that the query's words match, in order, without overlap."""
    return _marker(tree, look).spans(found)


def snippet(text: str, tree: All, look: Look = PLAIN) -> tuple[Part, ...]:
    """Return about 240 characters around the best match; the start of the page where nothing matches."""
    found, marker = cut_page(text), _marker(tree, look)
    places = [(found.starts[first], found.ends[end - 1]) for first, end in marker.spans(found.terms)]
    ranges = _merged(sorted([*places, *marker.marked(text)]))
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


def hit_words(words: Sequence[str], tree: All, look: Look = PLAIN) -> list[tuple[int, int]]:
    """Return (first, end) places in a list of printed words that the query matches, in order, without overlap."""
    marker = _marker(tree, look)
    is_broken = any(word.endswith(HYPHENS) for word in words)
    places = _in_broken(words, marker) if is_broken else _in_whole(words, marker)
    if marker.marks:
        places += _owners(words, marker.marked(" ".join(words)))
    return _merged(sorted(set(places)))


def _in_whole(words: Sequence[str], marker: "_Marker") -> list[tuple[int, int]]:
    """Which printed words match, where each stands on one line."""
    each = list(map(of_word, words))
    owners = [place for place, of in enumerate(each) for _ in of]
    found = list(chain.from_iterable(each))
    return [(owners[first], owners[end - 1] + 1) for first, end in marker.spans(found)]


def _in_broken(words: Sequence[str], marker: "_Marker") -> list[tuple[int, int]]:
    """The same where a word may be broken at the end of its line and then stands in two."""
    found = cut_page(" ".join(words))
    ranges = [(found.starts[first], found.ends[end - 1]) for first, end in marker.spans(found.terms)]
    return _owners(words, ranges)


def _owners(words: Sequence[str], ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Which words these stretches of the words in a row stand in."""
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    return [(bisect_right(starts, start) - 1, bisect_left(starts, max(end, start + 1))) for start, end in ranges]


def boxes(words: Sequence[PageWord], tree: All, look: Look = PLAIN) -> tuple[Box, ...]:
    """Return the boxes of what matches; words of a phrase that stand side by side share one."""
    return _boxed([word.text for word in words], lambda at: words[at].box, tree, look)


def boxes_of(page: Page, tree: All) -> tuple[Box, ...]:
    """Return the same for a stored page, without making an object of every word on it."""
    columns = page.word_columns
    return _boxed(columns.texts, columns.box, tree, look_of(page))


def _boxed(texts: Sequence[str], box_of: Callable[[int], Box], tree: All, look: Look) -> tuple[Box, ...]:
    result: list[Box] = []
    for first, end in hit_words(texts, tree, look)[:MOST_BOXES]:
        result += _joined([box_of(at) for at in range(first, end)])
    return tuple(result)


class _Known(dict[str, bool]):
    """Whether a term is what single words of a query ask for; worked out when it is first met."""

    def __init__(self, alone: Sequence[Word | Prefix | Fuzzy], look: Look) -> None:
        super().__init__()
        self._alone, self._look = alone, look

    def __missing__(self, term: str) -> bool:
        told = any(is_form(one, term, self._look) for one in self._alone)
        if len(self) < MOST_KNOWN:
            self[term] = told
        return told


class _Marker:
    """One query, ready to be held against pages of one look: what it says of a term is worked out once, not once a page."""

    def __init__(self, tree: All, look: Look) -> None:
        wanted = positives(tree)
        self._look = look
        self._alone = [one for one in wanted if isinstance(one, Word | Prefix | Fuzzy)]
        self._near = [one for one in wanted if isinstance(one, Near)]
        self._phrases = [one.terms for one in wanted if isinstance(one, Phrase)]
        self._others = [one for word in self._alone if isinstance(word, Word) for one in word.alike]
        self._others += [one.terms for one in wanted if isinstance(one, Mark) and one.loose]
        self.marks = frozenset(one.value for one in wanted if isinstance(one, Mark))
        self._known = _Known(self._alone, look)

    def spans(self, found: Sequence[str]) -> list[tuple[int, int]]:
        """Where its words stand in a list of terms."""
        known = self._known
        hits = {(at, at + 1) for at, term in enumerate(found) if known[term]}
        for phrase in self._phrases:
            hits.update(rows(phrase, found, self._look))
        for phrase in self._others:
            hits.update(rows(phrase, found, PLAIN))
        for near in self._near:
            hits.update((at, at + 1) for pair in pairs(near, found) for at in pair)
        return _merged(sorted(hits))

    def marked(self, text: str) -> list[tuple[int, int]]:
        """Where what it asks for as one thing stands in a text."""
        if not self.marks:
            return []
        return [(one.start, one.end) for one in find(text) if not self.marks.isdisjoint(one.values)]


@lru_cache(maxsize=64)
def _marker(tree: All, look: Look) -> _Marker:
    return _Marker(tree, look)


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
