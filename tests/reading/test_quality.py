"""Which text counts, page by page."""

import pytest

from docstore.reading.quality import Decision, Facts, Health, Line, decide, is_stamp, judge, says_the_same
from docstore.reading.shapes import Method
from tests.reading.papers import BODY, STAMP


def facts(*texts: str, pictured: float = 0.0, curves: int = 0, hidden: float = 0.0, unexplained: float = 0.0) -> Facts:
    """A page of A4 with these lines, one under another in its middle."""
    lines = [Line(tuple(t.split()), 100.0, 100.0 + at * 14, 480.0, 112.0 + at * 14) for at, t in enumerate(texts)]
    return Facts(
        595.0, 842.0, lines, 0.0, not texts, lambda: pictured, lambda: curves, lambda: hidden, lambda: unexplained
    )


@pytest.mark.parametrize(
    "line",
    [
        STAMP,
        "Appellate Case: 23-1234 Page: 1 Date Filed: 01/19/2023 Entry ID: 5237511",
        "Received 3 March 2026",
        "FILED",
        "Filed: 14/03/2026 10:32",
        "Page 3 of 17",
        "Tudalen 4 o 9",
        "14 March 2026",
        "March 14, 2026",
        "10:32 am",
        "- 12 -",
        "B112",
    ],
)
def test_stamps_are_known(line: str) -> None:
    assert is_stamp(line)


@pytest.mark.parametrize(
    "line", ["Exhibit A", BODY[0], "The claim was filed out of time and is dismissed.", "Dear Sir"]
)
def test_sentences_are_no_stamps(line: str) -> None:
    assert not is_stamp(line)


@pytest.mark.requirement("DOM-4.1")
def test_a_stamp_on_a_scan_counts_for_nothing() -> None:
    assert decide(facts(STAMP, "Received 3 March 2026", pictured=1.0)).method is Method.OCR


def test_text_in_the_margin_counts_for_nothing() -> None:
    margin = Facts(
        595,
        842,
        [Line(("The", "of", "and"), 20, 4, 300, 16)],
        0,
        False,
        lambda: 1.0,
        lambda: 0,
        lambda: 0.0,
        lambda: 0.0,
    )
    assert decide(margin).method is Method.OCR


def test_a_short_page_without_a_picture_is_complete() -> None:
    assert decide(facts("Exhibit A to the statement of the claimant")).method is Method.NATIVE


def test_a_letterhead_behind_a_letter_is_no_scan() -> None:
    assert decide(facts(*BODY, *BODY, *BODY, pictured=1.0)).method is Method.NATIVE
    assert decide(facts(*BODY, pictured=1.0, unexplained=0.2)).method is Method.NATIVE


def test_a_form_whose_print_is_a_picture_is_read() -> None:
    assert decide(facts(*BODY, pictured=1.0, unexplained=0.8)).method is Method.OCR


def test_a_scanners_own_layer_is_kept() -> None:
    assert decide(facts("The order of the court", pictured=1.0, hidden=1.0)).method is Method.NATIVE


def test_drawn_letters_are_read() -> None:
    assert decide(facts("The title", curves=5_000)).method is Method.OCR


def test_an_empty_page_is_nothing_to_read() -> None:
    assert decide(facts()) == Decision(Method.NONE, "nothing on the page")


@pytest.mark.parametrize(
    ("text", "health"),
    [
        (" ".join(BODY), Health.GOOD),
        ("Mae’r llys yn gorchymyn bod y diffynnydd yn talu’r swm i’r hawlydd", Health.GOOD),
        ("12/03/2026 £1,250.00 14/03/2026 £310.50", Health.GOOD),
        ("\x01\x02\x03\x04 \x05\x06\x07", Health.GARBLED),
        ("\ue001\ue002\ue003 \ue004\ue005", Health.GARBLED),
        ("(cid:12)(cid:44)(cid:7) (cid:9)(cid:3)", Health.GARBLED),
        ("7KH FRXUW KHDUG HYLGHQFH IURP WZR ZLWQHVVHV", Health.DOUBTFUL),
        ("6XPPD", Health.DOUBTFUL),
        ("rÃ©sumÃ© dâ€™Ã©tude â€œcÃ´tÃ©â€\x9d", Health.DOUBTFUL),
    ],
)
def test_text_is_told_from_what_only_looks_like_it(text: str, health: Health) -> None:
    assert judge(text.split()) is health


def test_letters_without_a_meaning_in_the_font_are_garbled() -> None:
    assert judge(" ".join(BODY).split(), unmapped=0.6) is Health.GARBLED


def test_a_page_that_says_what_ocr_reads_keeps_its_own_text() -> None:
    assert says_the_same(["Exhibit", "A"], ["EXHIBIT", "A"])
    assert not says_the_same(["6XPPD"], ["Summa"])
    assert says_the_same(["Jones"], [])
