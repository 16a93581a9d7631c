"""The case files: what must be in them, and that nothing in them could belong to anybody."""

import re
from collections import Counter
from datetime import date
from io import BytesIO

import pypdfium2
import pytest

from docstore.cases.catalogue import CATALOGUE
from docstore.cases.models import Side
from docstore.cases.references import parse
from docstore.core.references import normalise
from docstore.demo.files import CASES
from docstore.demo.genres import compose
from docstore.demo.papers.blocks import words_of
from docstore.demo.people import COURTS, PEOPLE
from docstore.demo.press import name_of, print_paper
from docstore.demo.spec import DemoCase, DemoDocument, Form, papers_of

DAY = date(2026, 11, 24)
PAPERS = list(papers_of(CASES))
CHEAP = [one for one in PAPERS if one[2].form in (Form.TYPED, Form.TEXT)]
SECTIONS = {kind.code: {section.code: section for section in kind.sections} for kind in CATALOGUE}


def words(case: DemoCase, document: DemoDocument) -> str:
    return words_of(compose(case, document, first_day=DAY, seed=1))


def test_there_are_two_courts_sixty_cases_and_about_400_papers() -> None:
    assert len(COURTS) == 2
    assert len(CASES) == 60
    assert 380 <= len(PAPERS) <= 420
    assert {case.case_type for case in CASES} == set(SECTIONS)


def test_the_people_are_those_whom_scripts_rely_on() -> None:
    promised = (
        "clerk clerk2 adviser judge usher listing prosecutor defence defence2 records records2 stations auditor support"
    )

    assert {one.username for one in PEOPLE} == {*promised.split(), "station", "station2"}


def test_every_form_of_paper_occurs() -> None:
    assert set(Counter(document.form for *_, document in PAPERS)) == set(Form)


def test_there_is_something_of_every_awkward_kind() -> None:
    documents = [document for *_, document in PAPERS]
    assert any(case.sealed for case in CASES)
    assert any(case.restriction for case in CASES)
    assert any(case.excluded for case in CASES)
    assert any(case.links for case in CASES)
    assert any(case.closed for case in CASES)
    assert any(case.restricted for case in CASES)
    assert any(one.sealed and one.named for one in documents)
    assert any(one.withdrawn for one in documents)
    assert any(one.shown_on for one in documents)
    assert any(one.restricted for one in documents)
    assert any(one.language == "cy" for one in documents)


def test_hearings_are_today_tomorrow_later_and_past() -> None:
    days = {hearing.day for case in CASES for hearing in case.hearings}

    assert {0, 1} < days
    assert min(days) < 0
    assert max(days) > 7


def test_references_are_valid_and_belong_to_one_case() -> None:
    typed = [parse(kind, value, pointer="") for case in CASES for kind, value in case.references]

    assert len({(one.kind, normalise(one.value)) for one in typed}) == len(typed)


def test_everything_named_exists() -> None:
    people = {one.username for one in PEOPLE}
    cases = {case.key: case for case in CASES}
    assert len(cases) == len(CASES)
    for case in CASES:
        assert {key for key, _ in case.links} <= set(cases)
        assert {party.side for party in case.parties} <= set(Side)
        for document in case.documents:
            section = SECTIONS[case.case_type][document.section]
            role = next(one.role for one in PEOPLE if one.username == document.by)
            assert "f" in section.rights.get(role, ""), (case.key, document.title)
            assert set(document.named) <= people
            if document.shown_on:
                key, place = document.shown_on
                assert place in SECTIONS[cases[key].case_type]


def test_no_two_papers_share_a_file_name() -> None:
    names = [name_of(*one) for one in PAPERS]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("one", PAPERS, ids=lambda one: name_of(*one))
def test_a_paper_says_what_it_was_told(one: tuple[DemoCase, int, DemoDocument]) -> None:
    case, _, document = one
    if document.form is not Form.PHOTO:
        said = words(case, document)
        assert all(sentence in said for sentence in document.told)


def test_each_sentence_is_found_in_one_paper_only() -> None:
    said = [words(case, document) for case, _, document in PAPERS if document.form is not Form.PHOTO]

    for *_, document in PAPERS:
        if document.form is not Form.PHOTO:
            assert all(sum(sentence in text for text in said) == 1 for sentence in document.told), document.title


def test_telephones_and_postcodes_belong_to_nobody() -> None:
    for case, _, document in PAPERS:
        said = " ".join((words(case, document), *document.told))
        assert all(number.startswith("01632 960") for number in re.findall(r"\b0\d{3,4} \d{3} \d{3}\b", said))
        assert all(code.startswith("ZZ99") for code in re.findall(r"\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b", said))
        assert "@" not in said
        assert "www." not in said


def test_words_are_the_same_for_the_same_day_and_seed() -> None:
    for case, _, document in PAPERS[:20]:
        assert compose(case, document, first_day=DAY, seed=7) == compose(case, document, first_day=DAY, seed=7)


@pytest.mark.parametrize("one", [*CHEAP[::4], PAPERS[0]], ids=lambda one: name_of(*one))
def test_files_are_the_same_and_have_as_many_pages_as_written_down(one: tuple[DemoCase, int, DemoDocument]) -> None:
    case, place, document = one
    printed = print_paper(case, place, document, first_day=DAY)

    assert printed == print_paper(case, place, document, first_day=DAY)
    if printed.name.endswith("pdf"):
        with pypdfium2.PdfDocument(BytesIO(printed.content)) as opened:
            assert len(opened) == document.pages


def test_every_paper_can_be_printed() -> None:
    """One of each form, the shortest: all 143 take a quarter of a minute."""
    shortest = {one[2].form: one for one in sorted(PAPERS, key=lambda one: -one[2].pages)}

    for case, place, document in shortest.values():
        assert len(print_paper(case, place, document, first_day=DAY).content) > 200
