"""Words of a page come back as they were stored, in the form of today and in the one before."""

import json
import zlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docstore.documents.words import Word, pack_words, unpack_columns, unpack_words

EDGE = st.integers(0, 100_000).map(lambda part: part / 100_000)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
WORDS = st.lists(st.builds(Word, TEXT, st.tuples(EDGE, EDGE, EDGE, EDGE), st.none() | st.integers(0, 100)), max_size=20)

# A busy machine makes words slowly, which says nothing about them.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(WORDS)
def test_words_come_back_as_they_were(words: list[Word]) -> None:
    assert unpack_words(pack_words(words)) == words


@PATIENT
@given(WORDS)
def test_pages_stored_before_are_read(words: list[Word]) -> None:
    rows = [[word.text, *word.box, word.confidence] for word in words]
    old = zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())

    assert unpack_words(old) == words


def test_columns_say_where_each_word_stands() -> None:
    words = [Word("At", (0.1, 0.2, 0.3, 0.4), 91), Word("14", (0.5, 0.6, 0.7, 0.8), None)]
    columns = unpack_columns(pack_words(words))

    assert list(columns.texts) == ["At", "14"]
    assert [columns.box(at) for at in (0, 1)] == [word.box for word in words]
    assert list(unpack_columns(b"").texts) == []
