"""The board: what was expected, came, was accepted and is missing; chases, and alerts for what takes too long."""

from datetime import UTC, datetime, timedelta

import pytest

from docstore.access.actor import system
from docstore.core import clock
from docstore.core.errors import Forbidden, NotFound
from docstore.intake import boards, chasing
from docstore.intake.batches import open_batch
from docstore.intake.manifest import parse
from docstore.intake.models import Batch, BatchState, Happening, IntakeEvent, ItemState, Station
from docstore.intake.stations import register_station
from tests.courts import TwoCourts
from tests.intake.sending import manifest

pytestmark = pytest.mark.django_db
# A Wednesday: 3pm and 7pm at the courts.
WORKING, EVENING = datetime(2026, 11, 25, 15, tzinfo=UTC), datetime(2026, 11, 25, 19, tzinfo=UTC)


@pytest.fixture
def station(courts: TwoCourts) -> Station:
    made = register_station(by=system("tests"), court=courts.first, username="scanner", name="Post room")
    courts.people["scanner"] = made.user
    return made


def sent(courts: TwoCourts, *contents: bytes) -> Batch:
    return open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", *(contents or (b"a", b"b", b"c")))))


def settle(batch: Batch, seq: int, state: ItemState) -> None:
    batch.items.filter(seq=seq).update(state=state, received_at=clock.now())


def told(station: Station) -> list[str]:
    return list(IntakeEvent.objects.filter(station=station).order_by("number").values_list("happening", flat=True))


def test_every_item_stands_in_one_column(courts: TwoCourts, station: Station) -> None:
    batch = sent(courts, b"a", b"b", b"c", b"d", b"e")
    for seq, state in enumerate((ItemState.READING, ItemState.NEEDS_ATTENTION, ItemState.REJECTED), start=1):
        settle(batch, seq, state)
    settle(batch, 4, ItemState.CLEAN)
    [line] = boards.board(courts.actor("clerk"), clock.today())
    tally = line.tally
    assert (tally.expected, tally.received, tally.accepted, tally.waiting) == (5, 4, 1, 1)
    assert (tally.rejected, tally.missing, tally.under_way, tally.batches) == (1, 1, 1, 1)
    assert tally.accepted + tally.waiting + tally.rejected + tally.missing + tally.under_way == tally.expected


def test_another_day_and_another_court_are_not_counted(courts: TwoCourts, station: Station) -> None:
    sent(courts)
    yesterday = clock.today() - timedelta(days=1)
    assert [line.tally.expected for line in boards.board(courts.actor("clerk"), yesterday)] == [0]
    assert boards.board(courts.actor("clerk2"), clock.today()) == []
    assert boards.board(courts.actor("defence"), clock.today()) == []
    assert len(boards.board(courts.actor("stations"), clock.today())) == 1


@pytest.mark.requirement("DOM-1.6")
def test_a_batch_is_found_by_name_control_number_and_case(courts: TwoCourts, station: Station) -> None:
    number = courts.case.references.get().value
    batch = open_batch(by=courts.actor("scanner"), manifest=parse(manifest("NGT", b"a", reference=number)))
    other = sent(courts)
    clerk = courts.actor("clerk")
    for words in (batch.external_id, batch.items.get().control_number, number, f"{number[:4]} {number[4:]}"):
        assert list(boards.find_batches(clerk, words)) == [batch], words
    assert set(boards.find_batches(clerk, "")) == {batch, other}
    assert list(boards.find_batches(courts.actor("clerk2"), batch.external_id)) == []
    assert [one.happening for one in boards.events_of(batch)] == [Happening.BATCH_OPENED]


def test_a_chase_tells_the_station_what_is_missing(courts: TwoCourts, station: Station) -> None:
    batch = sent(courts)
    settle(batch, 2, ItemState.CLEAN)
    chasing.chase_batch(by=courts.actor("clerk"), batch_id=batch.pk)
    event = IntakeEvent.objects.get(happening=Happening.BATCH_CHASED)
    assert (event.station, event.batch, event.detail) == (station, batch, "The court asks for item 1, 3.")


def test_what_is_finished_is_not_chased(courts: TwoCourts, station: Station) -> None:
    batch = sent(courts)
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.ACCEPTED)
    with pytest.raises(chasing.NothingMissing):
        chasing.chase_batch(by=courts.actor("clerk"), batch_id=batch.pk)


def test_only_the_court_of_the_station_chases(courts: TwoCourts, station: Station) -> None:
    batch = sent(courts)
    with pytest.raises(NotFound):
        chasing.chase_batch(by=courts.actor("clerk2"), batch_id=batch.pk)
    with pytest.raises(Forbidden):
        chasing.chase_batch(by=courts.actor("judge"), batch_id=batch.pk)


def test_a_batch_unfinished_after_an_hour_is_marked(courts: TwoCourts, station: Station) -> None:
    batch, fresh = sent(courts), sent(courts)
    Batch.objects.filter(pk=batch.pk).update(opened_at=clock.now() - timedelta(minutes=61))
    overdue = {one.batch.pk: one.is_overdue for one in boards.unfinished(courts.actor("clerk"))}
    assert overdue == {batch.pk: True, fresh.pk: False}


@pytest.mark.requirement("DOM-1.18")
def test_a_station_is_silent_after_an_hour_of_working_time(courts: TwoCourts, station: Station) -> None:
    assert not boards.is_silent(station, WORKING - timedelta(minutes=59), WORKING)
    long_ago = WORKING - timedelta(minutes=61)
    assert boards.is_silent(station, long_ago, WORKING)
    assert not boards.is_silent(station, long_ago, EVENING)
    assert not boards.is_silent(station, long_ago, WORKING + timedelta(days=3))  # a Saturday
    station.is_enabled = False
    assert not boards.is_silent(station, long_ago, WORKING)


def test_a_morning_begins_without_reproach(courts: TwoCourts, station: Station) -> None:
    """A night's silence is no silence: the hour is counted from ten o'clock."""
    yesterday = WORKING - timedelta(hours=20)
    assert not boards.is_silent(station, yesterday, WORKING.replace(hour=10, minute=30))
    assert boards.is_silent(station, yesterday, WORKING.replace(hour=11, minute=1))


def test_a_station_that_never_sent_anything_has_not_begun(courts: TwoCourts, station: Station) -> None:
    assert not boards.is_silent(station, None, WORKING)


@pytest.mark.requirement("DOM-1.18")
def test_silence_is_said_once_and_so_is_its_end(
    courts: TwoCourts, station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = sent(courts)
    Batch.objects.filter(pk=batch.pk).update(opened_at=WORKING - timedelta(hours=2))
    monkeypatch.setattr(clock, "now", lambda: WORKING)
    assert (chasing.report_silence(), chasing.report_silence()) == (1, 1)
    monkeypatch.setattr(clock, "now", lambda: WORKING + timedelta(minutes=5))
    sent(courts)
    assert (chasing.report_silence(), chasing.report_silence()) == (0, 0)
    opened = Happening.BATCH_OPENED
    assert told(station) == [opened, Happening.STATION_SILENT, opened, Happening.STATION_HEARD]
