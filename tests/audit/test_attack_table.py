"""The attack table of the audit's design, row by row: what finds each, and where (RET-S10).

Sixteen writers on one stream, its first row, are in `test_concurrency`; each single way to change a row, in `test_attacks`.
"""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from docstore.audit import chain, notes, sealing, triggers
from docstore.audit.anchor import AnchorDiffers, anchor
from docstore.audit.dating import verify_dates
from docstore.audit.erasing import erase_payload
from docstore.audit.models import AuditEvent, AuditPayload, Checkpoint, PayloadErasure, SealedLog, StreamHead
from docstore.audit.sealed import LOG, verify_against, verify_sealed
from docstore.audit.sealing import OlderThanAnchor, prefix, seal
from docstore.audit.verify import Anomaly, Walk, verify
from docstore.core import clock
from docstore.retention import readiness
from tests.audit.attacking import retell_checkpoints, rewrite
from tests.audit.writing import STAMP, STREAM, withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("RET-S10")]

Found = list[tuple[str, int, Anomaly]]


@pytest.fixture
def log(settings: Any, tmp_path: Path) -> list[AuditEvent]:
    """Two checkpoints: after three events, and after three more, of which two are in another stream."""
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "anchor")},
    }
    settings.STORAGES = settings.STORAGES | {"anchor": folder}
    written = [withdraw(reason=f"Reason {number}") for number in range(3)]
    seal()
    written += [withdraw(), withdraw(stream="security"), withdraw(stream="security")]
    seal()
    triggers.lift(connection)  # from here on we are the database's owner
    for one in written:
        one.refresh_from_db()
    assert found() == []
    return written


def found() -> Found:
    faults = [*verify(), *verify_sealed(), *verify_dates()]
    return [(one.stream, one.seq, one.anomaly) for one in faults]


def test_a_row_that_is_edited_is_found_at_its_number(log: list[AuditEvent]) -> None:
    AuditPayload.objects.filter(pk=log[1].pk).update(payload=b'{"reason":"None"}')
    assert found() == [(STREAM, 2, Anomaly.TAMPERED)]


def test_a_history_rewritten_with_all_its_hashes_differs_from_what_is_anchored(log: list[AuditEvent]) -> None:
    rewrite(STREAM, first_reason="Something else")
    retell_checkpoints()
    assert list(verify()) == []  # the chain itself holds again
    assert found() == [(LOG, 0, Anomaly.TAMPERED), (LOG, 3, Anomaly.TAMPERED)]


def test_whoever_has_the_signing_key_too_cannot_replace_what_lies_in_locked_storage(log: list[AuditEvent]) -> None:
    rewrite(STREAM, first_reason="Something else")
    retell_checkpoints()
    for one in Checkpoint.objects.all():
        forged = notes.write(notes.Told(f"docstore/{sealing.installation()}", one.size, bytes(one.root)))
        Checkpoint.objects.filter(pk=one.pk).update(note=forged)
        with pytest.raises(AnchorDiffers):
            anchor().put(f"{prefix()}checkpoints/{one.size:012d}.note", forged.encode())
    assert found() == [(LOG, 0, Anomaly.TAMPERED), (LOG, 3, Anomaly.TAMPERED)]


def test_a_tail_that_was_cut_is_shorter_than_what_is_anchored(log: list[AuditEvent]) -> None:
    last, before = log[-1], log[-2]
    AuditPayload.objects.filter(pk=last.pk).delete()
    last.delete()
    StreamHead.objects.filter(pk="security").update(seq=1, hash=bytes(before.event_hash))
    assert found() == [(LOG, 5, Anomaly.MISSING)]


def test_what_no_checkpoint_covers_yet_is_shown_as_such(log: list[AuditEvent], monkeypatch: pytest.MonkeyPatch) -> None:
    assert sealing.lag() == timedelta(0)
    withdraw()
    now = clock.now() + timedelta(minutes=4)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert timedelta(minutes=4) <= sealing.lag() < timedelta(minutes=5)


def test_a_stream_taken_away_whole_leaves_gaps_at_known_places(log: list[AuditEvent]) -> None:
    gone = AuditEvent.objects.filter(stream=STREAM)
    AuditPayload.objects.filter(pk__in=gone.values("pk")).delete()
    gone.delete()
    StreamHead.objects.filter(pk=STREAM).delete()
    assert list(verify()) == []
    assert found() == [(LOG, 0, Anomaly.MISSING)]


def test_two_histories_for_two_people_come_out_when_one_brings_the_checkpoint_they_were_given(
    log: list[AuditEvent], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.note"
    kept.write_text(Checkpoint.objects.get(size=3).note)
    assert list(verify_against(kept.read_text())) == []
    call_command("verify_audit", "--note", str(kept), stdout=StringIO())
    rewrite(STREAM, first_reason="Something else")  # the second history, with everything signed and anchored to fit it
    retell_checkpoints()
    fresh = sealing.uuid4()
    SealedLog.objects.update(installation=fresh)
    for one in Checkpoint.objects.all():
        forged = notes.write(notes.Told(f"docstore/{fresh}", one.size, bytes(one.root)))
        Checkpoint.objects.filter(pk=one.pk).update(note=forged)
        anchor().put(f"{prefix()}checkpoints/{one.size:012d}.note", forged.encode())
    assert found() == []
    [fault] = verify_against(kept.read_text())
    assert (fault.stream, fault.anomaly) == (LOG, Anomaly.TAMPERED)
    error = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", "--note", str(kept), stderr=error)
    assert "the checkpoint that was kept says otherwise of the first 3 events" in error.getvalue()


@pytest.mark.parametrize("days", [-400, 3])
def test_an_event_with_another_date_is_betrayed_by_its_place(log: list[AuditEvent], days: int) -> None:
    """Appended today with a date of last year, or of a day to come, chained and sealed by the product itself."""
    fresh = withdraw()
    at = fresh.recorded_at + timedelta(days=days)
    told = json.loads(bytes(fresh.header)) | {"occurred_at": chain.moment(at)}
    header = chain.canonical(told)
    link = chain.event_hash(bytes(fresh.prev_hash), header, bytes(fresh.payload_commitment))
    AuditEvent.objects.filter(pk=fresh.pk).update(header=header, event_hash=link, recorded_at=at)
    StreamHead.objects.filter(pk=STREAM).update(hash=link)
    size = Checkpoint.objects.latest("size").size
    AuditEvent.objects.filter(log_index__isnull=True).exclude(pk=fresh.pk).delete()
    sealing._number_events()
    sealing._anchor(sealing._checkpoint())
    assert [*verify(), *verify_sealed()] == []
    assert found() == [(LOG, size, Anomaly.CLOCK)]


def test_an_old_backup_is_not_gone_on_with(log: list[AuditEvent]) -> None:
    Checkpoint.objects.filter(size=6).delete()
    AuditEvent.objects.filter(log_index__gte=3).delete()
    SealedLog.objects.update(size=3)
    with pytest.raises(OlderThanAnchor):
        seal()
    assert "restore" in readiness.why_not_ready()
    assert (LOG, 3, Anomaly.MISSING) in found()


def test_a_lawful_erasure_and_a_theft_are_told_apart(log: list[AuditEvent]) -> None:
    said = erase_payload(log[0], stamp=STAMP, reason="An order of the court")
    AuditPayload.objects.filter(pk=log[1].pk).delete()  # a theft
    AuditPayload.objects.filter(pk=log[2].pk).delete()  # another, which names an event that erased something else
    PayloadErasure.objects.create(event_id=log[2].pk, by_event=said.pk)
    walk = Walk()
    assert [(one.seq, one.anomaly) for one in verify(walk=walk)] == [(2, Anomaly.MISSING), (3, Anomaly.MISSING)]
    assert walk.erased == [(STREAM, 1, said.seq)]


def test_a_fork_is_refused_by_the_database_itself(log: list[AuditEvent]) -> None:
    first = AuditEvent.objects.get(stream=STREAM, seq=1)
    for seq, prev in ((1, b"x" * 32), (99, bytes(first.prev_hash))):
        twin = AuditEvent.objects.get(pk=first.pk)
        twin.pk, twin.log_index, twin.seq, twin.prev_hash = None, None, seq, prev
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
