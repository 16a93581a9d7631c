"""Records on their way to an archive: the package and what is in it, the receipt, and the copy here."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

import bagit
import pytest
from django.core.management import CommandError, call_command

from docstore.cases import actions as cases
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Document
from docstore.documents.vault import ContentDamaged, vault
from docstore.retention import (
    approvals,
    bags,
    execution,
    lists,
    off_schedule,
    packaging,
    queries,
    stubs,
    transfer_desk,
    transfers,
)
from docstore.retention.disposal_models import DisposalList, Ground, ListStatus
from docstore.retention.transfer_models import Transfer, TransferStatus
from docstore.retention.transfers import TransferTold
from docstore.retention.vocabulary import Outcome, Record
from tests.retention.disposing import Disposal
from tests.retention.test_disposal import hold_case
from tests.retention.world import World, of_case

pytestmark = pytest.mark.django_db
FOREVER = {"action": "transfer", "trigger": {"none": True}}
AFTER_SEVEN = {"action": "transfer", "trigger": {"event": "case_closed"}, "period": "P7Y"}
CLOSED = TransferTold("The County Record Office", "CRO 12", "As the rule says", 50, "32")


@pytest.fixture
def kept(disposal: Disposal) -> tuple[Case, Document]:
    """A closed case that is kept for ever, with a paper of two versions' worth of care."""
    disposal.kind = disposal.world.new_class(FOREVER)
    case, paper = disposal.case("the judgment of the court", "and its second page")
    disposal.pass_days(8)
    return case, paper


def packaged(disposal: Disposal, *records: Record, told: TransferTold = CLOSED) -> Transfer:
    made = transfers.prepare(by=disposal.world.actor("rm1"), records=records, told=told)
    packaging.tend(made.pk)
    made.refresh_from_db()
    return made


def unpacked(made: Transfer, folder: Path) -> Path:
    content = b"".join(packaging.copy_package(made))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder / made.number


def receipt_of(folder: Path) -> dict[str, str]:
    """What an archive answers: the digest of every file as it has received it."""
    return {path: told["sha256"] for path, told in bagit.Bag(str(folder)).payload_entries().items()}


@pytest.mark.requirement("RET-H2")
def test_a_package_is_a_valid_bag_with_metadata_and_premis(
    disposal: Disposal, kept: tuple[Case, Document], tmp_path: Path
) -> None:
    case, paper = kept
    made = packaged(disposal, of_case(case))
    assert (made.status, made.files) == (TransferStatus.PACKAGED, 1)
    folder = unpacked(made, tmp_path)
    bag = bagit.Bag(str(folder))
    assert bag.is_valid()
    assert set(bag.algorithms) == {"sha256", "sha512"}
    version = paper.versions.get()
    [(path, digest)] = receipt_of(folder).items()
    assert digest == version.sha256
    assert paper.title not in path
    assert set(bag.tagfile_entries()) >= {bags.METADATA, bags.PREMIS, "bag-info.txt"}
    with (folder / bags.METADATA).open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["UUID"] == str(version.pk)
    assert (row["closure_type"], row["closure_period"], row["foi_exemption_code"]) == ("Closed", "50", "32")
    assert row["closure_start_date"] == "2018-03-05"
    assert row["held_by"] == "The County Record Office"
    assert row["client_side_checksum"] == version.sha256
    root = Xml.parse(folder / bags.PREMIS).getroot()
    digests = [one.text for one in root.iter(f"{{{bags.NAMESPACE}}}messageDigest")]
    events = {one.text for one in root.iter(f"{{{bags.NAMESPACE}}}eventType")}
    assert digests == [version.sha256]
    assert events == {"ingestion", "fixity check", "transfer"}


@pytest.mark.requirement("RET-H3")
def test_without_a_receipt_equal_in_every_digest_the_copy_here_stays(
    disposal: Disposal, kept: tuple[Case, Document], tmp_path: Path
) -> None:
    case, paper = kept
    made, rm1 = packaged(disposal, of_case(case)), disposal.world.actor("rm1")
    folder = unpacked(made, tmp_path)
    with pytest.raises(transfers.WrongTransferStage):
        transfers.confirm(by=rm1, transfer_id=made.pk, receipt="R1", reference="CRO 12/1", checksums={})
    transfers.send(by=rm1, transfer_id=made.pk)
    right = receipt_of(folder)
    [path] = right
    for wrong in ({}, {path: "0" * 64}, {**right, "data/other": "0" * 64}):
        with pytest.raises(transfers.ChecksumsDiffer):
            transfers.confirm(by=rm1, transfer_id=made.pk, receipt="R1", reference="CRO 12/1", checksums=wrong)
    with pytest.raises(transfers.ReceiptMissing):
        transfers.confirm(by=rm1, transfer_id=made.pk, receipt=" ", reference="CRO 12/1", checksums=right)
    assert transfers.why_kept(of_case(case), ground=Ground.SCHEDULE)
    assert transfers.why_kept(of_case(case), ground=Ground.TRANSFERRED)
    assert not DisposalList.objects.exists()
    assert vault().has(paper.versions.get().key)


@pytest.mark.requirement("RET-H4")
def test_after_the_receipt_another_person_lets_the_copy_go_and_the_stub_says_where(
    disposal: Disposal, kept: tuple[Case, Document], tmp_path: Path
) -> None:
    case, paper = kept
    reference, key = case.references.get().value, paper.versions.get().key
    made, rm1, rm2 = packaged(disposal, of_case(case)), disposal.world.actor("rm1"), disposal.world.actor("rm2")
    folder = unpacked(made, tmp_path)
    transfers.send(by=rm1, transfer_id=made.pk)
    listed = transfers.confirm(
        by=rm1, transfer_id=made.pk, receipt="R-77", reference="CRO 12/1", checksums=receipt_of(folder)
    )
    assert "still in the vault" in transfers.why_kept(of_case(case), ground=Ground.TRANSFERRED)
    packaging.tend(made.pk)
    assert not vault().has(made.key)  # the package held the records once more
    assert transfers.why_kept(of_case(case), ground=Ground.TRANSFERRED) == ""
    with pytest.raises(approvals.MakerCannotApprove):
        approvals.approve(by=rm1, list_id=listed.pk, stage=1, confirm=listed.number)
    approvals.approve(by=rm2, list_id=listed.pk, stage=1, confirm=listed.number)
    assert vault().has(key)
    disposal.pass_days(8)
    execution.carry_out(by=rm1, list_id=listed.pk)
    assert disposal.run(listed.pk).status == ListStatus.DONE
    assert not vault().has(key)
    [stub] = [one for one in stubs.find(rm1, reference) if one.kind == "case"]
    assert (stub.transferred_to, stub.transfer_reference) == ("The County Record Office", "CRO 12/1")
    assert "It was transferred to The County Record Office under reference CRO 12/1" in stubs.statement(stub)


@pytest.mark.requirement("RET-H1")
def test_what_is_permanent_can_be_transferred_and_not_destroyed(
    disposal: Disposal, kept: tuple[Case, Document]
) -> None:
    case, _ = kept
    rm1 = disposal.world.actor("rm1")
    assert queries.evaluate_record(of_case(case)).outcome is Outcome.PERMANENT
    with pytest.raises(off_schedule.IsPermanent):
        off_schedule.ask(by=rm1, kind="case", record_id=case.pk, ground=Ground.COURT_ORDER, reason="A test")
    with pytest.raises(lists.NothingDue):
        lists.make_list(by=rm1)
    assert packaged(disposal, of_case(case)).status == TransferStatus.PACKAGED


def test_what_is_held_or_not_due_is_not_transferred(disposal: Disposal) -> None:
    disposal.kind = disposal.world.new_class(AFTER_SEVEN)
    held, _ = disposal.case()
    young = disposal.world.case(disposal.kind, closed_on=clock.today() - timedelta(days=30))
    due, _ = disposal.case()
    hold_case(disposal, held.pk)
    disposal.pass_days(8)
    rm1 = disposal.world.actor("rm1")
    assert transfer_desk.candidates(rm1) == [of_case(due)]
    for case in (held, young):
        with pytest.raises(transfers.NotForTransfer):
            transfers.prepare(by=rm1, records=[of_case(case)], told=CLOSED)
    packaged(disposal, of_case(due))
    assert transfer_desk.candidates(rm1) == []
    with pytest.raises(lists.NothingDue):
        lists.make_list(by=rm1)


@pytest.mark.requirement("RET-H6")
def test_closure_is_said_whole_and_what_is_sealed_is_never_open(
    disposal: Disposal, kept: tuple[Case, Document], tmp_path: Path
) -> None:
    case, _ = kept
    rm1 = disposal.world.actor("rm1")
    for told in (TransferTold("A", closed_years=151, exemption="32"), TransferTold("A", closed_years=20)):
        with pytest.raises(transfers.ClosureIncomplete):
            transfers.prepare(by=rm1, records=[of_case(case)], told=told)
    made = packaged(
        disposal,
        of_case(case),
        told=TransferTold("A", title_alternate="A file of the court", closed_years=20, exemption="40(2)"),
    )
    with (unpacked(made, tmp_path) / bags.METADATA).open(newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["title_closed"], row["title_alternate"]) == ("true", "A file of the court")
    transfers.cancel(by=rm1, transfer_id=made.pk, reason="Sealed meanwhile")
    cases.seal_case(by=disposal.world.actor("clerk"), case_id=case.pk, reason="A test")
    with pytest.raises(transfers.CannotBeOpen):
        transfers.prepare(by=rm1, records=[of_case(case)], told=TransferTold("A"))


def test_an_open_transfer_says_nothing_of_closure(
    disposal: Disposal, kept: tuple[Case, Document], tmp_path: Path
) -> None:
    case, _ = kept
    Document.objects.update(rank=0, classification=0)
    made = packaged(disposal, of_case(case), told=TransferTold("An archive"))
    with (unpacked(made, tmp_path) / bags.METADATA).open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["closure_type"] == "Open"
    assert (row["closure_period"], row["foi_exemption_code"], row["title_closed"]) == ("", "", "false")


def test_a_damaged_paper_stops_the_package_and_somebody_is_told(
    disposal: Disposal, kept: tuple[Case, Document]
) -> None:
    case, paper = kept
    version = paper.versions.get()
    type(version).objects.filter(pk=version.pk).update(sha256="0" * 64)
    made = transfers.prepare(by=disposal.world.actor("rm1"), records=[of_case(case)], told=CLOSED)
    with pytest.raises(ContentDamaged):
        packaging.tend(made.pk)
    made.refresh_from_db()
    assert made.status == TransferStatus.PREPARING
    assert "not what was filed" in made.problem


def test_a_transfer_that_is_taken_back_leaves_everything_as_it_was(
    disposal: Disposal, kept: tuple[Case, Document]
) -> None:
    case, paper = kept
    made, rm1 = packaged(disposal, of_case(case)), disposal.world.actor("rm1")
    assert Case.objects.get(pk=case.pk).lifecycle == Lifecycle.TRANSFER_PENDING
    transfers.cancel(by=rm1, transfer_id=made.pk, reason="The wrong archive")
    packaging.tend(made.pk)
    assert not vault().has(made.key)
    assert Case.objects.get(pk=case.pk).lifecycle == Lifecycle.ACTIVE
    assert vault().has(paper.versions.get().key)
    assert packaged(disposal, of_case(case)).status == TransferStatus.PACKAGED


def test_an_item_of_a_transfer_is_never_destroyed_on_another_list(
    disposal: Disposal, world: World, kept: tuple[Case, Document]
) -> None:
    case, paper = kept
    packaged(disposal, of_case(case))
    world.assign(of_case(case), world.new_class())  # meanwhile somebody gives it a class that destroys
    disposal.pass_days(8)
    with pytest.raises(lists.NothingDue):
        lists.make_list(by=world.actor("rm1"))
    with pytest.raises(off_schedule.InTransfer):
        off_schedule.ask(
            by=world.actor("rm1"), kind="case", record_id=case.pk, ground=Ground.COURT_ORDER, reason="A test"
        )
    assert vault().has(paper.versions.get().key)


def test_the_command_writes_the_package_and_refuses_to_overwrite(
    disposal: Disposal, kept: tuple[Case, Document], tmp_path: Path
) -> None:
    made = packaged(disposal, of_case(kept[0]))
    call_command("transfer_package", made.number, str(tmp_path))
    assert (tmp_path / f"{made.number}.zip").stat().st_size == made.bytes
    with pytest.raises(CommandError):
        call_command("transfer_package", made.number, str(tmp_path))
    with pytest.raises(CommandError):
        call_command("transfer_package", "T-1999-0001", str(tmp_path))
