"""What both engines promise: finding, counting, replacing, rebuilding."""

from dataclasses import replace
from datetime import date

import pytest

from docstore.search.engine import Engine, FacetName, Filters, Sort
from docstore.search.engines.embedded import EmbeddedEngine
from docstore.search.engines.opensearch import OpenSearchEngine
from docstore.search.text import terms
from docstore.search.tree import All, OnCases
from tests.search.making import ask, document_id, entry, fill, places_of

A, B, C = document_id("a"), document_id("b"), document_id("c")


def test_an_empty_index_answers(engine: Engine) -> None:
    found = ask(engine, "knife", facets=tuple(FacetName))

    assert (found.pages, found.documents, found.matches) == (0, 0, ())
    assert all(found.facets[name] == () for name in FacetName)
    assert engine.state().well


@pytest.mark.parametrize("case_ids", [frozenset({document_id("case")}), frozenset({document_id("other")}), frozenset()])
def test_cases_can_be_named_by_their_ids(engine: Engine, case_ids: frozenset[str]) -> None:
    fill(engine, entry("a", 1, "knife"))

    found = ask(engine, tree=All((OnCases(case_ids),)))

    assert found.pages == (1 if document_id("case") in case_ids else 0)


def test_a_phrase_never_runs_over_to_the_next_page(engine: Engine) -> None:
    fill(engine, entry("a", 1, "he saw the red"), entry("a", 2, "car go by"))

    assert ask(engine, '"red car"').pages == 0


def test_exact_words_come_before_other_forms_of_them(engine: Engine) -> None:
    fill(engine, entry("a", 1, "many statements were taken"), entry("b", 1, "one statement was taken"))

    assert places_of(ask(engine, "statement")) == [(B, 1), (A, 1)]
    assert places_of(ask(engine, "statements")) == [(A, 1), (B, 1)]


def test_pages_and_documents_are_counted_apart(engine: Engine) -> None:
    fill(engine, *(entry("a", page, "knife") for page in range(1, 6)), entry("b", 1, "knife"))

    found = ask(engine, "knife", limit=2)

    assert (found.pages, found.documents, len(found.matches)) == (6, 2, 2)


@pytest.mark.requirement("DOM-4.3")
def test_facets_count_documents(engine: Engine) -> None:
    other = {"courts": frozenset({"SFT"}), "type": "order", "year": "2025", "cases": frozenset({document_id("other")})}
    fill(
        engine, entry("a", 1, "knife"), entry("a", 2, "knife"), entry("b", 1, "knife"), entry("c", 1, "knife", **other)
    )

    found = ask(engine, "knife", facets=tuple(FacetName))

    assert found.facets[FacetName.COURT] == (("NGT", 2), ("SFT", 1))
    assert found.facets[FacetName.TYPE] == (("statement", 2), ("order", 1))
    assert found.facets[FacetName.YEAR] == (("2026", 2), ("2025", 1))
    assert found.facets[FacetName.SECTION] == (("statements", 3),)
    assert found.facets[FacetName.PARTY] == (("Ann Ash", 3),)
    assert dict(found.facets[FacetName.CASE]) == {document_id("case"): 2, document_id("other"): 1}


def test_the_commonest_documents_lead_a_facet_not_the_longest(engine: Engine) -> None:
    fill(
        engine,
        *(entry("a", page, "knife", type="order") for page in range(1, 9)),
        entry("b", 1, "knife"),
        entry("c", 1, "knife"),
    )

    assert ask(engine, "knife", facets=(FacetName.TYPE,)).facets[FacetName.TYPE] == (("statement", 2), ("order", 1))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {A, B, C}),
        (Filters(case=document_id("case")), {A, B}),
        (Filters(court="SFT"), {C}),
        (Filters(section="statements"), {A, B, C}),
        (Filters(section="orders"), set()),
        (Filters(type="order"), {C}),
        (Filters(party="Ann Ash"), {A, B, C}),
        (Filters(reference="12AB3456789"), {A, B, C}),
        (Filters(classification=1), {B}),
        (Filters(dated_from=date(2026, 3, 2)), {A}),
        (Filters(dated_to=date(2026, 3, 1)), {C}),
        (Filters(dated_from=date(2026, 3, 1), dated_to=date(2026, 3, 2)), {A, C}),
        (Filters(filed_from=date(2026, 3, 3)), {C}),
        (Filters(filed_to=date(2026, 3, 2)), {A, B}),
    ],
)
def test_filters_narrow(engine: Engine, filters: Filters, expected: set[str]) -> None:
    fill(
        engine,
        entry("a", 1, "knife"),
        entry("b", 1, "knife", rank=1, dated=0),
        entry(
            "c",
            1,
            "knife",
            courts=frozenset({"SFT"}),
            cases=frozenset({document_id("other")}),
            type="order",
            dated=date(2026, 3, 1).toordinal(),
            filed=date(2026, 3, 3).toordinal(),
        ),
    )

    found = ask(engine, "knife", filters=filters)

    assert {document for document, _ in places_of(found)} == expected
    assert (found.documents, found.pages) == (len(expected), len(expected))


def test_newest_and_oldest_go_by_the_day_of_filing(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife", filed=10), entry("b", 1, "knife", filed=30), entry("c", 1, "knife", filed=20))

    assert [document for document, _ in places_of(ask(engine, "knife", sort=Sort.NEWEST))] == [B, C, A]
    assert [document for document, _ in places_of(ask(engine, "knife", sort=Sort.OLDEST))] == [A, C, B]


@pytest.mark.parametrize("sort", list(Sort))
def test_paging_through_equals_gives_every_page_once(engine: Engine, sort: Sort) -> None:
    """Hits that nothing tells apart still have one order, or pages of results would repeat some and lose others."""
    everything = [entry(f"d{at}", page, "knife") for at in range(12) for page in (1, 2, 3)]
    fill(engine, *everything)

    seen = [
        one for offset in range(0, 40, 5) for one in places_of(ask(engine, "knife", sort=sort, offset=offset, limit=5))
    ]

    assert len(seen) == 36
    assert set(seen) == {(one.document, one.page) for one in everything}


def test_what_is_put_is_found_by_the_next_search(engine: Engine) -> None:
    for seq in range(1, 6):
        engine.put(A, seq, [entry("a", 1, f"word{seq}")])
        assert ask(engine, f"word{seq}").pages == 1
        assert ask(engine, f"word{seq - 1}").pages == 0


def test_a_shorter_version_leaves_no_page_behind(engine: Engine) -> None:
    engine.put(A, 1, [entry("a", page, "knife") for page in range(1, 6)])
    engine.put(A, 2, [entry("a", page, "knife") for page in (1, 2)])

    assert sorted(places_of(ask(engine, "knife"))) == [(A, 1), (A, 2)]


def test_no_entries_removes_a_document_and_no_other(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"), entry("b", 1, "knife"))

    engine.put(A, 2, [])

    assert places_of(ask(engine, "knife")) == [(B, 1)]


@pytest.mark.requirement("REL-33")
def test_repeating_a_put_changes_nothing(engine: Engine) -> None:
    for _ in range(3):
        engine.put(A, 7, [entry("a", page, "knife") for page in (1, 2)])

    assert sorted(places_of(ask(engine, "knife"))) == [(A, 1), (A, 2)]


@pytest.mark.requirement("REL-34")
def test_an_old_write_long_after_a_removal_does_not_bring_a_document_back(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"), entry("b", 1, "knife"), seq=5)
    engine.put(A, 6, [])
    forget_deletions(engine)

    engine.put(A, 5, [entry("a", 1, "knife")])

    assert places_of(ask(engine, "knife")) == [(B, 1)]
    engine.put(A, 7, [entry("a", 1, "knife")])
    assert ask(engine, "knife").pages == 2


def forget_deletions(engine: Engine) -> None:
    """Have the engine forget what it knows of deletions by itself, as time would."""
    if isinstance(engine, OpenSearchEngine):
        client, name = engine._client, engine._alias
        client.indices.put_settings(index=name, body={"index": {"gc_deletes": "0s"}})
        client.indices.refresh(index=name)


@pytest.mark.requirement("REL-33")
def test_an_older_write_of_a_document_that_is_there_changes_nothing(engine: Engine) -> None:
    engine.put(A, 9, [entry("a", 1, "knife")])
    engine.put(A, 8, [entry("a", 1, "spoon")])

    assert places_of(ask(engine, "knife")) == [(A, 1)]


def test_it_says_what_it_holds(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"), entry("a", 2, "knife"), entry("b", 1, "knife"), seq=3)
    engine.put(B, 4, [])

    held = dict(engine.held(A[:2])) | dict(engine.held(B[:2]))

    assert held == {A: (2, 3), B: (0, 4)}
    assert engine.held("zz") == {}
    assert engine.state().pages == 2


@pytest.mark.parametrize("way", ["expunge", "rebuild"])
def test_what_is_deleted_leaves_the_files(engine: Engine, way: str) -> None:
    fill(engine, entry("a", 1, "quixotic zugzwang"), *(entry(f"d{at}", 1, "knife") for at in range(5)))
    engine.put(A, 2, [])

    if way == "rebuild" or not engine.expunge():
        with engine.rebuilding() as build:
            build.add((1, entry(f"d{at}", 1, "knife")) for at in range(5))

    assert engine.state().leftovers == 0
    assert engine.expunge()
    assert ask(engine, "knife").pages == 5
    if isinstance(engine, EmbeddedEngine):
        index = engine._index()
        index.reload()
        in_files = {word: index.searcher().doc_freq("body", word) for word in ("knife", "zugzwang")}
        assert in_files == {"knife": 5, "zugzwang": 0}  # the dictionary of the files, deleted entries included


def test_rights_change_with_the_entry(engine: Engine) -> None:
    engine.put(A, 1, [entry("a", 1, "knife")])
    engine.put(A, 2, [replace(entry("a", 1, "knife"), places=frozenset({"elsewhere"}))])

    assert ask(engine, "knife").pages == 0


def test_many_documents_are_counted_exactly(engine: Engine) -> None:
    with engine.rebuilding() as build:
        build.add((1, entry(f"d{at}", 1, "knife")) for at in range(2000))

    found = ask(engine, "knife", facets=(FacetName.COURT,))

    assert (found.pages, found.documents) == (2000, 2000)
    assert found.facets[FacetName.COURT] == (("NGT", 2000),)


@pytest.mark.requirement("DOM-4.6")
def test_a_new_index_takes_over_in_one_step(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"), entry("b", 1, "knife"))

    with engine.rebuilding() as build:
        build.add([(1, entry("c", 1, "knife"))])
        assert {document for document, _ in places_of(ask(engine, "knife"))} == {A, B}

    assert places_of(ask(engine, "knife")) == [(C, 1)]
    engine.put(A, 2, [entry("a", 1, "knife")])
    assert {document for document, _ in places_of(ask(engine, "knife"))} == {A, C}


def test_a_failed_rebuild_leaves_the_old_index(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"))

    def fail_midway() -> None:
        with engine.rebuilding() as build:
            build.add([(1, entry("c", 1, "knife"))])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()

    assert places_of(ask(engine, "knife")) == [(A, 1)]


def test_a_long_page_is_searched_to_its_end(engine: Engine) -> None:
    text = " ".join(f"filler{at}" for at in range(20_000)) + " the very last words"
    fill(engine, replace(entry("a"), body=terms(text)))

    assert ask(engine, '"very last words"').pages == 1


def test_many_documents_are_taken_out_in_one_go_and_what_is_newer_stays(engine: Engine) -> None:
    fill(engine, entry("a", 1, "knife"), entry("a", 2, "knife"), entry("b", 1, "knife"))
    engine.put(C, 9, [entry("c", 1, "knife")])
    nobody = document_id("unknown")
    assert engine.take_out({A: 5, B: 5, C: 5, nobody: 5}) == {A: 0, B: 0, C: 1, nobody: 0}
    assert places_of(ask(engine, "knife")) == [(C, 1)]
    engine.put(A, 4, [entry("a", 1, "knife")])  # a writer that comes late
    assert places_of(ask(engine, "knife")) == [(C, 1)]
    assert engine.take_out({A: 5}) == {A: 0}  # and again
