"""Black-and-white pages of very many pixels: read like any other, in bounded memory; a bomb is refused all the same."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat, TiffImagePlugin

from docstore.reading.child.wide_picture import NotThisWay, made_small
from docstore.reading.kinds import Kind
from docstore.reading.refusals import PageTooLarge
from docstore.reading.sandbox import MIB
from tests.reading import papers
from tests.reading.conftest import Borrow

DPI = 600
SHORT, LONG = 1_600, 2_400
ONE_STRIP = 1 << 30


def bits(size: tuple[int, int], lines: tuple[str, ...], *, dots: int) -> Image.Image:
    """A page of bits with these lines of print."""
    paper = Image.new("1", size, 1)
    pen, font = ImageDraw.Draw(paper), ImageFont.truetype(papers.FONT, dots // 6)
    for at, line in enumerate(lines):
        pen.text((dots * 0.9, dots * (1.4 + at * 0.3)), line, font=font, fill=0)
    return paper


def kept(image: Image.Image, path: Path, compression: str, strip: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(TiffImagePlugin, "STRIP_SIZE", strip)
    image.save(path, "TIFF", compression=compression, dpi=(DPI, DPI))
    return path


def differs(small: Image.Image, picture: Image.Image) -> float:
    """By how many shades of grey the small picture differs, in the mean, from the whole one made small."""
    whole = picture.convert("L").resize(small.size, Image.Resampling.BOX)
    return float(ImageStat.Stat(ImageChops.difference(small, whole)).mean[0])


PACKED = ("tiff_ccitt", "group3", "group4", "tiff_lzw", "tiff_adobe_deflate", "packbits")


@pytest.mark.parametrize(
    ("compression", "strip"),
    [("raw", ONE_STRIP), *((one, ONE_STRIP) for one in PACKED), *((one, 20_000) for one in PACKED)],
)
def test_every_way_of_keeping_bits_is_made_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: str, strip: int
) -> None:
    picture = bits((SHORT + 3, LONG + 5), papers.BODY[:3], dots=300)
    path = kept(picture, tmp_path / "page.tif", compression, strip, monkeypatch)
    with Image.open(path) as opened:
        strips = len(opened.tag_v2[273])
        small, dpi = made_small(opened, path, dpi=DPI)

    assert (strips == 1) is (strip == ONE_STRIP)
    assert (small.mode, round(dpi)) == ("L", 300)
    assert small.size == (802, 1203)
    assert differs(small, picture) < 1.0


@pytest.mark.parametrize("compression", ["raw", "group4", "tiff_adobe_deflate"])
def test_black_is_black_whichever_bit_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: str
) -> None:
    picture = bits((SHORT, LONG), papers.BODY[:3], dots=300)
    raw = bytearray(kept(picture, tmp_path / "page.tif", compression, ONE_STRIP, monkeypatch).read_bytes())
    at = raw.index(b"\x06\x01\x03\x00\x01\x00\x00\x00") + 8
    raw[at] = 1 - raw[at]
    path = tmp_path / "inverse.tif"
    path.write_bytes(raw)

    with Image.open(path) as opened:
        small, _ = made_small(opened, path, dpi=DPI)

    assert differs(small, ImageChops.invert(picture.convert("L"))) < 1.0


def test_a_png_is_made_small_and_an_interlaced_one_is_not(tmp_path: Path) -> None:
    picture = bits((SHORT, LONG), papers.BODY[:3], dots=300)
    path = tmp_path / "page.png"
    picture.save(path)
    with Image.open(path) as opened:
        assert differs(made_small(opened, path, dpi=DPI)[0], picture) < 1.0
        raw = bytearray(path.read_bytes())
        raw[28] = 1
        path.write_bytes(raw)
        with pytest.raises(NotThisWay, match="interlaced"):
            made_small(opened, path, dpi=DPI)


def test_what_cannot_be_decoded_is_no_empty_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept(bits((SHORT, LONG), papers.BODY[:3], dots=300), tmp_path / "a.tif", "tiff_lzw", ONE_STRIP, monkeypatch)
    with Image.open(path) as opened:
        first, count = opened.tag_v2[273][0], opened.tag_v2[279][0]
        raw = bytearray(path.read_bytes())
        raw[first : first + count] = bytes(count)
        path.write_bytes(raw)
        with pytest.raises(NotThisWay, match="damaged"):
            made_small(opened, path, dpi=DPI)


def test_a_page_that_says_it_is_the_size_of_a_house_is_made_small_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = Image.new("1", (9_000, 4_100), 1)
    for strip in (ONE_STRIP, 20_000):
        path = kept(picture, tmp_path / f"{strip}.tif", "group4", strip, monkeypatch)
        with Image.open(path) as opened:
            small, dpi = made_small(opened, path, dpi=100)
        assert small.width * small.height <= 36_100_000
        assert dpi == pytest.approx(100 * small.width / picture.width, rel=0.01)


@pytest.mark.requirement("SEC-19")
def test_a_page_of_bits_at_1200_dpi_is_read_in_bounded_memory_and_a_bomb_refused(borrow: Borrow) -> None:
    picture = bits((9_924, 14_028), papers.BODY, dots=1_200)
    file = io.BytesIO()
    picture.save(file, "TIFF", dpi=(1_200, 1_200), compression="group4")
    with borrow(file.getvalue(), Kind.TIFF) as reader:
        assert reader.inspect().pages == 1
        sheet = reader.open()[0]
        page = reader.page(1)
        assert reader.memory < 300 * MIB
    assert (round(sheet.width), round(sheet.height)) == (595, 842)
    assert "represented by counsel" in page.text
    assert page.picture is not None
    claimant = next(word for word in page.words if word.text == "claimant")
    assert 0.08 < claimant.left < claimant.right < 0.6

    bomb = Image.new("1", (60_000, 12_000), 1)
    file = io.BytesIO()
    bomb.save(file, "PNG")
    with pytest.raises(PageTooLarge), borrow(file.getvalue(), Kind.PNG) as reader:
        reader.inspect()
