"""Where a query's words stand: parts of a snippet, boxes on the picture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docstore.core import clock
from docstore.documents.models import Word as PageWord
from docstore.search.highlight import SNIPPET, boxes, snippet
from docstore.search.matching import within
from docstore.search.query import parse


def marked(text: str, query: str) -> list[str]:
    return [part.text for part in snippet(text, parse(query).tree) if part.hit]


def page(*lines: str) -> list[PageWord]:
    """The words of a page, each 0.1 wide, lines 0.05 apart."""
    return [
        PageWord(word, (0.1 * at, 0.05 * line, 0.1 * at + 0.08, 0.05 * line + 0.03), 90)
        for line, text in enumerate(lines)
        for at, word in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("text", "query", "hits"),
    [
        ("A kitchen knife lay there.", "knife", ["knife"]),
        ("Two statements, one Statement.", "statement", ["statements", "Statement"]),
        ("Two statements, one Statement.", '"statement"', ["Statement"]),
        ("on the hall\nfloor lay", '"hall floor"', ["hall floor"]),
        ("the floor hall", '"hall floor"', []),
        ("stated, stating, status", "stati*", ["stating"]),
        ("Hawthorm Lane", "hawthorn~", ["Hawthorm"]),
        ("knife and spoon", "knife -spoon", ["knife"]),
        ("knife and spoon", "fork OR spoon", ["spoon"]),
        ("Mr O’Brien’s car", "obriens", ["O’Brien’s"]),
        ("the ﬁle of Zoë", "file zoe", ["ﬁle", "Zoë"]),
        ("under § 21(1) of", "§21(1)", ["§ 21(1)"]),
        ("case 12/345/26.", "12/345/26", ["12/345/26"]),
        ("paid £1,250.50 in cash", "£1,250.50", ["£1,250.50"]),
        ("nothing here", "title:nothing", []),
        ("told the defen-\ndant to go", "defendant", ["defen- dant"]),
        ("told the defen\u00ad\r\n dant to go", '"the defendant to go"', ["the defen\u00ad dant to go"]),
        ("a well-\nknown man", '"well known"', ["well- known"]),
        ("de\u00adfend", "defend", ["de\u00adfend"]),
        ("on 3-\n4 May, Part-\nTime", "34 parttime", []),
    ],
)
def test_words_that_match_are_marked(text: str, query: str, hits: list[str]) -> None:
    assert marked(text, query) == hits


@pytest.mark.requirement("SEC-45")
@pytest.mark.parametrize(
    "hostile", ["<mark>knife</mark>", "<script>knife()</script>", "knife\x02\x03&lt;b&gt;", "[[knife]]"]
)
def test_a_snippet_is_text_and_never_markup(hostile: str) -> None:
    """Parts put together are the page's own characters: a template escapes each, and no mark can be smuggled in."""
    parts = snippet(hostile, parse("knife").tree)

    assert "".join(part.text for part in parts) == hostile
    assert [part.text for part in parts if part.hit] == ["knife"]


@pytest.mark.requirement("SEC-45")
@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_the_parts_are_the_text_again(text: str) -> None:
    joined = "".join(part.text for part in snippet(f"{text} knife", parse("knife").tree)).strip("… ")

    assert "".join(joined.split()) in "".join(f"{text} knife".split())


def test_a_long_page_is_cut_around_the_match() -> None:
    text = "filler " * 300 + "the knife lay here " + "filler " * 300

    parts = snippet(text, parse("knife").tree)

    assert [part.text for part in parts if part.hit] == ["knife"]
    assert sum(len(part.text) for part in parts) < SNIPPET + 40
    assert parts[0].text.startswith("…")
    assert parts[-1].text.endswith("…")


def test_boxes_are_those_of_the_matching_words() -> None:
    words = page("A kitchen knife lay on", "the hall floor there")

    assert boxes(words, parse("knife").tree) == (words[2].box,)
    assert boxes(words, parse("spoon").tree) == ()


def test_words_of_a_phrase_share_a_box_on_each_line() -> None:
    words = page("A kitchen knife lay on", "the hall floor there")

    first, second = boxes(words, parse('"lay on the hall"').tree)

    assert first == (words[3].box[0], 0.0, words[4].box[2], 0.03)
    assert second == pytest.approx((words[5].box[0], 0.05, words[6].box[2], 0.08))


@pytest.mark.requirement("DOM-4.9")
@pytest.mark.parametrize("query", ["adjournment", '"an adjournment was"', "adjurnment~"])
def test_a_broken_word_is_boxed_on_both_lines(query: str) -> None:
    words = page("they said an adjourn-", "ment was sought")

    boxed = boxes(words, parse(query).tree)

    assert [(top, bottom) for _, top, _, bottom in boxed] == [(0.0, 0.03), pytest.approx((0.05, 0.08))]
    assert (boxed[0][2], boxed[1][0]) == (words[3].box[2], words[4].box[0])


def test_a_broken_word_is_shown_as_it_is_printed() -> None:
    assert marked("they said an adjourn-\nment was sought", "adjournment") == ["adjourn- ment"]
    assert marked("the well-\nknown case", '"well known case"') == ["well- known case"]


def test_one_printed_word_of_several_terms_is_one_box() -> None:
    words = page("case 12/345/26 is")

    assert boxes(words, parse("12/345/26").tree) == (words[1].box,)


@pytest.mark.parametrize(
    ("one", "other", "limit", "near"),
    [("knife", "knife", 0, True), ("knife", "knfie", 1, True), ("knife", "knives", 1, False), ("ab", "abcd", 1, False)],
)
def test_letters_that_differ_are_counted(one: str, other: str, limit: int, near: bool) -> None:
    assert within(one, other, limit) is near


@pytest.mark.requirement("SEC-81")
def test_a_hostile_page_is_marked_in_time() -> None:
    begun = clock.monotonic()

    snippet("a'" * 50_000 + " knife", parse('knife~ a* "a a a"').tree)

    assert clock.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("defendant", [1, 2]),
        ('"the defendant went"', [0, 1, 2, 3]),
        ("dant", [2]),
        ('"dant went"', [2, 3]),
        ("went", [3]),
    ],
)
def test_a_word_broken_at_the_end_of_a_line_has_both_its_boxes(query: str, hit: list[int]) -> None:
    words = page("the defen-", "dant went")
    found = boxes(words, parse(query).tree)

    inside = [
        at for at, one in enumerate(words) for box in found if box[1] == one.box[1] and box[0] <= one.box[0] < box[2]
    ]
    assert inside == hit
