"""The Welsh catalogue: whole, true to its placeholders, and used where people read (WIN-20)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.utils import translation

from docstore.core.errors import NotFound
from docstore.management.sentences import sentences
from docstore.web import dates, shown
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in

FOLDER = Path(__file__).parents[2] / "docstore" / "web" / "locale" / "cy" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?[a-z]+[^>]*>")
COUNTED = re.compile(r"%\(\w+\)[sd](?:<[^>]*>)? ?(\w+)")
GLOSSARY = Path(__file__).parents[2] / "docs" / "how-to" / "welsh.md"
LINE = re.compile(r'(msgid_plural|msgid|msgstr(?:\[\d\])?)? ?(".*")$')


@dataclass
class Entry:
    """One message of the catalogue."""

    message: str = ""
    plural: str = ""
    fuzzy: bool = False
    welsh: list[str] = field(default_factory=list)


def entries() -> Iterator[Entry]:
    for block in (FOLDER / "django.po").read_text().split("\n\n"):
        entry, at = Entry(fuzzy=bool(re.search(r"^#,.*fuzzy", block, re.MULTILINE))), ""
        for line in block.splitlines():
            found = LINE.match(line)
            if not found:
                continue
            at = found.group(1) or at
            if found.group(1) and at.startswith("msgstr"):
                entry.welsh.append("")
            text = ast.literal_eval(found.group(2))
            match at:
                case "msgid":
                    entry.message += text
                case "msgid_plural":
                    entry.plural += text
                case _:
                    entry.welsh[-1] += text
        if entry.message:
            yield entry


def test_every_message_has_its_welsh() -> None:
    assert [one.message for one in entries() if one.fuzzy or not all(one.welsh)] == []


def test_what_is_compiled_is_what_stands_beside_it() -> None:
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    stale = [one.message for one in entries() if not one.plural and compiled.gettext(one.message) != one.welsh[0]]
    assert stale == []


def test_welsh_has_four_forms_where_english_has_two() -> None:
    assert {len(one.welsh) for one in entries() if one.plural} == {4}


def test_no_placeholder_and_no_mark_is_lost_or_made_up() -> None:
    wrong = [
        one.message
        for one in entries()
        for welsh in one.welsh
        if not set(PLACEHOLDER.findall(welsh)) <= set(PLACEHOLDER.findall(one.message + one.plural))
        or (not one.plural and set(PLACEHOLDER.findall(welsh)) != set(PLACEHOLDER.findall(one.message)))
    ]
    assert wrong == []


def test_sentences_that_code_holds_as_data_are_in_the_catalogue() -> None:
    """Run `manage.py messages`, translate what is new, and run it again."""
    assert sorted(set(sentences()) - {one.message for one in entries()}) == []


def tables() -> tuple[list[list[str]], list[list[str]]]:
    """The rows of the two tables of docs/how-to/welsh.md: counted words, and terms."""
    counted, terms = GLOSSARY.read_text().split("## Counted words")[1].split("## Terms")
    found = [[[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")] for part in (counted, terms)]  # fmt: skip
    return found[0][2:], found[1][2:]


def test_counted_words_have_the_form_that_belongs_to_the_number() -> None:
    forms = {tuple(row[1:]) for row in tables()[0]}
    known = {word: one for one in forms for word in one}
    wrong = [
        (one.message, at, said)
        for one in entries()
        if one.plural
        for at, welsh in enumerate(one.welsh)
        for said in COUNTED.findall(welsh)
        if said in known and said != known[said][min(at, 2)]
    ]
    assert wrong == []


def test_no_word_stands_where_the_glossary_has_another() -> None:
    banned = [word.strip() for row in tables()[1] for word in row[2].split(",") if word.strip()]
    assert banned
    pattern = re.compile(rf"\b({'|'.join(banned)})\b", re.IGNORECASE)
    assert [one.message for one in entries() if any(pattern.search(welsh) for welsh in one.welsh)] == []


@pytest.mark.parametrize(("count", "said"), [(1, "1 dudalen"), (2, "2 dudalen"), (3, "3 tudalen"), (11, "11 tudalen")])
def test_plurals_are_the_welsh_ones(count: int, said: str) -> None:
    with translation.override("cy"):
        assert shown.pages(count) == said


def test_dates_are_in_the_language_of_the_page() -> None:
    with translation.override("cy"):
        assert dates.day(date(2026, 6, 14)) == "14 Mehefin 2026"
        assert dates.moment(datetime(2026, 6, 14, 13, 1, tzinfo=UTC)) == "14 Mehefin 2026 am 2:01pm"
    assert dates.moment(datetime(2026, 6, 14, 13, 1, tzinfo=UTC)) == "14 June 2026 at 2:01pm"


def test_a_refusal_is_said_in_the_language_of_whoever_reads_it() -> None:
    assert NotFound().sentence.startswith("There is nothing here")
    with translation.override("cy"):
        assert NotFound().sentence.startswith("Nid oes dim yma")


def test_a_reader_in_welsh_finds_pages_in_welsh(courts: TwoCourts) -> None:
    client = signed_in(courts, "judge")
    client.post("/language/", {"language": "cy", "next": "/"})
    document = courts.file("A page.", "Another page.")

    page = client.get(f"/documents/{document.pk}/pages/1/").content.decode()

    for welsh in ("Tudalen 1 o 2", "Am y ddogfen hon", "Ffeiliwyd gan", "Argraffwyd"):
        assert welsh in page
    assert "About this document" not in page
    assert 'lang="en">Statement</a>' in page
