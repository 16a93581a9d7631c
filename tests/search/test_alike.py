"""Papers that say nearly the same: told to staff of the case, and never of a paper that the person may not open."""

import random

import pytest
from django.urls import reverse

from docstore.cases import actions as cases
from docstore.core.errors import NotFound
from docstore.documents import actions as documents
from docstore.documents.models import Document
from docstore.search.alike import likeness, near_duplicates, sketch
from docstore.search.indexing import index
from docstore.search.models import IndexState
from tests.api.client import Api
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in

LETTER = (
    "We act for the defendant and write to say that he was at the bakery on Hawthorn Lane when the window of the shop was "
    "broken, that two of the bakers saw him there from nine until noon, and that he has never owned a grey coat. Please "
    "let us know by Friday whether the prosecution will now offer no evidence, and send us the record of the telephone."
)


def changed(text: str, words: int) -> str:
    """The same with some words read wrongly."""
    found = text.split()
    for at in random.Random(words).sample(range(len(found)), words):
        found[at] = f"x{found[at]}"
    return " ".join(found)


@pytest.mark.parametrize(
    ("kept", "low", "high"), [(1.0, 1.0, 1.0), (0.9, 0.7, 0.93), (0.5, 0.2, 0.46), (0.0, 0.0, 0.02)]
)
def test_a_sketch_tells_how_much_of_the_text_two_papers_share(kept: float, low: float, high: float) -> None:
    chance = random.Random(7)
    words = [f"word{chance.randrange(2_000)}" for _ in range(3_000)]
    others = words[: round(kept * 3_000)] + [
        f"other{chance.randrange(2_000)}" for _ in range(round((1 - kept) * 3_000))
    ]

    assert low <= likeness(sketch([words[:1_500], words[1_500:]]), sketch([others[:1_500], others[1_500:]])) <= high


def test_cover_sheets_and_empty_papers_are_like_nothing() -> None:
    assert sketch([]) == sketch([["exhibit", "a"]]) == sketch([["page"] * 500]) == b""
    assert likeness(b"", b"") == likeness(b"", sketch([LETTER.split()])) == 0.0


@pytest.fixture
def twins(courts: TwoCourts) -> tuple[Document, Document]:
    """A letter, and its scan with two words read wrongly, beside another letter."""
    first = courts.file(LETTER, title="Letter")
    second = courts.file(changed(LETTER, 2), title="Scan of the letter")
    third = courts.file("Something else was said here about the tide and the herons at Otter Sluice. " * 3)
    for one in (first, second, third):
        index(one.pk)
    return first, second


def told(courts: TwoCourts, who: str, document: Document) -> list[str]:
    return [one.placed.document.title for one in near_duplicates(courts.actor(who), document.pk)]


@pytest.mark.requirement("DOM-3.8")
def test_staff_are_told_of_a_paper_that_says_nearly_the_same(
    courts: TwoCourts, twins: tuple[Document, Document]
) -> None:
    first, second = twins

    found = near_duplicates(courts.actor("clerk"), first.pk)

    assert [one.placed.document for one in found] == [second]
    assert 0.7 <= found[0].likeness < 1
    assert told(courts, "judge", second) == ["Letter"]


@pytest.mark.requirement("DOM-3.8")
def test_nobody_is_told_of_what_they_may_not_read(courts: TwoCourts, twins: tuple[Document, Document]) -> None:
    first, second = twins
    assert told(courts, "usher", first) == ["Scan of the letter"]
    second.refresh_from_db()
    documents.seal(by=courts.actor("judge"), document_id=second.pk, seen=second.etag, reason="ordered")

    assert told(courts, "usher", first) == []
    assert told(courts, "judge", first) == ["Scan of the letter"]
    for outsider in ("defence", "clerk2"):
        with pytest.raises(NotFound):
            near_duplicates(courts.actor(outsider), first.pk)


def test_a_member_who_is_no_staff_is_told_nothing(courts: TwoCourts, twins: tuple[Document, Document]) -> None:
    clerk = courts.actor("clerk")
    cases.add_member(by=clerk, case_id=courts.case.pk, person=courts.people["prosecutor"], role="prosecutor")

    assert told(courts, "prosecutor", twins[0]) == []


def test_a_paper_on_another_case_is_no_duplicate(courts: TwoCourts, twins: tuple[Document, Document]) -> None:
    elsewhere = courts.file(LETTER, case=courts.open_case())
    index(elsewhere.pk)

    assert told(courts, "clerk", elsewhere) == []
    assert told(courts, "clerk", twins[0]) == ["Scan of the letter"]


def test_a_withdrawn_paper_is_forgotten(courts: TwoCourts, twins: tuple[Document, Document]) -> None:
    first, second = twins
    second.refresh_from_db()
    documents.withdraw(by=courts.actor("clerk"), document_id=second.pk, seen=second.etag, reason="twice")
    index(second.pk)

    assert told(courts, "clerk", first) == []
    assert bytes(IndexState.objects.get(pk=second.pk).sketch or b"") == b""


def test_the_page_and_the_api_name_it(courts: TwoCourts, twins: tuple[Document, Document]) -> None:
    first, second = twins

    page = signed_in(courts, "clerk").get(reverse("document", kwargs={"document_id": first.pk})).content.decode()

    assert "Says nearly the same" in page
    assert reverse("document", kwargs={"document_id": second.pk}) in page
    assert [
        one["document"]["id"]
        for one in Api(courts, "clerk").get(f"documents/{first.pk}/near-duplicates").json()["results"]
    ] == [str(second.pk)]
