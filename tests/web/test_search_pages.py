"""The search pages: what is asked, what is narrowed, what is said where nothing or not everything was understood."""

from datetime import date

import pytest
from django.test import Client

from docstore.search import actions as search
from docstore.web.results import did_you_mean, filters_of, wrong_days
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(courts: TwoCourts) -> TwoCourts:
    """Two statements and an exhibit of one case, read and in the index."""
    for texts, section, title in (
        (("The knife lay at Hawthorn Lane.", "A second page with the knife."), "statements", "Statement of A"),
        (("Nothing about it but the knife.",), "statements", "Statement of B"),
        (("The knife itself.",), "exhibits", "Exhibit 1"),
    ):
        search.index(courts.file(*texts, section=section, title=title).pk)
    return courts


def ask(client: Client, query: str, **more: str) -> str:
    sent = client.post("/search/", {"query": query, **more})
    return client.get(sent["Location"].split("#")[0]).content.decode()


def test_hits_are_grouped_by_document_and_counted(papers: TwoCourts) -> None:
    said = ask(signed_in(papers, "judge"), "knife")

    assert "4 pages in 3 documents" in " ".join(said.split())
    assert said.count('class="ds-hit"') == 3
    assert said.count("<mark>knife</mark>") == 4


def test_a_filter_narrows_stays_chosen_and_can_be_cleared(papers: TwoCourts) -> None:
    said = ask(signed_in(papers, "judge"), "knife", section="exhibits")

    assert "1 page in 1 document" in " ".join(said.split())
    assert 'value="exhibits" checked' in said
    assert "Filters (1 chosen)" in said
    assert "Clear all" in said


def test_a_search_from_the_case_page_stays_in_the_case(papers: TwoCourts) -> None:
    client = signed_in(papers, "judge")
    page = client.get(f"/cases/{papers.case.pk}/").content.decode()
    assert f'name="case" value="{papers.case.pk}"' in page

    said = ask(client, "knife", case=str(papers.case.pk))
    assert "Search in case" in said


def test_nothing_found_says_what_to_try(papers: TwoCourts) -> None:
    said = ask(signed_in(papers, "judge"), "unicorn", section="exhibits")

    assert "Nothing found" in said
    assert "Clear the filters: they may leave nothing." in said


def test_what_was_not_understood_is_said_and_a_near_word_is_offered_in_the_whole_query(papers: TwoCourts) -> None:
    said = ask(signed_in(papers, "judge"), "knife hawthornn sentby:police")

    assert "<strong>sentby:police</strong>" in said
    assert 'value="knife hawthorn sentby:police"' in said


def test_an_empty_search_and_a_forgotten_one_say_so(papers: TwoCourts) -> None:
    client = signed_in(papers, "judge")

    assert "Enter a word, a name or a number" in ask(client, "  ")
    assert "no longer kept" in client.get("/search/?s=gone").content.decode()


def test_a_day_that_is_none_is_named_kept_and_left_out(papers: TwoCourts) -> None:
    said = ask(signed_in(papers, "judge"), "knife", dated_from="soon")

    assert "Dated from: “soon” is not a date and was left out." in said
    assert 'value="soon"' in said
    assert said.count('class="ds-hit"') == 3


def test_a_year_is_its_days_unless_days_are_given() -> None:
    assert filters_of({"year": "2025"}).dated_from == date(2025, 1, 1)
    assert filters_of({"year": "2025", "dated_to": "1 2 2025"}).dated_to == date(2025, 2, 1)
    assert filters_of({"year": "last"}).dated_from is None
    assert wrong_days({"filed_to": "31 2 2026"})[0]["href"] == "#filed_to"


@pytest.mark.parametrize(
    ("query", "word", "whole"),
    [
        ("hawthorne lane", "hawthorn", "hawthorn lane"),
        ('"hawthorne lane" knfe', "knife", '"hawthorne lane" knife'),
        ("something else", "hawthorn", "hawthorn"),
        ("knife", None, ""),
    ],
)
def test_the_near_word_takes_the_place_of_the_one_it_is_near_to(query: str, word: str | None, whole: str) -> None:
    assert did_you_mean(query, word) == whole
