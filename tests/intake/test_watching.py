"""Nothing waits in silence: quarantine drains, what is overdue is told, what was never finished is given up."""

from datetime import timedelta
from typing import Any

import pytest

from docstore.core import clock
from docstore.core.jobs import Job
from docstore.documents.models import Document
from docstore.documents.vault import in_memory, vault
from docstore.intake import exceptions, statements, watching
from docstore.intake.exceptions import NothingToCheck, NothingToFile
from docstore.intake.models import Batch, IntakeException, Item
from docstore.intake.upkeep import let_go_of_rejected
from docstore.reading.scanner import EICAR
from docstore.retention import orphans
from tests.api.client import drain
from tests.courts import TwoCourts
from tests.intake.sending import Sender, item, manifest

pytestmark = pytest.mark.django_db

LETTER = b"Dear court, please find my statement below."


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    return Sender(courts)


def age(**by: float) -> None:
    """Make every batch this much older."""
    moved = timedelta(**by)
    for batch in Batch.objects.all():
        batch.opened_at, batch.expires_at = batch.opened_at - moved, batch.expires_at - moved
        batch.settled_at = batch.settled_at - moved if batch.settled_at else None
        batch.save()


def scanner(settings: Any, address: str) -> None:
    away = {"BACKEND": "docstore.reading.scanner.Clamd", "OPTIONS": {"address": address, "timeout": 1.0}}
    settings.DOCSTORE = {**settings.DOCSTORE, "SCANNER": away}


@pytest.mark.requirement("REL-26", "DOM-1.9")
def test_without_a_scanner_items_wait_and_go_on_by_themselves(courts: TwoCourts, sender: Sender, settings: Any) -> None:
    here = settings.DOCSTORE
    scanner(settings, "127.0.0.1:9")
    batch = sender.send_all(LETTER, reference=courts.case.references.get().value)
    told = sender.told(batch)
    assert (told["state"], told["items"][0]["state"]) == ("verifying", "quarantined")
    assert "Waiting for the virus check" in told["items"][0]["detail"]
    assert sender.get(f"batches/{batch}/receipt").status_code == 409
    assert not Document.objects.exists()

    settings.DOCSTORE = here
    Item.objects.update(tried_seconds=0)
    assert watching.drain_quarantine() == 1
    drain()
    assert sender.told(batch)["state"] == "accepted"


@pytest.mark.requirement("DOM-1.7", "DOM-1.12", "DOM-1.18", "REL-24")
def test_an_unfinished_batch_is_told_of_after_an_hour_and_given_up_after_its_age(
    courts: TwoCourts, sender: Sender
) -> None:
    told = manifest("NGT", LETTER)
    batch = sender.post("batches", told).json()["id"]
    assert watching.tell_of_overdue() == 0
    age(hours=2)
    assert (watching.tell_of_overdue(), watching.tell_of_overdue()) == (1, 0)
    assert IntakeException.objects.get().code == "batch-overdue"
    age(hours=30)
    assert watching.expire_batches() == 1

    assert sender.told(batch)["state"] == "expired"
    late = (sender.put(batch, 1, LETTER), sender.post(f"batches/{batch}/close"))
    assert [(one.status_code, one.json()["code"]) for one in late] == [(410, "batch-stale")] * 2
    assert [one.code for one in IntakeException.objects.filter(settled_at__isnull=True)] == ["batch-stale"]
    again = sender.post("batches", {**told, "external_id": "another"})
    assert again.status_code == 201  # its control numbers were given back


def let_it_stop() -> None:
    """Work until the check of an item whose bytes cannot be read has been given up."""
    for _ in range(5):
        drain()
    Item.objects.update(tried_seconds=0)
    watching.drain_quarantine()
    drain()


def test_a_check_that_stopped_goes_to_a_person_who_has_it_done_again(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.open(LETTER, reference=courts.case.references.get().value)
    sender.put(batch, 1, LETTER)
    sender.post(f"batches/{batch}/close")
    key, clerk = Item.objects.get().key, courts.actor("clerk")
    Item.objects.update(key="items/nothing-is-here")  # the bytes vanish behind our back
    let_it_stop()
    assert sender.told(batch)["items"][0]["code"] == "check-stopped"
    assert sender.told(batch)["state"] == "accepted_with_exceptions"
    first = IntakeException.objects.get()
    with pytest.raises(NothingToFile):
        exceptions.attach(by=clerk, exception_id=first.pk, case_id=courts.case.pk, reason="I know it.")

    exceptions.check_again(by=clerk, exception_id=first.pk, reason="Perhaps it was the line.")
    assert sender.told(batch)["items"][0]["state"] == "quarantined"
    let_it_stop()
    second = IntakeException.objects.get(settled_at__isnull=True)
    assert (second.code, second.pk == first.pk) == ("check-stopped", False)

    Item.objects.update(key=key)
    exceptions.check_again(by=clerk, exception_id=second.pk, reason="The storage is back.")
    drain()
    assert sender.told(batch)["items"][0]["state"] == "available"
    assert not Job.objects.parked().exists()
    assert {one.act for one in IntakeException.objects.all()} == {"check-again"}


def test_only_what_stopped_is_checked_again(courts: TwoCourts, sender: Sender) -> None:
    sender.send_all(LETTER)
    with pytest.raises(NothingToCheck):
        exceptions.check_again(
            by=courts.actor("clerk"), exception_id=IntakeException.objects.get().pk, reason="Why not."
        )


def test_available_is_said_once_pages_can_be_read(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(LETTER, reference=courts.case.references.get().value)
    assert sender.told(batch)["items"][0]["state"] == "available"
    assert watching.mark_available() == 1
    assert Item.objects.get().state == "available"


def statement(*batches: dict[str, Any]) -> dict[str, Any]:
    return {"day": str(clock.today()), "batches": list(batches)}


@pytest.mark.requirement("DOM-1.17")
def test_a_statement_gives_every_kind_of_difference_and_a_late_one_changes_nothing(sender: Sender) -> None:
    missing = {"external_id": "never-came", "items": [{"control_number": "1"}]}
    came = manifest("NGT", LETTER)
    sender.post("batches", came)
    sender.put(str(Batch.objects.get().pk), 1, LETTER)
    number = came["items"][0]["control_number"]
    Item.objects.update(pages=2)
    sender.post("batches", manifest("NGT", b"unstated", external_id="unstated"))
    stated = {
        "external_id": came["external_id"],
        "rescan_for": "an-earlier-one",
        "payments": ["9"],
        "items": [{"control_number": number, "pages": 3, "sha256": "0" * 64}, {"control_number": "2"}],
    }
    gone = manifest("NGT", b"gone", external_id="gone")
    sender.post("batches", gone)
    Batch.objects.filter(external_id="gone").update(state="expired")
    expired = {"external_id": "gone", "items": [{"control_number": gone["items"][0]["control_number"]}]}
    assert sender.post("statements", statement(missing, stated, expired)).status_code == 202

    statements.reconcile(sender.station, clock.today())
    late = sender.post("statements", statement())

    report = sender.get(f"reconciliations/{clock.today()}").json()
    assert {one["kind"] for one in report["differences"]} == {str(one) for one in statements.Difference}
    assert late.json()["late"] is True
    assert sender.get(f"reconciliations/{clock.today()}").json() == report
    assert [sender.get(f"reconciliations/{day}").status_code for day in ("2020-01-01", "2026-02-31", "x")] == [404] * 3
    bad = sender.post("statements", {"day": "2026-02-31", "batches": []})
    assert bad.json()["errors"][0]["pointer"] == "/day"


@pytest.mark.requirement("REL-19", "REL-2")
def test_what_belongs_to_nothing_is_set_aside_after_a_day_and_nothing_else(
    courts: TwoCourts, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.send_all(LETTER, reference=courts.case.references.get().value)
    kept = Item.objects.get().key
    vault().put(
        "batches/left/behind/by-a-crash",
        in_memory(LETTER),
        sha256=item(1, LETTER)["sha256"],
        size=len(LETTER),
        media_type="text/plain",
    )
    orphans.sweep_vault()
    assert vault().has("batches/left/behind/by-a-crash")
    now = clock.seconds()
    monkeypatch.setattr(clock, "seconds", lambda: now + 2 * 24 * 3600)
    assert orphans.sweep_vault() >= 1  # the vault is shared with tests whose rows are gone
    assert vault().has("lost+found/batches/left/behind/by-a-crash")
    assert not vault().has("batches/left/behind/by-a-crash")
    assert vault().has(kept)
    monkeypatch.setattr(clock, "seconds", lambda: now + 40 * 24 * 3600)
    assert orphans.sweep_vault() >= 1
    assert not vault().has("lost+found/batches/left/behind/by-a-crash")


@pytest.mark.services
@pytest.mark.requirement("SEC-24", "DOM-1.7")
def test_a_virus_is_rejected_with_its_code_and_reaches_no_case(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.send_all(EICAR, reference=courts.case.references.get().value)
    assert sender.told(batch)["items"][0]["code"] == "virus-found"
    assert sender.told(batch)["state"] == "rejected"
    assert not Document.objects.exists()
    age(hours=100)
    assert let_go_of_rejected() == 1
