"""Destruction does not begin by a clock that may be wrong: it decides what is due (RET-P3, L10, design T13)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from docstore.audit import sealing, timekeeping
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, Checkpoint, ClockReading
from docstore.cases.lifecycle import Lifecycle
from docstore.core import clock
from docstore.documents.vault import vault
from docstore.management.doctor import LOOKS
from docstore.retention import execution, switch
from docstore.retention.disposal_models import DestructionTarget
from tests.core.time_server import time_server
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


@pytest.mark.requirement("RET-L10")
def test_a_clock_that_is_off_warns_and_by_a_minute_destroys_nothing(disposal: Disposal, settings: Any) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    made = disposal.begun()
    keeper = Client()
    keeper.force_login(disposal.world.courts.people["rm1"])
    for off, warns, stops in ((0, False, False), (3, True, False), (-59, True, False), (75, True, True)):
        with time_server(ahead=off) as host:
            settings.DOCSTORE = settings.DOCSTORE | {"TIME_SERVER": host}
            timekeeping.compare()
        told = keeper.get(reverse("records")).content.decode()
        assert ("The clock of this machine was off by" in told) is warns, off
        assert any(one.part == "clock" for one in LOOKS["evidence"]("evidence")) is warns
        assert ("off by more than a minute" in switch.why_not_now()) is stops
    assert AuditEvent.objects.filter(type=Event.CLOCK_OFF).count() == 3
    assert execution.take_turn(made.pk) is False
    with pytest.raises(execution.Refusal):
        execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    paper.refresh_from_db()
    assert (paper.lifecycle, vault().has(paper.versions.get().key)) == (Lifecycle.ACTIVE, True)
    with time_server() as host:
        settings.DOCSTORE = settings.DOCSTORE | {"TIME_SERVER": host}
        timekeeping.compare()
    assert switch.why_not_now() == ""
    ClockReading.objects.update(asked_at=clock.now() - clock.ahead() - timedelta(hours=25))
    assert "for a day" in switch.why_not_now()
    disposal.run(made.pk)
    assert not DestructionTarget.objects.exists()


def test_a_clock_that_had_leapt_is_confirmed_on_a_page(disposal: Disposal, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.seal()
    stands_at(monkeypatch, clock.now() + timedelta(days=40))
    disposal.world.courts.open_case()
    sealing.seal()
    assert sealing.unaccepted_leap() is not None
    keeper, address = Client(), reverse("destruction-switch")
    keeper.force_login(disposal.world.courts.people["rm1"])
    page = keeper.get(address).content.decode()
    assert "Since the log was last sealed the clock has leapt" in page
    assert page.count('id="id_reason"') == page.count('id="clock_reason"') == 1
    refused = keeper.post(address, {"act": "clock", "reason": ""})
    assert (refused.status_code, b"#clock_reason" in refused.content) == (422, True)
    assert keeper.post(address, {"act": "clock", "reason": "The server was off"}).status_code == 303
    assert sealing.unaccepted_leap() is None
    assert "clock has leapt" not in keeper.get(address).content.decode()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="an embedded database has no clock of its own")
def test_clocks_of_machine_and_database_that_differ_destroy_nothing(
    disposal: Disposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    assert connection.vendor == "postgresql"
    stands_at(monkeypatch, now - timedelta(seconds=60))
    assert "differ" in switch.why_not_now()
