"""Entries, scopes and questions for tests of the engines."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from docstore.cases.scope import Alternative, ScopeFilter
from docstore.search import marks
from docstore.search.engine import Engine, Entry, Found, Request
from docstore.search.query import parse
from docstore.search.text import page_terms, terms

EVERYWHERE = "c:1:1"
FILED_ON = date(2026, 3, 2)


def document_id(name: str) -> str:
    """The id that a test means by a short name."""
    return str(uuid5(NAMESPACE_OID, name))


def entry(name: str, page: int = 1, text: str = "nothing of note", **changes: Any) -> Entry:
    """A page as it is indexed, in the one case and section that tests use where they do not say otherwise."""
    given: dict[str, Any] = {
        "document": document_id(name),
        "page": page,
        "body": page_terms(text),
        "places": frozenset({EVERYWHERE}),
        "cases": frozenset({document_id("case")}),
        "courts": frozenset({"NGT"}),
        "sections": frozenset({"statements"}),
        "rank": 0,
        "sealed": False,
        "title": terms(f"Statement {name}"),
        "type": "statement",
        "parties": frozenset({"Ann Ash"}),
        "references": frozenset({"12AB3456789"}),
        "filed_by": terms("prosecution"),
        "filed": FILED_ON.toordinal(),
        "dated": FILED_ON.toordinal(),
        "year": "2026",
        "language": "eng",
        "marks": marks.values(text),
        "moment": changes.get("filed", FILED_ON.toordinal()) * 86_400,
    }
    return Entry(**{**given, **changes})


def scope(
    *places: str,
    rank: int = 2,
    sealed: bool = True,
    named: Iterable[str] = (),
    excluded: Iterable[str] = (),
) -> ScopeFilter:
    """One way in to these places; to the usual one where none is given."""
    ways = (Alternative(frozenset(places or {EVERYWHERE}), rank, sealed),)
    return ScopeFilter(ways, frozenset(named), frozenset(excluded))


def ask(engine: Engine, query: str = "", **changes: Any) -> Found:
    """Search as a person would have typed it."""
    return engine.find(Request(**{"tree": parse(query).tree, "scope": scope(), **changes}))


def places_of(found: Found) -> list[tuple[str, int]]:
    """Where the hits are, in their order."""
    return [(one.document, one.page) for one in found.matches]


def fill(engine: Engine, *entries: Entry, seq: int = 1) -> None:
    """Put entries, each document's together."""
    for document in dict.fromkeys(one.document for one in entries):
        engine.put(document, seq, [one for one in entries if one.document == document])
