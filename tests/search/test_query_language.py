"""What a person types becomes a typed tree; what cannot be understood is said, and nothing raises."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docstore.core import clock
from docstore.search.query import (
    LONGEST,
    MOST_PARTS,
    All,
    Either,
    FieldName,
    Fuzzy,
    InField,
    InRange,
    Mark,
    Near,
    Not,
    Part,
    Phrase,
    Prefix,
    RangeName,
    Word,
    parse,
    positives,
)
from docstore.search.synonyms import alike


def day(year: int, month: int, day_of_month: int) -> int:
    """A day as ranges hold it."""
    return date(year, month, day_of_month).toordinal()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("   ", ()),
        ("knife", (Word("knife"),)),
        ("Kitchen KNIFE", (Word("kitchen"), Word("knife"))),
        ('"Hall floor"', (Phrase(("hall", "floor")),)),
        ("“Hall floor”", (Phrase(("hall", "floor")),)),
        ('"knife"', (Phrase(("knife",)),)),
        ("-knife", (Not(Word("knife")),)),
        ('-"hall floor"', (Not(Phrase(("hall", "floor"))),)),
        ("a OR b", (Either((Word("a"), Word("b"))),)),
        ("a OR b OR c d", (Either((Word("a"), Word("b"), Word("c"))), Word("d"))),
        ("a or b", (Word("a"), Word("or"), Word("b"))),
        ("OR a", (Word("a"),)),
        ("a OR", (Word("a"),)),
        ("stat*", (Prefix("stat"),)),
        ("haworn~", (Fuzzy("haworn"),)),
        ("§21(1)", (Mark("s:21(1)", ("21", "1"), False),)),
        ("(§ 21(1))", (Mark("s:21(1)", ("21", "1"), False),)),
        ("s.21 knife", (Mark("s:21", ("s", "21"), False), Word("knife"))),
        ("12/345/26", (Mark("n:12/345/26", ("12", "345", "26"), True),)),
        ("£1,250.50", (Mark("m:1250.50", ("1", "250", "50"), False),)),
        ("-£5", (Not(Mark("m:5.00", ("5",), False)),)),
        ("AB12 3CD", (Mark("p:ab123cd", ("ab12", "3cd"), True),)),
        ("[2026] EWCA Civ 12", (Mark("c:2026ewcaciv12", ("2026", "ewca", "civ", "12"), True),)),
        ("3 March 2026", (Mark("d:2026-03-03", ("3", "march", "2026"), False),)),
        ("03/03/26.", (Mark("d:2026-03-03", ("03", "03", "26"), False),)),
        ('"3 March 2026"', (Phrase(("3", "march", "2026")),)),
        ("a (b OR c)", (Word("a"), Either((Word("b"), Word("c"))))),
        ("-(a b)", (Not(All((Word("a"), Word("b")))),)),
        ("a AND NOT b", (Word("a"), Not(Word("b")))),
        ("((a))", (Word("a"),)),
        ("knife near/5 floor", (Near(Word("knife"), Word("floor"), 5),)),
        ("page:2..4", (InRange(RangeName.PAGE, 2, 4),)),
        ("dated:2026-02", (InRange(RangeName.DATED, day(2026, 2, 1), day(2026, 2, 28)),)),
        ("filed:>=2026-01-02", (InRange(RangeName.FILED, day(2026, 1, 2), None),)),
        ("hearing:..2026", (InRange(RangeName.HEARING, None, day(2026, 12, 31)),)),
        ("is:Unclear", (InField(FieldName.IS, "unclear"),)),
        ("muhammad", (Word("muhammad", alike("muhammad")),)),
        ("well-known", (Phrase(("well", "known")),)),
        ("O’Brien's", (Word("obriens"),)),
        ("ﬁled Łódź naïve", (Word("filed"), Word("lodz"), Word("naive"))),
        ("title:order", (InField(FieldName.TITLE, "order"),)),
        ("TITLE:Order", (InField(FieldName.TITLE, "Order"),)),
        ('party:"Ann Ash"', (InField(FieldName.PARTY, "Ann Ash"),)),
        ("-type:order", (Not(InField(FieldName.TYPE, "order")),)),
        ("10:30", (Phrase(("10", "30")),)),
    ],
)
@pytest.mark.requirement("SEC-78")
def test_understood(text: str, parts: tuple[Part, ...]) -> None:
    query = parse(text)

    assert query.tree == All(parts)
    assert query.not_understood == ()


@pytest.mark.requirement("WIN-7")
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sentby:police knife", ("sentby:police",)),
        ("a* knife", ("a*",)),
        ("* knife", ("*",)),
        ("-- knife", ("--",)),
        ('"" knife', ('""',)),
        ("12/34* knife", ("12/34*",)),
        ("is:purple knife", ("is:purple",)),
        ("dated:soon knife", ("dated:soon",)),
        ("dated:2026-03..2026-01 knife", ("dated:2026-03..2026-01",)),
        ("knife )", (")",)),
        ("( knife", ("(",)),
        ('" knife', ('"',)),
        ("near/3 knife", ("near/3",)),
        ("(" * 12 + "knife" + ")" * 12, ("(",) * 4 + (")",) * 4),
        ("! ? knife", ("!", "?")),
    ],
)
def test_not_understood_is_told_and_the_rest_is_searched(text: str, told: tuple[str, ...]) -> None:
    query = parse(text)

    assert query.not_understood == told
    assert Word("knife") in query.tree.parts


@pytest.mark.requirement("WIN-7")
@pytest.mark.parametrize(
    ("text", "at", "why"),
    [
        ("knife sentby:police", 7, "no field"),
        ("knife (hall OR floor", 7, "no closing bracket"),
        ("knife) hall", 6, "no opening bracket"),
        ('knife "hall', 7, "no closing quotation mark"),
        ("knife a*", 7, "at least 2 letters"),
        ("page:x", 1, "page:3"),
        ('knife "hall floor" near/2 hall', 20, "two single words"),
    ],
)
def test_a_problem_points_at_its_character_and_says_what_would_be_right(text: str, at: int, why: str) -> None:
    (problem,) = parse(text).problems

    assert problem.at == at
    assert text[at - 1 :].startswith(problem.text)
    assert why in problem.why


@pytest.mark.requirement("SEC-78")
def test_length_and_count_are_bounded_and_told() -> None:
    assert len(parse("word " * 500).tree.parts) <= MOST_PARTS
    assert parse("word " * 500).not_understood
    assert parse("w" * (LONGEST + 1)).not_understood


@pytest.mark.requirement("SEC-78")
@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=120), st.text(alphabet='ab12£§ "-*~:()OR/\\[]{}.?+^$', max_size=120)))
def test_nothing_raises_and_every_term_is_letters_and_digits(text: str) -> None:
    for part in positives(parse(text).tree):
        match part:
            case Phrase(terms) | Mark(_, terms):
                pass
            case Near(one, other):
                terms = (one.term, other.term)
            case _:
                terms = (part.term,)
        assert terms
        assert all(term and term.isalnum() for term in terms)


@pytest.mark.requirement("SEC-81")
@pytest.mark.parametrize("text", ['"' * 1000, "a:" * 500, "-" * 1000, "'a" * 500, 'a:"' * 300, "*~" * 500])
def test_no_text_makes_the_parser_slow(text: str) -> None:
    begun = clock.monotonic()

    parse(text)

    assert clock.monotonic() - begun < 0.5
