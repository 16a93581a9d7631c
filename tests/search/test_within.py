"""Finding inside one document: how often, where, and what comes next."""

import pytest

from docstore.core.errors import NotFound
from docstore.documents.queries import version_of
from docstore.search.queries import Within, find_in_document
from tests.courts import TwoCourts

PAGES = ("The knife lay there.", "Nothing.", "A knife, another knife and a fork.", "No fork.", "Knives and a knife")


@pytest.fixture
def found(courts: TwoCourts) -> Within:
    document = courts.file(*PAGES)
    return find_in_document(courts.actor("judge"), document.pk, "knife")


@pytest.mark.requirement("DOM-4.10")
def test_hits_are_counted_and_follow_each_other(found: Within) -> None:
    assert [(one.page, one.hits, one.first) for one in found.pages] == [(1, 1, 1), (3, 2, 2), (5, 1, 4)]
    assert found.hits == 4
    steps = [(found.before(page), found.on(page), found.after(page)) for page in (1, 2, 5)]
    pages = [tuple(one.page if one else None for one in step) for step in steps]
    assert pages == [(None, 1, 3), (1, None, 3), (3, 5, None)]


def test_a_page_shows_its_words(found: Within) -> None:
    second = found.on(3)
    assert second is not None
    assert [part.text for part in second.snippet if part.hit] == ["knife", "knife"]


@pytest.mark.parametrize(
    ("query", "pages"),
    [("fork -knife", [4]), ('"another knife"', [3]), ("fork OR nothing", [2, 3, 4]), ("kni*", [1, 3, 5]), ("", [])],
)
def test_the_query_language_holds_inside_too(courts: TwoCourts, query: str, pages: list[int]) -> None:
    document = courts.file(*PAGES)
    assert [one.page for one in find_in_document(courts.actor("judge"), document.pk, query).pages] == pages


def test_no_engine_is_needed(courts: TwoCourts) -> None:
    document = courts.file(*PAGES)  # nothing was indexed
    version = version_of(document).number
    assert find_in_document(courts.actor("judge"), document.pk, "fork", version=version).hits == 2


@pytest.mark.requirement("SEC-2")
@pytest.mark.parametrize("who", ["clerk2", "defence", "support", "auditor"])
def test_who_may_not_read_finds_nothing_there(courts: TwoCourts, who: str) -> None:
    document = courts.file(*PAGES)
    with pytest.raises(NotFound):
        find_in_document(courts.actor(who), document.pk, "knife")
