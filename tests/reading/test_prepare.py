"""Pages that were scanned or photographed badly are brought into shape before they are read, and boxed as they lie."""

import io
import random

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageOps

from docstore.reading.child.prepare import prepare, skew_of
from docstore.reading.kinds import Kind
from docstore.reading.shapes import PageReading
from tests.reading import papers
from tests.reading.conftest import Borrow

PAGE = papers.scan(papers.BODY * 3)


def tilted(degrees: float, image: Image.Image = PAGE) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=248)


def in_shadow(image: Image.Image) -> Image.Image:
    """Light from one side, as in a photograph."""
    light = Image.linear_gradient("L").resize(image.size).point(lambda level: 90 + level * 165 // 255)
    return ImageChops.multiply(image, light)


def noisy(image: Image.Image, spread: float) -> Image.Image:
    return ImageChops.add(image, Image.effect_noise(image.size, spread), offset=-128)


def specked(image: Image.Image, share: float) -> Image.Image:
    chance, made = random.Random(5), image.copy()
    for _ in range(int(image.width * image.height * share)):
        made.putpixel((chance.randrange(image.width), chance.randrange(image.height)), chance.choice((0, 255)))
    return made


@pytest.mark.parametrize("degrees", [-30, -12, -6, 5, 8, 17, 40, 94])
def test_how_far_lines_lie_from_level_is_measured(degrees: float) -> None:
    image = tilted(degrees)
    found = skew_of(image.reduce(max(image.size) // 400), image)
    expected = -degrees if abs(degrees) <= 45 else 90 - degrees
    assert found == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize("image", [PAGE, tilted(1.5), PAGE.rotate(90, expand=True), Image.new("L", (1654, 2339), 255)])
def test_what_lies_level_or_upright_is_left_alone(image: Image.Image) -> None:
    assert prepare(image).skew == 0
    assert prepare(image).image.size == image.size


def test_a_box_on_the_level_page_is_a_box_on_the_page_that_came() -> None:
    ready = prepare(tilted(10, PAGE))
    across, down = ready.image.width / 2, ready.image.height / 2
    where = ready.undone(across - 5, down - 5, across + 5, down + 5)
    middle = ((where[0] + where[2]) / 2, (where[1] + where[3]) / 2)
    assert middle == pytest.approx((ready.size[0] / 2, ready.size[1] / 2), abs=1)


def test_dark_pages_are_inverted_and_shadows_lifted() -> None:
    assert prepare(ImageOps.invert(PAGE)).image.getpixel((5, 5)) == 248
    lit = prepare(in_shadow(PAGE)).image
    assert min(lit.getpixel((5, 5)), lit.getpixel((5, 2330))) > 230  # type: ignore[type-var]


def read(borrow: Borrow, image: Image.Image) -> PageReading:
    with borrow(papers.encoded(image, "PNG", dpi=(200, 200)), Kind.PNG, key=str(hash(image.tobytes()))) as reader:
        return reader.page(1)


@pytest.mark.parametrize(
    "image",
    [
        tilted(14),
        tilted(-7, PAGE.rotate(180)),
        in_shadow(PAGE),
        ImageOps.invert(PAGE),
        specked(PAGE, 0.03),
        noisy(PAGE, 90),
        PAGE.filter(ImageFilter.GaussianBlur(1.5)),
    ],
    ids=["tilted", "tilted and upside down", "in shadow", "inverse", "specked", "noisy", "blurred"],
)
def test_a_bad_scan_is_read_all_the_same(borrow: Borrow, image: Image.Image) -> None:
    page = read(borrow, image)
    assert page.text.count("represented by counsel") >= 2
    assert page.confidence is not None
    assert page.confidence > 75


def test_words_of_a_tilted_page_are_boxed_where_they_stand(borrow: Borrow) -> None:
    """The word is wiped out at its box; read again, it is gone, and its neighbours are not."""
    image = tilted(12, papers.scan())
    page = read(borrow, image)
    word = next(one for one in page.words if one.text == "Judgment")
    box = (word.left * image.width, word.top * image.height, word.right * image.width, word.bottom * image.height)
    wiped = image.copy()
    wiped.paste(248, tuple(round(edge) for edge in box))

    again = read(borrow, wiped)

    assert "Judgment" not in again.text
    assert "twenty eight days" in again.text


def test_one_bit_fax_pages_are_read(borrow: Borrow) -> None:
    kept = io.BytesIO()
    PAGE.point(lambda level: 255 if level > 128 else 0).convert("1").save(
        kept, "TIFF", compression="group4", dpi=(204, 196)
    )
    with borrow(kept.getvalue(), Kind.TIFF) as reader:
        assert "represented by counsel" in reader.page(1).text


@pytest.mark.parametrize("dpi", [72, 150, 300, 600])
def test_whatever_the_resolution(borrow: Borrow, dpi: int) -> None:
    size = (round(8.27 * dpi), round(11.69 * dpi))
    image = papers.scan(papers.BODY).resize(size, Image.Resampling.LANCZOS)
    with borrow(papers.encoded(image, "PNG", dpi=(dpi, dpi)), Kind.PNG) as reader:
        assert "represented by counsel" in reader.page(1).text
