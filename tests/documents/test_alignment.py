"""Corrected words stand where what they replace stands."""

from docstore.documents.alignment import align
from docstore.documents.models import Word


def words(text: str) -> list[Word]:
    return [Word(one, (at / 10, 0.1, at / 10 + 0.08, 0.12), 50) for at, one in enumerate(text.split())]


def boxes(text: str, machine: list[Word]) -> dict[str, tuple[float, float, float, float]]:
    return {word.text: word.box for word in align(text, machine)}


def test_words_that_were_read_right_keep_their_boxes_and_lose_their_doubt() -> None:
    machine = words("the notice was served")
    aligned = align("the notice was served", machine)
    assert [word.box for word in aligned] == [word.box for word in machine]
    assert {word.confidence for word in aligned} == {None}


def test_a_changed_word_takes_the_box_of_what_it_replaces() -> None:
    machine = words("the n0tlce was served")
    assert boxes("the notice was served", machine)["notice"] == machine[1].box


def test_words_that_were_run_together_share_the_box() -> None:
    machine = words("thenotice was served")
    found = boxes("the notice was served", machine)
    assert found["the"] == found["notice"] == machine[0].box
    assert found["served"] == machine[2].box


def test_a_missing_word_stands_at_the_edge_of_its_neighbour() -> None:
    machine = words("notice served")
    _, top, right, bottom = machine[0].box
    assert boxes("notice was served", machine)["was"] == (right, top, right, bottom)
    left, top, _, bottom = machine[0].box
    assert boxes("the notice served", machine)["the"] == (left, top, left, bottom)


def test_without_boxes_there_are_none_and_a_text_may_be_emptied() -> None:
    assert align("typed by hand", []) == []
    assert align("", words("a smudge")) == []
