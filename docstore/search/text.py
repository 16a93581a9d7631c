"""One way of cutting text into terms, for the index, the query and the highlighter alike, so that they cannot disagree.

A term is lower case, without accents, ligatures or apostrophes. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
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


def terms(text: str) -> list[str]:
    """Return the terms of `text` in order."""
    return [term for word in _WORD.findall(text) if (term := fold(word))]


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Return a word as a term."""
    plain = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES))
    letters = (letter for letter in plain if not unicodedata.combining(letter) and letter.isalnum())
    return "".join(letters).casefold().translate(_STROKES)


@lru_cache(maxsize=50_000)
def stem(term: str) -> str:
    """Return the English stem of a term."""
    return str(_ENGLISH.stemWord(term))
