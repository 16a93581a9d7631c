"""Search without a server: a tantivy index in a folder. Any process may write; a lock lets one do so at a time.

Fit for one machine. Text comes in as terms already, so the index only cuts at spaces and agrees with the highlighter.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import tantivy
from tantivy import Occur, Query, SchemaBuilder

from docstore.core import locks
from docstore.search.engine import (
    FACET_FIELDS,
    FIELD_OF,
    KEYWORDS,
    MOST_FACET_VALUES,
    TERMED,
    Build,
    EngineState,
    Entry,
    FacetName,
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
    Trait,
    Word,
)
from docstore.search.ways import TIE_BREAKER, TITLE, Way, ways
from docstore.search.welsh import is_welsh, stems

VERSION = "2"
HEAP_BYTES = 20_000_000
BUILD_HEAP_BYTES = 64_000_000
SPLITS = "whitespace"
# Newest and oldest are told by the second of filing with the page behind it, so that pages of one paper stay in order.
PAGE_BITS = 12
LAST_PAGE = (1 << PAGE_BITS) - 1
# Up to so many pages documents are told one by one; beyond, they are estimated, a few in a hundred off.
EXACT_COUNT_UP_TO = 10_000
EXACT_FACETS_UP_TO = 10_000
COUNTED = frozenset({"cases", "courts", "sections", "type", "parties", "year"})


def _schema() -> tantivy.Schema:
    builder = SchemaBuilder()
    for name in ("body", "stems", "shapes"):
        builder.add_text_field(name, tokenizer_name=SPLITS, index_option="position")
    for name in ("welsh", "marks", "title", "filed_by"):
        builder.add_text_field(name, tokenizer_name=SPLITS, index_option="freq")
    for name in KEYWORDS:
        builder.add_text_field(
            name, tokenizer_name="raw", index_option="basic", fast=name in COUNTED, stored=name == "document"
        )
    for name in ("moment", "newest"):
        builder.add_unsigned_field(name, indexed=False, fast=True)
    for name in ("page", "rank", "sealed", "filed", "dated", "number"):
        builder.add_unsigned_field(name, indexed=True, fast=True, stored=name == "page")
    return builder.build()


class EmbeddedEngine:
    """The tantivy engine over the folder `path`."""

    def __init__(self, *, path: str) -> None:
        self._root = Path(path)
        self._schema = _schema()
        self._opened: tuple[str, tantivy.Index] | None = None

    def put(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        """Replace a document's entries in one commit. The caller holds back stale writes: see search.actions."""
        with locks.named("search-writer"):
            writer = self._index().writer(HEAP_BYTES, 1)
            writer.delete_documents_by_query(Query.term_query(self._schema, "document", document))
            for entry in entries:
                writer.add_document(_as_document(entry))
            writer.commit()
            writer.wait_merging_threads()

    def find(self, request: Request) -> Found:
        index = self._index()
        index.reload()
        searcher = index.searcher()
        query = self._whole(request)
        result = _searched(searcher, query, request)
        matches = []
        for score, address in result.hits:
            stored = searcher.doc(address)
            score = score if request.sort is Sort.RELEVANCE else 0.0
            matches.append(Match(str(stored["document"][0]), int(stored["page"][0]), float(score)))
        documents, facets = _counted(searcher, query, request.facets, _count(result))
        return Found(tuple(matches), _count(result), documents, facets)

    def state(self) -> EngineState:
        try:
            searcher = self._index().searcher()
        except (OSError, ValueError) as error:
            return EngineState(False, 0, f"The index folder cannot be opened ({error}). Run `make reindex`.")
        return EngineState(True, searcher.num_docs, f"tantivy, {searcher.num_segments} segments")

    @contextmanager
    def rebuilding(self) -> Iterator[Build]:
        fresh = self._root / f"{VERSION}-{self._next_generation()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        writer = tantivy.Index(self._schema, path=str(fresh)).writer(BUILD_HEAP_BYTES, 1)
        try:
            yield _FolderBuild(writer, self._schema)
            writer.commit()
            writer.wait_merging_threads()
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        with locks.named("search-writer"):
            old = self._current().name
            self._point_at(fresh.name)
        shutil.rmtree(self._root / old, ignore_errors=True)

    def _index(self) -> tantivy.Index:
        """The live index, opened once per process and again after a rebuild has swapped it."""
        name = self._current().name
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

    def _current(self) -> Path:
        pointer = self._root / "current"
        if not pointer.exists():
            self._root.mkdir(parents=True, exist_ok=True)
            self._point_at(f"{VERSION}-0")
        return self._root / pointer.read_text()

    def _point_at(self, name: str) -> None:
        fresh = self._root / "current.new"
        fresh.write_text(name)
        fresh.replace(self._root / "current")

    def _next_generation(self) -> int:
        return int(self._current().name.rpartition("-")[2]) + 1

    def _whole(self, request: Request) -> Query:
        parts = [(Occur.Must, self._tree(request.tree)), (Occur.Must, self._allowed(request))]
        parts += [(Occur.Must, one) for one in self._filtered(request)]
        if request.only_documents is not None:
            parts.append((Occur.Must, Query.const_score_query(self._any("document", request.only_documents), 0.0)))
        for field, values in (
            ("cases", request.scope.excluded_cases | request.without_cases),
            ("document", request.without_documents),
        ):
            if values:
                parts.append((Occur.MustNot, self._any(field, values)))
        return Query.boolean_query(parts)

    def _allowed(self, request: Request) -> Query:
        ways = [
            self._way_in(one.places, one.max_rank, one.sealed, request.scope.named_documents)
            for one in request.scope.alternatives
            if one.places
        ]
        whole = Query.boolean_query([(Occur.Should, one) for one in ways]) if ways else Query.empty_query()
        return Query.const_score_query(whole, 0.0)

    def _way_in(self, places: frozenset[str], rank: int, sealed: bool, named: frozenset[str]) -> Query:
        parts = [(Occur.Must, self._any("places", places)), (Occur.Must, self._between("rank", None, rank))]
        if not sealed:
            is_open = [(Occur.Should, Query.term_query(self._schema, "sealed", 0))]
            if named:
                is_open.append((Occur.Should, self._any("document", named)))
            parts.append((Occur.Must, Query.boolean_query(is_open)))
        return Query.boolean_query(parts)

    def _filtered(self, request: Request) -> Iterator[Query]:
        given = request.filters
        for field, value in (
            ("cases", given.case),
            ("references", given.reference),
            ("courts", given.court),
            ("sections", given.section),
            ("type", given.type),
            ("parties", given.party),
        ):
            if value is not None:
                yield Query.const_score_query(self._any(field, {value}), 0.0)
        for field, low, high in (
            ("dated", _ordinal(given.dated_from), _ordinal(given.dated_to)),
            ("filed", _ordinal(given.filed_from), _ordinal(given.filed_to)),
            ("rank", given.classification, given.classification),
        ):
            if low is not None or high is not None:
                least = 1 if field == "dated" and low is None else low  # 0 stands for "not dated"
                yield Query.const_score_query(self._between(field, least, high), 0.0)

    def _tree(self, part: Part) -> Query:
        match part:
            case All(parts):
                return self._all(parts)
            case Either(parts):
                return Query.boolean_query([(Occur.Should, self._tree(one)) for one in parts])
            case Not(inner):
                return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, self._tree(inner))])
            case InField() | InRange() | OnCases():
                return Query.const_score_query(self._told(part), 0.0)
            case Prefix(term):
                return Query.regex_query(self._schema, "body", f"{term}.*")  # a term is letters and digits only
            case Fuzzy(term):
                return Query.fuzzy_term_query(self._schema, "body", term, distance_for(term))
            case Word() | Phrase() | Mark() | Near():
                return self._either([self._way(one) for one in ways(part)])

    def _all(self, parts: Sequence[Part]) -> Query:
        if not parts:
            return Query.const_score_query(Query.all_query(), 0.0)
        whole = [
            (Occur.MustNot, self._tree(one.part)) if isinstance(one, Not) else (Occur.Must, self._tree(one))
            for one in parts
        ]
        if all(isinstance(one, Not) for one in parts):
            whole.append((Occur.Must, Query.all_query()))
        whole += [(Occur.Should, one) for one in self._titled(parts)]
        return Query.boolean_query(whole)

    def _titled(self, parts: Sequence[Part]) -> Iterator[Query]:
        """What a word in the title adds to a page that matches anyway."""
        for one in parts:
            if isinstance(one, Word):
                yield Query.boost_query(Query.term_query(self._schema, "title", one.term), TITLE)

    def _either(self, several: Sequence[Query]) -> Query:
        if len(several) == 1:
            return several[0]
        return Query.disjunction_max_query(several, TIE_BREAKER)

    def _way(self, way: Way) -> Query:
        found = (
            Query.term_query(self._schema, way.field, way.terms[0])
            if len(way.terms) == 1
            else Query.phrase_query(self._schema, way.field, list(way.terms), way.apart)
        )
        return Query.boost_query(found, way.weight)

    def _told(self, part: InField | InRange | OnCases) -> Query:
        match part:
            case OnCases(cases):
                return self._any("cases", cases)
            case InRange(name, low, high):
                least = 1 if name is RangeName.DATED and low is None else low  # 0 stands for "not dated"
                return self._between(name.value, least, high)
            case InField(field, value) if field in TERMED:
                found = [Query.term_query(self._schema, TERMED[field], term) for term in terms(value)]
                return Query.boolean_query([(Occur.Must, one) for one in found]) if found else Query.empty_query()
            case InField(field, value):
                return self._any(FIELD_OF[field], spellings(value))

    def _any(self, field: str, values: Iterable[str]) -> Query:
        return Query.term_set_query(self._schema, field, sorted(values))

    def _between(self, field: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self._schema, field, tantivy.FieldType.Unsigned, low, high)


class _FolderBuild:
    def __init__(self, writer: tantivy.IndexWriter, schema: tantivy.Schema) -> None:
        self._writer, self._schema = writer, schema

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        for _, entry in entries:
            self._writer.add_document(_as_document(entry))

    def replace(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        self._writer.delete_documents_by_query(Query.term_query(self._schema, "document", document))
        self.add((seq, entry) for entry in entries)


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
    answer = searcher.aggregate(query, asked)
    told: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
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


def _as_document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("body", " ".join(entry.body))
    document.add_text("stems", " ".join(map(stem, entry.body)))
    if is_welsh(entry.language):
        document.add_text("welsh", " ".join(one for term in entry.body for one in stems(term)))
    if Trait.UNCLEAR in entry.traits:
        document.add_text("shapes", " ".join(map(shape, entry.body)))
    if entry.marks:
        document.add_text("marks", " ".join(entry.marks))
    document.add_text("title", " ".join(entry.title))
    document.add_text("filed_by", " ".join(entry.filed_by))
    for name, values in keywords_of(entry).items():
        for value in values:
            document.add_text(name, value)
    for name, number in (
        ("number", UUID(entry.document).int >> 65),  # counts documents faster than their names would
        ("page", entry.page),
        ("rank", entry.rank),
        ("sealed", int(entry.sealed)),
        ("filed", entry.filed),
        ("dated", entry.dated),
        ("moment", entry.moment << PAGE_BITS | min(entry.page, LAST_PAGE)),
        ("newest", entry.moment << PAGE_BITS | LAST_PAGE - min(entry.page, LAST_PAGE)),
    ):
        document.add_unsigned(name, number)
    return document


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None
