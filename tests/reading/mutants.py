"""PDFs that were good until something happened to them. Each is made from a number, so that any can be made again."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from tests.reading import papers

Mutation = Callable[[bytearray, random.Random], None]


def mutants(count: int, *, first: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield mutated PDFs with their numbers."""
    for number in range(first, first + count):
        yield number, mutant(number)


def mutant(number: int) -> bytes:
    """Make one: a good file, to which between one and four things happened."""
    chance = random.Random(number)
    raw = bytearray(chance.choice(_good()))
    for _ in range(chance.randint(1, 4)):
        chance.choice(MUTATIONS)(raw, chance)
    return bytes(raw)


@lru_cache(maxsize=1)
def _good() -> Sequence[bytes]:
    small = papers.scan(["A short scan."], size=(620, 877))
    return (
        papers.text_pdf(papers.BODY),
        papers.text_pdf(papers.BODY, papers.BODY),
        papers.picture_pdf(small),
        papers.locked(papers.text_pdf(papers.BODY), user=""),
        papers.changed(papers.text_pdf(papers.BODY), lambda pdf: None),
    )


def _flip(raw: bytearray, chance: random.Random) -> None:
    """A few bits fall over."""
    for _ in range(chance.randint(1, 40)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)


def _cut(raw: bytearray, chance: random.Random) -> None:
    """A piece is missing."""
    begin = chance.randrange(len(raw))
    del raw[begin : begin + chance.randint(1, max(1, len(raw) // 10))]
    raw += b"%" * (not raw)


def _end_early(raw: bytearray, chance: random.Random) -> None:
    """The copy was broken off."""
    del raw[chance.randint(len(raw) // 4, len(raw)) :]


def _repeat(raw: bytearray, chance: random.Random) -> None:
    """A piece is there twice."""
    begin = chance.randrange(len(raw))
    piece = raw[begin : begin + chance.randint(1, 2_000)]
    at = chance.randrange(len(raw))
    raw[at:at] = piece * chance.randint(1, 20)


def _noise(raw: bytearray, chance: random.Random) -> None:
    """A piece is overwritten with anything, or with nothing."""
    begin, length = chance.randrange(len(raw)), chance.randint(1, 600)
    raw[begin : begin + length] = bytes(length) if chance.random() < 0.5 else chance.randbytes(length)


def _number(raw: bytearray, chance: random.Random) -> None:
    """A number becomes another: a length, a count, an offset, a size, a reference."""
    found = list(re.finditer(rb"\d+", raw))
    if found:
        where = chance.choice(found)
        other = chance.choice((b"0", b"-1", b"1", b"7", b"65535", b"2147483647", b"99999999999", b"1e309"))
        raw[where.start() : where.end()] = other


def _name(raw: bytearray, chance: random.Random) -> None:
    """A name becomes another name of the same file."""
    found = list(re.finditer(rb"/[A-Za-z]{2,}", raw))
    if found:
        where = chance.choice(found)
        raw[where.start() : where.end()] = chance.choice(found).group()


def _loop(raw: bytearray, chance: random.Random) -> None:
    """A reference leads somewhere else, perhaps back to where it stands."""
    found = list(re.finditer(rb"\d+ 0 R", raw))
    if found:
        where = chance.choice(found)
        raw[where.start() : where.end()] = b"%d 0 R" % chance.randint(0, 12)


MUTATIONS: Sequence[Mutation] = (_flip, _cut, _end_early, _repeat, _noise, _number, _name, _loop)
