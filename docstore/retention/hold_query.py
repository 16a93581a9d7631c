"""What a query hold matches: a small validated tree that runs on the database, never on the search index (RET-E6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q

from docstore.core.errors import FieldError, Invalid
from docstore.documents.models import Document

DEEPEST = 4
MOST = 20
LONGEST = 200
# Where a field stands: seen from a document, and seen from a case. What is in papers has no place on the case itself.
FIELDS: Mapping[str, tuple[str, str | None]] = {
    "court": ("filings__case__court__code", "court__code"),
    "jurisdiction": ("filings__case__case_type__jurisdiction", "case_type__jurisdiction"),
    "case_type": ("filings__case__case_type__code", "case_type__code"),
    "reference": ("filings__case__references__value", "references__value"),
    "title": ("filings__case__title", "title"),
    "party": ("filings__case__parties__name", "parties__name"),
    "outcome": ("filings__case__outcome", "outcome"),
    "section": ("filings__section__code", None),
    "document_type": ("type", None),
    "document_title": ("title", None),
    "text": ("versions__pages__text", None),
}
EXACT, WITHIN = "is", "contains"


class QueryNotUnderstood(Invalid):
    """What the hold is to match is not understood. Name a field and what it is or contains, or join several with all or any."""

    code = "hold-query-not-understood"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition."""

    field: str
    how: str
    value: str


@dataclass(frozen=True, slots=True)
class Join:
    """Several conditions, all or any of which must hold."""

    every: bool
    members: tuple["Tree", ...]


Tree = Leaf | Join


def parse(raw: Any, *, pointer: str, depth: int = 0) -> Tree:
    """Return the tree for JSON, or for plain words: they are looked for in titles and in the text of pages."""
    if isinstance(raw, str) and raw.strip():
        value = raw.strip()[:LONGEST]
        return Join(False, tuple(Leaf(name, WITHIN, value) for name in ("title", "document_title", "text")))
    if not isinstance(raw, dict) or depth > DEEPEST:
        raise _wrong(pointer, "Give words, or an object with field and is or contains, or all or any.")
    for name in ("all", "any"):
        if name in raw:
            return _join(raw[name], name, pointer, depth)
    return _leaf(raw, pointer)


def _join(members: Any, name: str, pointer: str, depth: int) -> Join:
    if not isinstance(members, list) or not 1 <= len(members) <= MOST:
        raise _wrong(f"{pointer}/{name}", f"Give a list of one to {MOST} conditions.")
    parsed = tuple(
        parse(one, pointer=f"{pointer}/{name}/{place}", depth=depth + 1) for place, one in enumerate(members)
    )
    return Join(name == "all", parsed)


def _leaf(raw: dict[str, Any], pointer: str) -> Leaf:
    field, how = raw.get("field"), next((one for one in (EXACT, WITHIN) if one in raw), "")
    if field not in FIELDS:
        raise _wrong(f"{pointer}/field", f"Choose one of {', '.join(FIELDS)}.")
    value = raw.get(how)
    if not how or not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
        raise _wrong(pointer, "Say what the field is, or what it contains. An empty or open condition would hold all.")
    return Leaf(str(field), how, value.strip())


def to_json(tree: Tree) -> dict[str, Any]:
    """Return the canonical JSON: what is stored and shown."""
    match tree:
        case Leaf(field=field, how=how, value=value):
            return {"field": field, how: value}
        case Join(every=every, members=members):
            return {"all" if every else "any": [to_json(one) for one in members]}


def words(raw: Any) -> str:
    """Return a stored query for people: “text contains ballistics”."""
    return _words(parse(raw, pointer="/query"))


def _words(tree: Tree) -> str:
    match tree:
        case Leaf(field=field, how=how, value=value):
            return f"{field.replace('_', ' ')} {how} “{value}”"
        case Join(every=every, members=members):
            return (" and " if every else " or ").join(_words(one) for one in members)


def on_documents(tree: Tree) -> Q:
    """Return the condition for documents."""
    return _condition(tree, lambda leaf: _lookup(FIELDS[leaf.field][0], leaf))


def on_cases(tree: Tree) -> Q:
    """Return the condition for cases; what is in papers is looked up through the documents of the case."""

    def of_leaf(leaf: Leaf) -> Q:
        path = FIELDS[leaf.field][1]
        if path is not None:
            return _lookup(path, leaf)
        papers = Document.objects.filter(filings__case=OuterRef("pk"), filings__ended_at__isnull=True)
        return Q(Exists(papers.filter(_lookup(FIELDS[leaf.field][0], leaf))))

    return _condition(tree, of_leaf)


def _condition(tree: Tree, of_leaf: Callable[[Leaf], Q]) -> Q:
    match tree:
        case Leaf():
            return of_leaf(tree)
        case Join(every=every, members=members):
            return reduce(and_ if every else or_, (_condition(one, of_leaf) for one in members))


def _lookup(path: str, leaf: Leaf) -> Q:
    return Q(**{f"{path}__{'iexact' if leaf.how == EXACT else 'icontains'}": leaf.value})


def _wrong(pointer: str, detail: str) -> QueryNotUnderstood:
    return QueryNotUnderstood(errors=(FieldError(pointer, "hold-query-not-understood", detail),))
