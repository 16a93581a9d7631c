"""A search engine that is down, hangs or has lost its index: told soon and in plain words, and nothing else stops."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from docstore.cases.scope import Scope
from docstore.core import clock
from docstore.core.jobs import Job, JobName, lease
from docstore.documents import actions as documents
from docstore.documents.queries import get_document
from docstore.search import actions
from docstore.search.drift import check_slice
from docstore.search.engine import SearchIsDown
from docstore.search.engines.embedded import EmbeddedEngine
from docstore.search.engines.opensearch import OpenSearchEngine
from docstore.search.queries import index_health, search
from tests.api.client import Api, drain
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind
from tests.search.making import ask, document_id, entry
from tests.web.test_pages import signed_in
from workers.pipeline import carry_out

A = document_id("a")
TOLD_WITHIN_SECONDS = 8


@pytest.fixture
def hanging() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """An address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(params=["hanging", "closed"])
def down(request: pytest.FixtureRequest) -> OpenSearchEngine:
    return OpenSearchEngine(url=request.getfixturevalue(request.param))


@pytest.mark.requirement("DOM-4.8")
def test_an_engine_that_does_not_answer_is_told_soon(down: OpenSearchEngine) -> None:
    begun = clock.monotonic()

    with pytest.raises(SearchIsDown) as told:
        ask(down, "knife")

    assert clock.monotonic() - begun < TOLD_WITHIN_SECONDS
    assert told.value.status == 503
    assert told.value.retryable
    with pytest.raises(SearchIsDown):
        down.put(A, 1, [entry("a")])
    assert not down.state().well


@pytest.mark.requirement("REL-31", "DOM-4.8")
def test_filing_goes_on_and_the_index_catches_up(
    courts: TwoCourts, closed: str, embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = OpenSearchEngine(url=closed)
    stand_behind(monkeypatch, broken)
    judge = courts.actor("judge")

    document = courts.file("At 14 Hawthorn Lane.")
    jobs = Job.objects.filter(name=JobName.SEARCH_INDEX)
    carry_out(_leased(jobs.get()))

    assert get_document(Scope.of(judge), document.pk) == document
    with pytest.raises(SearchIsDown):
        search(by=judge, query="hawthorn")
    assert jobs.waiting().count() == 1

    stand_behind(monkeypatch, embedded)
    jobs.update(not_before=0)
    carry_out(_leased(jobs.get()))

    assert jobs.waiting().count() == 0
    assert search(by=judge, query="hawthorn").pages == 1


@pytest.mark.requirement("DOM-S10")
@pytest.mark.django_db(transaction=True)
def test_a_court_works_on_while_search_is_stopped_and_finds_all_when_it_is_back(
    courts: TwoCourts, closed: str, embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_behind(monkeypatch, embedded)
    clerk, paper = signed_in(courts, "clerk"), courts.file("At 14 Hawthorn Lane.")
    drain()
    before = search(by=courts.actor("clerk"), query="hawthorn").pages

    stand_behind(monkeypatch, OpenSearchEngine(url=closed))
    places = (
        reverse("day"),
        reverse("case", args=[courts.case.pk]),
        reverse("page", args=[paper.pk, 1]),
    )
    assert [clerk.get(place).status_code for place in places] == [200, 200, 200]
    asked = Api(courts, "clerk").post("search", {"query": "hawthorn"})
    assert (asked.status_code, asked.json()["code"]) == (503, SearchIsDown.code)
    late = courts.file("Hawthorn Lane again.", "And Hawthorn Close.")
    for _ in range(6):  # an outage is no attempt, however long it lasts
        drain()
        Job.objects.update(not_before=0)

    stand_behind(monkeypatch, embedded)
    drain()
    assert (before, search(by=courts.actor("clerk"), query="hawthorn").pages) == (1, 3)
    assert [check_slice(one.pk.int >> 120) for one in (paper, late)] == [0, 0]
    assert (index_health().drifted, index_health().waiting) == (0, 0)


@pytest.mark.requirement("REL-32")
def test_a_lost_index_is_built_again_from_the_database(
    courts: TwoCourts, embedded: EmbeddedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_behind(monkeypatch, embedded)
    judge = courts.actor("judge")
    for at in range(5):
        actions.index(courts.file("Hawthorn Lane", f"page two of paper {at}").pk)
    before = [(hit.document, hit.page) for hit in search(by=judge, query="hawthorn OR paper").hits]

    shutil.rmtree(tmp_path / "index")
    fresh = EmbeddedEngine(path=str(tmp_path / "index"))
    stand_behind(monkeypatch, fresh)
    assert actions.rebuild(by=judge) == (5, 10)

    after = [(hit.document, hit.page) for hit in search(by=judge, query="hawthorn OR paper").hits]
    assert len(before) == 10
    assert sorted(after) == sorted(before)


@pytest.mark.requirement("REL-33")
def test_late_and_repeated_work_leaves_what_the_database_says(
    courts: TwoCourts, embedded: EmbeddedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_behind(monkeypatch, embedded)
    document, clerk = courts.file("Hawthorn Lane"), courts.actor("clerk")
    actions.index(document.pk)
    document.refresh_from_db()
    documents.withdraw(by=clerk, document_id=document.pk, seen=document.etag, reason="filed by mistake")

    for _ in range(3):
        actions.index(document.pk)
        actions.index_case(courts.case.pk)
    Job.objects.all().delete()

    assert search(by=clerk, query="hawthorn").pages == 0


def _leased(job: Job) -> Job:
    leased = lease(owner="test", only=job)
    assert leased is not None
    return leased
