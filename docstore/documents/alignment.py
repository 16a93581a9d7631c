"""Where the words of a corrected text stand: matched to the words that the machine boxed on the page. Pure."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from docstore.documents.words import Box, Word


def align(text: str, words: Sequence[Word]) -> list[Word]:
    """Return the words of `text` with boxes taken from `words`; none where the machine boxed nothing.

    A word that was changed takes the box of what it replaces; one that was missing stands at the edge of its neighbour. A
    person has read them, so none bears a machine's doubt.
    """
    wanted = text.split()
    if not words:
        return []
    matcher = SequenceMatcher(None, [word.text for word in words], wanted)
    boxes: list[Box] = []
    for _, first, last, begin, end in matcher.get_opcodes():
        boxes += _boxes(words, (first, last), end - begin)
    return [Word(one, box, None) for one, box in zip(wanted, boxes, strict=True)]


def _boxes(words: Sequence[Word], old: tuple[int, int], count: int) -> Iterator[Box]:
    """Boxes for `count` words that stand where the old ones stood."""
    first, last = old
    if first == last:
        edge = _edge_before(words, first)
        yield from [edge] * count
        return
    for place in range(count):
        yield words[first + place * (last - first) // count].box


def _edge_before(words: Sequence[Word], place: int) -> Box:
    if place > 0:
        _, top, right, bottom = words[place - 1].box
        return right, top, right, bottom
    left, top, _, bottom = words[0].box
    return left, top, left, bottom
