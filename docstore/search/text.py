"""One way of cutting text into terms, for the index, the query and the highlighter alike, so that they cannot disagree.

A term is lower case, without accents, ligatures or apostrophes. A word that a page breaks at the end of a line is one term
there (DOM-4.9); its parts follow after everything else, for the hyphen may have been the word's own. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

import snowballstemmer

# A soft hyphen inside a line is part of its word, as an apostrophe is.
_A_WORD = r"[^\W_]+(?:['’ʼ\u00ad][^\W_]+)*"
_WORD = re.compile(_A_WORD)
_SPLIT = re.compile(f"({_A_WORD})")
# A hyphen at the end of a printed word before one that goes on in letters of its size; "pre- and post-trial" is not broken.
HYPHENS = ("-", "\u00ad", "\u2010", "\u2011")
_HYPHEN = rf"[{''.join(HYPHENS)}]\s{{1,8}}"
_BREAK = (
    rf"(?:(?<=[^\W\d_]){_HYPHEN}(?!(?:and|or|nor|to|a|ac|neu|na|nac|i)\b)(?=[a-z\u00df-\u00f6\u00f8-\u00ffŵŷ])"
    rf"|(?<=[A-Z\u00c0-\u00de]){_HYPHEN}(?=[A-Z\u00c0-\u00de]{{2}}))"
)
_BREAKS = re.compile(_BREAK)
_ENDS = {hyphen: tuple(hyphen + space for space in "\n\r\t ") for hyphen in HYPHENS}
_JOINED = re.compile(rf"[^\W_]+(?:(?:['’ʼ\u00ad]|{_BREAK})[^\W_]+)*")
# Stands between the page and the parts of its broken words, and is nothing that anybody can ask for.
GAP = "⁂" * 8
AROUND = 5
# Longer stretches without a space are no words worth remembering.
LONGEST_KNOWN = 60
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
# Letters whose stroke or joining Unicode does not take apart, as in Łukasz, Jørgensen, Æthelstan.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_ENGLISH = snowballstemmer.stemmer("english")


class Token(NamedTuple):
    """A term and the place in the text where it stands. A plain tuple underneath: pages have hundreds."""

    term: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the terms of `text` in order."""
    for match in _WORD.finditer(text):
        if term := fold(match.group()):
            yield Token(term, match.start(), match.end())


def page_tokens(text: str) -> list[Token]:
    """Return the terms of a printed page: broken words as one, and behind everything else their parts as they stand."""
    if not is_broken(text):
        return list(tokens(text))
    whole = [Token(term, m.start(), m.end()) for m in _JOINED.finditer(text) if (term := fold(m.group()))]
    return [*whole, *_apart(text, whole)]


def page_terms(text: str) -> list[str]:
    """Return the terms of a printed page in the same order."""
    return [one.term for one in page_tokens(text)] if is_broken(text) else terms(text)


class Cut(NamedTuple):
    """The terms of a printed page side by side, and where each begins and ends."""

    terms: list[str]
    starts: list[int]
    ends: list[int]


def cut_page(text: str) -> Cut:
    """Return the same as `page_tokens`, at a third of the cost where no word is broken."""
    if is_broken(text):
        tokens_of = page_tokens(text)
        return Cut([one.term for one in tokens_of], [one.start for one in tokens_of], [one.end for one in tokens_of])
    parts = _SPLIT.split(text)
    edges = list(accumulate(map(len, parts)))
    found = Cut(list(map(fold, parts[1::2])), edges[0:-1:2], edges[1::2])
    if all(found.terms):
        return found
    kept = [at for at, term in enumerate(found.terms) if term]  # of some words no letter is left
    return Cut([found.terms[at] for at in kept], [found.starts[at] for at in kept], [found.ends[at] for at in kept])


def is_broken(text: str) -> bool:
    """Whether a word is broken anywhere. No pattern is as quick as looking for the few characters that it needs."""
    within = text.__contains__
    return any(map(within, chain.from_iterable(_ENDS[one] for one in HYPHENS if within(one)))) and bool(
        _BREAKS.search(text)
    )


def _apart(text: str, whole: list[Token]) -> Iterator[Token]:
    """The parts of every broken word with a few words around them, so that phrases with the printed hyphen are found."""
    for at, token in enumerate(whole):
        if _BREAKS.search(text, token.start, token.end):
            inside = text[token.start : token.end]
            yield Token(GAP, token.start, token.start)
            yield from whole[max(0, at - AROUND) : at]
            yield from (Token(one.term, token.start + one.start, token.start + one.end) for one in tokens(inside))
            yield from whole[at + 1 : at + 1 + AROUND]


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order."""
    words = text.split()  # no word runs over a space, and pages repeat their words
    if max(map(len, words), default=0) > LONGEST_KNOWN:
        return list(_plain(text))
    return list(chain.from_iterable(map(of_word, words)))


@lru_cache(maxsize=100_000)
def of_word(word: str) -> tuple[str, ...]:
    """The terms of one printed word; a page of results has thousands of them."""
    return tuple(_plain(word))


def _plain(text: str) -> Iterator[str]:
    return filter(None, map(fold, _WORD.findall(text)))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word as a term."""
    if word.isascii() and word.isalnum():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES))
    letters = (letter for letter in plain if not unicodedata.combining(letter) and letter.isalnum())
    return "".join(letters).casefold().translate(_STROKES)


@lru_cache(maxsize=50_000)
def stem(term: str) -> str:
    """Return the English stem of a term; what ends in a figure has no ending to lose, and pages are full of numbers."""
    return term if term[-1:].isdigit() else str(_ENGLISH.stemWord(term))
