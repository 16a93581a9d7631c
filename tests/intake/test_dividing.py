"""Pages in another order, and pages as documents of their own; the original is kept."""

import io

import pikepdf
import pytest

from docstore.documents.models import Document
from docstore.documents.progress import begin_pages
from docstore.documents.received import PageText
from docstore.documents.vault import vault
from docstore.intake import dividing
from docstore.intake.actions import take_document
from docstore.intake.dividing import NotEveryPage, PagesUnclear, Part, parse_pages
from tests.courts import TwoCourts, incoming

WIDTHS = (200, 300, 400)


def paper() -> bytes:
    """A PDF whose pages are told apart by their widths."""
    made, kept = pikepdf.Pdf.new(), io.BytesIO()
    for width in WIDTHS:
        made.add_blank_page(page_size=(width, 500))
    made.save(kept)
    return kept.getvalue()


def widths(document: Document, number: int) -> list[int]:
    version = document.versions.get(number=number)
    with pikepdf.open(io.BytesIO(b"".join(vault().read(version.key)))) as opened:
        return [int(page.mediabox[2]) for page in opened.pages]


@pytest.fixture
def three(courts: TwoCourts) -> Document:
    document = take_document(
        by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=incoming(paper(), "three.pdf")
    )
    version = document.versions.get()
    begin_pages(version.pk, [PageText(at, str(at), width, 500) for at, width in enumerate(WIDTHS, start=1)])
    document.refresh_from_db()
    return document


def test_pages_get_another_order_as_a_new_version(courts: TwoCourts, three: Document) -> None:
    clerk = courts.actor("clerk")
    dividing.reorder_pages(by=clerk, document_id=three.pk, seen=three.etag, order=[3, 1, 2], reason="Fed wrongly")

    three.refresh_from_db()
    assert three.current == 2
    assert widths(three, 1) == [200, 300, 400]
    assert widths(three, 2) == [400, 200, 300]


def test_pages_become_documents_of_their_own_and_the_original_stays_whole(courts: TwoCourts, three: Document) -> None:
    parts = [Part("Letter", "management", [1]), Part("Annex", "exhibits", [3, 2])]

    made = dividing.split_document(
        by=courts.actor("clerk"), document_id=three.pk, seen=three.etag, parts=parts, reason="Two papers in one scan"
    )

    assert [(one.title, widths(one, 1)) for one in made] == [("Letter", [200]), ("Annex", [400, 300])]
    assert [one.filings.get().section.code for one in made] == ["management", "exhibits"]
    assert widths(three, 1) == [200, 300, 400]
    assert not three.is_withdrawn


def test_an_order_that_loses_a_page_is_refused(courts: TwoCourts, three: Document) -> None:
    for order in ([1, 2], [1, 2, 2], [1, 2, 3, 4]):
        with pytest.raises(NotEveryPage):
            dividing.reorder_pages(
                by=courts.actor("clerk"), document_id=three.pk, seen=three.etag, order=order, reason="A test"
            )


@pytest.mark.parametrize(
    ("text", "pages"), [("1-3, 5", [1, 2, 3, 5]), ("5;4", [5, 4]), ("3-1", [3, 2, 1]), (" 2 – 3 ", [2, 3])]
)
def test_pages_are_written_as_people_write_them(text: str, pages: list[int]) -> None:
    assert parse_pages(text, total=5) == pages


@pytest.mark.parametrize("text", ["", "0", "6", "1-6", "one", "1,,2", "1--2"])
def test_what_does_not_say_which_pages_is_refused(text: str) -> None:
    with pytest.raises(PagesUnclear):
        parse_pages(text, total=5)
