"""Going through the pages of a search while the court goes on filing: no hit comes twice, none is passed over."""

import random
from datetime import timedelta

import pytest

from docstore.core import clock
from docstore.core.jobs import Job
from docstore.core.paging import CursorUnknown
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.search import actions
from docstore.search.engine import Engine, Filters, Sort
from docstore.search.models import Ranking
from docstore.search.queries import Results, search
from tests.courts import TwoCourts
from tests.search.conftest import stand_behind

QUERY = "hawthorn"


@pytest.fixture(autouse=True)
def _behind(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_behind(monkeypatch, engine)
    monkeypatch.setattr("docstore.search.rankings.AHEAD", 5)  # a small court has to go on several times, too


def file(courts: TwoCourts, dice: random.Random) -> Document:
    """A paper that says it more or less often, so that every one has a place of its own."""
    pages = [f"{QUERY} " * dice.randint(1, 6) + "lane " * dice.randint(1, 30) for _ in range(2)]
    document = courts.file(*pages)
    actions.index(document.pk)
    Job.objects.all().delete()
    return document


def turn(courts: TwoCourts, cursor: str | None = None, *, who: str = "judge", **changes: object) -> Results:
    given = {"query": QUERY, "limit": 4, "sort": Sort.RELEVANCE} | changes
    return search(by=courts.actor(who), cursor=cursor, **given)  # type: ignore[arg-type]


def places(found: Results) -> list[tuple[object, int]]:
    return [(hit.document, hit.page) for hit in found.hits]


@pytest.mark.parametrize("sort", list(Sort))
def test_papers_filed_meanwhile_neither_repeat_nor_hide_a_hit(courts: TwoCourts, sort: Sort) -> None:
    dice = random.Random(str(sort))
    first = [file(courts, dice) for _ in range(8)]
    found = turn(courts, sort=sort)
    seen = places(found)

    while found.next:
        file(courts, dice)
        before, found = found, turn(courts, found.next, sort=sort)
        assert places(turn(courts, before.next, sort=sort)) == places(found)  # going back and on again changes nothing
        seen += places(found)

    assert len(seen) == len(set(seen))
    assert set(seen) >= {(one.pk, page) for one in first for page in (1, 2)}


def test_without_changes_the_pages_are_one_list(courts: TwoCourts) -> None:
    for at in range(7):
        file(courts, random.Random(at))
    whole = places(turn(courts, limit=100))
    found = turn(courts)
    seen = places(found)
    while found.next:
        found = turn(courts, found.next)
        seen += places(found)

    assert (len(whole), set(seen), len(seen)) == (14, set(whole), 14)


def test_what_is_taken_away_meanwhile_is_not_shown(courts: TwoCourts) -> None:
    papers = [file(courts, random.Random(at)) for at in range(8)]
    found = turn(courts, who="usher")
    shown = {hit.document for hit in found.hits} | {hit.document for hit in turn(courts, found.next, who="usher").hits}
    hidden = next(one for one in papers if one.pk not in shown)
    hidden.refresh_from_db()

    documents.seal(by=courts.actor("clerk"), document_id=hidden.pk, seen=hidden.etag, reason="ordered")

    rest = []
    while found.next:
        found = turn(courts, found.next, who="usher")
        rest += [hit.document for hit in found.hits]
    assert hidden.pk not in rest
    assert found.documents == 7


def test_a_cursor_is_of_one_person_and_one_question(courts: TwoCourts) -> None:
    for at in range(5):
        file(courts, random.Random(at))
    begun = turn(courts).next
    on = turn(courts, begun).next
    assert begun is not None

    for cursor in (begun, on):
        for other in (
            {"who": "clerk"},
            {"query": "lane"},
            {"sort": Sort.NEWEST},
            {"filters": Filters(court="NGT")},
        ):
            with pytest.raises(CursorUnknown):
                turn(courts, cursor, **other)  # type: ignore[arg-type]
    for broken in ("x", begun[:-9], "WyIxIl0"):
        with pytest.raises(CursorUnknown):
            turn(courts, broken)


def test_an_order_is_kept_for_those_who_go_on_and_for_a_day(courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in range(5):
        file(courts, random.Random(at))
    found = turn(courts)
    assert not Ranking.objects.exists()  # nothing is kept of a search that nobody goes on with
    on = turn(courts, found.next).next
    assert Ranking.objects.count() == 1
    assert actions.forget_rankings() == 0

    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr("docstore.core.clock.now", lambda: later)

    assert actions.forget_rankings() == 1
    with pytest.raises(CursorUnknown):
        turn(courts, on)
