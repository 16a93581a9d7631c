"""What the query language means, for both engines alike: words, phrases, fields, legal tokens, Welsh, hard-to-read pages."""

import pytest

from docstore.search.engine import Engine
from tests.search.making import ask, document_id, entry, fill, places_of


@pytest.mark.requirement("DOM-4.3", "WIN-7")
@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("knife", [1, 3]),
        ("KNIFE", [1, 3]),
        ("walks", [3]),
        ("kitchen knife", [1]),
        ('"kitchen knife"', [1]),
        ('"knife kitchen"', []),
        ('"on the hall floor"', [1]),
        ("knife -kitchen", [3]),
        ("-knife", [2, 4]),
        ("floor OR towel", [1, 3]),
        ("towel OR meadow walking", [3]),
        ("kitch*", [1]),
        ("knifr~", [1, 3]),
        ("hawtorn~", [2]),
        ("Müller's", [2]),
        ("mullers", [2]),
        ("12/345/26", [4]),
        ('"12 345 26"', [4]),
        ("345/12/26", []),
        ("£1,250.50", [4]),
        ("§21(1)", [4]),
        ('"AB12 3CD"', [4]),
        ("o'brien", [4]),
        ("O’BRIEN", [4]),
        ("title:statement knife", [1, 3]),
        ("title:order", []),
        ('party:"Ann Ash" knife', [1, 3]),
        ("type:statement hawthorn", [2]),
        ("type:order hawthorn", []),
        ("section:statements towel", [3]),
        ("court:ngt towel", [3]),
        ("case:12AB3456789 towel", [3]),
        ('reference:"12 AB 34 56789" towel', [3]),
        ("filedby:prosecution towel", [3]),
        ("filedby:defence", []),
    ],
)
def test_the_query_language_means_the_same_everywhere(engine: Engine, query: str, pages: list[int]) -> None:
    fill(
        engine,
        entry("a", 1, "A kitchen knife lay on\nthe hall floor."),
        entry("a", 2, "At 14 Hawthorn Lane I met Mr Müller's brother."),
        entry("a", 3, "He was walking with a knife in a towel"),
        entry("a", 4, "Case 12/345/26: under § 21(1) Ms O'Brien of AB12 3CD owes £1,250.50"),
    )

    found = ask(engine, query)

    assert sorted(page for _, page in places_of(found)) == pages
    assert found.pages == len(pages)


WRITTEN = (
    "On the 3rd of March 2026 she paid £1,250.50 under section 21 (1)(a).",
    "On 03/03/2026, see [2026] EWCA Civ 12 and 12/345/26; postcode AB123CD.",
    "Mawrth 3ydd: nothing. 21 people and 1 dog in 1250 days, room 12 345 26.",
    "The knife that was lying on the old wooden floor was hers, Mr Mohamed said.",
    "The floor was bare. Nobody spoke of a knife.",
)


@pytest.mark.requirement("WIN-7")
@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("3 March 2026", [1, 2]),
        ("2026-03-03", [1, 2]),
        ("3/3/26", [1, 2]),
        ("March 2026", [1, 2]),
        ("4 March 2026", []),
        ("£1250.50", [1]),
        ("£1,250", []),
        ("§21", [1]),
        ("s.21(1)", [1]),
        ("section 21(1)(a)", [1]),
        ("section 21(2)", []),
        ("[2026] EWCA Civ 12", [2]),
        ("[2026] EWCA Crim 12", []),
        ("12/345/26", [2, 3]),
        ("ab12 3cd", [2]),
        ("knife near/8 floor", [4, 5]),
        ("floor near/8 knife", [4, 5]),
        ("knife near/7 floor", [5]),
        ("knife near/5 floors", []),
        ("lie near/3 floor", []),
        ("lies near/5 floor", [4]),
        ("muhammad", [4]),
        ("(knife OR dog) -floor", [3]),
        ("(knife floor) OR dog", [3, 4, 5]),
        ("-(knife OR dog)", [1, 2]),
        ("page:2..3", [2, 3]),
        ("knife page:>4", [5]),
        ("dated:2026-03 dog", [3]),
        ("dated:<2026-03-02 dog", []),
        ("filed:2026-03-02 dog", [3]),
        ("language:eng dog", [3]),
        ("is:unclear dog", []),
    ],
)
def test_what_lawyers_write_is_found_whole(engine: Engine, query: str, pages: list[int]) -> None:
    fill(engine, *(entry("a", at, text) for at, text in enumerate(WRITTEN, start=1)))

    assert sorted(page for _, page in places_of(ask(engine, query))) == pages


@pytest.mark.requirement("DOM-4.9")
@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("Cornell", [2]),
        ("modern", [2]),
        ("1O4", [2]),
        ('"Cornell modern"', [2]),
        ("comell", [1, 2]),
    ],
)
def test_letters_that_ocr_takes_for_each_other_count_as_one_where_reading_was_hard(
    engine: Engine, query: str, pages: list[int]
) -> None:
    unclear = {"traits": frozenset({"unclear"})}
    fill(engine, entry("a", 1, "Comell modem lo4"), entry("a", 2, "Comell modem lo4", **unclear))

    assert sorted(page for _, page in places_of(ask(engine, query))) == pages


@pytest.mark.requirement("DOM-4.9")
@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("tystiolaeth", [1, 2]),
        ("dystiolaeth", [1, 2]),
        ("thystiolaeth", [1, 2]),
        ("cath", [3]),
        ("gath", [3]),
        ("gat", [4]),
        ("cat", []),
        ("language:cym", [1, 2, 3]),
    ],
)
def test_welsh_words_are_found_whatever_their_first_letter_has_become(
    engine: Engine, query: str, pages: list[int]
) -> None:
    welsh = {"language": "cym"}
    fill(
        engine,
        entry("a", 1, "Rhoddodd hi dystiolaeth", **welsh),
        entry("a", 2, "ei thystiolaeth hi", language="eng+cym"),
        entry("a", 3, "fy nghath i", **welsh),
        entry("a", 4, "the gat jammed"),
    )

    assert sorted(page for _, page in places_of(ask(engine, query))) == pages


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("inventory knife", [1]),
        ("knife inventory -spoon", [1]),
        ("inventory fork", []),
        ("inventory", []),
        ("inventory ash", []),
        ("-inventory", [1, 2]),
        ('"inventory" knife', []),
    ],
)
def test_a_word_may_stand_in_the_title_where_another_is_on_the_page(
    engine: Engine, query: str, pages: list[int]
) -> None:
    title = {"title": ["inventory", "of", "ash"]}
    fill(engine, entry("a", 1, "a knife", **title), entry("a", 2, "a spoon", **title))

    assert sorted(page for _, page in places_of(ask(engine, query))) == pages


BROKEN = "They sought an adjourn-\nment of the well-\nknown case, pre- and post-trial. ORD-\nERED 20-\nten."


@pytest.mark.requirement("DOM-4.9")
@pytest.mark.parametrize(
    "query",
    [
        "adjournment",
        "adjournments",
        '"an adjournment of the"',
        "adjournm*",
        "adjurnment~",
        "adjournment near/3 they",
        "well-known",
        '"the well-known case"',
        '"known case"',
        '"wellknown case pre and post trial"',
        "ordered",
        '"20 ten"',
    ],
)
def test_a_word_that_is_broken_at_the_end_of_a_line_is_found_whole_and_as_printed(engine: Engine, query: str) -> None:
    fill(engine, entry("a", 1, BROKEN), entry("a", 2, "an agreement, well, was known"))

    assert places_of(ask(engine, query)) == [(document_id("a"), 1)]


@pytest.mark.parametrize("query", ["preand", '"twenty ten"', '"trial sought"', "20ten", '"ten they"'])
def test_what_only_looks_broken_stays_apart(engine: Engine, query: str) -> None:
    fill(engine, entry("a", 1, BROKEN))

    assert places_of(ask(engine, query)) == []
