"""One contract over every OCR engine, and a scripted one for what engines do not do on demand."""

from collections.abc import Sequence
from importlib.util import find_spec
from shutil import which

import pytest
from PIL import Image

from docstore.reading.child import ocr_page
from docstore.reading.ocr import ENGINES, NoOcrEngine, OcrEngine, OcrWord, choose
from tests.reading import papers

LINES = papers.BODY[:4]


def _missing(name: str) -> str:
    if find_spec(name) is None:
        return f"{name} is not installed"
    return "" if name != "pytesseract" or which("tesseract") else "the tesseract program is not installed"


@pytest.fixture(scope="module", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> OcrEngine:
    """Each engine that this machine has."""
    if missing := _missing(request.param):
        pytest.skip(missing)
    return choose(request.param)


def test_words_come_in_reading_order_with_boxes_and_confidence(engine: OcrEngine) -> None:
    words = engine.read(papers.scan(LINES), ("eng",), dpi=200)
    assert " ".join(word.text for word in words) == " ".join(LINES)
    assert all(0 <= word.left < word.right <= 1654 and 0 <= word.top < word.bottom <= 2339 for word in words)
    assert all(0 <= word.confidence <= 100 for word in words)
    assert max(word.line for word in words) == len(LINES) - 1


def test_an_empty_page_has_no_words(engine: OcrEngine) -> None:
    assert engine.read(Image.new("L", (800, 1100), 255), ("eng",), dpi=100) == []


def test_how_far_a_page_is_turned(engine: OcrEngine) -> None:
    page = papers.scan(papers.BODY * 3)
    for degrees in (90, 180, 270):
        assert engine.turn_needed(page.rotate(degrees, expand=True, fillcolor=248), dpi=200) == degrees


def test_two_languages_at_once(engine: OcrEngine) -> None:
    words = engine.read(papers.scan(["Gorchymyn y llys", "Order of the court"]), ("eng", "cym"), dpi=200)
    assert "Gorchymyn" in [word.text for word in words]


def test_an_engine_that_is_not_here_is_said() -> None:
    with pytest.raises(KeyError):
        choose("other")
    assert "Install" in str(NoOcrEngine(NoOcrEngine.__doc__))


class Scripted:
    """Says what it is told to, and counts."""

    name = "scripted"

    def __init__(self, *readings: list[OcrWord], turn: int | None = None) -> None:
        self._readings = list(readings)
        self._turn = turn
        self.sizes: list[tuple[int, int]] = []

    def read(
        self, image: Image.Image, languages: Sequence[str], *, dpi: int, single_line: bool = False
    ) -> list[OcrWord]:
        del languages, dpi, single_line
        self.sizes.append(image.size)
        return self._readings.pop(0)

    def turn_needed(self, image: Image.Image, *, dpi: int) -> int | None:
        del image, dpi
        return self._turn


def word(text: str, confidence: float, line: int = 0) -> OcrWord:
    """A word somewhere."""
    return OcrWord(text, 10, 20 + 30 * line, 110, 40 + 30 * line, confidence, line, 0)


def test_a_poor_reading_is_tried_again_turned_and_the_better_one_kept() -> None:
    engine = Scripted([word("noise", 30)], [word("Judgment", 96)], turn=90)
    found = ocr_page.read(engine, Image.new("L", (1000, 500), 255), ("eng",), dpi=300)
    assert engine.sizes == [(1000, 500), (500, 1000)]
    assert found.text == "Judgment"
    assert found.turned == 90


def test_the_first_reading_stays_where_turning_does_not_help() -> None:
    engine = Scripted([word("Judgment", 65)], [word("x", 20)], turn=180)
    found = ocr_page.read(engine, Image.new("L", (1000, 500), 255), ("eng",), dpi=300)
    assert (found.text, found.turned) == ("Judgment", 0)


@pytest.mark.requirement("DOM-4.7")
def test_what_the_engine_is_unsure_of_throughout_is_not_claimed_as_read() -> None:
    engine = Scripted([word("Wlhe", 22), word("nn", 24)], [], turn=None)
    found = ocr_page.read(engine, Image.new("L", (1000, 500), 255), ("eng",), dpi=300)
    assert found.text == ""
    assert found.words == ()


def test_a_short_word_is_kept_in_a_line_of_print_and_a_speck_is_not() -> None:
    sure = [word(one, 95) for one in ("judgment", "was", "entered", "against", "the", "defendants", "under")]
    line = [*sure, word("ll", 8), word("§", 20), word("3", 2), word("*", 30)]
    specks = [word("l", 9, line=1), word("—", 10, line=2), word("i", 12, line=3), word("|", 15, line=3)]
    engine = Scripted([*line, *specks])

    found = ocr_page.read(engine, Image.new("L", (1000, 500), 255), ("eng",), dpi=300)

    assert found.text == "judgment was entered against the defendants under ll § 3"
    assert [one.confidence for one in found.words] == [*[95] * 7, 8, 20, 2]
