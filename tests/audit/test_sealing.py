"""What the sealed log finds that a chain cannot show of itself: design/audit.md 6, row by row."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from docstore.audit import notes, triggers
from docstore.audit.anchor import AnchorDiffers, FileAnchor, anchor
from docstore.audit.erasing import erase_payload
from docstore.audit.merkle import includes, leaf_hash
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint, SealedLog, StreamHead
from docstore.audit.sealed import prove_inclusion, verify_sealed
from docstore.audit.sealing import OlderThanAnchor, accept_leap, lag, prefix, seal, unaccepted_leap
from docstore.audit.verify import Anomaly, Walk, verify
from docstore.core import clock, signing
from tests.audit.attacking import retell_checkpoints, rewrite
from tests.audit.writing import STAMP, STREAM, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def files_anchor(settings: Any, tmp_path: Path) -> None:
    """Checkpoints in a folder, whose files a test can spoil; what a locked bucket refuses is tested by itself."""
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "anchor")},
    }
    settings.STORAGES = settings.STORAGES | {"anchor": folder}


@pytest.fixture
def sealed() -> list[AuditEvent]:
    """Two checkpoints: after three events, and after two more in another stream."""
    first = [withdraw(reason=f"Reason {number}") for number in range(3)]
    assert seal() is not None
    second = [withdraw(stream="security") for _ in range(2)]
    assert seal() is not None
    return first + second


def anomalies() -> list[tuple[Anomaly, int]]:
    return [(fault.anomaly, fault.seq) for fault in verify_sealed()]


def test_an_untouched_log_holds(sealed: list[AuditEvent]) -> None:
    assert list(verify_sealed()) == []
    assert seal() is None  # nothing new, nothing to sign
    assert lag() == timedelta(0)


@pytest.mark.requirement("RET-L8")
def test_a_whole_history_that_was_rewritten_is_found(sealed: list[AuditEvent]) -> None:
    """The database's owner changes an event and recomputes every hash after it, heads and tree included."""
    triggers.lift(connection)
    rewrite(STREAM, first_reason="Something else")
    assert list(verify()) == []  # the chains themselves hold again
    retell_checkpoints()
    found = [fault for fault in verify_sealed() if fault.anomaly is Anomaly.TAMPERED]
    assert found[0].seq == 0
    assert "anchored" in found[0].what
    with pytest.raises(CommandError):
        call_command("verify_audit")


def test_a_tail_cut_together_with_its_head_is_found(sealed: list[AuditEvent]) -> None:
    triggers.lift(connection)
    last = sealed[-1]
    before = AuditEvent.objects.get(stream="security", seq=1)
    AuditPayload.objects.filter(pk=last.pk).delete()
    last.delete()
    StreamHead.objects.filter(pk="security").update(seq=1, hash=bytes(before.event_hash))
    assert list(verify()) == []
    assert (Anomaly.MISSING, 4) in anomalies()


def test_a_stream_that_was_taken_away_whole_is_found(sealed: list[AuditEvent]) -> None:
    triggers.lift(connection)
    AuditPayload.objects.filter(pk__in=AuditEvent.objects.filter(stream=STREAM).values("pk")).delete()
    AuditEvent.objects.filter(stream=STREAM).delete()
    StreamHead.objects.filter(pk=STREAM).delete()
    assert list(verify()) == []
    assert (Anomaly.MISSING, 0) in anomalies()


@pytest.mark.usefixtures("files_anchor")
def test_a_checkpoint_signed_by_nobody_is_found(sealed: list[AuditEvent]) -> None:
    key = next(one for one in anchor().keys(prefix()) if one.endswith("000000000005.note"))
    path = Path(storages["anchor"].path(key))
    path.chmod(0o600)
    path.write_text(path.read_text().replace("\n5\n", "\n6\n"))
    assert Anomaly.TAMPERED in {anomaly for anomaly, _ in anomalies()}


@pytest.mark.requirement("RET-L6")
def test_facts_erased_lawfully_are_told_from_facts_removed(sealed: list[AuditEvent]) -> None:
    said = erase_payload(sealed[1], stamp=STAMP, reason="An order of the court")
    walk = Walk()
    assert list(verify(walk=walk)) == []
    assert walk.erased == [(STREAM, 2, said.seq)]
    assert list(verify_sealed()) == []
    triggers.lift(connection)
    AuditPayload.objects.filter(pk=sealed[2].pk).delete()
    assert [(fault.seq, fault.anomaly) for fault in verify()] == [(3, Anomaly.MISSING)]


def test_facts_go_only_where_an_event_says_so(sealed: list[AuditEvent]) -> None:
    refusal = pytest.raises(DatabaseError, match="never changed or deleted")
    with refusal, transaction.atomic():
        AuditPayload.objects.filter(pk=sealed[0].pk).delete()


@pytest.mark.parametrize("table", ["docstore_checkpoint", "docstore_payloaderasure"])
def test_checkpoints_and_erasures_are_never_taken_back(sealed: list[AuditEvent], table: str) -> None:
    erase_payload(sealed[1], stamp=STAMP, reason="An order of the court")
    refusal = pytest.raises(DatabaseError, match="never changed or deleted")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("change", ["size = 99", "note = ''", "anchored_at = NULL"])
def test_a_checkpoint_does_not_change(sealed: list[AuditEvent], change: str) -> None:
    refusal = pytest.raises(DatabaseError, match="never changed or deleted")
    with refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE docstore_checkpoint SET {change} WHERE size = 5")


def test_an_older_database_is_not_sealed_over(sealed: list[AuditEvent]) -> None:
    """A backup from between the two checkpoints: what came after it is known to locked storage alone (T15)."""
    triggers.lift(connection)
    Checkpoint.objects.filter(size=5).delete()
    AuditEvent.objects.filter(log_index__gte=3).delete()
    SealedLog.objects.update(size=3)
    with pytest.raises(OlderThanAnchor):
        seal()


def test_an_event_is_proven_with_nothing_but_the_note(sealed: list[AuditEvent]) -> None:
    for event in sealed:
        event.refresh_from_db()
    told = prove_inclusion(sealed[1], Checkpoint.objects.get(size=5))
    seen = notes.read(told.note, keys=signing.public_keys())
    assert includes(leaf=leaf_hash(told.leaf), index=told.index, size=seen.size, proof=list(told.proof), root=seen.root)
    with pytest.raises(LookupError):
        prove_inclusion(sealed[4], Checkpoint.objects.get(size=3))


def test_a_note_with_another_key_or_text_is_none(sealed: list[AuditEvent]) -> None:
    note = Checkpoint.objects.get(size=5).note
    for broken in (note.replace("\n5\n", "\n4\n"), note.rpartition("\n\n")[0], "", "a\nb\nc\n\n"):
        with pytest.raises(notes.NoteBroken):
            notes.read(broken, keys=signing.public_keys())
    with pytest.raises(notes.NoteBroken):
        notes.read(note, keys=signing.JwkSet(keys=[]))


def test_what_is_anchored_is_written_once(tmp_path: Path) -> None:
    store = FileAnchor(tmp_path)
    store.put("a/b", b"one")
    store.put("a/b", b"one")
    with pytest.raises(AnchorDiffers):
        store.put("a/b", b"two")
    assert store.read("a/b") == b"one"
    assert list(store.keys("a/")) == ["a/b"]
    assert store.read("a/none") is None


@pytest.mark.usefixtures("files_anchor")
def test_a_storage_that_was_away_gets_its_checkpoint_later(settings: Any, tmp_path: Path) -> None:
    withdraw()
    there = settings.STORAGES["anchor"]
    settings.STORAGES = settings.STORAGES | {"anchor": there | {"OPTIONS": {"location": "/proc/none"}}}
    with pytest.raises(OSError):
        seal()
    settings.STORAGES = settings.STORAGES | {"anchor": there}
    withdraw()
    seal()
    assert Checkpoint.objects.filter(anchored_at__isnull=True).count() == 0
    assert list(verify_sealed()) == []


def test_a_clock_that_leapt_is_noticed_and_has_to_be_confirmed(
    sealed: list[AuditEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    leapt: datetime = clock.now() + timedelta(days=3650)
    monkeypatch.setattr(clock, "now", lambda: leapt)
    withdraw()
    seal()
    seal()
    leap = unaccepted_leap()
    assert leap is not None
    assert leap.leap_seconds > 3600 * 24 * 3649
    accept_leap(stamp=STAMP, reason="The server was off for ten years")
    assert unaccepted_leap() is None


def test_a_folder_tells_of_what_is_in_it_and_of_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "beside.sqlite3").write_bytes(b"")
    locked = FileAnchor(tmp_path / "anchor")
    assert list(locked.keys("")) == []
    for key in ("one/ledger/2", "one/ledger/1", "one/seals/1", "two/ledger/1"):
        locked.put(key, b"{}")
    assert list(locked.keys("")) == ["one/ledger/1", "one/ledger/2", "one/seals/1", "two/ledger/1"]
    assert list(locked.keys("one/ledger/")) == ["one/ledger/1", "one/ledger/2"]
    assert list(locked.keys("one/s")) == ["one/seals/1"]
