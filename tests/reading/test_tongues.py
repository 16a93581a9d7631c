"""Which language a page is in: told from its words, read accordingly, kept with the page."""

import pytest

from docstore.documents.models import Page
from docstore.intake.actions import take_document
from docstore.reading.tongues import languages_of
from tests.api.client import drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers
from tests.reading.conftest import Borrow

WELSH = (
    "Clywodd y tribiwnlys dystiolaeth gan ddau dyst ac ystyriodd",
    "y bwndel o ddogfennau a oedd o'i flaen. Roedd yn fodlon bod yr",
    "hysbysiad wedi ei gyflwyno mewn pryd a bod yr arian yn ddyledus",
    "i'r hawlydd. Mae'r dyfarniad felly o blaid yr hawlydd, ac nid",
    "oes gorchymyn ynghylch costau, ond mae hawl i apelio cyn y dydd.",
    "Gŵyr pawb sydd â diddordeb yn y mater fod y tŷ wedi ei werthu.",
)


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        (" ".join(papers.BODY), ("eng",)),
        (" ".join(WELSH), ("cym",)),
        (" ".join((*WELSH, *papers.BODY)), ("eng", "cym")),
        (" ".join((*WELSH, *WELSH, *papers.BODY[:4])), ("cym", "eng")),
        (" ".join((*papers.BODY, "yn y dydd")), ("eng",)),
        ("Sharrow County Court", ()),
        ("Le tribunal a entendu les témoins et a examiné les pièces du dossier.", ()),
        ("", ()),
    ],
)
def test_a_language_is_told_by_its_little_words(text: str, languages: tuple[str, ...]) -> None:
    assert languages_of(text) == languages


@pytest.mark.requirement("DOM-4.1")
def test_a_scan_is_read_in_the_language_it_turns_out_to_be_in(borrow: Borrow) -> None:
    with borrow(papers.picture_pdf(papers.scan(WELSH))) as reader:
        unaware = reader.page(1)
        page = reader.page(1, known=("eng", "cym"))
    assert page.language == "cym"
    assert "Gŵyr pawb" in page.text
    assert "Gŵyr pawb" not in unaware.text


def test_a_page_in_both_languages_is_read_in_both(borrow: Borrow) -> None:
    with borrow(papers.picture_pdf(papers.scan((*papers.BODY, *WELSH)))) as reader:
        page = reader.page(1, known=("eng", "cym"))
    assert set(page.language.split("+")) == {"eng", "cym"}
    assert "represented by counsel" in page.text
    assert "tŷ wedi ei werthu" in page.text


@pytest.mark.requirement("DOM-4.1")
@pytest.mark.django_db(transaction=True)
def test_the_language_of_every_page_is_kept(courts: TwoCourts) -> None:
    raw = papers.text_pdf(papers.BODY, WELSH, ["Exhibit A"])
    file = incoming(raw, "both.pdf")
    made = take_document(by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=file)
    drain()

    pages = Page.objects.filter(version=made.versions.get()).order_by("number")
    assert [(page.method, page.language) for page in pages] == [("native", "eng"), ("native", "cym"), ("native", "")]
