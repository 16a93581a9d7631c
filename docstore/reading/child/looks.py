"""Measures of a page's picture: ink, blankness, skew, the way it lies, likeness to another. Pillow alone, no arrays.

Pictures are grey at about 100 dots to the inch, where print is still print and a page is a million pixels.
"""

import itertools
import math
from collections.abc import Iterator, Sequence

from PIL import Image

BORDER = 0.05
INK_BELOW = 0.75
BLANK_INK = 0.0008
EDGE = 0.006
CELLS = 40
MOST_SHIFT = 2
FEWEST_LINES = 8
SAME_LINES = 0.4
THINNEST_LINE, THICKEST_LINE = 6, 45
UPRIGHT = 1.6
SIDEWAYS = 2.8
EVIDENCE = 500
SMALLEST_PAGE = 400
WIDEST_SKEW = 6.0


def smaller(grey: Image.Image, scale: float) -> Image.Image:
    """The picture at this scale, never enlarged."""
    if scale >= 1:
        return grey
    size = (max(1, round(grey.width * scale)), max(1, round(grey.height * scale)))
    return grey.resize(size, Image.Resampling.BOX)


def is_blank(page: Image.Image) -> bool:
    """Whether there is next to no ink inside the border, where shadows and staples are."""
    return _mean(_ink(page)) < BLANK_INK


def paper_and_ink(page: Image.Image) -> tuple[int, int]:
    """The shades of the paper, as most of the page is, and of the ink, as its darkest hundredth is."""
    counts, total = page.histogram(), page.width * page.height
    shades = list(itertools.accumulate(counts))
    paper = next(shade for shade, below in enumerate(shades) if below >= total * 0.5)
    ink = next(shade for shade, below in enumerate(shades) if below >= total * 0.01)
    return paper, ink


def ink_at_edge(page: Image.Image) -> float:
    """The share of ink in the outermost strip of the side that has most of it."""
    ink = page.point(_ink_levels(page))
    thick = max(2, round(min(page.size) * EDGE))
    width, height = page.size
    strips = (
        (0, 0, width, thick),
        (0, height - thick, width, height),
        (0, 0, thick, height),
        (width - thick, 0, width, height),
    )
    return max(_mean(ink.crop(strip)) for strip in strips)


def skew(page: Image.Image) -> float:
    """By how many degrees lines of print slope: the turn after which lines and gaps differ most."""
    ink = smaller(_ink(page), 0.5)
    coarse = [step * 1.0 for step in range(-round(WIDEST_SKEW), round(WIDEST_SKEW) + 1)]
    rough = max(coarse, key=lambda angle: _roughness_at(ink, angle))
    fine = [rough + step * 0.25 for step in range(-3, 4)]
    best = max(fine, key=lambda angle: _roughness_at(ink, angle))
    return best if _roughness_at(ink, best) > 1.15 * _roughness_at(ink, 0.0) else 0.0


def turned(page: Image.Image) -> int:
    """Say 180 or 90 where lines of print clearly stand that way, else 0.

    Lines of print are dense bands. In upright print more ink reaches above the band (capitals, b, d, h, l) than below.
    """
    if min(page.size) < SMALLEST_PAGE:
        return 0
    ink = _ink(page)
    rows, columns = _profile(ink, across=True), _profile(ink, across=False)
    if _roughness(columns) > SIDEWAYS * max(_roughness(rows), _roughness_at(ink, skew(page))):
        return 90
    above, below = _reach(rows)
    return 180 if below > UPRIGHT * above and above + below > EVIDENCE else 0


def is_repeat(page: Image.Image, before: Image.Image) -> bool:
    """Whether two pages bear the same lines: as many, and ink and gaps at the same places in each.

    The same sheet fed again lies a little differently, so lines are compared, not pixels; what all lines of a page have
    in common, such as its margins, is taken out first.
    """
    one, other = _lines(page), _lines(before)
    if len(one) != len(other) or len(one) < FEWEST_LINES:
        return False
    these, those = _without_layout(one), _without_layout(other)
    return max(_likeness(these, those, shift) for shift in range(-MOST_SHIFT, MOST_SHIFT + 1)) > SAME_LINES


def _ink(page: Image.Image) -> Image.Image:
    width, height = page.size
    left, top = round(width * BORDER), round(height * BORDER)
    inner = page.crop((left, top, max(left + 1, width - left), max(top + 1, height - top)))
    return inner.point(_ink_levels(page))


def _ink_levels(page: Image.Image) -> list[int]:
    """Ink is what is clearly darker than this page's paper, so that pale print counts and dark paper does not."""
    paper, _ = paper_and_ink(page)
    return [255 if shade < paper * INK_BELOW else 0 for shade in range(256)]


def _roughness_at(ink: Image.Image, angle: float) -> float:
    return _roughness(_profile(ink.rotate(angle) if angle else ink, across=True))


def _profile(ink: Image.Image, *, across: bool) -> list[int]:
    size = (1, ink.height) if across else (ink.width, 1)
    return list(ink.resize(size, Image.Resampling.BOX).tobytes())


def _roughness(profile: Sequence[int]) -> float:
    return sum((one - other) ** 2 for one, other in itertools.pairwise(profile)) / max(1, len(profile))


def _bands(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where there is ink from one row to another without a gap."""
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end] > 2:
            end += 1
        if end > start:
            yield start, end
        start = max(end, start + 1)


def _reach(rows: Sequence[int]) -> tuple[float, float]:
    """Ink just above and just below the dense part of every line of print."""
    above = below = 0.0
    for start, end in _bands(rows):
        if THINNEST_LINE <= end - start <= THICKEST_LINE:
            line = rows[start:end]
            dense = [at for at, value in enumerate(line) if value >= 0.6 * max(line)]
            above += sum(line[: dense[0]])
            below += sum(line[dense[-1] + 1 :])
    return above, below


def _lines(page: Image.Image) -> list[list[int]]:
    """Every line of print as the ink in its cells from left to right."""
    ink = _ink(page)
    return [
        list(ink.crop((0, start, ink.width, end)).resize((CELLS, 1), Image.Resampling.BOX).tobytes())
        for start, end in _bands(_profile(ink, across=True))
        if end - start >= THINNEST_LINE
    ]


def _without_layout(lines: Sequence[Sequence[int]]) -> list[list[float]]:
    means = [sum(column) / len(lines) for column in zip(*lines, strict=True)]
    return [[value - mean for value, mean in zip(line, means, strict=True)] for line in lines]


def _likeness(these: Sequence[Sequence[float]], those: Sequence[Sequence[float]], shift: int) -> float:
    """Correlation of two sets of lines, the second moved sideways by so many cells: 1 for the same, about 0 for others."""
    one = [value for line in these for value in line[MOST_SHIFT : CELLS - MOST_SHIFT]]
    other = [value for line in those for value in line[MOST_SHIFT + shift : CELLS - MOST_SHIFT + shift]]
    size = math.sqrt(sum(value**2 for value in one) * sum(value**2 for value in other))
    return sum(value * twin for value, twin in zip(one, other, strict=True)) / max(size, 1.0)


def _mean(image: Image.Image) -> float:
    counts = image.histogram()
    return sum(value * count for value, count in enumerate(counts)) / 255 / max(1, image.width * image.height)
