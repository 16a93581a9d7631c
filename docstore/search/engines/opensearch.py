"""Search at scale: OpenSearch behind an alias, strict mapping, external versions. The only module with its client.

The name of an index bears a hash of the rules by which it was built. What is taken out is not deleted but emptied: an
entry without words keeps its sequence number as its version, which outlasts the engine's own short memory of deletions, so
that the engine itself refuses a late writer. All entries of a document lie in one shard.
"""

import json
import time
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import NotFoundError, TransportError

from docstore.core import clock
from docstore.search.engine import Build, EngineState, Entry, Found, Match, Request, SearchIsDown, most_first
from docstore.search.engines.opensearch_asking import MAPPING, MARK_PAGE, RULES, body_of, mark_of, source_of

TIMEOUT_SECONDS = 3
BULK_TIMEOUT_SECONDS = 60
EXPUNGE_SECONDS = 60.0
CONFLICT = 409
BULK_ENTRIES = 500
BULK_BYTES = 4_000_000
# So many bulks are on their way at a time while an index is built: the server works while the next one is made.
SENDERS = 2
HELD_AT_ONCE = 5_000
# More than any document has.
MOST_PAGES = 10_000
# So many answers of that size are emptied in one go; whoever asked goes on with what is left.
MOST_ROUNDS = 20


class OpenSearchEngine:
    """The engine at `url`; everything stands behind the alias `alias`. An index that is built gets so many `shards`."""

    def __init__(self, *, url: str, alias: str = "docstore", shards: int = 1, replicas: int = 0) -> None:
        self._alias = alias
        self._is_there = False
        self._layout = {"number_of_shards": shards, "number_of_replicas": replicas}
        # Several shards have words of different rarity; with one there is nothing to compare.
        self._how = {"search_type": "dfs_query_then_fetch"} if shards > 1 else {}
        self._client = OpenSearch(url, timeout=TIMEOUT_SECONDS, max_retries=0, retry_on_timeout=False)

    def put(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        with _telling():
            self._ensure()
            _replace(self._client, self._alias, document, seq, entries, require_alias="true")

    def take_out(self, marks: Mapping[str, int]) -> Mapping[str, int]:
        with _telling():
            self._ensure()
            return _take_out(self._client, self._alias, marks)

    def find(self, request: Request) -> Found:
        with _telling():
            self._ensure()
            answer = self._client.search(index=self._alias, body=body_of(request), params=dict(self._how))
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

    def held(self, prefix: str) -> Mapping[str, tuple[int, int]]:
        pages = {"filter": {"range": {"page": {"gt": MARK_PAGE}}}}
        sources = [{"document": {"terms": {"field": "document"}}}]
        composite: dict[str, Any] = {"size": HELD_AT_ONCE, "sources": sources}
        asked = {"composite": composite, "aggs": {"seq": {"max": {"field": "seq"}}, "pages": pages}}
        body = {"size": 0, "query": {"prefix": {"document": prefix}}, "aggs": {"held": asked}}
        found: dict[str, tuple[int, int]] = {}
        with _telling():
            self._ensure()
            while True:
                told = self._client.search(index=self._alias, body=body, request_timeout=BULK_TIMEOUT_SECONDS)
                rows = told["aggregations"]["held"]["buckets"]
                found |= {one["key"]["document"]: (one["pages"]["doc_count"], int(one["seq"]["value"])) for one in rows}
                if len(rows) < HELD_AT_ONCE:
                    return found
                composite["after"] = rows[-1]["key"]

    def state(self) -> EngineState:
        try:
            with _telling():
                self._ensure()
                health = self._client.cluster.health()
                told = self._client.count(index=self._alias, body={"query": {"range": {"page": {"gt": MARK_PAGE}}}})
                names = self._behind()
                stats = self._client.indices.stats(index=self._alias, metric="docs")
        except SearchIsDown:
            return EngineState(False, 0, "OpenSearch does not answer. Start it, or correct OPENSEARCH_URL.")
        return EngineState(
            health["status"] != "red",
            told["count"],
            f"OpenSearch is {health['status']}",
            current=all(self._is_ours(name) for name in names),
            leftovers=stats["_all"]["primaries"]["docs"]["deleted"],
        )

    def expunge(self) -> bool:
        """Have the segments with deleted entries written anew; the server keeps its last operations for half a minute."""
        with _telling():
            self._ensure()
            # By default a segment is left alone while less than a tenth of it is deleted; here one entry is too many.
            allowed = {"index.merge.policy.expunge_deletes_allowed": 0}
            self._client.indices.put_settings(index=self._alias, body=allowed)
            until = clock.monotonic() + EXPUNGE_SECONDS
            while left := self._expunge_once():
                if clock.monotonic() > until:
                    break
                time.sleep(2)
        return left == 0

    def _expunge_once(self) -> int:
        """Merge once; return how many deleted entries are left in the files."""
        self._client.indices.flush(index=self._alias, params={"force": "true"})
        self._client.indices.forcemerge(
            index=self._alias, params={"only_expunge_deletes": "true"}, request_timeout=BULK_TIMEOUT_SECONDS
        )
        self._client.indices.refresh(index=self._alias)
        stats = self._client.indices.stats(index=self._alias, metric="docs")
        return int(stats["_all"]["primaries"]["docs"]["deleted"])

    @contextmanager
    def rebuilding(self, begun: str | None = None) -> Iterator[Build]:
        with _telling():
            goes_on = begun is not None and self._is_ours(begun) and self._client.indices.exists(index=begun)
            name = begun if begun is not None and goes_on else f"{self._alias}-{RULES}-{uuid.uuid4().hex[:8]}"
            if not goes_on:
                self._client.indices.create(index=name, body=self._body(refresh_interval="-1"))
            with _IndexBuild(self._client, name) as build:
                yield build
            self._client.indices.put_settings(index=name, body={"index": {"refresh_interval": "1s"}})
            self._client.indices.refresh(index=name)
            self._swap(name)

    def drop(self) -> None:
        """Delete everything behind the alias and every rebuild of it: the demo court's reset, and tests."""
        with _telling():
            self._is_there = False
            names = self._client.indices.get(index=f"{self._alias}-*", params={"ignore_unavailable": "true"})
            for name in {*self._behind(), *names}:
                self._client.indices.delete(index=name, params={"ignore_unavailable": "true"})

    def _swap(self, name: str) -> None:
        """Let the new index take the alias over and delete the old one, and what given-up rebuilds left, in one step."""
        mine = self._client.indices.get(index=f"{self._alias}-*-*", params={"ignore_unavailable": "true"})
        old = {*self._behind(), *(one for one in mine if self._is_of_alias(one))} - {name}
        acts: list[dict[str, Any]] = [{"add": {"index": name, "alias": self._alias, "is_write_index": True}}]
        acts += [{"remove_index": {"index": one}} for one in sorted(old)]
        self._client.indices.update_aliases(body={"actions": acts})

    def _is_of_alias(self, name: str) -> bool:
        """Whether an index is one of ours: another alias may begin as ours does."""
        rest = name.removeprefix(f"{self._alias}-").split("-")
        return name.startswith(f"{self._alias}-") and len(rest) == 2 and len(rest[0]) == len(RULES)

    def _is_ours(self, name: str) -> bool:
        return name.startswith(f"{self._alias}-{RULES}-")

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
        name = f"{self._alias}-{RULES}-first"
        body = {**self._body(), "aliases": {self._alias: {"is_write_index": True}}}
        self._client.indices.create(index=name, body=body, params={}, ignore=[400])

    def _body(self, **settings: str) -> dict[str, Any]:
        """What a new index is made of; one that nobody searches yet has no need to be refreshed."""
        return {**MAPPING, "settings": {"index": {**MAPPING["settings"]["index"], **self._layout, **settings}}}


class _IndexBuild:
    """An index in the making. Bulks are made here and sent by a few threads; no more wait than those can carry."""

    def __init__(self, client: OpenSearch, name: str) -> None:
        self.name = name
        self._client = client
        self._lines: list[str] = []
        self._bytes = 0
        self._pool = ThreadPoolExecutor(SENDERS, thread_name_prefix="bulk")
        self._sent: list[Future[None]] = []

    def __enter__(self) -> "_IndexBuild":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.checkpoint()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        for seq, entry in entries:
            self._put(entry.page, seq, source_of(seq, entry))

    def mark(self, document: str, seq: int) -> None:
        self._put(MARK_PAGE, seq, mark_of(document, seq))

    def replace(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        self.checkpoint()
        self._client.indices.refresh(index=self.name)  # what was added just now has to be seen to be taken away
        _replace(self._client, self.name, document, seq, entries)

    def checkpoint(self) -> None:
        """Wait until everything is with the server, which writes it to its log before it answers."""
        self._send()
        for one in self._sent:
            one.result()
        self._sent = []

    def _put(self, page: int, seq: int, source: Mapping[str, Any]) -> None:
        lines = _lines(page, seq, source)
        self._lines += lines
        self._bytes += sum(map(len, lines))
        if len(self._lines) >= 2 * BULK_ENTRIES or self._bytes >= BULK_BYTES:
            self._send()

    def _send(self) -> None:
        if not self._lines:
            return
        while len(self._sent) >= 2 * SENDERS:
            self._sent.pop(0).result()
        self._sent.append(self._pool.submit(_bulk, self._client, self.name, self._lines))
        self._lines, self._bytes = [], 0


@contextmanager
def _telling() -> Iterator[None]:
    """Say in our own words that the engine cannot be used just now."""
    try:
        yield
    except (NoConnection, TransportError) as error:
        raise SearchIsDown from error


def _replace(client: OpenSearch, name: str, document: str, seq: int, entries: Sequence[Entry], **how: str) -> None:
    """Write a document's entries, or its mark, and empty those of earlier changes; searchable on return.

    The mark is read again after writing: it may have been set by somebody newer in between.
    """
    if _mark(client, name, document) > seq:
        return
    lines = [line for entry in entries for line in _lines(entry.page, seq, source_of(seq, entry))]
    _bulk(client, name, lines or _lines(MARK_PAGE, seq, mark_of(document, seq)), refresh="true", **how)
    marked = _mark(client, name, document)
    kept = [entry.page for entry in entries] if marked <= seq else []
    last = max(seq, marked)
    emptied = [
        line
        for page in _older(client, name, document, last, kept)
        for line in _lines(page, last, mark_of(document, last))
    ]
    if emptied:
        _bulk(client, name, emptied, refresh="true", **how)


def _take_out(client: OpenSearch, name: str, marks: Mapping[str, int]) -> dict[str, int]:
    """Set the marks of many documents, then empty their pages, as often as a search still shows any."""
    lines = [line for document, seq in marks.items() for line in _lines(MARK_PAGE, seq, mark_of(document, seq))]
    _bulk(client, name, lines, refresh="true", require_alias="true")
    for _ in range(MOST_ROUNDS):
        held = _pages_of(client, name, marks)
        older = [(document, page) for document, page, seq in held if seq <= marks[document]]
        if not older:
            break
        emptied = [line for document, page in older for line in _emptied(document, page, marks[document])]
        _bulk(client, name, emptied, refresh="true", require_alias="true")
    left = Counter(document for document, _, _ in held)
    return {document: left[document] for document in marks}


def _emptied(document: str, page: int, seq: int) -> list[str]:
    return _lines(page, seq, mark_of(document, seq))


def _pages_of(client: OpenSearch, name: str, documents: Collection[str]) -> list[tuple[str, int, int]]:
    """Pages with words of these documents, each with its `seq`; so many at most as one answer holds."""
    held = [{"terms": {"document": list(documents)}}, {"range": {"page": {"gt": MARK_PAGE}}}]
    body = {"query": {"bool": {"filter": held}}, "size": MOST_PAGES, "_source": ["document", "page", "seq"]}
    told = client.search(index=name, body=body, request_timeout=BULK_TIMEOUT_SECONDS)
    sources = [hit["_source"] for hit in told["hits"]["hits"]]
    return [(one["document"], one["page"], int(one["seq"])) for one in sources]


def _older(client: OpenSearch, name: str, document: str, last: int, kept: Sequence[int]) -> list[int]:
    """Pages of a document that have words still and are not among those that were just written."""
    held = [{"term": {"document": document}}, {"range": {"seq": {"lte": last}}}, {"range": {"page": {"gt": MARK_PAGE}}}]
    query = {"bool": {"filter": held, "must_not": [{"terms": {"page": list(kept)}}]}}
    body = {"query": query, "size": MOST_PAGES, "_source": ["page"]}
    told = client.search(index=name, body=body, params={"routing": document}, request_timeout=BULK_TIMEOUT_SECONDS)
    return [hit["_source"]["page"] for hit in told["hits"]["hits"]]


def _mark(client: OpenSearch, name: str, document: str) -> int:
    """When this document was taken out, as its sequence number; 0 where it never was. Read as it is now, not as indexed."""
    try:
        told = client.get(index=name, id=_name(document, MARK_PAGE), params={"_source": "seq", "routing": document})
    except NotFoundError:
        return 0
    return int(told["_source"]["seq"])


def _lines(page: int, seq: int, source: Mapping[str, Any]) -> list[str]:
    """What is to stand in the place of a page: its entry, or the mark that its entry is emptied to."""
    document = source["document"]
    act = {"_id": _name(document, page), "routing": document, "version": seq, "version_type": "external_gte"}
    return [json.dumps({"index": act}), json.dumps(source)]


def _name(document: str, page: int) -> str:
    return f"{document}-{page}"


def _bulk(client: OpenSearch, name: str, lines: Sequence[str], **how: str) -> None:
    """Write what the lines say; a newer entry that is there already wins, and that counts as success."""
    body = "\n".join(lines) + "\n"
    told = client.bulk(body=body, index=name, params=how, request_timeout=BULK_TIMEOUT_SECONDS)
    if told["errors"] and any(one["index"]["status"] not in (200, 201, CONFLICT) for one in told["items"]):
        raise SearchIsDown
