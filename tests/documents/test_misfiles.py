"""The log of papers that lay on the wrong case, with how long and how many had opened them."""

from datetime import timedelta

import pytest

from docstore.core import clock
from docstore.core.errors import Forbidden
from docstore.documents import actions, delivery
from docstore.documents.misfiles import read_misfile_log
from docstore.documents.models import Document, Filing
from tests.courts import TwoCourts


def misfile(courts: TwoCourts, *readers: str, lay: timedelta) -> Document:
    """A paper that lay on the wrong case for so long, and was opened there by these people."""
    paper, right = courts.file("a paper"), courts.open_case()
    for who in readers:
        delivery.record_view(by=courts.actor(who), document=paper)
    actions.move(
        by=courts.actor("clerk"),
        document_id=paper.pk,
        seen=paper.etag,
        case_id=right.pk,
        section="statements",
        reason="Wrong case",
    )
    Filing.objects.filter(document=paper, end_reason="moved").update(filed_at=clock.now() - lay)
    return paper


@pytest.mark.requirement("DOM-12.3")
def test_the_log_counts_papers_who_opened_them_and_the_time_until_they_were_put_right(courts: TwoCourts) -> None:
    misfile(courts, "judge", "usher", "judge", "clerk", lay=timedelta(hours=5))
    misfile(courts, "clerk", lay=timedelta(hours=1))
    misfile(courts, lay=timedelta(days=3))
    today = clock.today()
    log = read_misfile_log(by=courts.actor("clerk"), since=today, until=today)

    assert [one.opened_by for one in log.rows] == [0, 0, 2]
    assert (len(log.rows), log.opened) == (3, 1)
    assert log.usual_time is not None
    assert round(log.usual_time.total_seconds() / 3600) == 5
    assert [one.why for one in log.rows] == ["Wrong case"] * 3
    yesterday = today - timedelta(days=1)
    assert read_misfile_log(by=courts.actor("clerk"), since=yesterday, until=yesterday).rows == ()


def test_each_court_sees_its_own_and_who_watches_sees_all_without_titles(courts: TwoCourts) -> None:
    misfile(courts, lay=timedelta(hours=5))
    today = clock.today()

    assert read_misfile_log(by=courts.actor("clerk2"), since=today, until=today).rows == ()
    (seen,) = read_misfile_log(by=courts.actor("auditor"), since=today, until=today).rows
    assert not seen.may_open
    with pytest.raises(Forbidden):
        read_misfile_log(by=courts.actor("usher"), since=today, until=today)
