"""A picture made fit for OCR: dark print on evenly white paper, little noise, lines level. Looks first, changes only what it must.

Everything is judged on a small copy; a page that is as it should be costs a few hundredths of a second.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter, ImageMath, ImageOps

SMALL = 400
SKETCH = 300
FINE = 700
STRIPS = 4
DARK = 100
UNEVEN = 0.75
DARKEST_PAPER = 60
NOISY = 8.0
FLAT, SPECK, SPECKED = 40, 60, 0.004
CROP = 384
LEAST_SKEW = 2.5
COARSE_STEP, COARSE_END = 5.0, 45.0
FINE_STEP, FINE_SPAN = 0.5, 3.5
# How much sharper lines must stand out when turned before a page is believed to be skewed.
CLEARLY = 1.35


@dataclass(frozen=True, slots=True)
class Prepared:
    """The picture to read, the size that it came with, and by how many degrees anticlockwise it was turned to be level."""

    image: Image.Image
    size: tuple[int, int]
    skew: float

    def undone(self, left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
        """Return a box on the prepared picture as a box, in pixels, on the picture that came."""
        if not self.skew:
            return left, top, right, bottom
        corners = [self._back(x, y) for x in (left, right) for y in (top, bottom)]
        return (
            min(x for x, _ in corners),
            min(y for _, y in corners),
            max(x for x, _ in corners),
            max(y for _, y in corners),
        )

    def _back(self, x: float, y: float) -> tuple[float, float]:
        turn = math.radians(self.skew)
        dx, dy = x - self.image.width / 2, y - self.image.height / 2
        return (
            dx * math.cos(turn) - dy * math.sin(turn) + self.size[0] / 2,
            dx * math.sin(turn) + dy * math.cos(turn) + self.size[1] / 2,
        )


def prepare(image: Image.Image) -> Prepared:
    """Bring a grey picture into shape for OCR."""
    small = _reduced(image, SMALL)
    if _level_below(small, 0.5) < DARK:
        image, small = ImageOps.invert(image), ImageOps.invert(small)
    paper = _paper(small)
    if _is_uneven(paper):
        image, small = _evenly_lit(image, paper), _evenly_lit(small, paper)
    if _is_noisy(image):
        image = image.filter(ImageFilter.MedianFilter(3))
    skew = skew_of(small, image)
    if not skew:
        return Prepared(image, image.size, 0.0)
    return Prepared(image.rotate(skew, Image.Resampling.BICUBIC, expand=True, fillcolor=255), image.size, skew)


def skew_of(small: Image.Image, image: Image.Image) -> float:
    """By how many degrees anticlockwise to turn the picture so that its lines lie level or upright; 0 if hardly at all."""
    ink = _ink(_reduced(small, SKETCH))
    scores = {turn: _sharpness(ink, turn, STRIPS) for turn in _steps(-COARSE_END, COARSE_END, COARSE_STEP)}
    best = max(scores, key=lambda turn: scores[turn])
    if best == 0 or scores[best] <= CLEARLY * scores[0.0]:
        return 0.0
    ink = _ink(_reduced(image, FINE))
    fine = {turn: _sharpness(ink, turn, 1) for turn in _steps(best - FINE_SPAN, best + FINE_SPAN, FINE_STEP)}
    found = max(fine, key=lambda turn: fine[turn])
    return found if abs(found) >= LEAST_SKEW else 0.0


def _steps(first: float, last: float, step: float) -> Iterable[float]:
    return (first + at * step for at in range(round((last - first) / step) + 1))


def _sharpness(ink: Image.Image, turn: float, strips: int) -> float:
    """How sharply lines of print stand apart from the white between them, across or down, when the picture is turned so.

    In strips, neighbouring angles are told apart less sharply, so that fewer have to be tried.
    """
    turned = ink.rotate(turn, Image.Resampling.BILINEAR) if turn else ink
    across = turned.resize((strips, turned.height), Image.Resampling.BOX)
    down = turned.resize((turned.width, strips), Image.Resampling.BOX).transpose(Image.Transpose.ROTATE_90)
    return max(_steepness(across, turned.width), _steepness(down, turned.height))


def _steepness(profile: Image.Image, weight: int) -> float:
    """The squared differences between neighbouring rows of a picture that is a few strips wide."""
    below = profile.crop((0, 1, profile.width, profile.height + 1))
    counts = ImageChops.difference(profile, below).histogram()
    return weight**2 * math.fsum(level**2 * count for level, count in enumerate(counts))


def _ink(grey: Image.Image) -> Image.Image:
    """Ink as light on black."""
    return ImageOps.invert(ImageOps.autocontrast(grey, cutoff=1))


def _paper(small: Image.Image) -> Image.Image:
    """The paper without its print: the lightest of every neighbourhood."""
    found = small.reduce(2)
    for _ in range(3):
        found = found.filter(ImageFilter.MaxFilter(3))
    return found


def _reduced(image: Image.Image, longest: int) -> Image.Image:
    factor = max(1, max(image.size) // longest)
    return image.reduce(factor) if factor > 1 else image


def _level_below(image: Image.Image, share: float) -> int:
    """The grey level below which this share of all pixels lies."""
    counts, seen = image.histogram(), 0
    for level, count in enumerate(counts):
        seen += count
        if seen > share * (image.width * image.height):
            return level
    return 255


def _is_uneven(paper: Image.Image) -> bool:
    """Whether the paper is much darker in one place than in another, as in a photograph taken in a room."""
    return _level_below(paper, 0.05) < UNEVEN * _level_below(paper, 0.95)


def _evenly_lit(image: Image.Image, paper: Image.Image) -> Image.Image:
    """Every place as light as its own paper allows."""
    floor = paper.point(lambda level: max(level, DARKEST_PAPER))
    smooth = floor.filter(ImageFilter.BoxBlur(4)).resize(image.size, Image.Resampling.BILINEAR)
    lit: Image.Image = ImageMath.lambda_eval(
        lambda given: given["convert"](given["min"](given["image"] * 255 / given["paper"], 255), "L"),
        image=image,
        paper=smooth,
    )
    return lit


def _is_noisy(image: Image.Image) -> bool:
    """Whether pixels differ much from their neighbours in the middle of the page, or the plain paper there is specked."""
    left, top = max(0, (image.width - CROP) // 2), max(0, (image.height - CROP) // 2)
    crop = image.crop((left, top, min(image.width, left + CROP), min(image.height, top + CROP)))
    calm = crop.filter(ImageFilter.MedianFilter(3))
    strange = ImageChops.difference(crop, calm)
    counts, pixels = strange.histogram(), crop.width * crop.height
    if sum(level * count for level, count in enumerate(counts)) > NOISY * pixels:
        return True
    print_near = ImageChops.difference(calm.filter(ImageFilter.MaxFilter(3)), calm.filter(ImageFilter.MinFilter(3)))
    plain = print_near.point(lambda level: 255 if level < FLAT else 0)
    specks = ImageChops.darker(strange.point(lambda level: 255 if level > SPECK else 0), plain)
    return specks.histogram()[255] > SPECKED * pixels
