"""Where index and database have come apart, it is seen, told and repaired; and what is destroyed leaves for good."""

from uuid import UUID

import pytest

from docstore.core.jobs import Job, JobName
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.search import actions
from docstore.search.drift import SLICES, check_slice
from docstore.search.engine import Engine
from docstore.search.erasing import StillNeeded
from docstore.search.models import IndexCheck, IndexState
from docstore.search.queries import index_health, search
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind
from tests.search.making import ask, entry
from workers.pipeline import HANDLERS


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_behind(monkeypatch, engine)


def file(courts: TwoCourts) -> Document:
    document = courts.file("At 14 Hawthorn Lane.")
    actions.index(document.pk)
    Job.objects.all().delete()
    document.refresh_from_db()
    return document


def look(document_id: UUID) -> int:
    return check_slice(document_id.int >> 120)


def repair() -> None:
    """What the worker does with the jobs that were announced."""
    for job in Job.objects.waiting().filter(name=JobName.SEARCH_INDEX):
        HANDLERS[JobName(job.name)](job)
        job.delete()


def test_a_faithful_index_is_not_astray(courts: TwoCourts) -> None:
    document = file(courts)

    assert look(document.pk) == 0
    assert not Job.objects.exists()


@pytest.mark.requirement("REL-31")
def test_what_is_missing_is_seen_and_repaired(courts: TwoCourts, engine: Engine) -> None:
    document = file(courts)
    engine.put(str(document.pk), 99, [])  # somebody else's hand

    assert look(document.pk) == 1
    assert index_health().drifted == 1
    assert index_health().waiting == 1
    Document.objects.filter(pk=document.pk).update(index_seq=100)
    repair()

    assert look(document.pk) == 0
    assert (index_health().drifted, index_health().waiting) == (0, 0)
    assert search(by=courts.actor("judge"), query="hawthorn").pages == 1


def test_what_should_not_be_there_is_seen_and_repaired(courts: TwoCourts, engine: Engine) -> None:
    stray = entry("stray", 1, "hawthorn")
    engine.put(stray.document, 1, [stray])

    assert look(UUID(stray.document)) == 1
    repair()

    assert ask(engine, "hawthorn").pages == 0
    assert look(UUID(stray.document)) == 0


def test_a_change_that_nobody_announced_is_seen(courts: TwoCourts) -> None:
    document = file(courts)
    Document.objects.filter(pk=document.pk).update(index_seq=document.index_seq + 1)

    assert look(document.pk) == 1
    repair()
    assert look(document.pk) == 0


def test_rounds_go_through_everything(courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("docstore.search.drift.ROUNDS_AT_ONCE", SLICES // 2)
    assert index_health().since is None
    actions.look_for_drift()
    actions.look_for_drift()

    assert IndexCheck.objects.count() == SLICES
    assert index_health().since is not None


def test_what_is_taken_out_for_good_is_proven_to_be_gone(courts: TwoCourts, engine: Engine) -> None:
    document = file(courts)
    with pytest.raises(StillNeeded):
        actions.remove_for_good(document.pk)
    documents.withdraw(by=courts.actor("clerk"), document_id=document.pk, seen=document.etag, reason="to go")
    actions.remove_for_good(document.pk)
    actions.remove_for_good(document.pk)

    actions.expunge()

    assert actions.proof_of_removal(document.pk).is_proven
    assert ask(engine, "hawthorn").pages == 0
    assert IndexState.objects.get(pk=document.pk).pages == 0
