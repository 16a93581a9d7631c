"""Two versions of a document, held against each other as text (DOM-3.11)."""

import uuid

import pytest

from docstore.documents.comparison import Kind, Row, TooLongToCompare, compare, differences
from docstore.documents.models import Document, Page, Version
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


def replaced(courts: TwoCourts, before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Document, Version, Version]:
    """A document whose second version has other pages."""
    document = courts.file(*before)
    first = document.versions.get()
    second = Version.objects.get(pk=first.pk)
    second.pk, second.number, second.key = uuid.uuid4(), 2, "elsewhere"
    second.pages_total = len(after)
    second.save(force_insert=True)
    Page.objects.bulk_create(
        Page(version=second, number=at, text=text, state="DONE") for at, text in enumerate(after, start=1)
    )
    Document.objects.filter(pk=document.pk).update(current=2)
    return document, first, second


def said(row: Row) -> tuple[list[str], list[str]]:
    """The words that differ, on the left and on the right."""
    return [one.text for one in row.before if one.differs], [one.text for one in row.after if one.differs]


def test_a_word_that_changed_is_marked_alone_and_a_line_broken_elsewhere_is_no_difference(courts: TwoCourts) -> None:
    _, first, second = replaced(
        courts, ("The door was red. He left\nat nine.",), ("The door was blue. He left at\nnine.",)
    )

    rows = compare(first, second)

    assert [row.kind for row in rows] == [Kind.CHANGED, Kind.SAME]
    assert said(rows[0]) == (["red."], ["blue."])
    assert differences(rows) == 1


def test_what_went_and_what_came_are_told_with_their_pages(courts: TwoCourts) -> None:
    _, first, second = replaced(courts, ("One. Two.", "Gone."), ("One. Two.", "Three.", "Four."))

    kinds = [(row.kind, row.before_page, row.after_page) for row in compare(first, second)]

    assert kinds == [(Kind.SAME, 1, 1), (Kind.SAME, 1, 1), (Kind.CHANGED, 2, 2), (Kind.ADDED, 0, 3)]


def test_long_runs_that_stayed_are_counted(courts: TwoCourts) -> None:
    text = " ".join(f"Sentence {number}." for number in range(10))
    _, first, second = replaced(courts, (f"{text} Old end.",), (f"{text} New end.",))

    rows = compare(first, second)

    assert [row.kind for row in rows] == [Kind.SAME, Kind.SKIPPED, Kind.SAME, Kind.CHANGED]
    assert rows[1].skipped == 8


def test_too_long_a_text_is_refused_in_words(courts: TwoCourts) -> None:
    _, first, second = replaced(courts, ("Short.",), ("No. " * 4_001,))

    with pytest.raises(TooLongToCompare, match="4,001 sentences"):
        compare(first, second)


@pytest.mark.requirement("DOM-3.11")
def test_the_page_shows_both_texts_to_those_who_may_open_the_document(courts: TwoCourts) -> None:
    document, _, _ = replaced(courts, ("The door was red.",), ("The door was blue.",))
    page = f"/documents/{document.pk}/compare/"

    shown = signed_in(courts, "judge").get(page).content.decode()

    assert "1 sentence differs." in shown
    assert "removed: </span>red.</del>" in shown
    assert "added: </span>blue.</ins>" in shown
    assert signed_in(courts, "clerk2").get(page).status_code == 404
    assert signed_in(courts, "judge").get(f"{page}?before=2&after=1").status_code == 200
    assert signed_in(courts, "judge").get(f"{page}?before=7").status_code == 404
