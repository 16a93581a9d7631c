"""The words of a page as people read them."""

from docstore.documents.models import Page, Word, pack_words
from docstore.search.query import parse
from docstore.web.pagetext import Kind, read

HEIGHT = 0.02


def line(text: str, top: float, *, skew: float = 0.0, confidence: int = 95) -> list[Word]:
    """A line of words side by side, each a little lower than the one before where the scan is skewed."""
    found, left = [], 0.1
    for place, word in enumerate(text.split()):
        down = top + place * skew
        found.append(Word(word, (left, down, left + 0.1, down + HEIGHT), confidence))
        left += 0.11
    return found


def page(*words: Word, text: str = "") -> Page:
    return Page(number=1, text=text, packed_words=pack_words(words))


def test_lines_run_on_and_a_wider_gap_begins_a_paragraph_on_a_skewed_scan_too() -> None:
    words = [
        *line("We are the landlord", 0.10, skew=0.001),
        *line("of the house", 0.13, skew=0.001),
        *line("and say so", 0.16, skew=0.001),
        *line("The door was new", 0.24, skew=0.001),
    ]

    found = [" ".join(piece.text for piece in one.pieces) for one in read(page(*words), None).paragraphs]

    assert found == ["We are the landlord of the house and say so", "The door was new"]


def test_hits_and_unclear_words_are_told_apart_and_unclear_ones_are_boxed() -> None:
    words = [*line("the kitchen knife", 0.1), *line("lock seen", 0.13, confidence=30)]

    text = read(page(*words), parse('"kitchen knife"'))

    assert [(piece.text, piece.kind) for piece in text.paragraphs[0].pieces] == [
        ("the", Kind.PLAIN),
        ("kitchen knife", Kind.HIT),
        ("lock seen", Kind.UNCLEAR),
    ]
    assert len(text.unclear) == 2


def test_text_without_boxes_is_given_as_it_is() -> None:
    found = read(page(text="One\ntwo.\n\nThree."), parse("two"))

    assert [one.pieces[0].text for one in found.paragraphs] == ["One two.", "Three."]
    assert found.unclear == ()
