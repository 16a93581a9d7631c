"""Whether a page says what a query asks, told from its terms alone: what both engines must agree with."""

from collections.abc import Sequence

from docstore.search.highlight import spans
from docstore.search.query import All, Either, Fuzzy, InField, Not, Part, Phrase, Prefix, Word


def matches(part: Part, found: Sequence[str]) -> bool:
    """Whether these terms of a page match. Fields are not asked: they are the document's, not the page's."""
    match part:
        case All(parts):
            return all(matches(one, found) for one in parts)
        case Either(parts):
            return any(matches(one, found) for one in parts)
        case Not(InField()):
            return True
        case Not(inner):
            return not matches(inner, found)
        case InField():
            return True
        case Word() | Phrase() | Prefix() | Fuzzy():
            return bool(spans(found, All((part,))))
