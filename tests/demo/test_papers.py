"""The papers: the same bytes every time, readable by everybody, saying what they were told to say."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from docx import Document
from PIL import Image

from docstore.demo import papers

SENTENCES = (
    "The kestrel-blue van stood by Tythe Barn Row.",
    "Heronsgill Wharf lay under three feet of water.",
    "Mae fy ŵyr yn byw yn y tŷ drws nesaf.",
    "The ledger showed £4,217.36.",
)
PDFS: dict[str, Callable[[], bytes]] = {
    "letter": lambda: papers.letter_pdf(SENTENCES, pages=2),
    "scan": lambda: papers.scan_pdf(SENTENCES, pages=2, dpi=150),
    "black": lambda: papers.scan_pdf(SENTENCES, pages=2, dpi=200, ink=papers.Ink.BLACK),
    "colour": lambda: papers.scan_pdf(SENTENCES, pages=2, dpi=100, ink=papers.Ink.COLOUR),
    "stamped": lambda: papers.stamped_scan_pdf(SENTENCES, pages=2, dpi=150),
    "mixed": lambda: papers.mixed_pdf(SENTENCES[:1], SENTENCES[1:2], dpi=150),
}
OTHERS: dict[str, Callable[[], bytes]] = {
    "tiff": lambda: papers.tiff(SENTENCES, dpi=150),
    "docx": lambda: papers.docx(SENTENCES),
    "text": lambda: papers.plain_text(SENTENCES),
    "photograph": papers.photo_jpeg,
}


def texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(document[number].get_textpage().get_text_bounded().split()) for number in range(len(document))]


@pytest.mark.parametrize("name", [*PDFS, *OTHERS])
def test_same_paper_same_bytes(name: str) -> None:
    make = (PDFS | OTHERS)[name]

    assert make() == make()


@pytest.mark.parametrize("name", PDFS)
def test_every_pdf_opens_with_both_libraries(name: str) -> None:
    made = PDFS[name]()

    with pikepdf.open(BytesIO(made)) as book:
        assert len(book.pages) == 2
        assert book.check_pdf_syntax() == []
    assert len(texts(made)) == 2


def test_a_letter_has_its_sentences_on_the_pages_that_spread_says() -> None:
    found = texts(papers.letter_pdf(SENTENCES, pages=2))

    for page, told in zip(found, papers.spread(SENTENCES, 2), strict=True):
        assert all(sentence in page for sentence in told)


def test_welsh_letters_survive_typing_and_word() -> None:
    assert any("ŵyr yn byw yn y tŷ" in page for page in texts(papers.letter_pdf(SENTENCES, pages=2)))
    document = Document(BytesIO(papers.docx(SENTENCES)))
    assert any("ŵyr yn byw yn y tŷ" in paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("name", ["scan", "black", "colour"])
def test_a_scan_has_no_text_layer_but_dark_marks_on_light_paper(name: str) -> None:
    made = PDFS[name]()

    assert texts(made) == ["", ""]
    with pypdfium2.PdfDocument(made) as document:
        picture = document[0].render(scale=0.5, grayscale=True).to_pil()
    dark = sum(picture.histogram()[:128]) / (picture.width * picture.height)
    assert 0.001 < dark < 0.2


def test_a_stamped_scan_has_its_stamp_as_only_text() -> None:
    first, second = texts(papers.stamped_scan_pdf(SENTENCES, pages=2, dpi=100))

    assert first.startswith("Case 45MC1234542")
    assert first.endswith("Page 1 of 2")
    assert second.endswith("Page 2 of 2")
    assert "kestrel" not in first + second


def test_a_mixed_file_has_text_on_its_typed_page_alone() -> None:
    typed, scanned = texts(PDFS["mixed"]())

    assert SENTENCES[0] in typed
    assert scanned == ""


def test_a_tiff_has_all_its_pages_in_fax_code() -> None:
    with Image.open(BytesIO(papers.tiff(SENTENCES, pages=3, dpi=100))) as picture:
        assert (picture.n_frames, picture.info["compression"]) == (3, "group4")  # type: ignore[attr-defined]


def test_a_photograph_is_a_jpeg_with_a_date() -> None:
    with Image.open(BytesIO(papers.photo_jpeg())) as picture:
        assert picture.format == "JPEG"
        assert picture.getexif()[306].startswith("2026:09:04")
