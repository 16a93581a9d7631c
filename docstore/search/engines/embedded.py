"""Search without a server: a tantivy index in a folder. Any process may write; a lock lets one do so at a time.

Fit for one machine. Text comes in as terms already, so the index only cuts at spaces and agrees with the highlighter.
A document that is taken out leaves a mark with its sequence number, so that a late writer cannot bring it back.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tantivy
from tantivy import Query

from docstore.core import locks
from docstore.search.engine import (
    FACET_FIELDS,
    MOST_FACET_VALUES,
    Build,
    EngineState,
    Entry,
    FacetName,
    Found,
    IndexIsOld,
    Match,
    Request,
    SearchIsDown,
    Sort,
    most_first,
)
from docstore.search.engines.embedded_asking import Asking
from docstore.search.engines.embedded_schema import RULES, as_document, as_mark, make_schema

HEAP_BYTES = 20_000_000
BUILD_HEAP_BYTES = 100_000_000
# Up to so many pages documents are told one by one; beyond, they are estimated, a few in a hundred off.
EXACT_COUNT_UP_TO = 10_000
EXACT_FACETS_UP_TO = 10_000
MOST_HELD = 100_000


class EmbeddedEngine:
    """The tantivy engine over the folder `path`."""

    def __init__(self, *, path: str) -> None:
        self._root = Path(path)
        self._schema = make_schema()
        self.asking = Asking(self._schema)
        self._opened: tuple[str, tantivy.Index] | None = None

    def put(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        """Replace a document's entries, or its mark, in one commit, unless the index knows of something newer."""
        with locks.named("search-writer"):
            index = self._index()
            index.reload()
            if self._latest(index.searcher(), document) > seq:
                return
            writer = index.writer(HEAP_BYTES, 1)
            _replace(writer, self._schema, document, seq, entries)
            writer.commit()
            writer.wait_merging_threads()

    def take_out(self, marks: Mapping[str, int]) -> Mapping[str, int]:
        with locks.named("search-writer"):
            index = self._index()
            index.reload()
            searcher = index.searcher()
            ours = {document: seq for document, seq in marks.items() if self._latest(searcher, document) <= seq}
            if ours:
                writer = index.writer(HEAP_BYTES, 1)
                for document, seq in ours.items():
                    _replace(writer, self._schema, document, seq, ())
                writer.commit()
                writer.wait_merging_threads()
            index.reload()
            searcher = index.searcher()
            return {document: self._pages_of(searcher, document) for document in marks}

    def find(self, request: Request) -> Found:
        index = self._index()
        index.reload()
        searcher = index.searcher()
        query = self.asking.whole(request)
        result = _searched(searcher, query, request)
        matches = []
        for score, address in result.hits:
            stored = searcher.doc(address)
            score = score if request.sort is Sort.RELEVANCE else 0.0
            matches.append(Match(str(stored["document"][0]), int(stored["page"][0]), float(score)))
        documents, facets = _counted(searcher, query, request.facets, _count(result))
        return Found(tuple(matches), _count(result), documents, facets)

    def held(self, prefix: str) -> Mapping[str, tuple[int, int]]:
        index = self._index()
        index.reload()
        query = Query.regex_query(self._schema, "document", f"{prefix}.*")
        pages = {"filter": "page:[1 TO *]"}
        asked = {
            "documents": {
                "terms": {"field": "document", "size": MOST_HELD},
                "aggs": {"seq": {"max": {"field": "seq"}}, "pages": pages},
            }
        }
        told = _told(index.searcher(), query, asked)["documents"]["buckets"]
        return {one["key"]: (one["pages"]["doc_count"], int(one["seq"]["value"])) for one in told}

    def state(self) -> EngineState:
        folder = self._current()
        if not _is_ours(folder.name):
            return EngineState(
                False, 0, "The index was built by an earlier version. Run `make reindex`.", current=False
            )
        try:
            searcher = self._index().searcher()
        except (OSError, ValueError) as error:
            return EngineState(False, 0, f"The index folder cannot be opened ({error}). Run `make reindex`.")
        pages = _count(searcher.search(self.asking.pages(), 1))
        return EngineState(True, pages, f"tantivy, {searcher.num_segments} segments", leftovers=_leftovers(folder))

    def expunge(self) -> bool:
        """Whether nothing deleted is left. Where something is, only a rebuild rewrites the files it is in."""
        return _leftovers(self._current()) == 0

    @contextmanager
    def rebuilding(self, begun: str | None = None) -> Iterator[Build]:
        goes_on = begun is not None and _is_ours(begun) and (self._root / begun / "meta.json").exists()
        name = begun if begun is not None and goes_on else f"{RULES}-{self._next_generation()}"
        fresh = self._root / name
        if not goes_on:
            shutil.rmtree(fresh, ignore_errors=True)
            fresh.mkdir(parents=True)
        build = _FolderBuild(name, tantivy.Index(self._schema, path=str(fresh)), self._schema, goes_on=goes_on)
        try:
            yield build
            build.finish()
        except BaseException:
            build.give_up()
            raise
        with locks.named("search-writer"):
            self._point_at(name)
        self._forget_others(name)

    def _index(self) -> tantivy.Index:
        """The live index, opened once per process and again after a rebuild has swapped it."""
        name = self._current().name
        if not _is_ours(name):
            raise IndexIsOld
        if self._opened is None or self._opened[0] != name:
            folder = self._root / name
            folder.mkdir(parents=True, exist_ok=True)
            try:
                self._opened = (name, tantivy.Index(self._schema, path=str(folder)))
            except ValueError as error:
                raise SearchIsDown from error
            if self._current().name != name:  # a rebuild has swapped it meanwhile
                return self._index()
        return self._opened[1]

    def _latest(self, searcher: tantivy.Searcher, document: str) -> int:
        """The highest sequence number of what is held of a document, its mark included; 0 where nothing is."""
        query = Query.term_query(self._schema, "document", document)
        found = searcher.search(query, 1, count=False, order_by_field="seq").hits
        return int(found[0][0]) if found else 0

    def _pages_of(self, searcher: tantivy.Searcher, document: str) -> int:
        """How many pages of a document are held; its mark is none."""
        own = Query.term_query(self._schema, "document", document)
        both = Query.boolean_query([(tantivy.Occur.Must, own), (tantivy.Occur.Must, self.asking.pages())])
        return _count(searcher.search(both, 1))

    def _current(self) -> Path:
        pointer = self._root / "current"
        if not pointer.exists():
            self._root.mkdir(parents=True, exist_ok=True)
            self._point_at(f"{RULES}-0")
        return self._root / pointer.read_text()

    def _point_at(self, name: str) -> None:
        fresh = self._root / "current.new"
        fresh.write_text(name)
        fresh.replace(self._root / "current")

    def _next_generation(self) -> int:
        return int(self._current().name.rpartition("-")[2]) + 1

    def _forget_others(self, name: str) -> None:
        """Remove the index that was live before, and whatever rebuilds that were given up have left."""
        for folder in self._root.iterdir():
            if folder.is_dir() and folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)


class _FolderBuild:
    """An index in the making. Until its first checkpoint one that goes on drops what it may have of a document already."""

    def __init__(self, name: str, index: tantivy.Index, schema: tantivy.Schema, *, goes_on: bool) -> None:
        self.name = name
        self._writer, self._schema, self._may_repeat = index.writer(BUILD_HEAP_BYTES, 1), schema, goes_on

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        last = ""
        for seq, entry in entries:
            if self._may_repeat and entry.document != last:
                self._drop(entry.document)
            last = entry.document
            self._writer.add_document(as_document(seq, entry))

    def mark(self, document: str, seq: int) -> None:
        self._drop(document)
        self._writer.add_document(as_mark(document, seq))

    def _drop(self, document: str) -> None:
        self._writer.delete_documents_by_query(Query.term_query(self._schema, "document", document))

    def replace(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        _replace(self._writer, self._schema, document, seq, entries)

    def checkpoint(self) -> None:
        self._writer.commit()
        self._may_repeat = False

    def finish(self) -> None:
        self._writer.commit()
        self._writer.wait_merging_threads()

    def give_up(self) -> None:
        """Let the folder go; what was committed stays for whoever goes on with it."""
        self._writer.rollback()
        self._writer.wait_merging_threads()


def _replace(
    writer: tantivy.IndexWriter, schema: tantivy.Schema, document: str, seq: int, entries: Sequence[Entry]
) -> None:
    writer.delete_documents_by_query(Query.term_query(schema, "document", document))
    for entry in entries:
        writer.add_document(as_document(seq, entry))
    if not entries:
        writer.add_document(as_mark(document, seq))


def _is_ours(name: str) -> bool:
    return name.startswith(f"{RULES}-")


def _leftovers(folder: Path) -> int:
    """How many entries are deleted and still in the files of their segments."""
    described = folder / "meta.json"
    if not described.exists():
        return 0
    segments = json.loads(described.read_text())["segments"]
    return sum(one["deletes"]["num_deleted_docs"] for one in segments if one.get("deletes"))


def _searched(searcher: tantivy.Searcher, query: Query, request: Request) -> tantivy.SearchResult:
    if request.sort is Sort.RELEVANCE:
        return searcher.search(query, request.limit, offset=request.offset)
    order = tantivy.Order.Desc if request.sort is Sort.NEWEST else tantivy.Order.Asc
    field = "newest" if request.sort is Sort.NEWEST else "moment"
    return searcher.search(query, request.limit, offset=request.offset, order_by_field=field, order=order)


def _count(result: tantivy.SearchResult) -> int:
    return int(result.count or 0)  # type: ignore[attr-defined] # its stub forgets it


def _counted(
    searcher: tantivy.Searcher, query: Query, names: Sequence[FacetName], pages: int
) -> tuple[int, dict[FacetName, tuple[tuple[str, int], ...]]]:
    """How many documents these pages belong to, and how many bear each value of each facet: one walk over the pages."""
    if not pages:
        return 0, dict.fromkeys(names, ())
    asked: dict[str, Any] = {"documents": _counting(pages, EXACT_COUNT_UP_TO)}
    inner = {"documents": _counting(pages, EXACT_FACETS_UP_TO)}
    for name in names:
        asked[name.value] = {"terms": {"field": FACET_FIELDS[name], "size": MOST_FACET_VALUES}, "aggs": inner}
    told = _told(searcher, query, asked)
    facets = {
        name: most_first((str(one["key"]), _number(one["documents"])) for one in told[name.value]["buckets"])
        for name in names
    }
    return _number(told["documents"]), facets


def _counting(pages: int, exact_up_to: int) -> dict[str, Any]:
    if pages > exact_up_to:
        return {"cardinality": {"field": "number"}}
    return {"terms": {"field": "number", "size": pages}}


def _number(told: dict[str, Any]) -> int:
    return len(told["buckets"]) if "buckets" in told else round(told["value"])


def _told(searcher: tantivy.Searcher, query: Query, asked: dict[str, Any]) -> dict[str, Any]:
    answer = searcher.aggregate(query, asked)
    told: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
    return told
