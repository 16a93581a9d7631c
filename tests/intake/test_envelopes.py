"""Suppliers' envelopes: signature before opening, their order of rules, their codes (design/domain.md §3)."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from docstore.documents.models import Document
from docstore.intake.models import Batch, Item, NonScannable
from docstore.intake.stamps import is_envelope_name, stamp_of
from docstore.intake.stations import Envelopes, change_station
from tests.api.client import drain
from tests.courts import TwoCourts
from tests.intake.envelopes import (
    PDF,
    STRANGER,
    altered,
    envelope,
    form,
    fresh_name,
    inner,
    metadata,
    paper,
    sealed,
    trust,
    without,
    zipped,
)
from tests.intake.sending import Sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender(courts: TwoCourts, settings: Any, tmp_path: Path) -> Sender:
    trust(tmp_path / "keys")
    intake = {**settings.DOCSTORE["INTAKE"], "ENVELOPE_KEYS": str(tmp_path / "keys")}
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": intake}
    made = Sender(courts)
    setup(courts, made)
    return made


def setup(courts: TwoCourts, made: Sender, *, payments: bool = False) -> None:
    courts_own = Envelopes("crime", "CRIME", "12747", takes_payments=payments)
    change_station(
        by=courts.actor("stations"),
        station_id=made.station.pk,
        name="Supplier",
        is_enabled=True,
        section="",
        envelopes=courts_own,
    )


def send(sender: Sender, content: bytes, name: str) -> Any:
    disposition = f'attachment; filename="{name}"'
    return sender.send("POST", "envelopes", content, "application/zip", Content_Disposition=disposition)


def refused(sender: Sender, told: dict[str, Any], files: dict[str, bytes] | None = None) -> tuple[str, str]:
    """Send an envelope that must be refused; return its code and the supplier's."""
    answer = send(sender, envelope(told, files), told["zip_file_name"])
    assert 400 <= answer.status_code < 500, answer.content
    assert not Batch.objects.exists()
    return answer.json()["code"], answer.json().get("supplier_code", "")


@pytest.mark.requirement("DOM-1.14")
def test_an_envelope_becomes_a_batch_and_its_papers_go_on(courts: TwoCourts, sender: Sender) -> None:
    name, number = fresh_name(), courts.case.references.get().value
    disc = {"document_control_number": "77", "item_type": "DVD", "notes": "Interview"}
    told = metadata(
        name, case_number=number, non_scannable_items=[disc], scannable_items=[paper("1.pdf"), paper("2.pdf")]
    )

    answer = send(sender, envelope(told), name)
    drain()

    assert answer.status_code == 202
    batch = answer.json()["id"]
    assert answer.headers["Location"] == f"/api/v1/batches/{batch}"
    assert sender.told(batch)["state"] == "accepted"
    assert {one.control_number for one in Item.objects.filter(case=courts.case)} == {
        one["document_control_number"] for one in told["scannable_items"]
    }
    assert NonScannable.objects.get().case_id == courts.case.pk


@pytest.mark.requirement("DOM-1.16")
def test_what_cannot_be_scanned_stands_in_the_case_file_with_its_place(courts: TwoCourts, sender: Sender) -> None:
    number = courts.case.references.get().value
    disc = {"control_number": "4711", "type": "DVD", "kept_at": "Shelf 3, room 12", "notes": "Interview of 2 May"}
    sender.send_all(b"A letter with a disc.", reference=number, non_scannable=[disc])
    for who, sees in (("clerk", True), ("judge", True), ("defence", False)):
        client = Client()
        client.force_login(courts.people[who])
        shown = client.get(f"/cases/{courts.case.pk}/").content.decode()
        assert all((word in shown) is sees for word in ("DVD", "4711", "Shelf 3, room 12", "Interview of 2 May")), who


@pytest.mark.requirement("DOM-S1", "DOM-1.7", "DOM-1.14")
def test_one_altered_byte_is_told_to_the_supplier_and_nothing_is_opened(sender: Sender) -> None:
    name = fresh_name()
    content = envelope(metadata(name))
    for wrong in (altered(content), sealed(inner(metadata(name)), STRANGER)):
        answer = send(sender, wrong, fresh_name())
        assert (answer.status_code, answer.json()["supplier_code"]) == (422, "ERR_SIG_VERIFY_FAILED")
    assert not Batch.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.requirement("DOM-1.5")
def test_the_same_envelope_again_gives_the_first_result_and_another_of_its_name_is_refused(sender: Sender) -> None:
    name = fresh_name()
    content = envelope(metadata(name))
    first, again = send(sender, content, name), send(sender, content, name)
    other = send(sender, envelope(metadata(name)), name)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert (other.status_code, other.json()["code"]) == (409, "duplicate-batch")
    assert Batch.objects.count() == 1


def test_a_refused_envelope_stays_refused_and_its_name_is_spent(sender: Sender) -> None:
    name = fresh_name()
    wrong = envelope(metadata(name, po_box="999"))
    first, again = send(sender, wrong, name), send(sender, wrong, name)
    other = send(sender, envelope(metadata(name)), name)
    assert first.json()["supplier_code"] == again.json()["supplier_code"] == "ERR_METAFILE_INVALID"
    assert again.json()["refused_as"] == "metadata-invalid"
    assert (other.status_code, other.json()["code"]) == (409, "duplicate-batch")


METADATA = ("metadata-invalid", "ERR_METAFILE_INVALID")
ARCHIVE = ("archive-invalid", "ERR_ZIP_PROCESSING_FAILED")
RULES: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("an unknown field", {"surprise": 1}, METADATA),
    ("a date without milliseconds", {"delivery_date": "2026-06-23T12:34:56Z"}, METADATA),
    ("a date with an offset", {"delivery_date": "2026-06-23T12:34:56.123+01:00"}, METADATA),
    ("a day that no calendar has", {"delivery_date": "2026-99-99T99:99:99.999Z"}, METADATA),
    ("another PO box", {"po_box": "1"}, METADATA),
    ("another jurisdiction", {"jurisdiction": "PROBATE"}, METADATA),
    ("no papers", {"scannable_items": []}, METADATA),
    ("letters in a control number", {"scannable_items": [paper("1.pdf", document_control_number="12a")]}, METADATA),
    ("digits of another script", {"scannable_items": [paper("1.pdf", document_control_number="١٢٣")]}, METADATA),
    ("a path in a file name", {"scannable_items": [paper("../1.pdf")]}, METADATA),
    ("an application without OCR", {"envelope_classification": "new_application"}, METADATA),
    ("OCR beside a form", {"scannable_items": [{**form("1.pdf"), "document_type": "Other"}]}, METADATA),
    ("two papers with OCR", {"scannable_items": [form("1.pdf"), form("2.pdf")]}, METADATA),
    ("a form without subtype", {"scannable_items": [paper("1.pdf", document_type="Form")]}, METADATA),
    ("a form in plain evidence", {"scannable_items": [form("1.pdf")]}, METADATA),
    ("payments", {"payments": [{"document_control_number": "5"}]}, ("payments-disabled", "ERR_PAYMENTS_DISABLED")),
    (
        "one control number twice",
        {"scannable_items": [paper("1.pdf", document_control_number="4"), paper("2.pdf", document_control_number="4")]},
        ("duplicate-control-number", "ERR_METAFILE_INVALID"),
    ),
]


@pytest.mark.requirement("DOM-1.2", "DOM-1.7")
@pytest.mark.parametrize(("change", "codes"), [(one[1], one[2]) for one in RULES], ids=[one[0] for one in RULES])
def test_a_rule_is_broken(sender: Sender, change: dict[str, Any], codes: tuple[str, str]) -> None:
    told = {**metadata(fresh_name()), **change}
    files = {one["file_name"].rpartition("/")[2]: PDF for one in told["scannable_items"]}
    assert refused(sender, told, files) == codes


def test_a_required_field_is_missing(sender: Sender) -> None:
    told = metadata(fresh_name())
    answer = send(
        sender,
        sealed(zipped({"m.json": json.dumps(without(told, "po_box")).encode(), "1.pdf": PDF})),
        told["zip_file_name"],
    )
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/po_box"]


@pytest.mark.requirement("DOM-1.3")
def test_every_extra_and_every_missing_file_is_named(sender: Sender) -> None:
    told = metadata(fresh_name(), scannable_items=[paper("1.pdf"), paper("2.pdf")])
    answer = send(sender, envelope(told, {"1.pdf": PDF, "3.pdf": PDF}), told["zip_file_name"])
    assert answer.json()["supplier_code"] == "ERR_ZIP_PROCESSING_FAILED"
    found = {(one["code"], one["detail"]) for one in answer.json()["errors"]}
    assert found == {("missing", "2.pdf"), ("not-declared", "3.pdf")}


def test_the_first_broken_rule_is_told_and_not_a_later_one(sender: Sender) -> None:
    """Name before container before files before numbers."""
    told = metadata("1_24-06-2026-00-00-00.zip", po_box="1", scannable_items=[paper("1.pdf"), paper("1.pdf")])
    answer = send(sender, envelope(told, {}), "2_24-06-2026-00-00-00.zip")
    assert answer.json()["errors"][0]["pointer"] == "/zip_file_name"


def _twice() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("metadata.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("metadata.json", b"{}")
    return held.getvalue()


def _bomb() -> bytes:
    return zipped({"metadata.json": b"{}", "1.pdf": bytes(64 * 1024 * 1024)})


@pytest.mark.requirement("DOM-1.7", "DOM-1.20", "SEC-20", "SEC-21")
@pytest.mark.parametrize(
    "content",
    [
        lambda: b"not a zip",
        lambda: zipped({"envelope.zip": b"x"}),
        lambda: zipped({"envelope.zip": b"x", "signature": b"y", "third": b"z"}),
        lambda: zipped({"../envelope.zip": b"x", "signature": b"y"}),
        lambda: sealed(b"not a zip"),
        lambda: sealed(zipped({"metadata.json": b"{}", "a/1.pdf": PDF})),
        lambda: sealed(zipped({"metadata.json": b"{}", "..\\1.pdf": PDF})),
        lambda: sealed(zipped({"metadata.json": b"{}", "/etc/1.pdf": PDF})),
        lambda: sealed(zipped({"metadata.json": b"{}", "1.exe": b"MZ"})),
        lambda: sealed(zipped({"a.json": b"{}", "b.json": b"{}", "1.pdf": PDF})),
        lambda: sealed(zipped({"1.pdf": PDF})),
        lambda: sealed(_twice()),
        lambda: sealed(_bomb()),
    ],
    ids=["no zip", "no signature", "a third entry", "a path outside", "no inner zip", "a folder", "a backslash",
         "an absolute path", "a program", "two JSONs", "no JSON", "one name twice", "a bomb"],
)  # fmt: skip
def test_a_bad_archive_is_refused(sender: Sender, content: Any) -> None:
    answer = send(sender, content(), fresh_name())
    assert (answer.status_code, answer.json()["code"]) == (422, "archive-invalid")
    assert answer.json()["supplier_code"] == "ERR_ZIP_PROCESSING_FAILED"
    assert not Batch.objects.exists()


@pytest.mark.requirement("DOM-1.20")
@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [("ENTRIES", 2, "more than 2 entries"), ("BYTES", 100, "unpacks to more than"), ("RATIO", 1, "1 times its size")],
)
def test_the_limits_of_an_archive_are_settings(sender: Sender, settings: Any, limit: str, most: int, said: str) -> None:
    name = fresh_name()
    told = metadata(name, scannable_items=[paper("1.pdf"), paper("2.pdf")])
    content = envelope(told, {"1.pdf": PDF, "2.pdf": PDF + bytes(5_000_000)})
    settings.DOCSTORE = {**settings.DOCSTORE, "LIMITS": {**settings.DOCSTORE["LIMITS"], f"ARCHIVE_{limit}": most}}
    answer = send(sender, content, name)
    assert (answer.status_code, answer.json()["code"]) == (422, "archive-invalid")
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("1_24-06-2018-00-00-00.zip", True),
        ("1_24-06-2018-00-00-00.test.zip", True),
        ("1_32-01-2018-00-00-00.zip", False),
        ("1_24-13-2018-00-00-00.zip", False),
        ("1_24-06-2018-24-00-00.zip", False),
        ("a_24-06-2018-00-00-00.zip", False),
        ("1_24-06-2018-00-00-00.ZIP", False),
        ("1_00-00-2018-00-00-00.zip", False),
        ("12345_31-02-2026-23-59-59.zip", False),
        ("١_24-06-2018-00-00-00.zip", False),
    ],
)
def test_a_name_is_right_or_wrong(name: str, fits: bool) -> None:
    assert is_envelope_name(name) is fits


def test_a_stamp_is_in_utc_with_milliseconds() -> None:
    assert stamp_of("2018-06-23T12:34:56.123Z").microsecond == 123_000
    for wrong in ("2018-06-23T12:34:56Z", "2018-06-23T12:34:56.123+01:00", "2018-99-99T99:99:99.999Z"):
        with pytest.raises(ValueError):
            stamp_of(wrong)


def test_the_command_takes_an_envelope_and_says_what_was_wrong(
    sender: Sender, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = fresh_name(), fresh_name()
    (tmp_path / good).write_bytes(envelope(metadata(good)))
    (tmp_path / bad).write_bytes(altered(envelope(metadata(bad))))
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("take_envelope", tmp_path / good, tmp_path / bad, station="station")
    said = capsys.readouterr()
    assert good in said.out
    assert "ERR_SIG_VERIFY_FAILED" in said.err
    assert Batch.objects.get().content_sha256 == hashlib.sha256((tmp_path / good).read_bytes()).hexdigest()


def test_payments_take_part_in_reconciliation_only(courts: TwoCourts, sender: Sender) -> None:
    setup(courts, sender, payments=True)
    name = fresh_name()
    assert send(sender, envelope(metadata(name, payments=[{"document_control_number": "5"}])), name).status_code == 202
    assert json.loads(Batch.objects.get().payments) == ["5"]
