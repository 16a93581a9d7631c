"""Which entries of the index answer a part of a query, and how much each is worth: one answer for every engine.

A word is worth most as it stands, less by its stem, and least by its shape on a page that was hard to read.
"""

from dataclasses import dataclass

from docstore.search import shapes, welsh
from docstore.search.text import stem
from docstore.search.tree import Mark, Near, Phrase, Word

EXACT, STEM, WELSH, ALIKE, SHAPE, MARK = 2.0, 1.0, 0.8, 0.6, 0.4, 4.0
# What a word in the title adds, and what the lesser ways of finding a word add to its best one.
TITLE, TIE_BREAKER = 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Way:
    """Terms of a field, one after another or with up to `apart` others between them."""

    field: str
    terms: tuple[str, ...]
    weight: float
    apart: int = 0


def ways(part: Word | Phrase | Mark | Near) -> tuple[Way, ...]:
    """Return every way in which a part may be found; any one of them is enough."""
    match part:
        case Word(term, alike):
            return (
                Way("body", (term,), EXACT),
                Way("stems", (stem(term),), STEM),
                *(Way("welsh", (one,), WELSH) for one in welsh.stems(term)),
                *(Way("body", one, ALIKE) for one in alike),
                Way("shapes", (shapes.shape(term),), SHAPE),
            )
        case Phrase(terms):
            return Way("body", terms, EXACT), Way("shapes", tuple(map(shapes.shape, terms)), SHAPE)
        case Mark(value, terms, loose):
            return (Way("marks", (value,), MARK), *([Way("body", terms, STEM)] if loose else []))
        case Near(one, other, within):
            pair = (stem(one.term), stem(other.term))
            return Way("stems", pair, EXACT, within - 1), Way("stems", pair[::-1], EXACT, within - 1)
