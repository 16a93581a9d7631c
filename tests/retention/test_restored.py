"""Last week's database is put back: what was destroyed since stays destroyed, whatever the backup lacks (RET-S9, G17)."""

import json
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from docstore.audit import sealing, triggers
from docstore.audit.anchor import anchor
from docstore.audit.merkle import RightEdge, leaf_hash
from docstore.audit.models import AuditEvent, Checkpoint, SealedLog
from docstore.audit.sealed import verify_sealed
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.documents.models import Document
from docstore.management.doctor import LOOKS
from docstore.retention import certificates, execution, ledger, readiness, restored
from docstore.retention.disposal_models import DestructionSwitch, DisposalList, NumberSeries
from docstore.retention.fingerprints import fingerprint
from docstore.retention.ledger_models import LedgerEntry
from docstore.retention.numbers import next_number
from tests.retention.disposing import Disposal

pytestmark = pytest.mark.django_db

UNRELIABLE = (b"", b"[]", b"no JSON", b'{"format":2,"entries":[]}', b'{"payload":"e30="}')


@pytest.fixture(autouse=True)
def evidence_in_a_folder(settings: Any, tmp_path: Path) -> None:
    """Locked storage of this test's own, whose files it can spoil."""
    folder = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "anchor")},
    }
    settings.STORAGES = settings.STORAGES | {"anchor": folder}
    settings.DOCSTORE = settings.DOCSTORE | {"DISPOSAL": settings.DOCSTORE["DISPOSAL"] | {"LEDGER_SECONDS": 60}}
    restored.forget_what_was_seen()


@pytest.fixture
def destroyed(disposal: Disposal) -> tuple[Case, Document, DisposalList]:
    case, paper = disposal.case()
    disposal.pass_days(8)
    return case, paper, disposal.run(disposal.begun().pk)


def put_back(case: Case, paper: Document) -> None:
    """The rows as they were before the destruction; nothing is known of what came after."""
    Document.objects.filter(pk=paper.pk).update(lifecycle=Lifecycle.ACTIVE, certificate="", title="Statement")
    Case.objects.filter(pk=case.pk).update(lifecycle=Lifecycle.ACTIVE, certificate="", title="R v Test")
    LedgerEntry.objects.all().delete()
    NumberSeries.objects.all().delete()
    restored.forget_what_was_seen()


def in_old_format(case: Case, paper: Document, secret: bytes) -> str:
    """Put an entry into the ledger as the first format had it, in place of the signed ones."""
    for name in ledger.names():
        path(name).unlink()
    rows = [{"records": [fingerprint(secret, str(one.pk)) for one in (case, paper)], "keys": [], "content": []}]
    name = f"{ledger.folder()}D-2026-0001-0123456789abcdef.json"
    told = {"format": 1, "certificate": "C-2026-0001", "list": "D-2026-0001", "entries": rows}
    anchor().put(name, json.dumps(told).encode())
    return name


def path(name: str) -> Path:
    return Path(storages["anchor"].path(name))


def is_gone(*records: Case | Document) -> bool:
    for one in records:
        one.refresh_from_db()
    return all(one.is_gone for one in records)


@pytest.mark.requirement("RET-S9", "RET-G17")
def test_a_backup_older_than_every_key_brings_nothing_back(
    disposal: Disposal, destroyed: tuple[Case, Document, DisposalList]
) -> None:
    case, paper, made = destroyed
    live, other = disposal.case()
    put_back(case, paper)
    DestructionSwitch.objects.all().delete()  # the row that keyed the ledger's first format is not there yet
    reader = Client()
    reader.force_login(disposal.world.courts.people["rm1"])
    held = reader.get(f"/documents/{paper.pk}/"), reader.get(f"/api/v1/documents/{paper.pk}")
    assert [one.status_code for one in held] == [503, 503]
    assert held[1].json()["code"] == "ledger-ahead"
    assert reader.get("/readyz").json()["parts"]["ledger"] is False
    assert reader.get("/livez").status_code == 200
    out = StringIO()
    call_command("restore_check", stdout=out)
    assert "2 destroyed records had come back" in out.getvalue()
    assert is_gone(case, paper)
    assert not is_gone(live)
    assert not is_gone(other)
    assert paper.certificate == made.certificate.number
    assert reader.get(f"/documents/{paper.pk}/").status_code in (404, 410)
    assert AuditEvent.objects.filter(type="destroyed.came_back").count() == 2
    assert restored.replay() == restored.Replayed(0, ())
    assert next_number("D") > made.number  # what the ledger has seen is not given again
    assert next_number("C") > made.certificate.number


def test_until_the_replay_nothing_is_destroyed(
    disposal: Disposal, destroyed: tuple[Case, Document, DisposalList]
) -> None:
    case, paper, _ = destroyed
    _, waiting = disposal.case("another")
    disposal.pass_days(8)
    made = disposal.begun()
    put_back(case, paper)
    assert "restore_check" in readiness.why_not_now()
    assert execution.take_turn(made.pk) is False
    assert not is_gone(waiting)
    with pytest.raises(execution.DestructionOff, match="restore_check"):
        execution.carry_out(by=disposal.world.actor("rm1"), list_id=made.pk)
    restored.replay()
    assert readiness.why_not_now() == ""
    disposal.run(made.pk)
    assert is_gone(waiting)
    for name in ledger.names():  # a storage that loses, or hides, what was put there
        path(name).unlink()
    assert "had been put: 2" in readiness.why_not_ready()


def test_an_entry_that_cannot_be_relied_on_is_refused_and_told(
    destroyed: tuple[Case, Document, DisposalList],
) -> None:
    case, paper, _ = destroyed
    put_back(case, paper)
    bad = {f"{ledger.folder()}D-2026-000{at}-0000000000000000.json": one for at, one in enumerate(UNRELIABLE)}
    for name, content in bad.items():
        anchor().put(name, content)
    with pytest.raises(CommandError, match=f"{len(bad)} entries") as refusal:
        call_command("restore_check")
    assert refusal.value.returncode == 3
    assert all(name in str(refusal.value) for name in bad)
    assert is_gone(case, paper)  # what the good entries name is shut away all the same
    assert restored.ahead() == set(bad)
    assert "restore_check" in readiness.why_not_ready()
    [found] = LOOKS["destruction"]("destruction")
    assert not found.well


def test_entries_of_the_first_format_are_read_and_signed_while_their_key_is_there(
    destroyed: tuple[Case, Document, DisposalList],
) -> None:
    case, paper, _ = destroyed
    old = in_old_format(case, paper, ledger.secret_if_any() or b"")
    put_back(case, paper)
    assert set(restored.replay().came_back) == {case.pk, paper.pk}
    assert len(ledger.names()) == 2  # the old one, and a signed one that says the same
    put_back(case, paper)
    DestructionSwitch.objects.update(secret=b"another key" * 3)
    assert set(restored.replay().came_back) == {case.pk, paper.pk}
    assert old in set(LedgerEntry.objects.values_list("name", flat=True))


def test_entries_whose_key_is_lost_are_never_passed_over_in_silence(
    destroyed: tuple[Case, Document, DisposalList],
) -> None:
    case, paper, _ = destroyed
    in_old_format(case, paper, ledger.secret_if_any() or b"")
    put_back(case, paper)
    DestructionSwitch.objects.update(secret=b"another key" * 3)
    with pytest.raises(restored.LedgerKeyLost):
        restored.replay()
    DestructionSwitch.objects.all().delete()
    with pytest.raises(restored.LedgerKeyLost):
        restored.replay()
    assert not DestructionSwitch.objects.exists()  # no key is made to look with
    with pytest.raises(restored.LedgerAhead):
        restored.check_may_serve()


def test_the_log_goes_on_when_a_person_confirms_the_restore(
    disposal: Disposal, destroyed: tuple[Case, Document, DisposalList]
) -> None:
    case, paper, first = destroyed
    put_back(case, paper)
    triggers.lift(connection)
    sizes = [size for size, _ in sealing.anchored_sizes()]
    Checkpoint.objects.filter(size__gt=sizes[0]).delete()
    SealedLog.objects.update(size=sizes[0], edge=_edge_at(sizes[0]))
    AuditEvent.objects.filter(log_index__gte=sizes[0]).update(log_index=None)
    call_command("restore_check")
    with pytest.raises(sealing.OlderThanAnchor):
        sealing.seal()
    assert "confirm-restore" in readiness.why_not_ready()
    out = StringIO()
    call_command("restore_check", "--confirm-restore", stdout=out)
    assert f"{sizes[-1] - sizes[0]} sealed events are lost" in out.getvalue()
    assert sealing.seal() is not None
    assert list(verify_sealed()) == []
    assert readiness.why_not_ready() == ""
    assert AuditEvent.objects.filter(type="log.continued").count() == 1
    disposal.case("another")
    disposal.pass_days(8)
    second = disposal.run(disposal.begun().pk)
    assert second.certificate.number != first.certificate.number
    assert certificates.certificate_of(disposal.world.actor("rm1"), second).is_final
    assert len(ledger.names()) == 2  # in the same folder as ever


def test_a_backup_older_than_the_first_seal_finds_the_ledger_of_its_own_court(
    destroyed: tuple[Case, Document, DisposalList],
) -> None:
    case, paper, _ = destroyed
    put_back(case, paper)
    triggers.lift(connection)  # a backup from before the first seal has no such row; nobody deletes it
    SealedLog.objects.all().delete()
    triggers.guard(connection)
    foreign = f"{UUID(int=7)}/ledger/D-2026-0001-0000000000000000.json"
    anchor().put(foreign, b"of another court")
    assert set(restored.replay().came_back) == {case.pk, paper.pk}


def _edge_at(size: int) -> str:
    edge = RightEdge()
    for one in AuditEvent.objects.filter(log_index__lt=size).order_by("log_index"):
        edge.append(leaf_hash(bytes(one.event_hash)))
    return json.dumps([one.hex() for one in edge.roots])
