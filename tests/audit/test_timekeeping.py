"""The order of events comes from their numbers, and a clock that goes back is written down (RET-L10)."""

import json
from datetime import datetime, timedelta

import pytest

from docstore.audit import chain
from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.audit.queries import trail_of_document
from docstore.audit.sealed import verify_sealed
from docstore.audit.sealing import seal
from docstore.audit.verify import verify
from docstore.core import clock
from tests.audit.writing import DOCUMENT, withdraw

pytestmark = pytest.mark.django_db


def at(monkeypatch: pytest.MonkeyPatch, when: datetime) -> AuditEvent:
    """An event by a clock that stands at `when`."""
    monkeypatch.setattr(clock, "now", lambda: when)
    return withdraw()


def leaps() -> list[int]:
    events = AuditEvent.objects.filter(type=Event.CLOCK_LEAPT).order_by("id").values_list("pk", flat=True)
    return [json.loads(bytes(AuditPayload.objects.get(pk=one).payload))["seconds"] for one in events]


@pytest.mark.requirement("RET-L10")
def test_order_comes_from_the_sequence_whatever_the_clock_says(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = clock.now()
    written = [at(monkeypatch, noon + timedelta(minutes=one)) for one in (0, 30, -45, 10)]
    assert [one.seq for one in written] == [1, 2, 3, 4]
    for one in written:
        told = json.loads(bytes(one.header))
        assert (told["seq"], told["occurred_at"]) == (one.seq, chain.moment(one.recorded_at))
    assert [one.pk for one in trail_of_document(DOCUMENT).rows] == [one.pk for one in reversed(written)]
    assert seal() is not None
    assert [*verify(), *verify_sealed()] == []
    indexes = AuditEvent.objects.filter(document=DOCUMENT).order_by("seq").values_list("log_index", flat=True)
    assert list(indexes) == sorted(indexes)


@pytest.mark.requirement("RET-L10")
def test_a_jump_back_of_more_than_five_seconds_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = clock.now()
    for seconds in (0, 60, 56):  # four seconds back are no jump
        at(monkeypatch, noon + timedelta(seconds=seconds))
    seal()
    assert leaps() == []
    for seconds in (61, 62, 50, 63):
        at(monkeypatch, noon + timedelta(seconds=seconds))
    seal()
    assert leaps() == [-12]
    at(monkeypatch, noon + timedelta(seconds=40))  # against the last one that was sealed
    at(monkeypatch, noon + timedelta(seconds=70))
    seal()
    at(monkeypatch, noon + timedelta(seconds=71))
    seal()
    assert leaps() == [-12, -23]
    assert [*verify(), *verify_sealed()] == []
