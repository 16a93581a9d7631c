"""The words of a page as text for reading: lines and paragraphs, with hits and unclear words marked by name.

Knows word boxes; knows nothing of HTML. What it returns are pieces that the template escapes (SEC-45).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from statistics import median, median_low

from docstore.documents.models import Page, Word
from docstore.search.highlight import hit_words
from docstore.search.query import Query
from docstore.web.tongues import language_of

UNCLEAR_BELOW = 60
# What engines call languages, as pages mark them.
LANGUAGES = {"eng": "en", "cym": "cy", "en": "en", "cy": "cy"}
# Lines this many times further apart than usual begin a paragraph.
PARAGRAPH_STEP = 1.25


class Kind(StrEnum):
    """What is to be said about a piece of text."""

    PLAIN = "plain"
    HIT = "hit"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that belongs together, and its language where it is not the page's."""

    pieces: tuple[Piece, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text in paragraphs with its language, and what is boxed on its picture, in fractions of the page."""

    paragraphs: tuple[Paragraph, ...]
    unclear: tuple[tuple[float, float, float, float], ...]
    language: str = ""


def read(page: Page, asked: Query | None) -> PageText:
    """Return the text of a page. Without word boxes its plain text is given, unmarked."""
    words = page.words
    language = language_of(page.text, otherwise=LANGUAGES.get(page.language.split("+")[0], ""))
    if not words:
        blocks = [" ".join(block.split()) for block in page.text.split("\n\n")]
        plain = (((Piece(block, Kind.PLAIN),), block) for block in blocks if block)
        return PageText(tuple(_paragraph(pieces, block, language) for pieces, block in plain), (), language)
    hits = _hits(words, asked)
    kinds = [_kind(word, place in hits) for place, word in enumerate(words)]
    paragraphs = tuple(
        _paragraph(_pieces(words, kinds, places), " ".join(words[at].text for at in places), language)
        for places in _paragraphs(words)
    )
    unclear = tuple(word.box for word, kind in zip(words, kinds, strict=True) if kind is Kind.UNCLEAR)
    return PageText(paragraphs, unclear, language)


def _paragraph(pieces: tuple[Piece, ...], text: str, around: str) -> Paragraph:
    language = language_of(text, otherwise=around)
    return Paragraph(pieces, language if language != around else "")


def _hits(words: Sequence[Word], asked: Query | None) -> set[int]:
    if asked is None:
        return set()
    return {at for first, end in hit_words([word.text for word in words], asked.tree) for at in range(first, end)}


def _kind(word: Word, is_hit: bool) -> Kind:
    if is_hit:
        return Kind.HIT
    return Kind.UNCLEAR if word.confidence is not None and word.confidence < UNCLEAR_BELOW else Kind.PLAIN


def _paragraphs(words: Sequence[Word]) -> list[list[int]]:
    """Places of words, grouped where two lines stand further apart than lines on this page usually do."""
    rows = lines(words)
    middles = [median((words[at].box[1] + words[at].box[3]) / 2 for at in line) for line in rows]
    steps = [below - above for above, below in pairwise(middles)]
    usual = median_low([step for step in steps if step > 0] or [1.0])
    found = [list(rows[0])]
    for line, step in zip(rows[1:], steps, strict=True):
        if 0 < step <= PARAGRAPH_STEP * usual:
            found[-1] += line
        else:
            found.append(list(line))
    return found


def lines(words: Sequence[Word]) -> list[list[int]]:
    """Places of words, line by line: a line ends where the next word begins further left and lower, or far away."""
    found: list[list[int]] = [[0]]
    for place in range(1, len(words)):
        before, word = words[place - 1].box, words[place].box
        apart = word[1] >= (before[1] + before[3]) / 2 or word[3] <= (before[1] + before[3]) / 2
        if apart:
            found.append([])
        found[-1].append(place)
    return found


def _pieces(words: Sequence[Word], kinds: Sequence[Kind], places: list[int]) -> tuple[Piece, ...]:
    return tuple(
        Piece(" ".join(words[place].text for place in group), kind)
        for kind, group in groupby(places, key=lambda place: kinds[place])
    )
