"""The words of a page as they are stored: texts, boxes and confidences in columns, so that a search can mark a page without
making an object of every word on it. Pure.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]

# With what the columns begin. Pages that were stored before are compressed JSON rows, which begin with zlib's own mark.
_COLUMNS = b"\x01"
_PARTS = 100_000
# Where the file itself says the word, nobody has to be sure of it.
UNKNOWN = -1
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page, its box in fractions of the page as displayed, and 0–100 where OCR gave a confidence."""

    text: str
    box: Box
    confidence: int | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The words of a page, side by side: `edges` has all left ones, then all top, right and bottom ones."""

    texts: Sequence[str]
    edges: Sequence[int]
    confidences: Sequence[int]

    def __len__(self) -> int:
        return len(self.texts)

    def box(self, at: int) -> Box:
        """Where a word stands."""
        count = len(self.texts)
        left, top, right, bottom = self.edges[at :: count or 1]
        return left / _PARTS, top / _PARTS, right / _PARTS, bottom / _PARTS


def pack_words(words: Sequence[Word] | Columns) -> bytes:
    """Return words as they are stored, with boxes to the hundred-thousandth of the page."""
    columns = words if isinstance(words, Columns) else _side_by_side(words)
    joined = _BETWEEN.join(columns.texts)
    if joined.count(_BETWEEN) >= max(1, len(columns)):
        return _packed_rows(_words_of(columns))
    count, edges, sure = array("i", [len(columns)]), array("i", columns.edges), array("b", columns.confidences)
    parts = (_in_order(count), _in_order(edges), sure.tobytes(), joined.encode())
    return _COLUMNS + zlib.compress(b"".join(parts))


def unpack_columns(packed: bytes) -> Columns:
    """Return the words that `pack_words` stored, or that were stored before it had columns."""
    if not packed:
        return Columns((), (), ())
    if packed[:1] != _COLUMNS:
        return _columns(json.loads(zlib.decompress(packed)))
    raw = zlib.decompress(packed[1:])
    width = array("i").itemsize
    count = _numbers(raw[:width])[0]
    after = width * (1 + 4 * count)
    texts = raw[after + count :].decode().split(_BETWEEN) if count else []
    return Columns(texts, _numbers(raw[width:after]), array("b", raw[after : after + count]))


def unpack_words(packed: bytes) -> list[Word]:
    """Return the same as words."""
    return _words_of(unpack_columns(packed))


def _words_of(columns: Columns) -> list[Word]:
    return [
        Word(text, columns.box(at), None if sure == UNKNOWN else sure)
        for at, (text, sure) in enumerate(zip(columns.texts, columns.confidences, strict=True))
    ]


def _packed_rows(words: Sequence[Word]) -> bytes:
    """The older form, which takes any text: a word with a line break in it is none, but nothing is ever lost here."""
    rows = [[word.text, *(round(edge, 5) for edge in word.box), word.confidence] for word in words]
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode())


def _side_by_side(words: Sequence[Word]) -> Columns:
    edges = [round(word.box[side] * _PARTS) for side in range(4) for word in words]
    sure = [UNKNOWN if word.confidence is None else int(word.confidence) for word in words]
    return Columns([word.text for word in words], edges, sure)


def _columns(rows: list[tuple[str, float, float, float, float, int | None]]) -> Columns:
    edges = [round(float(row[side]) * _PARTS) for side in range(1, 5) for row in rows]  # type: ignore[arg-type] # 1 to 4 are edges
    return Columns([row[0] for row in rows], edges, [UNKNOWN if row[5] is None else row[5] for row in rows])


def _in_order(numbers: "array[int]") -> bytes:
    """Their bytes, the small end first on every machine."""
    if sys.byteorder == "big":
        numbers = array("i", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _numbers(raw: bytes) -> "array[int]":
    numbers = array("i", raw)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
