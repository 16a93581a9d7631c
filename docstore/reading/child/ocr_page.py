"""OCR of one picture.

Prepares it, reads it, turns it and reads again where the first reading is poor, gives words as fractions of the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageOps

from docstore.reading.child.prepare import Prepared, prepare
from docstore.reading.ocr import OcrEngine, OcrWord
from docstore.reading.shapes import Word

POOR = 72.0
LEAST_CONFIDENCE = 20.0
WORD_LETTERS = 3
SURE = 60.0
# Signs that stand for words; others alone on their place are bullets and rules.
SIGNS = frozenset("§¶&£€%")
ONE_LINE_HEIGHT = 90
MARGIN = 24
READABLE_HEIGHT = 48
TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class OcrReading:
    """What was read: text with lines, words, the mean confidence weighed by letters, how far the page lay turned."""

    text: str
    words: tuple[Word, ...]
    confidence: float
    turned: int

    @property
    def sureness(self) -> float:
        """How many letters were read, weighed by how sure the engine is of them."""
        return sum(len(word.text) * (word.confidence or 0) for word in self.words)


def read(engine: OcrEngine, image: Image.Image, languages: Sequence[str], *, dpi: int) -> OcrReading:
    """Read a grey picture; of two readings the one with more letters that the engine is sure of wins."""
    if image.height < ONE_LINE_HEIGHT or image.width < ONE_LINE_HEIGHT:
        return _read_crop(engine, image, languages)
    ready = prepare(image)
    best, turned = engine.read(ready.image, languages, dpi=dpi), 0
    if best and _confidence(best) < POOR:
        turn = engine.turn_needed(ready.image, dpi=dpi)
        for degrees in [turn] if turn is not None else [180]:
            if not degrees:
                continue
            other = engine.read(ready.image.transpose(TURNS[degrees]), languages, dpi=dpi)
            if _sureness(other) > _sureness(best):
                best, turned = other, degrees
    return _reading(best, ready, turned)


def _read_crop(engine: OcrEngine, image: Image.Image, languages: Sequence[str]) -> OcrReading:
    """A crop of a line or less: engines want it larger, with white around it."""
    grow = max(1, round(READABLE_HEIGHT / image.height))
    larger = image.resize((image.width * grow, image.height * grow), Image.Resampling.BICUBIC)
    framed = ImageOps.expand(larger, border=MARGIN, fill=255)
    words = engine.read(framed, languages, dpi=300, single_line=True)
    moved = [
        OcrWord(
            w.text, w.left - MARGIN, w.top - MARGIN, w.right - MARGIN, w.bottom - MARGIN, w.confidence, w.line, w.block
        )
        for w in words
    ]
    return _reading(moved, Prepared(larger, larger.size, 0.0), 0)


def _sureness(words: list[OcrWord]) -> float:
    return sum(len(word.text) * word.confidence for word in words if word.confidence >= SURE)


def _confidence(words: list[OcrWord]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / letters if letters else 0.0


def _worth_keeping(words: list[OcrWord]) -> list[OcrWord]:
    """The words without the specks and rules of forms that were read as letters or signs.

    What the engine is unsure of is kept among words that it is sure of: a short word is no speck where a line of print is.
    """
    well_read, lines = _confidence(words) >= POOR, _by_line(words)
    return [
        word
        for word in words
        if _is_word(word, well_read=well_read, in_print=_confidence(_others(lines[word.line], word)) >= POOR)
    ]


def _by_line(words: list[OcrWord]) -> dict[int, list[OcrWord]]:
    lines: dict[int, list[OcrWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return lines


def _others(line: list[OcrWord], word: OcrWord) -> list[OcrWord]:
    return [one for one in line if one is not word]


def _is_word(word: OcrWord, *, well_read: bool, in_print: bool) -> bool:
    letters = sum(letter.isalnum() for letter in word.text)
    if not letters:
        return word.confidence >= SURE or (in_print and word.text in SIGNS)
    return word.confidence >= LEAST_CONFIDENCE or in_print or (well_read and letters >= WORD_LETTERS)


def _reading(words: list[OcrWord], ready: Prepared, turned: int) -> OcrReading:
    kept = _worth_keeping(words)
    if not kept or (_confidence(kept) < SURE / 2 and not any(w.confidence >= SURE and len(w.text) > 1 for w in kept)):
        return OcrReading("", (), 0.0, 0)
    shown = tuple(_as_displayed(word, ready, turned) for word in kept)
    return OcrReading(_text(kept), shown, round(_confidence(kept), 1), turned)


def _text(words: list[OcrWord]) -> str:
    parts: list[str] = []
    for before, word in zip([None, *words], words, strict=False):
        if before is not None:
            parts.append("\n\n" if word.block != before.block else "\n" if word.line != before.line else " ")
        parts.append(word.text)
    return "".join(parts)


def _as_displayed(word: OcrWord, ready: Prepared, turned: int) -> Word:
    """A box on the picture that was read, as fractions of the page as it lies."""
    upright = _unturned((word.left, word.top, word.right, word.bottom), ready.image.size, turned)
    left, top, right, bottom = ready.undone(*upright)
    width, height = ready.size
    return Word(
        word.text,
        _within(left / width),
        _within(top / height),
        _within(right / width),
        _within(bottom / height),
        round(word.confidence, 1),
    )


def _unturned(box: tuple[int, int, int, int], size: tuple[int, int], turned: int) -> tuple[float, float, float, float]:
    """A box of a picture that was turned clockwise, in pixels of that picture before it was turned."""
    left, top, right, bottom = box
    width, height = size
    match turned:
        case 90:
            return top, height - right, bottom, height - left
        case 180:
            return width - right, height - bottom, width - left, height - top
        case 270:
            return width - bottom, left, width - top, right
        case _:
            return left, top, right, bottom


def _within(fraction: float) -> float:
    return round(min(1.0, max(0.0, fraction)), 5)
