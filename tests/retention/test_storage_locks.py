"""Write-once locks follow the dates in the database, on a real server with object lock (RET-J3, J7, J8, S3)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.erasure import CopyKind, StoredCopy, eraser
from docstore.documents.kept import LockDrift
from docstore.documents.models import Document, Version
from docstore.retention import actions, execution, nightly, storage_locks
from docstore.retention.disposal_models import DestructionTarget, ItemState
from docstore.retention.models import DisposalClass, Recomputation, RetentionStatus
from docstore.retention.vocabulary import Outcome
from tests.retention.court_storage import CourtStorage
from tests.retention.disposing import Disposal, taken
from tests.retention.world import SEVEN_YEARS, World
from workers import schedule

pytestmark = [pytest.mark.django_db, pytest.mark.services]
TEN_YEARS = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P10Y"}
TWO_YEARS = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P2Y"}
SOON = {"action": "destroy", "trigger": {"event": "case_closed"}, "period": "P6W"}
A_MOMENT = timedelta(minutes=5)


@pytest.fixture
def days(settings: Any) -> Any:
    """Choose for how many days ahead papers are locked; ninety, as in production, where nothing else is said."""

    def choose(days: int) -> None:
        settings.DOCSTORE = settings.DOCSTORE | {"VAULT_LOCK": True, "VAULT_LOCK_DAYS": days}

    choose(90)
    return choose


def paper_of(world: World, case: Case) -> Document:
    return world.courts.file("A page", case=case)


def closed(world: World, kind: DisposalClass, on: date) -> Document:
    case = world.case(kind, closed_on=None)
    paper = paper_of(world, case)
    world.close(case, on)
    return paper


def due_in(days: int, *, years: int = 7) -> date:
    """A day of closing from which so many years end in so many days."""
    return (clock.today() + timedelta(days=days)).replace(year=(clock.today() + timedelta(days=days)).year - years)


def locked(storage: CourtStorage, bucket: str, paper: Document) -> tuple[datetime | None, str]:
    """What the server itself says, to its owner."""
    owner, key = storage.client(), paper.versions.get().key
    try:
        told = owner.get_object_retention(Bucket=bucket, Key=key)["Retention"]
    except owner.exceptions.ClientError:
        return None, ""
    return told["RetainUntilDate"], told["Mode"]


def first_instant(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.COURT_ZONE)


def look_now() -> storage_locks.Pass:
    Version.objects.update(lock_at=clock.now())
    return storage_locks.keep_locks()


@pytest.mark.requirement("RET-J3")
def test_locks_end_when_a_paper_falls_due_and_are_renewed_where_nobody_knows_the_day(
    world: World, court_storage: CourtStorage, court_bucket: str, days: Any
) -> None:
    def until(paper: Document) -> datetime | None:
        return locked(court_storage, court_bucket, paper)[0]

    def is_in(paper: Document, days: int) -> bool:
        told = until(paper)
        return told is not None and abs(told - datetime.now(UTC) - timedelta(days=days)) < A_MOMENT

    kind, hasty = world.new_class(SEVEN_YEARS), world.new_class(SOON)
    nobody_knows = paper_of(world, world.case(closed_on=None))
    open_case = paper_of(world, world.case(kind, closed_on=None))
    short = paper_of(world, world.case(hasty, closed_on=None))
    far, near, over = (closed(world, kind, due_in(days)) for days in (2000, 20, -20))
    days(60)
    assert storage_locks.keep_locks().lengthened == 5
    assert is_in(nobody_knows, 60)
    days(90)
    assert look_now().drifted == 0  # a month later, as it were
    assert locked(court_storage, court_bucket, nobody_knows)[1] == "GOVERNANCE"
    assert all(is_in(one, 90) for one in (nobody_knows, open_case, far))
    assert is_in(short, 42)  # no lock is longer than the shortest period after which it might have to go
    assert until(near) == first_instant(clock.today() + timedelta(days=20))
    assert until(over) is None

    case = far.filings.get().case
    world.new_version(kind, TWO_YEARS, guard_days=None)
    world.advance(2)
    nightly.recompute_run(Recomputation.objects.latest("pk").pk)
    shortened = RetentionStatus.objects.get(record_id=case.pk).due_on
    look_now()
    assert shortened is not None
    ends = until(far)
    assert ends is not None
    assert ends + clock.ahead() <= first_instant(
        shortened
    )  # what is shortened is guarded for longer than any lock lasts
    actions.reopen_case(by=world.actor("clerk"), case_id=case.pk, reason="An appeal")
    look_now()
    assert is_in(far, 90)
    assert "workers.lifecycle.keep_locks" in {one["task"] for one in schedule.SCHEDULE.values()}


@pytest.mark.requirement("RET-J7")
def test_a_longer_period_lengthens_locks_before_the_old_date_and_the_lag_is_told(
    world: World, court_storage: CourtStorage, court_bucket: str, days: Any
) -> None:
    kind = world.new_class(SEVEN_YEARS)
    paper = closed(world, kind, due_in(20))
    storage_locks.keep_locks()
    old = first_instant(clock.today() + timedelta(days=20))
    assert locked(court_storage, court_bucket, paper)[0] == old
    assert storage_locks.lag() == storage_locks.Lag(0, None)
    world.new_version(kind, TEN_YEARS)
    world.advance(1)
    nightly.recompute_run(Recomputation.objects.latest("pk").pk)
    behind = storage_locks.lag()
    assert (behind.waiting, behind.soonest) == (1, old)
    client = Client()
    client.force_login(world.courts.people["rm1"])
    assert "1 lock waits to be looked at" in client.get("/records/stored/").content.decode()
    assert storage_locks.keep_locks().lengthened == 1
    ends, _ = locked(court_storage, court_bucket, paper)
    assert ends is not None
    assert ends > old
    assert storage_locks.lag().waiting == 0
    assert "Every lock has been looked at in its turn" in client.get("/records/stored/").content.decode()


@pytest.mark.requirement("RET-J8")
def test_what_is_missing_or_too_short_is_told_and_lengthened_and_what_is_too_long_is_told_and_left(
    world: World, court_storage: CourtStorage, court_bucket: str, days: Any
) -> None:
    kind, owner = world.new_class(SEVEN_YEARS), court_storage.client()
    shorter, absent, longer, right = (closed(world, kind, due_in(20)) for _ in range(4))
    for title, paper in (("Shorter", shorter), ("Absent", absent), ("Longer", longer), ("Right", right)):
        Document.objects.filter(pk=paper.pk).update(title=title)
    storage_locks.keep_locks()
    due = first_instant(clock.today() + timedelta(days=20))

    def meddle(paper: Document, days: int) -> None:
        kept = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.now(UTC) + timedelta(days=days)}
        key = paper.versions.get().key
        owner.put_object_retention(Bucket=court_bucket, Key=key, Retention=kept, BypassGovernanceRetention=True)

    meddle(shorter, 1)
    meddle(longer, 300)
    owner.put_object(Bucket=court_bucket, Key=absent.versions.get().key, Body=b"another version, with no lock")
    assert look_now() == storage_locks.Pass(looked_at=4, lengthened=2, drifted=3)
    found = dict(storage_locks.drifted().values_list("document__title", "lock_drift"))
    assert found == {"Shorter": LockDrift.SHORTER, "Absent": LockDrift.ABSENT, "Longer": LockDrift.LONGER}
    assert AuditEvent.objects.filter(type=Event.STORAGE_LOCK_DRIFTED).count() == 3
    assert [locked(court_storage, court_bucket, one)[0] for one in (shorter, absent, right)] == [due] * 3
    kept, _ = locked(court_storage, court_bucket, longer)
    assert kept is not None
    assert kept > due + timedelta(days=200)
    client = Client()
    client.force_login(world.courts.people["rm1"])
    page = client.get("/records/stored/").content.decode()
    assert all(f"{one.pk}<br>" in page for one in (shorter, absent, longer))
    assert f"{right.pk}<br>" not in page
    assert "3 locks are not as they should be" in client.get("/records/").content.decode()
    look_now()
    assert dict(storage_locks.drifted().values_list("document__title", "lock_drift")) == {"Longer": LockDrift.LONGER}


def test_a_lock_that_the_server_will_not_tell_is_unknown_and_what_goes_is_left_alone(
    world: World, court_storage: CourtStorage, court_bucket: str, days: Any, django_assert_max_num_queries: Any
) -> None:
    papers = [closed(world, world.new_class(SEVEN_YEARS), due_in(20)) for _ in range(3)]
    papers[0].lifecycle = "DESTROYING"
    papers[0].save()
    with django_assert_max_num_queries(40):  # the same for any number of papers
        assert storage_locks.keep_locks().lengthened == 2
    assert locked(court_storage, court_bucket, papers[0]) == (None, "")
    assert papers[0].versions.get().lock_at is None
    court_storage.client().delete_bucket_policy(Bucket=court_bucket)
    court_storage.withhold(court_bucket, "s3:GetObjectRetention")
    look_now()
    assert set(storage_locks.drifted().values_list("lock_drift", flat=True)) == {LockDrift.UNKNOWN}


def test_a_pass_ends_after_its_share_and_the_next_goes_on(
    world: World, court_bucket: str, days: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        paper_of(world, world.case(closed_on=None))
    monkeypatch.setattr(storage_locks, "BATCH", 1)
    monkeypatch.setattr(storage_locks, "MOST", 2)
    assert storage_locks.keep_locks().looked_at == 2
    assert storage_locks.keep_locks().looked_at == 1
    assert storage_locks.keep_locks().looked_at == 0


@pytest.mark.requirement("RET-S3")
def test_a_real_server_blocks_what_is_locked_shows_markers_keeps_what_it_refused_and_denies_a_bypass(
    disposal: Disposal, court_storage: CourtStorage, court_bucket: str, days: Any
) -> None:
    world, owner, destroyer = disposal.world, court_storage.client(), court_storage.client("destroyer")
    paper = closed(world, disposal.kind, due_in(20))
    key = paper.versions.get().key
    storage_locks.keep_locks()
    disposal.pass_days(30)  # by our clock it is due; by the storage's it is locked for three weeks more
    made = disposal.begun()
    execution.take_turn(made.pk)
    item = made.items.get()
    assert item.state == ItemState.BLOCKED  # blocked
    assert not DestructionTarget.objects.exists()
    version = eraser().survey(key)[0]
    bypass = {"Delete": {"Objects": [{"Key": key, "VersionId": version.version}]}, "BypassGovernanceRetention": True}
    assert destroyer.delete_objects(Bucket=court_bucket, **bypass)["Errors"][0]["Code"] == "AccessDenied"  # denied
    assert [one.why for one in eraser().remove([version])] == ["AccessDenied"]
    owner.delete_object(Bucket=court_bucket, Key=key)
    kinds = {one.kind for one in eraser().remaining(key)}
    assert kinds == {CopyKind.VERSION, CopyKind.MARKER}  # detected

    court_storage.end_lock(court_bucket, key, version.version)
    pictures = [f"renditions/{paper.pk}/{page}.webp" for page in (1, 2)]
    for one in pictures:
        owner.put_object(Bucket=court_bucket, Key=one, Body=b"a picture")
    item.not_before = None
    item.save()
    taken(item)
    owner.put_object_legal_hold(Bucket=court_bucket, Key=pictures[1], LegalHold={"Status": "ON"})
    made.items.update(lease_until=0)
    execution.take_turn(made.pk)
    told = dict(DestructionTarget.objects.filter(locator__in=pictures).values_list("locator", "status"))
    assert [told[one] for one in pictures] == ["deleted", "failed"]  # kept pending
    assert made.items.get().state == ItemState.INCOMPLETE
    owner.put_object_legal_hold(Bucket=court_bucket, Key=pictures[1], LegalHold={"Status": "OFF"})
    made.items.update(not_before=None)
    disposal.run(made.pk)
    assert made.items.get().state == ItemState.DESTROYED
    assert eraser().remaining(key) == []
    assert isinstance(version, StoredCopy)
    assert not RetentionStatus.objects.filter(outcome=Outcome.ELIGIBLE).exists()
