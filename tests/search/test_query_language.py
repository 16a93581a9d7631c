"""What a person types becomes a typed tree; what cannot be understood is said, and nothing raises."""

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
    Not,
    Part,
    Phrase,
    Prefix,
    Word,
    parse,
    positives,
)

KINDS = Word | Phrase | Prefix | Fuzzy | InField | Not | Either | All


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
        ("§21(1)", (Phrase(("21", "1")),)),
        ("12/345/26", (Phrase(("12", "345", "26")),)),
        ("£1,250.50", (Phrase(("1", "250", "50")),)),
        ("AB12 3CD", (Word("ab12"), Word("3cd"))),
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sentby:police knife", ("sentby:police",)),
        ("a* knife", ("a*",)),
        ("* knife", ("*",)),
        ("-- knife", ("--",)),
        ('"" knife', ('""',)),
        ("12/34* knife", ("12/34*",)),
        ("! ? knife", ("!", "?")),
    ],
)
def test_not_understood_is_told_and_the_rest_is_searched(text: str, told: tuple[str, ...]) -> None:
    query = parse(text)

    assert query.not_understood == told
    assert Word("knife") in query.tree.parts


@pytest.mark.requirement("SEC-78")
def test_length_and_count_are_bounded_and_told() -> None:
    assert len(parse("word " * 500).tree.parts) <= MOST_PARTS
    assert parse("word " * 500).not_understood
    assert parse("w" * (LONGEST + 1)).not_understood


@pytest.mark.requirement("SEC-78")
@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=120), st.text(alphabet='ab "-*~:()OR/\\[]{}.?+^$', max_size=120)))
def test_nothing_raises_and_every_term_is_letters_and_digits(text: str) -> None:
    for part in positives(parse(text).tree):
        terms = part.terms if isinstance(part, Phrase) else (part.term,)
        assert terms
        assert all(term and term.isalnum() for term in terms)


@pytest.mark.requirement("SEC-81")
@pytest.mark.parametrize("text", ['"' * 1000, "a:" * 500, "-" * 1000, "'a" * 500, 'a:"' * 300, "*~" * 500])
def test_no_text_makes_the_parser_slow(text: str) -> None:
    begun = clock.monotonic()

    parse(text)

    assert clock.monotonic() - begun < 0.5
