"""A person's text takes the place of a machine's, and the machine's is never lost (DOM-4.12)."""

import pytest

from docstore.audit.models import AuditEvent
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden, NotFound, Stale
from docstore.documents import actions as documents
from docstore.documents import corrections
from docstore.documents.change import ReasonMissing
from docstore.documents.corrections import NotCorrected, PageNotRead, TextTooLong, TextUnchanged
from docstore.documents.models import Document, Method, Page, PageState, Word
from docstore.documents.progress import begin_pages, fail_page, store_page, store_texts
from docstore.documents.received import PageText
from docstore.search.queries import search
from tests.api.client import drain
from tests.courts import TwoCourts, build_courts

pytestmark = pytest.mark.django_db(transaction=True)

READ = "the notiee at 14 Hawtharn Lane"
RIGHT = "the notice at 14 Hawthorn Lane"
WORDS = [Word(one, (at / 10, 0.1, round(at / 10 + 0.08, 2), 0.12), 40) for at, one in enumerate(READ.split())]
BY_OCR = PageText(1, "1", 595, 842, text=READ, words=WORDS, method=Method.OCR, engine="tesserocr", confidence=40)


@pytest.fixture
def courts(transactional_db: None) -> TwoCourts:
    return build_courts()


@pytest.fixture
def document(courts: TwoCourts) -> Document:
    """A scan of one page that was read badly."""
    made = courts.file("pending")
    version = made.versions.get()
    store_page(version.pk, BY_OCR, ())
    drain()
    made.refresh_from_db()
    return made


def correct(courts: TwoCourts, document: Document, text: str = RIGHT, *, by: str = "clerk") -> Document:
    document.refresh_from_db()
    return corrections.correct_page(
        by=courts.actor(by), document_id=document.pk, seen=document.etag, page=1, text=text, reason="read by eye"
    )


def page_of(document: Document) -> Page:
    return Page.objects.get(version__document=document, number=1)


def found(courts: TwoCourts, query: str) -> list[int]:
    return [len(hit.boxes) for hit in search(by=courts.actor("judge"), query=query).hits]


@pytest.mark.requirement("DOM-4.12")
def test_a_correction_is_found_and_boxed_at_once_and_the_machines_text_stays(
    courts: TwoCourts, document: Document
) -> None:
    assert found(courts, '"hawthorn lane"') == []

    correct(courts, document)

    assert found(courts, '"hawthorn lane"') == [1]
    assert found(courts, "notiee") == []
    page = page_of(document)
    assert (page.text, page.is_corrected, page.method, page.confidence) == (RIGHT, True, "ocr", None)
    layers = corrections.layers_of(Scope.of(courts.actor("judge")), document.pk, 1)
    assert {(one.source, one.text) for one in layers} == {("person", RIGHT), ("ocr", READ)}
    mine = next(one for one in layers if one.source == "person")
    assert (mine.made_by, mine.reason) == (courts.people["clerk"], "read by eye")
    event = AuditEvent.objects.get(type="page.corrected")
    assert event.document == str(document.pk)


def test_a_second_correction_keeps_the_first_and_the_machines_boxes(courts: TwoCourts, document: Document) -> None:
    correct(courts, document)
    correct(courts, document, RIGHT + " Northgate")

    page = page_of(document)
    assert page.text == RIGHT + " Northgate"
    assert [word.box for word in page.words][:6] == [word.box for word in WORDS]
    layers = corrections.layers_of(Scope.of(courts.actor("judge")), document.pk, 1)
    assert [one.source for one in layers].count("person") == 2
    assert [one.text for one in layers if one.source == "ocr"] == [READ]


def test_taken_back_the_machines_text_is_in_use_again(courts: TwoCourts, document: Document) -> None:
    changed = correct(courts, document)

    corrections.revert_page(
        by=courts.actor("judge"), document_id=document.pk, seen=changed.etag, page=1, reason="it was right"
    )

    page = page_of(document)
    assert (page.text, page.is_corrected, page.confidence) == (READ, False, 40)
    assert page.words == WORDS
    assert found(courts, "notiee") == [1]
    document.refresh_from_db()
    with pytest.raises(NotCorrected):
        corrections.revert_page(
            by=courts.actor("judge"), document_id=document.pk, seen=document.etag, page=1, reason="again"
        )


def test_reading_again_does_not_undo_a_person(courts: TwoCourts, document: Document) -> None:
    changed = correct(courts, document)
    documents.reread(by=courts.actor("clerk"), document_id=document.pk, seen=changed.etag)
    version = document.versions.get()

    begin_pages(version.pk, [PageText(1, "1", 595, 842, state=PageState.PENDING)])
    assert page_of(document).text == RIGHT
    better = PageText(1, "1", 595, 842, text="the notice at 14 Hawthom Lane", method=Method.OCR, confidence=70)
    store_page(version.pk, better, ())

    assert page_of(document).text == RIGHT
    kept = corrections.layers_of(Scope.of(courts.actor("judge")), document.pk, 1)
    assert [one.text for one in kept if one.source == "ocr"] == [better.text]
    fail_page(version.pk, 1, reason="It was damaged.")
    assert page_of(document).text == RIGHT


def test_an_earlier_reading_and_the_files_own_text_are_kept(courts: TwoCourts, document: Document) -> None:
    version = document.versions.get()
    documents.reread(by=courts.actor("clerk"), document_id=document.pk, seen=document.etag)

    begin_pages(version.pk, [PageText(1, "1", 595, 842, state=PageState.PENDING)])
    again = PageText(1, "1", 595, 842, text=RIGHT, method=Method.OCR, own_text="Filed 03/14/26")
    store_texts(version.pk, [again])

    kept = corrections.layers_of(Scope.of(courts.actor("judge")), document.pk, 1)
    assert {(one.source, one.text) for one in kept} == {("ocr", READ), ("native", "Filed 03/14/26")}


def test_a_page_that_could_not_be_read_can_be_typed_in(courts: TwoCourts, document: Document) -> None:
    version = document.versions.get()
    begin_pages(version.pk, [PageText(1, "1", 595, 842, state=PageState.PENDING)])
    with pytest.raises(PageNotRead):
        correct(courts, document)
    fail_page(version.pk, 1, reason="It was damaged.")

    correct(courts, document, "a letter in handwriting")

    assert found(courts, "handwriting") == [0]


def test_who_may_not_what_is_wrong_and_what_is_stale(courts: TwoCourts, document: Document) -> None:
    with pytest.raises(Forbidden):
        correct(courts, document, by="listing")
    with pytest.raises(NotFound):
        correct(courts, document, by="defence")
    with pytest.raises(TextUnchanged):
        correct(courts, document, READ)
    with pytest.raises(TextTooLong):
        correct(courts, document, "word " * 20_000)
    clerk = courts.actor("clerk")
    with pytest.raises(Stale):
        corrections.correct_page(by=clerk, document_id=document.pk, seen='"99"', page=1, text="x", reason="r")
    with pytest.raises(ReasonMissing):
        corrections.correct_page(by=clerk, document_id=document.pk, seen=document.etag, page=1, text="x", reason=" ")
    with pytest.raises(NotFound):
        corrections.correct_page(by=clerk, document_id=document.pk, seen=document.etag, page=9, text="x", reason="r")
    assert page_of(document).text == READ
