"""What OpenSearch alone has to keep: refuse what is late, and answer alike from several shards."""

import uuid
from collections.abc import Iterator

import pytest

from docstore.search.engines.opensearch import OpenSearchEngine, _bulk, _lines
from docstore.search.engines.opensearch_asking import source_of
from tests.search.conftest import opensearch_url
from tests.search.making import ask, document_id, entry, fill, places_of
from tests.search.test_engine_contract import forget_deletions

pytestmark = pytest.mark.services
A, B = document_id("a"), document_id("b")


@pytest.mark.requirement("REL-34")
@pytest.mark.parametrize("left", [(), (1, 2)])
def test_the_engine_itself_refuses_a_late_write(opensearch: OpenSearchEngine, left: tuple[int, ...]) -> None:
    """A writer that looked long ago and ends right after writing: no code of ours comes after it to put things right."""
    before = [entry("a", page, "knife") for page in range(1, 6)]
    opensearch.put(A, 5, before)
    opensearch.put(A, 6, [entry("a", page, "spoon") for page in left])
    forget_deletions(opensearch)

    late = [line for one in before for line in _lines(one.page, 5, source_of(5, one))]
    _bulk(opensearch._client, opensearch._alias, late, refresh="true")

    assert ask(opensearch, "knife").pages == 0
    assert sorted(places_of(ask(opensearch, "spoon"))) == [(A, page) for page in left]
    assert opensearch.held(A) == {A: (len(left), 6)}


@pytest.fixture
def sharded() -> Iterator[OpenSearchEngine]:
    engine = OpenSearchEngine(url=opensearch_url(), alias=f"test-{uuid.uuid4().hex[:12]}", shards=3)
    yield engine
    engine.drop()


def test_several_shards_answer_as_one(opensearch: OpenSearchEngine, sharded: OpenSearchEngine) -> None:
    papers = [entry(f"d{at}", page, "knife " * (at + 1) + "lane") for at in range(12) for page in (1, 2)]
    for engine in (opensearch, sharded):
        fill(engine, *papers)
        engine.put(document_id("d3"), 2, [])
        engine.put(document_id("d4"), 2, [entry("d4", 1, "spoon")])
    told = [ask(engine, "knife lane", limit=50) for engine in (opensearch, sharded)]

    names = sharded._client.indices.get(index=sharded._alias)
    assert [one["settings"]["index"]["number_of_shards"] for one in names.values()] == ["3"]
    assert places_of(told[0]) == places_of(told[1])
    assert (told[1].pages, told[1].documents) == (20, 10)
    with sharded.rebuilding() as build:
        build.add((1, one) for one in papers)
        build.replace(document_id("d5"), 2, [])
    assert ask(sharded, "knife").pages == 22
    assert sharded.held(document_id("d5"))[document_id("d5")] == (0, 2)
