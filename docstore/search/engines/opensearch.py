"""Search at scale: OpenSearch behind an alias, strict mapping, external versions. The only module with its client."""

import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch, helpers
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import NotFoundError, TransportError

from docstore.search.engine import (
    FACET_FIELDS,
    FIELD_OF,
    KEYWORDS,
    MOST_FACET_VALUES,
    TERMED,
    Build,
    EngineState,
    Entry,
    Found,
    Match,
    Request,
    SearchIsDown,
    Sort,
    keywords_of,
    most_first,
    spellings,
)
from docstore.search.matching import distance_for
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

TIMEOUT_SECONDS = 3
BULK_TIMEOUT_SECONDS = 60
CONFLICT = 409
EXACT_COUNT_UP_TO = 40_000
TEXTS = ("body", "stems", "welsh", "shapes", "marks", "title", "filed_by")
MAPPING: dict[str, Any] = {
    "settings": {"index": {"number_of_replicas": 0, "max_result_window": 20_000, "refresh_interval": "1s"}},
    "mappings": {
        "dynamic": "strict",
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
MAPPING_HASH = hashlib.sha256(json.dumps(MAPPING, sort_keys=True).encode()).hexdigest()[:10]


class OpenSearchEngine:
    """The engine at `url`; everything stands behind the alias `alias`."""

    def __init__(self, *, url: str, alias: str = "docstore") -> None:
        self._alias = alias
        self._is_there = False
        self._client = OpenSearch(url, timeout=TIMEOUT_SECONDS, max_retries=0, retry_on_timeout=False)

    def put(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        with _telling():
            self._ensure()
            _replace(self._client, self._alias, document, seq, entries, require_alias=True)

    def find(self, request: Request) -> Found:
        with _telling():
            self._ensure()
            answer = self._client.search(index=self._alias, body=_body(request))
        hits = answer["hits"]["hits"]
        told = answer.get("aggregations", {})
        return Found(
            matches=tuple(
                Match(hit["_source"]["document"], hit["_source"]["page"], float(hit["_score"] or 0)) for hit in hits
            ),
            pages=answer["hits"]["total"]["value"],
            documents=told["documents"]["value"],
            facets={
                name: most_first((one["key"], one["documents"]["value"]) for one in told[name.value]["buckets"])
                for name in request.facets
            },
        )

    def state(self) -> EngineState:
        try:
            with _telling():
                self._ensure()
                health = self._client.cluster.health()
                count = self._client.count(index=self._alias)["count"]
        except SearchIsDown:
            return EngineState(False, 0, "OpenSearch does not answer. Start it, or correct OPENSEARCH_URL.")
        return EngineState(health["status"] != "red", count, f"OpenSearch is {health['status']}")

    @contextmanager
    def rebuilding(self) -> Iterator[Build]:
        name = f"{self._alias}-{MAPPING_HASH}-{uuid.uuid4().hex[:8]}"
        with _telling():
            self._client.indices.create(index=name, body=MAPPING)
            try:
                yield _IndexBuild(self._client, name)
                self._client.indices.refresh(index=name)
                self._swap(name)
            except BaseException:
                self._client.indices.delete(index=name, params={"ignore_unavailable": "true"})
                raise

    def drop(self) -> None:
        """Delete everything behind the alias: the demo court's reset, and tests."""
        with _telling():
            self._is_there = False
            for name in self._behind():
                self._client.indices.delete(index=name)

    def _swap(self, name: str) -> None:
        old = self._behind()
        acts: list[dict[str, Any]] = [{"add": {"index": name, "alias": self._alias, "is_write_index": True}}]
        acts += [{"remove_index": {"index": one}} for one in old]
        self._client.indices.update_aliases(body={"actions": acts})

    def _behind(self) -> list[str]:
        try:
            return list(self._client.indices.get_alias(name=self._alias))
        except NotFoundError:
            return []

    def _ensure(self) -> None:
        """Make the first index; another process may do so at the same moment, and then its index serves both."""
        if self._is_there or self._client.indices.exists_alias(name=self._alias):
            self._is_there = True
            return
        name = f"{self._alias}-{MAPPING_HASH}-first"
        body = {**MAPPING, "aliases": {self._alias: {"is_write_index": True}}}
        self._client.indices.create(index=name, body=body, params={}, ignore=[400])


class _IndexBuild:
    def __init__(self, client: OpenSearch, name: str) -> None:
        self._client, self._name = client, name

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        _bulk(self._client, self._name, entries)

    def replace(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        self._client.indices.refresh(index=self._name)  # what was added just now has to be seen to be taken away
        _replace(self._client, self._name, document, seq, entries)


@contextmanager
def _telling() -> Iterator[None]:
    """Say in our own words that the engine cannot be used just now."""
    try:
        yield
    except (NoConnection, TransportError) as error:
        raise SearchIsDown from error


def _replace(client: OpenSearch, name: str, document: str, seq: int, entries: Sequence[Entry], **how: Any) -> None:
    """Write a document's entries and take away those of earlier changes; searchable on return."""
    if entries:
        numbered = ((seq, entry) for entry in entries)
        _bulk(client, name, numbered, refresh="true", **how)
    left_over = {
        "bool": {
            "filter": [{"term": {"document": document}}, {"range": {"seq": {"lte": seq}}}],
            "must_not": [{"terms": {"page": [entry.page for entry in entries]}}],
        }
    }
    client.delete_by_query(
        index=name,
        body={"query": left_over},
        params={"conflicts": "proceed", "refresh": "true"},
        request_timeout=BULK_TIMEOUT_SECONDS,
    )


def _bulk(client: OpenSearch, name: str, entries: Iterable[tuple[int, Entry]], **how: Any) -> None:
    """Write entries; a newer one that is there already wins, and that counts as success."""
    acts = (_act(name, seq, entry) for seq, entry in entries)
    for well, told in helpers.streaming_bulk(
        client, acts, chunk_size=500, raise_on_error=False, request_timeout=BULK_TIMEOUT_SECONDS, **how
    ):
        if not well and told["index"]["status"] != CONFLICT:
            raise SearchIsDown


def _act(name: str, seq: int, entry: Entry) -> dict[str, Any]:
    return {
        "_op_type": "index",
        "_index": name,
        "_id": f"{entry.document}-{entry.page}",
        "version": seq,
        "version_type": "external",
        "_source": _source(seq, entry),
    }


def _source(seq: int, entry: Entry) -> dict[str, Any]:
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


def _body(request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {
        "from": request.offset,
        "size": request.limit,
        "track_total_hits": True,
        "query": {
            "bool": {
                "must": [_tree(request.tree)],
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


def _tree(part: Part) -> dict[str, Any]:
    match part:
        case All(()):
            return {"match_all": {"boost": 0}}
        case All(parts):
            return _all(parts)
        case Either(parts):
            return {"bool": {"should": [_tree(one) for one in parts], "minimum_should_match": 1}}
        case Not(inner):
            return {"bool": {"must_not": [_tree(inner)]}}
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
    return {
        "bool": {
            "must": [_tree(one) for one in parts if not isinstance(one, Not)],
            "must_not": [_tree(one.part) for one in parts if isinstance(one, Not)],
            "should": [
                {"term": {"title": {"value": one.term, "boost": TITLE}}} for one in parts if isinstance(one, Word)
            ],
            "minimum_should_match": 0,
        }
    }


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
