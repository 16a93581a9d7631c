"""Questions and query trees in the embedded engine's own terms."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import tantivy
from tantivy import Occur, Query

from docstore.search.engine import FIELD_OF, TERMED, Request, spellings
from docstore.search.matching import distance_for
from docstore.search.text import terms
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
    Word,
)
from docstore.search.ways import TIE_BREAKER, TITLE, Way, ways


class Asking:
    """Makes queries over one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def whole(self, request: Request) -> Query:
        parts = [(Occur.Must, self.tree(request.tree)), (Occur.Must, self._allowed(request))]
        parts += [(Occur.Must, one) for one in self._filtered(request)]
        if request.only_documents is not None:
            parts.append((Occur.Must, Query.const_score_query(self.any_of("document", request.only_documents), 0.0)))
        for field, values in (
            ("cases", request.scope.excluded_cases | request.without_cases),
            ("document", request.without_documents),
        ):
            if values:
                parts.append((Occur.MustNot, self.any_of(field, values)))
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
        parts = [(Occur.Must, self.any_of("places", places)), (Occur.Must, self._between("rank", None, rank))]
        if not sealed:
            is_open = [(Occur.Should, Query.term_query(self._schema, "sealed", 0))]
            if named:
                is_open.append((Occur.Should, self.any_of("document", named)))
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
                yield Query.const_score_query(self.any_of(field, {value}), 0.0)
        for field, low, high in (
            ("dated", _ordinal(given.dated_from), _ordinal(given.dated_to)),
            ("filed", _ordinal(given.filed_from), _ordinal(given.filed_to)),
            ("rank", given.classification, given.classification),
        ):
            if low is not None or high is not None:
                least = 1 if field == "dated" and low is None else low  # 0 stands for "not dated"
                yield Query.const_score_query(self._between(field, least, high), 0.0)

    def tree(self, part: Part) -> Query:
        match part:
            case All(parts):
                return self._all(parts)
            case Either(parts):
                return Query.boolean_query([(Occur.Should, self.tree(one)) for one in parts])
            case Not(inner):
                return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, self.tree(inner))])
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
        words = [one for one in parts if isinstance(one, Word)]
        whole = [
            (Occur.MustNot, self.tree(one.part)) if isinstance(one, Not) else (Occur.Must, self._titled(one, words))
            for one in parts
        ]
        if all(isinstance(one, Not) for one in parts):
            whole.append((Occur.Must, Query.all_query()))
        if len(words) > 1:
            on_page = [(Occur.Should, self.tree(one)) for one in words]
            whole.append((Occur.Must, Query.const_score_query(Query.boolean_query(on_page), 0.0)))
        return Query.boolean_query(whole)

    def _titled(self, part: Part, words: Sequence[Word]) -> Query:
        """One of several words may stand in the title alone, as long as another is on the page; there it also adds."""
        if not isinstance(part, Word):
            return self.tree(part)
        title = Query.boost_query(Query.term_query(self._schema, "title", part.term), TITLE)
        if len(words) == 1:
            return Query.boolean_query([(Occur.Must, self.tree(part)), (Occur.Should, title)])
        return Query.boolean_query([(Occur.Should, self.tree(part)), (Occur.Should, title)])

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
                return self.any_of("cases", cases)
            case InRange(name, low, high):
                least = 1 if name is RangeName.DATED and low is None else low  # 0 stands for "not dated"
                return self._between(name.value, least, high)
            case InField(field, value) if field in TERMED:
                found = [Query.term_query(self._schema, TERMED[field], term) for term in terms(value)]
                return Query.boolean_query([(Occur.Must, one) for one in found]) if found else Query.empty_query()
            case InField(field, value):
                return self.any_of(FIELD_OF[field], spellings(value))

    def pages(self) -> Query:
        """Everything that is a page, and not the mark of a document that was taken out."""
        return self._between("page", 1, None)

    def any_of(self, field: str, values: Iterable[str]) -> Query:
        return Query.term_set_query(self._schema, field, sorted(values))

    def _between(self, field: str, low: int | None, high: int | None) -> Query:
        return Query.range_query(self._schema, field, tantivy.FieldType.Unsigned, low, high)


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None
