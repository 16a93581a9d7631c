"""Whether a page says what a query asks, told from the page alone: what both engines must agree with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from docstore.documents.models import Page
from docstore.search import marks, shapes, welsh
from docstore.search.text import page_terms, stem
from docstore.search.tree import (
    All,
    Either,
    Fuzzy,
    InField,
    InRange,
    Mark,
    Near,
    Not,
    OnCases,
    Part,
    Phrase,
    Prefix,
    RangeName,
    Said,
    Word,
)


class Look(NamedTuple):
    """What is to be known of a page before its words are compared: is it hard to read, and is there Welsh on it."""

    unclear: bool = False
    welsh: bool = False


PLAIN = Look()


def look_of(page: Page) -> Look:
    """How the words of a page are to be compared."""
    return Look(shapes.is_unclear(page.confidence), welsh.is_welsh(page.language))


@dataclass(frozen=True)
class SaidOn:
    """A page as a query is held against it."""

    number: int
    terms: Sequence[str]
    marks: frozenset[str]
    look: Look


def said_on(page: Page) -> SaidOn:
    """Return what a page says."""
    return SaidOn(page.number, page_terms(page.text), frozenset(marks.values(page.text)), look_of(page))


def matches(part: Part, page: SaidOn) -> bool:
    """Whether a page matches. Fields are the document's, not the page's, and are taken as given."""
    match part:
        case All(parts):
            return all(matches(one, page) for one in parts)
        case Either(parts):
            return any(matches(one, page) for one in parts)
        case Not(inner):
            return isinstance(inner, InField | OnCases) or not matches(inner, page)
        case InRange(RangeName.PAGE, low, high):
            return (low is None or low <= page.number) and (high is None or page.number <= high)
        case InField() | InRange() | OnCases():
            return True
        case _:
            return _says(page, part)


def _says(page: SaidOn, part: Said) -> bool:
    match part:
        case Phrase(asked):
            return bool(rows(asked, page.terms, page.look))
        case Mark(value, asked, loose):
            return value in page.marks or (loose and bool(rows(asked, page.terms, PLAIN)))
        case Near():
            return bool(pairs(part, page.terms))
        case Word(_, alike) if any(rows(one, page.terms, PLAIN) for one in alike):
            return True
        case Word() | Prefix() | Fuzzy():
            return any(is_form(part, term, page.look) for term in page.terms)


def is_form(wanted: Word | Prefix | Fuzzy, term: str, look: Look) -> bool:
    """Whether one term of a page is what was asked for, or a form of it."""
    match wanted:
        case Word(asked):
            return (
                term == asked
                or stem(term) == stem(asked)
                or (look.unclear and shapes.shape(term) == shapes.shape(asked))
                or (look.welsh and not set(welsh.stems(term)).isdisjoint(welsh.stems(asked)))
            )
        case Prefix(asked):
            return term.startswith(asked)
        case Fuzzy(asked):
            return within(term, asked, distance_for(asked))


def rows(asked: Sequence[str], found: Sequence[str], look: Look) -> list[tuple[int, int]]:
    """Every (first, end) where these terms stand one after another."""
    size, wanted = len(asked), list(asked)
    here = [
        (at, at + size) for at, term in enumerate(found) if term == wanted[0] and list(found[at : at + size]) == wanted
    ]
    if not look.unclear:
        return here
    shaped = [shapes.shape(one) for one in found]
    return sorted({*here, *rows([shapes.shape(one) for one in asked], shaped, PLAIN)})


def pairs(near: Near, found: Sequence[str]) -> list[tuple[int, int]]:
    """Every (place, place) of the two words that stand close enough, in either order."""
    one, other = stem(near.one.term), stem(near.other.term)
    firsts = [at for at, term in enumerate(found) if stem(term) == one]
    seconds = [at for at, term in enumerate(found) if stem(term) == other]
    return [(a, b) for a in firsts for b in seconds if a != b and abs(a - b) <= near.within]


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
