"""Filing at the pace of reading: waits while work waits, and gives up where nobody works."""

import pytest

from docstore.core import clock
from docstore.core.jobs import JobName, enqueue
from docstore.demo import pace
from docstore.demo.pace import Pace

pytestmark = pytest.mark.django_db


def test_it_does_not_wait_while_little_waits() -> None:
    enqueue(JobName.SEARCH_INDEX, subject="document:00000000-0000-0000-0000-000000000001")
    begun = clock.monotonic()

    Pace(most=1).wait()

    assert clock.monotonic() - begun < 0.15


def test_it_gives_up_for_good_where_nothing_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "PATIENCE_SECONDS", 0.3)
    enqueue(JobName.SEARCH_INDEX, subject="document:00000000-0000-0000-0000-000000000001")
    kept = Pace(most=0)

    kept.wait()
    begun = clock.monotonic()
    kept.wait()

    assert not kept.is_kept
    assert clock.monotonic() - begun < 0.15
