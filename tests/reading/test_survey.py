"""What is seen of scans without reading their words, through a real child in the real sandbox."""

import io

import pikepdf
import pytest
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from docstore.reading.faults import ReadingFault
from docstore.reading.kinds import Kind
from docstore.reading.shapes import Doubt, PageSurvey
from tests.reading import papers
from tests.reading.conftest import Borrow

A4_AT_300 = (2480, 3508)
SHEET = "DS1|doc|0d9f6a4e1b7c4a5c9e2f3b1a7d8c6e5f|statement|NGT|K7Q2M9|ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORDS = (
    "The applicant attended the hearing before the district judge and handed up the bundle. "
    "It had been filed late, but both parties had read it, and nobody asked for time. "
)


def page(words: str = WORDS, *, paper: int = 255, ink: int = 0) -> Image.Image:
    made = Image.new("L", A4_AT_300, paper)
    drawing, font = ImageDraw.Draw(made), ImageFont.load_default(54)
    for line in range(30):
        at = (line * 7) % 40
        drawing.text((240, 280 + line * 96), (words * 2)[at : at + 68], fill=ink, font=font)
    return made


def sheet(text: str = SHEET) -> Image.Image:
    made = Image.new("L", A4_AT_300, 255)
    kept = io.BytesIO()
    segno.make(text, error="h").save(kept, kind="png", scale=12, border=4)
    made.paste(Image.open(kept).convert("L"), (800, 900))
    return made


def tiff(*pages: Image.Image, dpi: int = 300) -> bytes:
    kept = io.BytesIO()
    pages[0].save(
        kept, "TIFF", save_all=True, append_images=pages[1:], dpi=(dpi, dpi), compression="tiff_adobe_deflate"
    )
    return kept.getvalue()


def surveyed(borrow: Borrow, raw: bytes, kind: Kind = Kind.TIFF) -> list[PageSurvey]:
    with borrow(raw, kind) as reader:
        return list(reader.survey())


def doubts(seen: PageSurvey) -> set[Doubt]:
    return {one.doubt for one in seen.findings}


def noisy(image: Image.Image, share: float) -> Image.Image:
    """Salt and pepper on a share of the dots."""
    grain = Image.effect_noise(image.size, 100)
    spots = grain.point([255 if value < 20 else 0 for value in range(256)])
    covered = spots.histogram()[255] / (image.width * image.height)
    assert covered > share
    salted = Image.composite(Image.effect_noise(image.size, 255), image, spots)
    return salted


@pytest.mark.parametrize("angle", [0, 3, 90, 180, 270])
def test_a_sheet_is_read_at_any_angle(borrow: Borrow, angle: int) -> None:
    turned = sheet().rotate(angle, expand=angle % 90 == 0, fillcolor=255)
    [seen] = surveyed(borrow, tiff(turned))
    assert seen.marks == (SHEET,)


def test_a_sheet_is_read_through_noise(borrow: Borrow) -> None:
    [seen] = surveyed(borrow, tiff(noisy(sheet(), 0.02)))
    assert seen.marks == (SHEET,)


def test_an_ordinary_page_raises_no_doubt(borrow: Borrow) -> None:
    [seen] = surveyed(borrow, tiff(page()))
    assert seen.findings == ()
    assert seen.marks == ()


@pytest.mark.parametrize(
    ("made", "doubt"),
    [
        (Image.new("L", A4_AT_300, 252), Doubt.BLANK),
        (page().rotate(2.5, fillcolor=255), Doubt.SKEWED),
        (page().rotate(180), Doubt.TURNED),
        (page().rotate(90, expand=True), Doubt.TURNED),
        (page(paper=120), Doubt.TOO_DARK),
        (page(ink=190), Doubt.LOW_CONTRAST),
        (page().crop((330, 0, 2480, 3508)), Doubt.CLIPPED),
    ],
    ids=["blank", "skewed", "upside-down", "sideways", "dark", "pale", "clipped"],
)
def test_each_fault_of_a_scan_is_found(borrow: Borrow, made: Image.Image, doubt: Doubt) -> None:
    [seen] = surveyed(borrow, tiff(made))
    assert doubt in doubts(seen)


def test_a_black_border_is_told_from_clipped_print(borrow: Borrow) -> None:
    made = page()
    ImageDraw.Draw(made).rectangle((0, 0, 60, 3508), fill=0)
    [seen] = surveyed(borrow, tiff(made))
    assert doubts(seen) == {Doubt.BLACK_BORDER}


def test_resolution_is_measured_and_not_believed(borrow: Borrow) -> None:
    """The file claims what it likes; what counts is how many dots there are to an inch of the page."""
    kept = io.BytesIO()
    page().resize((826, 1169)).save(kept, "PDF", resolution=100)
    [seen] = surveyed(borrow, kept.getvalue(), Kind.PDF)
    [found] = [one for one in seen.findings if one.doubt is Doubt.LOW_RESOLUTION]
    assert found.measured == pytest.approx(100, abs=2)


def test_a_page_fed_twice_and_one_of_another_size_are_found(borrow: Borrow) -> None:
    again = page().rotate(0.3, fillcolor=255, translate=(5, 4))
    small = page(WORDS[::-1]).crop((0, 0, 2480, 1700))
    first, second, third = surveyed(borrow, tiff(page(), again, small))
    assert doubts(first) == set()
    assert Doubt.REPEATED in doubts(second)
    assert Doubt.ODD_SIZE in doubts(third)


def test_a_born_digital_page_has_no_resolution(borrow: Borrow) -> None:
    [seen] = surveyed(borrow, papers.text_pdf(papers.BODY), Kind.PDF)
    assert Doubt.LOW_RESOLUTION not in doubts(seen)


def test_parts_of_a_tiff_keep_their_dots(borrow: Borrow) -> None:
    pages = [page(), page(WORDS[::-1]).filter(ImageFilter.BLUR), sheet()]
    with borrow(tiff(*pages), Kind.TIFF) as reader:
        content, media_type = reader.part([2, 1], turned={1: 90})
    made = Image.open(io.BytesIO(content))
    assert (media_type, made.n_frames, made.info["dpi"]) == ("image/tiff", 2, (300, 300))  # type: ignore[attr-defined]
    assert made.tobytes() == pages[1].tobytes()
    made.seek(1)
    assert made.tobytes() == pages[0].rotate(-90, expand=True).tobytes()


def test_parts_of_a_pdf_keep_their_pages(borrow: Borrow) -> None:
    with borrow(papers.mixed_pdf(2, 2), Kind.PDF) as reader:
        content, media_type = reader.part([3, 1], turned={3: 180})
    with pikepdf.open(io.BytesIO(content)) as made:
        assert media_type == "application/pdf"
        assert [int(one.obj.get("/Rotate", 0)) for one in made.pages] == [180, 0]


def test_what_was_never_scanned_cannot_be_split(borrow: Borrow) -> None:
    with borrow(b"Only words.", Kind.TEXT) as reader, pytest.raises(ReadingFault):
        reader.part([1], turned={})
