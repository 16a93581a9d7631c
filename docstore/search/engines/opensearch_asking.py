"""Questions, query trees and entries as OpenSearch takes them: JSON, and no client."""

from collections.abc import Iterator, Sequence
from typing import Any

from docstore.search.engine import (
    FACET_FIELDS,
    FIELD_OF,
    KEYWORDS,
    MOST_FACET_VALUES,
    TERMED,
    Entry,
    Request,
    Sort,
    keywords_of,
    spellings,
)
from docstore.search.matching import distance_for
from docstore.search.rules import digest
from docstore.search.shapes import shape
from docstore.search.text import stem, terms
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
    Trait,
    Word,
)
from docstore.search.ways import TIE_BREAKER, TITLE, Way, ways
from docstore.search.welsh import is_welsh, stems

EXACT_COUNT_UP_TO = 40_000
# The page of the mark that stays of a document which was taken out; no entry has it.
MARK_PAGE = 0
TEXTS = ("body", "stems", "welsh", "shapes", "marks", "title", "filed_by")
MAPPING: dict[str, Any] = {
    "settings": {
        "index": {
            "max_result_window": 20_000,
            "refresh_interval": "1s",
            "merge.policy.expunge_deletes_allowed": 0,  # what is deleted leaves the files when it is asked to
        }
    },
    "mappings": {
        "dynamic": "strict",
        # By document: its pages stay together, and one that moves to another court leaves no double behind (ADR 64).
        "_routing": {"required": True},
        # What was found is read again from the database, so the index keeps no copy of the text.
        "_source": {"includes": ["document", "page", "seq"]},
        "properties": {
            **{name: {"type": "text", "analyzer": "whitespace"} for name in TEXTS},
            **{name: {"type": "keyword"} for name in KEYWORDS},
            **{name: {"type": "integer"} for name in ("page", "rank", "filed", "dated")},
            **{name: {"type": "long"} for name in ("seq", "moment")},
            "sealed": {"type": "boolean"},
        },
    },
}
RULES = digest(MAPPING)


def source_of(seq: int, entry: Entry) -> dict[str, Any]:
    texts = {
        "body": " ".join(entry.body),
        "stems": " ".join(map(stem, entry.body)),
        "title": " ".join(entry.title),
        "filed_by": " ".join(entry.filed_by),
        "marks": " ".join(entry.marks),
    }
    if is_welsh(entry.language):
        texts["welsh"] = " ".join(one for term in entry.body for one in stems(term))
    if Trait.UNCLEAR in entry.traits:
        texts["shapes"] = " ".join(map(shape, entry.body))
    numbers = {"page": entry.page, "seq": seq, "rank": entry.rank, "filed": entry.filed, "dated": entry.dated}
    keywords = {**keywords_of(entry), "document": entry.document}
    return {**texts, **numbers, **keywords, "sealed": entry.sealed, "moment": entry.moment}


def mark_of(document: str, seq: int) -> dict[str, Any]:
    """What stays of a document that was taken out: its name and when. It has no place, so nobody can find it."""
    return {"document": document, "page": MARK_PAGE, "seq": seq}


def body_of(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "from": request.offset,
        "size": request.limit,
        "track_total_hits": True,
        "query": {
            "bool": {
                "must": [tree_of(request.tree)],
                "filter": [_allowed(request), *_filtered(request)],
                "must_not": _refused(request),
            }
        },
        "aggs": {
            "documents": _documents(),
            **{
                name.value: {
                    "terms": {"field": FACET_FIELDS[name], "size": MOST_FACET_VALUES},
                    "aggs": {"documents": _documents()},
                }
                for name in request.facets
            },
        },
    }
    if request.sort is not Sort.RELEVANCE:
        order = "desc" if request.sort is Sort.NEWEST else "asc"
        body["sort"] = [{"moment": order}, {"document": "asc"}, {"page": "asc"}]
    else:
        body["sort"] = ["_score", {"document": "asc"}, {"page": "asc"}]
    return body


def _documents() -> dict[str, Any]:
    return {"cardinality": {"field": "document", "precision_threshold": EXACT_COUNT_UP_TO}}


def _allowed(request: Request) -> dict[str, Any]:
    ways = []
    for one in request.scope.alternatives:
        must: list[dict[str, Any]] = [
            {"terms": {"places": sorted(one.places)}},
            {"range": {"rank": {"lte": one.max_rank}}},
        ]
        if not one.sealed:
            is_open = [{"term": {"sealed": False}}, {"terms": {"document": sorted(request.scope.named_documents)}}]
            must.append({"bool": {"should": is_open, "minimum_should_match": 1}})
        ways.append({"bool": {"filter": must}})
    return {"bool": {"should": ways, "minimum_should_match": 1}} if ways else {"match_none": {}}


def _refused(request: Request) -> list[dict[str, Any]]:
    cases = request.scope.excluded_cases | request.without_cases
    refused = [("cases", cases), ("document", request.without_documents)]
    return [{"terms": {field: sorted(values)}} for field, values in refused if values]


def _filtered(request: Request) -> Iterator[dict[str, Any]]:
    given = request.filters
    if request.only_documents is not None:
        yield {"terms": {"document": sorted(request.only_documents)}}
    for field, value in (
        ("cases", given.case),
        ("references", given.reference),
        ("courts", given.court),
        ("sections", given.section),
        ("type", given.type),
        ("parties", given.party),
        ("rank", given.classification),
    ):
        if value is not None:
            yield {"term": {field: value}}
    for field, low, high in (
        ("dated", given.dated_from, given.dated_to),
        ("filed", given.filed_from, given.filed_to),
    ):
        if low or high:
            bounds = {"gte": low.toordinal() if low else 1}  # 0 stands for "not dated"
            yield {"range": {field: {**bounds, **({"lte": high.toordinal()} if high else {})}}}


def tree_of(part: Part) -> dict[str, Any]:
    match part:
        case All(()):
            return {"match_all": {"boost": 0}}
        case All(parts):
            return _all(parts)
        case Either(parts):
            return {"bool": {"should": [tree_of(one) for one in parts], "minimum_should_match": 1}}
        case Not(inner):
            return {"bool": {"must_not": [tree_of(inner)]}}
        case InField() | InRange() | OnCases():
            return {"bool": {"filter": [_told(part)]}}
        case _:
            return _said(part)


def _said(part: Said) -> dict[str, Any]:
    match part:
        case Prefix(term):
            return {"prefix": {"body": {"value": term}}}
        case Fuzzy(term):
            return {"fuzzy": {"body": {"value": term, "fuzziness": distance_for(term), "max_expansions": 50}}}
        case Word() | Phrase() | Mark() | Near():
            several = [_way(one) for one in ways(part)]
            return several[0] if len(several) == 1 else {"dis_max": {"queries": several, "tie_breaker": TIE_BREAKER}}


def _all(parts: Sequence[Part]) -> dict[str, Any]:
    words = [one for one in parts if isinstance(one, Word)]
    on_page = [{"bool": {"should": [tree_of(one) for one in words], "minimum_should_match": 1}}] if words[1:] else []
    return {
        "bool": {
            "must": [_titled(one, words) for one in parts if not isinstance(one, Not)],
            "must_not": [tree_of(one.part) for one in parts if isinstance(one, Not)],
            "filter": on_page,
        }
    }


def _titled(part: Part, words: Sequence[Word]) -> dict[str, Any]:
    """One of several words may stand in the title alone, as long as another is on the page; there it also adds."""
    if not isinstance(part, Word):
        return tree_of(part)
    title = {"term": {"title": {"value": part.term, "boost": TITLE}}}
    if len(words) == 1:
        return {"bool": {"must": [tree_of(part)], "should": [title]}}
    return {"bool": {"should": [tree_of(part), title], "minimum_should_match": 1}}


def _way(way: Way) -> dict[str, Any]:
    if len(way.terms) == 1:
        return {"term": {way.field: {"value": way.terms[0], "boost": way.weight}}}
    said = {"query": " ".join(way.terms), "analyzer": "whitespace", "slop": way.apart, "boost": way.weight}
    return {"match_phrase": {way.field: said}}


def _told(part: InField | InRange | OnCases) -> dict[str, Any]:
    match part:
        case OnCases(cases):
            return {"terms": {"cases": sorted(cases)}}
        case InRange(name, low, high):
            least = 1 if name is RangeName.DATED and low is None else low  # 0 stands for "not dated"
            bounds = {"gte": least, "lte": high}
            return {"range": {name.value: {sign: value for sign, value in bounds.items() if value is not None}}}
        case InField(field, value) if field in TERMED:
            found = terms(value)
            return (
                {"bool": {"must": [{"term": {TERMED[field]: term}} for term in found]}} if found else {"match_none": {}}
            )
        case InField(field, value):
            return {"terms": {FIELD_OF[field]: sorted(spellings(value))}}
