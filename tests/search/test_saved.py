"""Saved searches and their alerts: the owner's own, told only of what the owner may know of now."""

from datetime import timedelta
from uuid import uuid4

import pytest

from docstore.access.actor import Actor
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.cases import actions as cases
from docstore.cases.models import Classification
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.core.jobs import Job
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.search import actions, queries
from docstore.search.engine import Engine, Filters
from docstore.search.models import SavedSearch
from docstore.search.saved import NameTaken, NothingAsked, TooBroadToWatch
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_behind(monkeypatch, engine)


def file(courts: TwoCourts, text: str = "At 14 Hawthorn Lane.", **where: object) -> Document:
    """File a paper and index it, as the worker does."""
    document = courts.file(text, **where)  # type: ignore[arg-type]
    actions.index(document.pk)
    Job.objects.all().delete()
    return document


def watch(by: Actor, query: str = "hawthorn") -> SavedSearch:
    return actions.save_search(by=by, name=f"Watch {query}", query=query, watched=True)


def told(by: Actor, kept: SavedSearch) -> list[Document]:
    """What is new to the owner; the count and the list must agree."""
    rows = [one.document for one in queries.alerts(by, kept.pk).rows]
    assert queries.saved_search(by, kept.pk).new == len(rows)
    return rows


@pytest.mark.requirement("DOM-4.11")
def test_a_search_is_kept_run_again_and_taken_away_as_a_file(courts: TwoCourts) -> None:
    judge = courts.actor("judge")
    filters = Filters(section="statements", filed_from=clock.today() - timedelta(days=1))
    document = file(courts)

    actions.save_search(by=judge, name="  The   lane ", query="hawthorn", filters=filters, sort="newest")

    (kept,) = queries.saved_searches(judge)
    assert (kept.row.name, kept.row.query, kept.filters, kept.row.sort) == ("The lane", "hawthorn", filters, "newest")
    found = queries.search(by=judge, query=kept.row.query, filters=kept.filters, sort=kept.row.sort)
    assert [hit.document for hit in found.hits] == [document.pk]
    lines = queries.export_results(by=judge, query=kept.row.query, filters=kept.filters)
    assert [str(document.pk) in line for line in lines] == [False, True]


def test_nobody_sees_anothers_search(courts: TwoCourts) -> None:
    kept = watch(courts.actor("judge"))
    clerk = courts.actor("clerk")

    assert queries.saved_searches(clerk) == []
    for search_id in (kept.pk, uuid4()):
        with pytest.raises(NotFound):
            queries.saved_search(clerk, search_id)
        with pytest.raises(NotFound):
            queries.alerts(clerk, search_id)
        with pytest.raises(NotFound):
            actions.delete_search(by=clerk, search_id=search_id)
        with pytest.raises(NotFound):
            actions.mark_alerts_seen(by=clerk, search_id=search_id)


def test_what_cannot_be_kept_is_refused_in_words(courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = courts.actor("judge")
    actions.save_search(by=judge, name="Mine", query="lane")
    with pytest.raises(NameTaken):
        actions.save_search(by=judge, name="Mine", query="street")
    with pytest.raises(NothingAsked):
        actions.save_search(by=judge, name="Nothing", query="  ")
    with pytest.raises(Forbidden):
        actions.save_search(by=courts.actor("support"), name="Mine", query="lane")
    for _ in range(2):
        file(courts)
    monkeypatch.setattr("docstore.search.saved.MOST_WATCHED_DOCUMENTS", 1)
    with pytest.raises(TooBroadToWatch, match="more than 1 documents"):
        watch(judge)


def test_only_what_comes_after_is_news_and_it_is_told_once(courts: TwoCourts) -> None:
    judge = courts.actor("judge")
    old = file(courts)
    kept = watch(judge)
    assert actions.look_for_news() == 0

    new, _other = file(courts), file(courts, "Elsewhere")
    actions.index(old.pk)
    assert actions.look_for_news() == 1

    assert told(judge, kept) == [new]
    assert actions.look_for_news() == 0
    assert actions.mark_alerts_seen(by=judge, search_id=kept.pk) == 1
    assert told(judge, kept) == []


@pytest.mark.requirement("DOM-4.4", "SEC-4", "SEC-11")
def test_alerts_never_tell_of_what_the_owner_may_not_read(courts: TwoCourts) -> None:
    usher, clerk = courts.actor("usher"), courts.actor("clerk")
    kept, elsewhere = watch(usher), watch(courts.actor("clerk2"))
    first, second = file(courts), file(courts)
    assert actions.look_for_news() == 2
    assert told(courts.actor("clerk2"), elsewhere) == []

    first.refresh_from_db()
    documents.seal(by=clerk, document_id=first.pk, seen=first.etag, reason="ordered")
    assert told(usher, kept) == [second]
    second.refresh_from_db()
    documents.reclassify(
        by=clerk, document_id=second.pk, seen=second.etag, classification=Classification.RESTRICTED, reason="child"
    )
    assert told(usher, kept) == []


def test_what_comes_into_reach_later_is_news_too(courts: TwoCourts) -> None:
    prosecutor = courts.actor("prosecutor")
    document, kept = file(courts), watch(prosecutor)

    cases.add_member(
        by=courts.actor("clerk"), case_id=courts.case.pk, person=courts.people["prosecutor"], role="prosecutor",
        side="prosecution",
    )  # fmt: skip
    assert actions.look_through_all() == 1

    assert told(courts.actor("prosecutor"), kept) == [document]


def test_somebody_who_has_left_is_told_nothing(courts: TwoCourts) -> None:
    watch(courts.actor("judge"))
    courts.people["judge"].is_active = False
    courts.people["judge"].save()
    file(courts)

    assert actions.look_for_news() == 0


def test_the_audit_knows_that_somebody_was_told_but_not_the_words(courts: TwoCourts) -> None:
    kept = watch(courts.actor("judge"))
    document = file(courts)
    actions.look_for_news()

    event = AuditEvent.objects.get(type="search.alerted")
    payload = bytes(AuditPayload.objects.get(pk=event.pk).payload).decode()
    assert str(document.pk) in payload
    assert str(kept.pk) in payload
    assert "hawthorn" not in payload.lower()
