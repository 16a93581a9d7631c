"""Reading a document on its pages: what is shown, what is kept for the person, and what the trail says of it."""

import hashlib
from collections import Counter

import pytest
from django.urls import reverse

from docstore.audit.models import AuditEvent
from docstore.documents import actions
from docstore.documents.models import Document, Method, RenditionKind, Word
from docstore.documents.outline_models import Heading
from docstore.documents.progress import Picture, begin_pages, store_page
from docstore.documents.received import PageText
from docstore.documents.vault import in_memory, vault
from docstore.markup.models import PageTurn
from docstore.search.actions import index
from docstore.web.pagepicture import lines, picture
from docstore.web.tongues import language_of
from tests.courts import TwoCourts, stored
from tests.web.test_pages import signed_in

WELSH = "Gwelais y drws yn agored ac roedd y clo wedi ei dorri. Nid oedd neb yn y tŷ."
ENGLISH = "I saw that the door was open and the lock had been broken. Nobody was in the house."


@pytest.fixture
def scan(courts: TwoCourts) -> Document:
    """A document of three pages with labels i, ii and B3, each with a picture and two words."""
    document = courts.file("one", "two", "three")
    version = document.versions.get()
    labels = ("i", "ii", "B3")
    begin_pages(version.pk, [PageText(at, label, 595, 842) for at, label in enumerate(labels, start=1)])
    for at, label in enumerate(labels, start=1):
        words = (Word("Hawthorn", (0.1, 0.1, 0.3, 0.12), 95), Word("Lane", (0.31, 0.1, 0.4, 0.12), 30))
        text = PageText(at, label, 595, 842, "Hawthorn Lane", words, Method.OCR, "test", "eng", 62.0)
        store_page(version.pk, text, [_drawn(version.pk, at, kind) for kind in RenditionKind if kind != "pdf"])
    return document


def _drawn(version: object, page: int, kind: RenditionKind) -> Picture:
    content = f"{kind} {page}".encode()
    digest, key = hashlib.sha256(content).hexdigest(), f"renditions/{version}/{kind}-{page}"
    vault().put(key, in_memory(content), sha256=digest, size=len(content), media_type="image/webp")
    return Picture(kind, page, key, digest, len(content), "image/webp", 1000, 1400, "test")


def at(document: Document, number: int) -> str:
    return reverse("page", kwargs={"document_id": document.pk, "number": number})


def events(document: Document) -> Counter[str]:
    return Counter(AuditEvent.objects.filter(document=str(document.pk)).values_list("type", flat=True))


def test_words_lie_on_the_picture_where_they_are_printed_line_by_line() -> None:
    words = [
        Word("Hawthorn", (0.1, 0.1, 0.3, 0.12), 95),
        Word("Lane", (0.31, 0.1, 0.4, 0.12), 95),
        Word("below", (0.1, 0.2, 0.2, 0.22), 95),
    ]
    found = lines(words, 1000, 1000)

    assert [[word.text for word in line.words] for line in found] == [["Hawthorn", "Lane"], ["below"]]
    assert (found[0].words[0].x, found[0].words[0].length) == ("100", "200")
    assert 100 < int(found[0].words[0].y) < 120


@pytest.mark.django_db
def test_the_page_is_turned_for_the_person_alone_and_stays_so(courts: TwoCourts, scan: Document) -> None:
    client = signed_in(courts, "judge")
    turn = reverse("turn-page", kwargs={"document_id": scan.pk, "number": 2})

    assert client.post(turn, {"turn": "right", "zoom": "150"})["Location"] == f"{at(scan, 2)}?zoom=150"

    assert 'viewBox="0 0 1400 1000"' in client.get(at(scan, 2)).content.decode()
    assert 'viewBox="0 0 1000 1400"' in client.get(at(scan, 1)).content.decode()
    assert 'viewBox="0 0 1000 1400"' in signed_in(courts, "clerk").get(at(scan, 2)).content.decode()
    client.post(turn, {"turn": "all"})
    assert "rotate(90)" in client.get(at(scan, 3)).content.decode()
    assert PageTurn.objects.count() == 1
    assert events(scan)["page.turned"] == 2


def test_four_quarters_are_a_whole_turn() -> None:
    made = type("Made", (), {"width": 10, "height": 20})()
    turned = [picture(made, "", words=(), hits=(), unclear=(), quarters=at).view for at in range(5)]
    assert turned == ["0 0 10 20", "0 0 20 10", "0 0 10 20", "0 0 20 10", "0 0 10 20"]


@pytest.mark.django_db
def test_the_page_box_takes_labels_and_says_which_pages_there_are(courts: TwoCourts, scan: Document) -> None:
    client = signed_in(courts, "judge")
    box = reverse("go-to-page", kwargs={"document_id": scan.pk})

    assert client.get(box, {"page": "b3", "zoom": "200"})["Location"] == f"{at(scan, 3)}?zoom=200"
    assert client.get(box, {"page": "2"})["Location"] == at(scan, 2)
    client.get(at(scan, 2))
    sent = client.get(box, {"page": "B9"})
    assert sent["Location"] == at(scan, 2)
    assert "There is no page “B9” here. The pages are 1 to 3." in client.get(at(scan, 2)).content.decode()


@pytest.mark.django_db
def test_opening_a_page_is_a_reading_and_a_line_among_results_is_not(courts: TwoCourts, scan: Document) -> None:
    client = signed_in(courts, "judge")
    client.get(at(scan, 1))
    assert events(scan)["page.viewed"] == 1

    for purpose in ("", "?for=strip", "?for=ahead", "?for=anything"):
        address = reverse("picture", kwargs={"document_id": scan.pk, "number": 1})
        assert b"".join(client.get(f"{address}{purpose}").streaming_content) == b"page-image 1"  # type: ignore[attr-defined]
    assert events(scan)["page.viewed"] == 1
    assert events(scan)["picture.sent"] == 4


@pytest.mark.django_db
def test_the_place_in_a_document_is_kept(courts: TwoCourts, scan: Document) -> None:
    client = signed_in(courts, "judge")
    page = reverse("document", kwargs={"document_id": scan.pk})

    assert "Go on at page" not in client.get(page).content.decode()
    client.get(at(scan, 3))
    assert "Go on at page 3" in client.get(page).content.decode()
    assert "Go on at page" not in signed_in(courts, "clerk").get(page).content.decode()


@pytest.mark.django_db
def test_the_text_of_many_pages_is_one_page_with_headings_and_unclear_words_by_name(
    courts: TwoCourts, scan: Document
) -> None:
    said = signed_in(courts, "judge").get(reverse("document-text", kwargs={"document_id": scan.pk})).content.decode()

    assert [f'id="page-{number}"' in said for number in (1, 2, 3)] == [True] * 3
    assert said.count("(unclear)") == 3
    assert "62% confidence" in said
    assert events(scan)["page.viewed"] == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("DOM-4.7")
def test_what_was_hard_to_read_says_so_in_the_hit_and_in_the_viewer(courts: TwoCourts, scan: Document) -> None:
    index(scan.pk)
    client = signed_in(courts, "judge")

    sent = client.post(reverse("search"), {"query": "hawthorn"})["Location"]
    found = client.get(sent.partition("#")[0]).content.decode()
    shown = client.get(at(scan, 1)).content.decode()

    assert found.count("Unclear scan") == 3
    assert "Read with 62% confidence" in found
    assert "62% confidence. 1 word is unclear." in shown
    assert "ds-box--unclear" in shown
    assert '<span class="ds-unclear">Lane</span>' in shown


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("clerk", 200), ("usher", 404)])
def test_printing_needs_the_right_to_take_the_document_away(
    courts: TwoCourts, scan: Document, who: str, status: int
) -> None:
    sheets = reverse("print-document", kwargs={"document_id": scan.pk})
    answer = signed_in(courts, who).get(sheets, {"from": "2", "to": "3"})
    said = answer.content.decode()

    assert answer.status_code == status
    if status == 200:
        assert said.count('class="ds-sheet"') == 2
        assert said.count("Printed copy – not the record.") == 2
        assert courts.people[who].name in said
        assert events(scan)["document.printed"] == 1
    else:
        assert "may be read and not printed" in signed_in(courts, who).get(at(scan, 1)).content.decode()


@pytest.mark.django_db
def test_an_earlier_version_is_read_as_what_it_is(courts: TwoCourts, scan: Document) -> None:
    version = scan.versions.get()
    version.pk, version.number, version.key = None, 2, "elsewhere"
    version.save()
    Document.objects.filter(pk=scan.pk).update(current=2)
    client = signed_in(courts, "judge")

    said = client.get(f"{at(scan, 1)}?version=1").content.decode()

    assert "This is version 1. Version 2 has taken its place." in said
    assert f"{at(scan, 2)}?version=1" in said
    assert client.get(f"{at(scan, 1)}?version=9").status_code == 404


@pytest.mark.parametrize(("text", "language"), [(WELSH, "cy"), (ENGLISH, "en"), ("Exhibit AF/1", "")])
def test_the_language_of_running_text_is_told_and_of_a_label_is_not(text: str, language: str) -> None:
    assert language_of(text) == language


def test_the_outline_of_a_file_leads_to_its_pages_and_marks_where_the_reader_is(courts: TwoCourts) -> None:
    document = courts.file("one", "two", "three")
    version = document.versions.get()
    headings = [Heading(0, "Part A", 1), Heading(1, "Charge sheet", 2), Heading(0, "Lost page", 9)]
    begin_pages(version.pk, [PageText(one, str(one), 595, 842) for one in (1, 2, 3)], outline=headings)
    said = signed_in(courts, "judge").get(at(document, 3)).content.decode()

    assert said.count("ds-outline__") == 2
    assert f'<a class="govuk-link" href="{at(document, 2)}" aria-current="location">Charge sheet</a>' in said
    begin_pages(version.pk, [PageText(1, "1", 595, 842)])
    assert "ds-outline" not in signed_in(courts, "judge").get(at(document, 1)).content.decode()


@pytest.mark.requirement("DOM-3.2")
def test_a_new_version_hides_nothing_and_which_is_current_is_said_and_audited(courts: TwoCourts) -> None:
    document, clerk = courts.file("as first filed", title="Statement"), signed_in(courts, "clerk")
    received = stored(courts.case, b"as filed again", number=2)
    actions.supersede(
        by=courts.actor("clerk"),
        document_id=document.pk,
        seen=document.etag,
        received=received,
        reason="Page 2 was missing",
    )
    second = document.versions.get(number=2)
    begin_pages(second.pk, [PageText(1, "1", 595, 842)])
    store_page(second.pk, PageText(1, "1", 595, 842, text="as filed again"), ())

    for who in ("clerk", "judge", "usher"):
        said = signed_in(courts, who).get(reverse("document", kwargs={"document_id": document.pk})).content.decode()
        assert "Version 2</a>, current" in said
        assert "Page 2 was missing" in said
        first = signed_in(courts, who).get(f"{at(document, 1)}?version=1").content.decode()
        assert "as first filed" in first
        assert "This is version 1. Version 2 has taken its place." in first
        assert "as filed again" in signed_in(courts, who).get(at(document, 1)).content.decode()
    assert signed_in(courts, "defence").get(f"{at(document, 1)}?version=1").status_code == 404
    assert clerk.get(f"{at(document, 1)}?version=3").status_code == 404
    assert events(document)["document.superseded"] == 1
