"""No search tells of what its scope does not admit: both engines against the rule itself, ScopeFilter.admits."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docstore.cases.scope import Alternative, ScopeFilter
from docstore.search.engine import Engine, Entry, FacetName
from tests.search.making import ask, document_id, entry, fill, places_of, scope

PLACES = ["c:1:1", "c:1:2", "c:2:1", "m:x:1:", "m:x:1:side:defence", "m:y:2:party:1"]
CASES = [document_id(name) for name in ("x", "y", "z")]
NAMES = [f"d{at}" for at in range(8)]
IDS = [document_id(name) for name in NAMES]


def some(values: list[str], *, least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), min_size=least, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> list[Entry]:
    """A few documents of one or two pages, guarded in every way there is."""
    entries = []
    for name in NAMES:
        guarded = {
            "places": draw(some(PLACES)),
            "cases": draw(some(CASES, least=1)),
            "rank": draw(st.integers(0, 2)),
            "sealed": draw(st.booleans()),
            "type": draw(st.sampled_from(["order", "statement"])),
        }
        entries += [entry(name, page, "knife", **guarded) for page in range(1, draw(st.integers(1, 2)) + 1)]
    return entries


alternatives = st.builds(Alternative, some(PLACES), st.integers(0, 2), st.booleans())
scopes = st.builds(ScopeFilter, st.lists(alternatives, max_size=3).map(tuple), some(IDS), some(CASES))


def admitted(one: Entry, by: ScopeFilter, hidden_documents: frozenset[str], hidden_cases: frozenset[str]) -> bool:
    allowed = by.admits(document=one.document, places=one.places, cases=one.cases, rank=one.rank, sealed=one.sealed)
    return allowed and one.document not in hidden_documents and not one.cases & hidden_cases


@pytest.mark.requirement("SEC-4", "SEC-6", "DOM-4.4")
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(entries=documents(), asked=st.lists(st.tuples(scopes, some(IDS), some(CASES)), min_size=6, max_size=6))
def test_hits_counts_and_facets_are_those_of_the_rule(
    engine: Engine, entries: list[Entry], asked: list[tuple[ScopeFilter, frozenset[str], frozenset[str]]]
) -> None:
    with engine.rebuilding() as build:
        build.add((1, one) for one in entries)

    for by, hidden_documents, hidden_cases in asked:
        expected = [one for one in entries if admitted(one, by, hidden_documents, hidden_cases)]
        for query in ("knife", "", "kni*", "-spoon"):
            found = ask(
                engine,
                query,
                scope=by,
                without_documents=hidden_documents,
                without_cases=hidden_cases,
                facets=(FacetName.TYPE,),
                limit=100,
            )

            assert sorted(places_of(found)) == sorted((one.document, one.page) for one in expected)
            assert found.pages == len(expected)
            assert found.documents == len({one.document for one in expected})
            types = Counter({one.document: one.type for one in expected}.values())
            assert dict(found.facets[FacetName.TYPE]) == dict(types)


@pytest.mark.requirement("SEC-4", "DOM-4.4")
def test_the_empty_scope_finds_nothing(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"))
    nobody = ScopeFilter((), frozenset(), frozenset())

    found = ask(engine, "knife", scope=nobody, facets=tuple(FacetName))

    assert (found.matches, found.pages, found.documents) == ((), 0, 0)
    assert all(values == () for values in found.facets.values())


@pytest.mark.requirement("SEC-4")
def test_a_named_document_still_has_to_be_reached(engine: Engine) -> None:
    fill(
        engine,
        entry("a", 1, "knife", sealed=True),
        entry("b", 1, "knife", sealed=True, places=frozenset({"elsewhere"})),
    )
    named = [document_id("a"), document_id("b")]

    found = ask(engine, "knife", scope=scope(sealed=False, named=named))

    assert places_of(found) == [(document_id("a"), 1)]
