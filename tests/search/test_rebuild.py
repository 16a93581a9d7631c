"""The index is built anew while people change and search: nothing is lost, nothing comes back, one step swaps it."""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from docstore.access.actor import system
from docstore.core import clock
from docstore.core.jobs import Job
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.search import actions
from docstore.search.engine import Build, Engine, Entry
from docstore.search.engines.embedded import EmbeddedEngine
from docstore.search.models import IndexState
from docstore.search.queries import Filters, search
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind
from tests.search.making import ask, document_id, entry, fill, places_of

WRITERS, EACH = 3, 6


class Meddled:
    """An engine whose new index is nearly full when somebody changes documents."""

    def __init__(self, engine: Engine, meddle: list[Document], courts: TwoCourts) -> None:
        self.engine, self.meddle, self.courts = engine, meddle, courts

    def __getattr__(self, name: str) -> object:
        return getattr(self.engine, name)

    @contextmanager
    def rebuilding(self, begun: str | None = None) -> Iterator[Build]:
        with self.engine.rebuilding(begun) as build:
            yield _Late(build, self)

    def change(self) -> None:
        clerk = self.courts.actor("clerk")
        for document in self.meddle:
            document.refresh_from_db()
            documents.withdraw(by=clerk, document_id=document.pk, seen=document.etag, reason="filed by mistake")
            actions.index(document.pk)
        self.meddle.clear()
        actions.index(self.courts.file("late Hawthorn").pk)
        Job.objects.all().delete()


class _Late:
    def __init__(self, build: Build, owner: Meddled) -> None:
        self.build, self.owner, self.name = build, owner, build.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.build, name)

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        self.build.add(entries)
        if self.owner.meddle:
            self.owner.change()

    def replace(self, document: str, seq: int, entries: Sequence[Entry]) -> None:
        self.build.replace(document, seq, entries)


@pytest.mark.requirement("REL-35", "DOM-4.6")
def test_what_changes_during_a_rebuild_is_right_after_it(
    courts: TwoCourts, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = sorted((courts.file(f"Hawthorn {at}") for at in range(4)), key=lambda one: str(one.pk))
    meddled = Meddled(engine, [papers[0], papers[3]], courts)
    stand_behind(monkeypatch, meddled, finding=engine)
    for one in papers:
        actions.index(one.pk)

    actions.rebuild(by=system("tests"))

    found = search(by=courts.actor("clerk"), query="hawthorn", filters=Filters())
    assert {hit.document for hit in found.hits} >= {papers[1].pk, papers[2].pk}
    assert (found.pages, found.documents) == (3, 3)


@pytest.mark.requirement("REL-35")
def test_a_clock_that_was_set_back_makes_no_round_for_every_document(
    courts: TwoCourts, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(3):
        actions.index(courts.file(f"Hawthorn {at}").pk)
    IndexState.objects.update(applied_at=clock.now() + timedelta(days=400))
    again: list[str] = []
    watched = Meddled(engine, [], courts)
    monkeypatch.setattr(_Late, "replace", lambda self, document, seq, entries: again.append(document))
    stand_behind(monkeypatch, watched, finding=engine)
    actions.rebuild(by=system("tests"))
    assert again == []
    assert search(by=courts.actor("clerk"), query="hawthorn", filters=Filters()).documents == 3


def test_a_changed_document_is_replaced_in_the_new_index(engine: Engine) -> None:
    with engine.rebuilding() as build:
        build.add([(1, entry("a", page, "knife")) for page in (1, 2, 3)])
        build.add([(1, entry("b", 1, "knife")), (1, entry("c", 1, "knife"))])
        build.replace(document_id("a"), 2, [entry("a", 1, "spoon")])
        build.replace(document_id("b"), 2, [])

    assert places_of(ask(engine, "knife")) == [(document_id("c"), 1)]
    assert places_of(ask(engine, "spoon")) == [(document_id("a"), 1)]


def test_another_process_sees_the_new_index(tmp_path: Path, db: None) -> None:
    one, other = (EmbeddedEngine(path=str(tmp_path / "index")) for _ in range(2))
    fill(one, entry("a", 1, "knife"))
    assert ask(other, "knife").pages == 1

    with one.rebuilding() as build:
        build.add([(1, entry("b", 1, "knife"))])

    assert places_of(ask(other, "knife")) == [(document_id("b"), 1)]
    fill(other, entry("c", 1, "knife"))
    assert ask(one, "knife").pages == 2


class Stop(Exception):
    """What ends a rebuild in the middle."""


class Stopped:
    """An engine whose rebuild is stopped after so many documents."""

    def __init__(self, engine: Engine, after: int) -> None:
        self.engine, self.left, self.added = engine, after, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    @contextmanager
    def rebuilding(self, begun: str | None = None) -> Iterator[Build]:
        with self.engine.rebuilding(begun) as build:
            yield _Counted(build, self)


class _Counted:
    def __init__(self, build: Build, owner: Stopped) -> None:
        self.build, self.owner, self.name = build, owner, build.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.build, name)

    def add(self, entries: Iterable[tuple[int, Entry]]) -> None:
        if not self.owner.left:
            raise Stop
        self.build.add(entries)
        self.owner.left -= 1
        self.owner.added += 1


def test_an_interrupted_rebuild_goes_on_and_nothing_is_twice_or_missing(
    courts: TwoCourts, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(6):
        actions.index(courts.file(f"Hawthorn {at}").pk)
    monkeypatch.setattr("docstore.search.rebuild.CHECKPOINT_PAGES", 2)
    stand_behind(monkeypatch, Stopped(engine, after=5), finding=engine)
    with pytest.raises(Stop):
        actions.rebuild(by=system("tests"))
    withdrawn = Document.objects.order_by("pk").first()
    assert withdrawn is not None
    documents.withdraw(
        by=courts.actor("clerk"), document_id=withdrawn.pk, seen=withdrawn.etag, reason="filed by mistake"
    )
    second = Stopped(engine, after=100)
    stand_behind(monkeypatch, second, finding=engine)
    actions.index(withdrawn.pk)
    Job.objects.all().delete()

    assert actions.rebuild_if_needed()

    assert second.added == 2  # the first four were noted, the fifth was not
    found = search(by=courts.actor("clerk"), query="hawthorn", filters=Filters())
    assert (found.pages, found.documents) == (5, 5)
    assert not actions.rebuild_if_needed()


@pytest.mark.requirement("REL-32")
def test_a_lost_index_is_built_again_with_equal_results(
    courts: TwoCourts, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_behind(monkeypatch, engine)
    for at in range(4):
        actions.index(courts.file(f"Hawthorn {at}", f"Lane {at} hawthorn").pk)
    queries = ("hawthorn", "lane", '"hawthorn 2"', "haw*", "-lane")

    def results() -> list[list[tuple[str, int]]]:
        judge = courts.actor("judge")
        return [
            sorted((str(hit.document), hit.page) for hit in search(by=judge, query=query).hits) for query in queries
        ]

    before = results()
    with engine.rebuilding():
        pass  # an empty index takes over
    assert results() == [[]] * len(queries)

    actions.rebuild(by=system("tests"))

    assert results() == before


WRITER = """
import sys
import django
django.setup()
from docstore.search.engines.embedded import EmbeddedEngine
from tests.search.making import document_id, entry
path, name, each = sys.argv[1], sys.argv[2], int(sys.argv[3])
engine = EmbeddedEngine(path=path)
for at in range(each):
    engine.put(document_id(f"{name}{at}"), 1, [entry(f"{name}{at}", 1, "knife")])
    engine.put(document_id("shared"), 1, [entry("shared", 1, "knife")])
"""


def test_several_processes_write_one_embedded_index(tmp_path: Path, db: None) -> None:
    """They take turns by the lock of the machine; a database server is not needed for that."""
    path = str(tmp_path / "index")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path, f"writer{at}", str(EACH)], env=environment, stderr=subprocess.PIPE
        )
        for at in range(WRITERS)
    ]

    ends = [(writer.wait(timeout=120), (writer.stderr and writer.stderr.read())) for writer in writers]

    assert [code for code, _ in ends] == [0] * WRITERS, ends
    found = ask(EmbeddedEngine(path=path), "knife", limit=100)
    assert (found.pages, found.documents) == (WRITERS * EACH + 1, WRITERS * EACH + 1)
