"""Every stored copy is hashed again, what differs is told and put back from a good copy by two people (RET-M1 to M4, REL-17, 18).

On a real server with versions, and with a replica in a bucket of its own.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.core import clock
from docstore.documents import fixity
from docstore.documents.erasure import eraser
from docstore.documents.fixity import Fault
from docstore.documents.fixity_models import CopyFault, Repair
from docstore.documents.models import Document, Version
from docstore.documents.vault import ContentDamaged
from docstore.retention import execution, packaging, repairs, restored, transfers
from docstore.retention.disposal_models import DestructionTarget, ItemState
from docstore.retention.transfers import TransferTold
from docstore.retention.vocabulary import HoldKind
from tests.retention.court_storage import CourtStorage
from tests.retention.disposing import Disposal
from tests.retention.test_storage_holds import place
from tests.retention.world import World, of_case

pytestmark = [pytest.mark.django_db, pytest.mark.services]
OTHER = b"a word was turned"


@pytest.fixture
def replica(court_storage: CourtStorage, court_bucket: str, settings: Any) -> str:
    """A second bucket with the same names, which the operator keeps."""
    name = court_storage.new_bucket()
    there = settings.STORAGES["vault"]
    second = there | {"OPTIONS": there["OPTIONS"] | {"bucket_name": name}}
    settings.STORAGES = settings.STORAGES | {"replica": second}
    return name


def mirrored(storage: CourtStorage, bucket: str, replica: str, paper: Document) -> str:
    key = paper.versions.get().key
    storage.client().put_object(Bucket=replica, Key=key, Body=_bytes(storage, bucket, key))
    return key


def _bytes(storage: CourtStorage, bucket: str, key: str) -> bytes:
    content: bytes = storage.client().get_object(Bucket=bucket, Key=key)["Body"].read()
    return content


def served(paper: Document) -> str:
    return paper.versions.get().fixity_fault


def page(world: World, who: str, at: str, **form: str) -> str:
    client = Client()
    client.force_login(world.courts.people[who])
    if form and (response := client.post(at, form)).status_code != 303:
        return response.content.decode()
    return client.get(at).content.decode()


@pytest.mark.requirement("RET-M2")
def test_every_object_and_every_copy_is_hashed_again_in_ninety_days_the_oldest_first_within_a_budget(
    world: World, court_storage: CourtStorage, court_bucket: str, replica: str, settings: Any
) -> None:
    owner = court_storage.client()
    papers = [world.courts.file(f"paper {number}", case=world.case(closed_on=None)) for number in range(4)]
    held = papers[3]
    hold = place(world, held.filings.get().case)
    assert hold.kind == HoldKind.CASE
    keys = [mirrored(court_storage, court_bucket, replica, one) for one in papers]
    assert fixity.check_due() == 0
    assert fixity.check_due() == 0
    first = set(Version.objects.values_list("fixity_at", flat=True))
    assert None not in first
    world.advance(89)
    fixity.check_due()
    assert set(Version.objects.values_list("fixity_at", flat=True)) == first  # nothing is due yet, held ones included
    world.advance(2)
    late = clock.now() - timedelta(days=200)
    Version.objects.filter(document=papers[2]).update(fixity_at=late)
    settings.DOCSTORE = settings.DOCSTORE | {"FIXITY_DAY_BYTES": fixity.ROUNDS_A_DAY}  # one byte a round
    owner.put_object(Bucket=replica, Key=keys[0], Body=OTHER)  # a second version in the replica
    good = _bytes(court_storage, court_bucket, keys[1])
    owner.put_object(Bucket=court_bucket, Key=keys[1], Body=OTHER)
    owner.put_object(Bucket=court_bucket, Key=keys[1], Body=good)  # a bad one beneath, a good one above
    fixity.check_due()
    assert Version.objects.get(document=papers[2]).fixity_at != late  # the longest unchecked, and no more
    assert Version.objects.filter(fixity_at__in=first).count() == 3
    settings.DOCSTORE = settings.DOCSTORE | {"FIXITY_DAY_BYTES": 24 * 1024**3}
    assert fixity.check_due() == 2
    assert not Version.objects.filter(fixity_at__in=first).exists()
    found = {(one.version.document_id, one.place, one.found) for one in fixity.copy_faults()}
    assert found == {(papers[0].pk, "replica", Fault.CHANGED), (papers[1].pk, "vault", Fault.CHANGED)}
    assert not fixity.faults().exists()  # what is served is whole
    assert AuditEvent.objects.filter(type=Event.COPY_DAMAGED).count() == 2
    assert "2 further copies" in page(world, "rm1", "/records/stored/")
    lost = {"Bucket": replica, "Key": keys[2]}
    owner.delete_object(**lost, VersionId=owner.head_object(**lost)["VersionId"])
    Version.objects.update(fixity_at=None)
    assert fixity.check_due() == 3
    assert CopyFault.objects.get(version__document=papers[2]).found == Fault.MISSING


@pytest.mark.requirement("RET-M4", "REL-17")
@pytest.mark.parametrize("source", ["an older version", "the replica"])
def test_a_bit_that_flipped_is_told_and_two_people_put_a_good_copy_back_before_the_record_can_go(
    disposal: Disposal, court_storage: CourtStorage, court_bucket: str, replica: str, source: str
) -> None:
    world, owner = disposal.world, court_storage.client()
    _, paper = disposal.case()
    key = mirrored(court_storage, court_bucket, replica, paper)
    genuine = _bytes(court_storage, court_bucket, key)
    if source == "an older version":
        owner.delete_object(Bucket=replica, Key=key, VersionId=owner.head_object(Bucket=replica, Key=key)["VersionId"])
    else:
        owner.delete_object(
            Bucket=court_bucket, Key=key, VersionId=owner.head_object(Bucket=court_bucket, Key=key)["VersionId"]
        )
    owner.put_object(Bucket=court_bucket, Key=key, Body=bytes([genuine[0] ^ 1]) + genuine[1:])  # one bit
    assert fixity.check_due() == 1
    assert served(paper) == Fault.CHANGED
    assert "The stored bytes of 1 paper are missing or changed" in page(world, "rm1", "/records/")
    told = AuditEvent.objects.get(type=Event.VERSION_DAMAGED)
    assert b'"eventType":"fixity check"' in bytes(AuditPayload.objects.get(pk=told.pk).payload)
    assert b'"eventOutcome":"fail"' in bytes(AuditPayload.objects.get(pk=told.pk).payload)

    disposal.pass_days(8)
    made = disposal.begun()
    execution.take_turn(made.pk)
    item = made.items.get()
    assert item.state == ItemState.SKIPPED
    assert "missing or changed" in item.state_reason
    assert not DestructionTarget.objects.exists()

    at = f"/records/stored/{paper.versions.get().pk}/repair/"
    page(world, "rm1", at, act="ask", reason="A disk has rotted")
    assert "Somebody else has to approve it" in page(world, "rm1", at, act="approve", reason="Me again")
    assert _bytes(court_storage, court_bucket, key) != genuine
    page(world, "rm2", at, act="approve", reason="Looked into")
    assert Repair.objects.get().done_at is not None
    assert _bytes(court_storage, court_bucket, key) == genuine
    assert served(paper) == ""
    kinds = AuditEvent.objects.filter(document=str(paper.pk)).values_list("type", flat=True)
    assert {Event.REPAIR_ASKED_FOR, Event.VERSION_REPAIRED, Event.VERSION_WHOLE_AGAIN} <= set(kinds)
    with pytest.raises(repairs.NothingToRepair):
        repairs.ask_for_repair(by=world.actor("rm1"), version_id=paper.versions.get().pk, reason="Again")
    if source == "an older version":
        owner.put_object(Bucket=replica, Key=key, Body=genuine)
        fixity.check(paper.versions.get().pk)
    disposal.pass_days(1)
    again = disposal.run(disposal.begun().pk)
    assert again.items.get().state == ItemState.DESTROYED
    assert eraser().remaining(key) == []


def test_no_copy_is_good_enough_without_the_checksum_as_filed(
    world: World, court_storage: CourtStorage, court_bucket: str, replica: str
) -> None:
    paper = world.courts.file("a page", case=world.case(closed_on=None))
    key = mirrored(court_storage, court_bucket, replica, paper)
    for bucket in (court_bucket, replica):
        for one in court_storage.client().list_object_versions(Bucket=bucket, Prefix=key)["Versions"]:
            court_storage.client().delete_object(Bucket=bucket, Key=key, VersionId=one["VersionId"])
        court_storage.client().put_object(Bucket=bucket, Key=key, Body=OTHER)
    fixity.check_due()
    with pytest.raises(repairs.NoGoodCopy):
        repairs.ask_for_repair(by=world.actor("rm1"), version_id=paper.versions.get().pk, reason="A test")


@pytest.mark.requirement("RET-M3")
def test_bytes_are_checked_around_a_transfer_after_a_restore_and_right_before_destruction(
    disposal: Disposal, court_storage: CourtStorage, court_bucket: str
) -> None:
    world, owner = disposal.world, court_storage.client()
    forever = world.new_class({"action": "transfer", "trigger": {"none": True}})
    kept = world.case(forever, closed_on=None)
    paper = world.courts.file("a judgment", case=kept)
    world.close(kept)
    _, goes = disposal.case()
    disposal.pass_days(8)
    assert fixity.check_due() == 0
    key = paper.versions.get().key
    genuine = _bytes(court_storage, court_bucket, key)

    told = TransferTold("The County Record Office", "CRO 12", "As the rule says", 50, "32")
    owner.put_object(Bucket=court_bucket, Key=key, Body=OTHER)
    made = transfers.prepare(by=world.actor("rm1"), records=[of_case(kept)], told=told)
    with pytest.raises(ContentDamaged):  # before
        packaging.tend(made.pk)
    owner.put_object(Bucket=court_bucket, Key=key, Body=genuine)
    packaging.tend(made.pk)
    transfers.send(by=world.actor("rm1"), transfer_id=made.pk)
    sent = {one.path: one.sha256 for item in made.items.all() for one in item.files.all()}
    with pytest.raises(transfers.ChecksumsDiffer):  # and after, by the archive's own reckoning
        transfers.confirm(
            by=world.actor("rm1"),
            transfer_id=made.pk,
            receipt="R 1",
            reference="CRO 12/1",
            checksums=dict.fromkeys(sent, "0" * 64),
        )

    assert not Version.objects.filter(fixity_at=None).exists()
    restored.check(confirmed=True)
    assert not Version.objects.filter(fixity_at__isnull=False).exists()  # everything is read again
    fixity.check_due()

    begun = disposal.begun()
    assert served(goes) == ""  # whole when the list was made, approved and begun
    at_last = goes.versions.get().key
    owner.put_object(Bucket=court_bucket, Key=at_last, Body=OTHER)
    execution.take_turn(begun.pk)
    item = begun.items.get()
    assert (item.state, served(goes)) == (ItemState.SKIPPED, Fault.CHANGED)
    assert "missing or changed" in item.state_reason
    assert not DestructionTarget.objects.exists()
    assert eraser().remaining(at_last) != []


@pytest.mark.requirement("REL-18")
def test_what_was_deleted_behind_our_back_is_listed_and_its_document_says_so_with_all_that_is_known_of_it(
    world: World, court_storage: CourtStorage, court_bucket: str
) -> None:
    paper = world.courts.file("a page", case=world.courts.case, title="The lost statement")
    key = paper.versions.get().key
    version = court_storage.client().head_object(Bucket=court_bucket, Key=key)["VersionId"]
    court_storage.client().delete_object(Bucket=court_bucket, Key=key, VersionId=version)
    assert fixity.check_due() == 1
    listed = page(world, "rm1", "/records/stored/")
    assert "Nothing lies where its bytes should be." in listed
    assert str(paper.pk) in listed
    shown = page(world, "clerk", f"/documents/{paper.pk}/")
    assert "Content missing" in shown
    assert "The lost statement" in shown
    assert paper.versions.get().sha256[:8] in shown.replace(" ", "")
