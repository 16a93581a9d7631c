"""The search pages: what is asked, what is narrowed, what is said where nothing or not everything was understood."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from docstore.search import actions as search
from docstore.search.engines.embedded import EmbeddedEngine
from docstore.search.models import SavedSearch
from docstore.search.saved import look_for_news
from docstore.web.results import did_you_mean, filters_of, wrong_days
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def papers(courts: TwoCourts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwoCourts:
    """Two statements and an exhibit of one case, read and in an index of their own."""
    engine = EmbeddedEngine(path=str(tmp_path / "index"))
    for room in ("asking", "indexing"):
        monkeypatch.setattr(f"docstore.search.{room}.configured", lambda: engine)
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


def test_a_search_is_saved_run_watched_and_forgotten_by_its_owner_alone(papers: TwoCourts) -> None:
    judge, clerk = signed_in(papers, "judge"), signed_in(papers, "clerk")
    sent = judge.post("/search/", {"query": "knife", "section": "statements"})["Location"]
    name = sent.split("?s=")[1].split("#")[0]

    judge.post("/search/saved/", {"s": name, "name": "Knives", "watched": "1"})
    kept = SavedSearch.objects.get()
    listed = judge.get("/search/saved/").content.decode()
    assert "Knives" in listed
    assert "Nothing new" in listed
    assert "Knives" in judge.get("/search/").content.decode()
    assert "Knives" not in clerk.get("/search/saved/").content.decode()
    assert clerk.get(f"/search/saved/{kept.pk}/").status_code == 404

    run = judge.post(f"/search/saved/{kept.pk}/", {"do": "run"})["Location"].split("#")[0]
    assert 'value="statements" checked' in judge.get(run).content.decode()
    search.index(papers.file("Another knife.", section="statements", title="Statement of C").pk)
    look_for_news()
    news = judge.get(f"/search/saved/{kept.pk}/").content.decode()
    assert "1 document that you may open has come since you looked." in news
    assert "Statement of C" in news
    judge.post(f"/search/saved/{kept.pk}/", {"do": "seen"})
    assert "Nothing new" in judge.get(f"/search/saved/{kept.pk}/").content.decode()
    judge.post(f"/search/saved/{kept.pk}/", {"do": "forget"})
    assert not SavedSearch.objects.exists()


def test_a_search_without_a_name_is_not_saved_and_says_so(papers: TwoCourts) -> None:
    client = signed_in(papers, "judge")
    name = client.post("/search/", {"query": "knife"})["Location"].split("?s=")[1].split("#")[0]

    sent = client.post("/search/saved/", {"s": name, "name": ""})
    assert "Give the search a name" in client.get(sent["Location"]).content.decode()


def test_results_go_out_as_a_table_under_a_name_that_says_nothing(papers: TwoCourts) -> None:
    client = signed_in(papers, "judge")
    name = client.post("/search/", {"query": "knife"})["Location"].split("?s=")[1].split("#")[0]

    answer = client.post("/search/export/", {"s": name})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]

    assert "knife" not in answer["Content-Disposition"]
    assert len(lines) == 5
    assert lines[0].startswith("reference,case,title")


def test_finding_in_a_document_leads_to_its_first_page_and_counts_through_it(papers: TwoCourts) -> None:
    client = signed_in(papers, "judge")
    document = papers.file("A knife and a knife.", "Nothing.", "The knife again.", title="Long")
    page = reverse("page", kwargs={"document_id": document.pk, "number": 2})

    sent = client.post(page, {"query": "knife"})["Location"]
    assert "/pages/3/?s=" in sent
    assert "Hit 3 of 3 in this document" in client.get(sent).content.decode()
    first = client.get(sent.replace("/pages/3/", "/pages/1/")).content.decode()
    assert "Hits 1 to 2 of 3 in this document" in first
    between = client.get(sent.replace("/pages/3/", "/pages/2/")).content.decode()
    assert "3 hits in this document" in between
    assert "Previous hit" in between
    assert "Next hit" in between
    nothing = client.post(page, {"query": "unicorn"})["Location"]
    assert "Your words are nowhere in this document" in client.get(nothing).content.decode()
    assert client.post(page, {"query": " "})["Location"] == page
