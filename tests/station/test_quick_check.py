"""The look at a scan while the paper is on the desk, over pages drawn here and over real scans."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from station.quick_check import look

WORDS = (
    "The applicant attended the hearing before the district judge and handed up the bundle. "
    "It had been filed late, but both parties had read it, and nobody asked for time. "
)
SCANS = Path(__file__).parents[3].parent / "shared" / "samples" / "scans"


def sheet(words: str = WORDS) -> Image.Image:
    page = Image.new("L", (1240, 1754), 255)
    drawing, font = ImageDraw.Draw(page), ImageFont.load_default(28)
    for line in range(30):
        at = (line * 7) % 40
        drawing.text((120, 140 + line * 48), (words * 2)[at : at + 68], fill=0, font=font)
    return page


def saved(path: Path, *pages: Image.Image) -> Path:
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(150, 150))
    return path


def test_an_ordinary_scan_gets_no_advice(tmp_path: Path) -> None:
    found = look(saved(tmp_path / "a.tif", sheet(), sheet(WORDS[::-1])), "image/tiff")
    assert (found.pages, found.sentence) == (2, "")


def test_a_blank_back_is_named_by_its_page(tmp_path: Path) -> None:
    blank = Image.new("L", (1240, 1754), 250)
    ImageDraw.Draw(blank).rectangle((0, 0, 30, 1754), fill=0)  # the shadow of the spine
    assert look(saved(tmp_path / "a.tif", sheet(), blank), "image/tiff").sentence == "page 2 is blank"


def test_a_page_that_was_fed_twice_is_named(tmp_path: Path) -> None:
    again = sheet().rotate(0.3, fillcolor=255, translate=(3, 2))
    assert "page 2 looks the same" in look(saved(tmp_path / "a.pdf", sheet(), again), "application/pdf").sentence


@pytest.mark.parametrize(("turn", "said"), [(180, "upside down"), (90, "on its side"), (270, "on its side")])
def test_a_page_that_was_fed_the_wrong_way_round_is_named(tmp_path: Path, turn: int, said: str) -> None:
    assert said in look(saved(tmp_path / "a.png", sheet().rotate(turn, expand=True)), "image/png").sentence


@pytest.mark.parametrize("raw", [b"", b"II*\x00\xff\xff\xff\xff", b"not a picture"])
def test_what_cannot_be_looked_at_costs_advice_and_nothing_else(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.tif").write_bytes(raw)
    found = look(tmp_path / "a.tif", "image/tiff")
    assert found.pages is None
    assert "look at it yourself" in found.sentence


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "media_type", "said"),
    [
        ("phototest.tif", "image/tiff", ""),
        ("phototest-rotated-180.png", "image/png", "page 1 seems to be upside down"),
        ("phototest-rotated-L.png", "image/png", "page 1 seems to lie on its side"),
        ("linn.png", "image/png", ""),
        ("epson.pdf", "application/pdf", ""),
        ("masks.pdf", "application/pdf", ""),
        ("blank.pdf", "application/pdf", "page 1 is blank"),
        ("cardinal.pdf", "application/pdf", "upside down"),
    ],
)
def test_real_scans(name: str, media_type: str, said: str) -> None:
    path = SCANS / name
    if not path.exists():
        pytest.skip("the sample scans are not here")
    sentence = look(path, media_type).sentence
    assert said in sentence if said else sentence == ""
