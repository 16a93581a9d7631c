"""Every copy of a destroyed record is gone: bytes at the door, replaced scans, drafts, what the sweeper set aside."""

import hashlib
import io
import json
from collections.abc import Iterator

import pytest
from django.db import connection

from docstore.audit.models import AuditEvent
from docstore.audit.verify import verify
from docstore.cases.models import Case
from docstore.documents.models import Document, Filing
from docstore.documents.vault import vault
from docstore.intake import exceptions
from docstore.intake.draft_models import Draft
from docstore.intake.models import Batch, IntakeException, Item
from docstore.intake.scan_models import Part, ScannedPage
from docstore.retention import effects
from docstore.retention.claims import Claimed
from docstore.retention.disposal_models import DestructionTarget, ListStatus
from docstore.retention.orphans import LOST
from docstore.search import actions as search
from tests.intake import scans
from tests.intake.sending import Sender, drain_intake
from tests.retention.disposing import Disposal, taken

pytestmark = pytest.mark.django_db

WORD = "Zanthoxylum"  # stands in the content, names and remarks below, and nowhere else
LETTER = f"A letter about {WORD}.".encode()


def put(key: str, content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    vault().put(key, io.BytesIO(content), sha256=digest, size=len(content), media_type="text/plain")
    return key


def every_object() -> set[str]:
    """What the vault holds; the evidence in locked storage may lie in the same bucket and stays."""
    return {one.key for one in vault().stored("") if not one.key.startswith("anchor/")}


def cells() -> Iterator[tuple[str, str]]:
    """Every value of every row of every table, as text, with its table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("docstore_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    raw = bytes(cell) if isinstance(cell, (bytes, memoryview)) else str(cell).encode()
                    yield table, raw.decode(errors="replace")


def scanned(disposal: Disposal) -> tuple[Case, Document]:
    """A case with a paper from a station, whose first scan was refused and whose bytes came twice."""
    case = disposal.world.case(disposal.kind, closed_on=None)
    reference = case.references.get().value
    sender = Sender(disposal.world.courts)
    sender.send_all(LETTER, reference=reference)
    paper = Document.objects.get()
    sender.send_all(LETTER, reference=reference)  # the same bytes again ask a person
    [asked] = IntakeException.objects.filter(settled_at=None)
    clerk = disposal.world.actor("clerk")
    exceptions.abort(by=clerk, exception_id=asked.pk, reason="Scanned twice.")
    return case, paper


@pytest.mark.requirement("RET-G4", "DOM-10.13", "DOM-11.7", "WIN-13")
def test_nothing_of_a_case_is_left_anywhere(disposal: Disposal) -> None:
    before = every_object()
    case, paper = scanned(disposal)
    key = paper.versions.get().key
    search.index(paper.pk)
    person = disposal.world.courts.people["clerk"]
    draft = Draft(case=case, person=person, place=1, original_name=f"{WORD}.txt", sha256="0" * 64, bytes=3)
    draft.media_type, draft.stage, draft.title, draft.classification = "text/plain", "CLEAN", WORD, 1
    draft.created_at, draft.key = case.created_at, put(f"cases/{case.pk}/{draft.document_id}/1-x", b"a draft")
    draft.save()
    left_over = {
        put(f"cases/{case.pk}/{paper.pk}/2-lost", b"put and never committed"),
        put(f"{LOST}{key}", LETTER),
        put(f"{LOST}renditions/{paper.pk}/x.webp", b"an old picture"),
        *Item.objects.values_list("key", flat=True),
        draft.key,
    }
    assert key.startswith("batches/")  # what came from a station stays under its name at the door
    assert len(left_over) == 6
    assert left_over <= every_object()
    stays = disposal.world.courts.file("a page", title="Stays")
    put(f"{LOST}{stays.versions.get().key}", b"of another case")
    disposal.world.close(case)
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    assert made.status == ListStatus.DONE
    assert {one.removeprefix(LOST) for one in every_object() - before} == {stays.versions.get().key}
    assert left_over <= set(DestructionTarget.objects.values_list("locator", flat=True))
    told = [(table, cell) for table, cell in cells() if WORD in cell]
    assert told == []
    survivors = set(AuditEvent.objects.filter(case=str(case.pk)).values_list("type", flat=True))
    assert {"document.filed", "case.closed", "destruction.begun", "destruction.completed"} <= survivors
    assert list(verify()) == []  # the audit outlives the record, whole, and never held a word of it
    search.expunge()
    assert search.proof_of_removal(paper.pk).is_proven
    [first, second] = Batch.objects.all()
    for batch in (first, second):
        assert "case_reference" not in json.loads(batch.manifest)
        assert batch.case_reference == ""


@pytest.mark.requirement("RET-G12")
def test_a_paper_that_stays_on_another_case_keeps_its_bytes(disposal: Disposal) -> None:
    """It was first filed on the case that goes, so its bytes lie below that case's name."""
    case, paper = disposal.case()
    other = disposal.world.case(disposal.world.new_class(), closed_on=None)
    [place] = paper.filings.all()
    Filing.objects.create(document=paper, case=other, section=place.section, is_home=False, filed_at=place.filed_at)
    key = paper.versions.get().key
    assert key.startswith(f"cases/{case.pk}/")
    disposal.pass_days(8)
    made = disposal.run(disposal.begun().pk)
    assert made.status == ListStatus.DONE
    assert vault().has(key)
    assert not DestructionTarget.objects.filter(locator=key).exists()


@pytest.mark.parametrize("going", [0, 1], ids=["the first goes", "the second goes"])
def test_of_a_scan_of_several_papers_the_others_keep_their_bytes(disposal: Disposal, going: int) -> None:
    """Papers cut out of one scan lie side by side in the vault; the scan itself shows them all, so it goes."""
    cases = [disposal.world.case(disposal.kind, closed_on=None), disposal.world.courts.case]
    cases = cases if going == 0 else cases[::-1]
    [one, two] = [scans.label_page(case.references.get().value, f"Paper of {case.title}") for case in cases]
    content = scans.scan(one, scans.label_page("PATCHT"), two)
    sender = Sender(disposal.world.courts)
    batch = sender.open(content)
    sender.put(batch, 1, content, "application/pdf")
    sender.post(f"batches/{batch}/close")
    drain_intake()
    item = Item.objects.get(batch=batch)
    parts = list(item.parts.all())
    assert [Document.objects.get(pk=one.document).filings.get().case for one in parts] == cases, item.detail
    disposal.world.close(cases[going])
    disposal.pass_days(8)
    assert disposal.run(disposal.begun().pk).status == ListStatus.DONE
    assert not vault().has(parts[going].key)
    assert not vault().has(item.key)
    assert vault().has(parts[1 - going].key)
    assert Document.objects.get(pk=parts[1 - going].document).versions.get().key == parts[1 - going].key
    assert list(Part.objects.all()) == [parts[1 - going]]
    assert set(ScannedPage.objects.values_list("words", flat=True)) <= {"[]"}


@pytest.mark.requirement("RET-G5")
def test_a_copy_that_turns_up_meanwhile_is_found_by_the_listing_and_goes_too(disposal: Disposal) -> None:
    _, paper = disposal.case()
    disposal.pass_days(8)
    [item] = disposal.begun().items.all()
    claimed = taken(item)
    late = put(f"renditions/{paper.pk}/late.webp", b"drawn by a worker that was still at it")
    assert trouble_with(claimed) == [f"A listing shows one more copy, {late}."]
    assert trouble_with(claimed) == []
    assert not vault().has(late)


def trouble_with(claimed: Claimed) -> list[str]:
    """Remove and verify once more; return what did not go."""
    hand = effects.InHand([claimed])
    effects.remove_copies(hand)
    effects.verify_gone(hand)
    return hand.trouble[claimed.item.pk]
