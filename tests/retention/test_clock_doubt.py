"""Destruction does not begin by a clock that may be wrong: it decides what is due (RET-P3, design T13)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from docstore.audit import sealing
from docstore.audit.models import Checkpoint
from docstore.cases.lifecycle import Lifecycle
from docstore.core import clock
from docstore.documents.vault import vault
from docstore.retention import execution, switch
from docstore.retention.disposal_models import DestructionTarget
from tests.retention.disposing import Disposal

pytestmark = pytest.mark.django_db

TEN_YEARS = timedelta(days=3650)


def stands_at(monkeypatch: pytest.MonkeyPatch, when: Any) -> None:
    """The clock of the machine, and not the demo court's, which may be moved."""
    monkeypatch.setattr(clock, "now", lambda: when)
    monkeypatch.setattr(clock, "ahead", lambda: timedelta(0))


@pytest.mark.requirement("RET-P3")
def test_a_clock_ten_years_ahead_destroys_nothing(disposal: Disposal, monkeypatch: pytest.MonkeyPatch) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    sealing.seal()
    sealed_at = Checkpoint.objects.latest("size").made_at
    for wrong in (sealed_at + TEN_YEARS, sealed_at - timedelta(hours=1)):
        stands_at(monkeypatch, wrong)
        assert "clock" in switch.why_not_now()
        assert execution.take_turn(made.pk) is False
        with pytest.raises(execution.Refusal):
            execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    stands_at(monkeypatch, sealed_at + TEN_YEARS)
    sealing.seal()  # a seal that follows does not make the leap forgotten
    assert "clock" in switch.why_not_now()
    paper.refresh_from_db()
    assert (paper.lifecycle, vault().has(paper.versions.get().key)) == (Lifecycle.ACTIVE, True)
    assert not DestructionTarget.objects.exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="an embedded database has no clock of its own")
def test_clocks_of_machine_and_database_that_differ_destroy_nothing(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    assert connection.vendor == "postgresql"
    stands_at(monkeypatch, now - timedelta(seconds=60))
    assert "differ" in switch.why_not_now()
