"""A look at a scan while the paper still lies on the desk: blank, fed twice, sideways or upside down.

Decoders read what any scanner wrote, so the look happens in a process of its own with little memory and little time; what
goes wrong there costs advice and never a scan. Advice only: the court's own checks decide.
"""

import itertools
import json
import math
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageSequence, UnidentifiedImageError

try:
    import resource
except ImportError:  # a PC with Windows has no such limits; time alone bounds the look there
    resource = None  # type: ignore[assignment]

SECONDS = 60
MEMORY = 1536 * 1024 * 1024
MOST_PAGES = 200
MOST_PIXELS = 120_000_000
DPI = 100
BORDER = 0.05
DARK = 150
BLANK_INK = 0.0008
CELLS = 40
MOST_SHIFT = 2
FEWEST_LINES = 8
SAME_LINES = 0.4
THINNEST_LINE, THICKEST_LINE = 6, 45
UPRIGHT = 1.6
SIDEWAYS = 2.8
EVIDENCE = 500
SMALLEST_PAGE = 400


@dataclass(frozen=True, slots=True)
class Look:
    """What the look found: how many pages, and a sentence for the person at the scanner; empty where all is well."""

    pages: int | None
    sentence: str


NOTHING = Look(None, "")


def look(path: Path, media_type: str) -> Look:
    """Look at a scan in a process of its own."""
    command = [sys.executable, "-m", "station.quick_check", str(path), media_type]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS, cwd=Path(__file__).resolve().parents[1], check=True
        )
        told = json.loads(done.stdout)
        return Look(int(told["pages"]), str(told["sentence"]))
    except (subprocess.SubprocessError, OSError, ValueError, KeyError):
        return Look(None, "The scan could not be looked at here; look at it yourself.")


def main(arguments: Sequence[str]) -> None:
    """Look at one file and print what was found."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    path, media_type = Path(arguments[0]), arguments[1]
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    count, found, before = 0, [], None
    for number, page in enumerate(_pages(path, media_type), start=1):
        count = number
        if number <= MOST_PAGES:
            small = page.convert("L")
            found += [f"page {number} {what}" for what in _doubts(small, before)]
            before = small
    sentence = "; ".join(found[:20]) + ("; and more" if len(found) > 20 else "")
    sys.stdout.write(json.dumps({"pages": count, "sentence": sentence}))


def _pages(path: Path, media_type: str) -> Iterator[Image.Image]:
    if media_type == "application/pdf":
        with pypdfium2.PdfDocument(path) as document:
            for page in document:
                yield page.render(scale=DPI / 72, grayscale=True).to_pil()
        return
    with Image.open(path, formats=("TIFF", "JPEG", "PNG")) as source:
        for frame in ImageSequence.Iterator(source):
            width, height = frame.size
            scale = min(1.0, DPI * 12 / max(width, height))
            yield frame.convert("L").resize(
                (max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.BOX
            )


def _doubts(page: Image.Image, before: Image.Image | None) -> Iterator[str]:
    if is_blank(page):
        yield "is blank"
        return
    if before is not None and not is_blank(before) and is_repeat(page, before):
        yield "looks the same as the page before: was it fed twice?"
    match turned(page):
        case 180:
            yield "seems to be upside down"
        case 90:
            yield "seems to lie on its side"


def _ink(page: Image.Image) -> Image.Image:
    """Ink white on black, without the border where shadows and staples are."""
    width, height = page.size
    left, top = round(width * BORDER), round(height * BORDER)
    inner = page.crop((left, top, max(left + 1, width - left), max(top + 1, height - top)))
    return inner.point([255 if shade < DARK else 0 for shade in range(256)])


def is_blank(page: Image.Image) -> bool:
    """Whether there is next to no ink."""
    return _mean(_ink(page)) < BLANK_INK


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


def _likeness(these: Sequence[Sequence[float]], those: Sequence[Sequence[float]], shift: int) -> float:
    """Correlation of two sets of lines, the second moved sideways by so many cells: 1 for the same, about 0 for others."""
    one = [value for line in these for value in line[MOST_SHIFT : CELLS - MOST_SHIFT]]
    other = [value for line in those for value in line[MOST_SHIFT + shift : CELLS - MOST_SHIFT + shift]]
    size = math.sqrt(sum(value**2 for value in one) * sum(value**2 for value in other))
    return sum(value * twin for value, twin in zip(one, other, strict=True)) / max(size, 1.0)


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


def turned(page: Image.Image) -> int:
    """Say 180 or 90 where lines of print clearly stand that way, else 0.

    Lines of print are dense bands. In upright print more ink reaches above the band (capitals, b, d, h, l) than below.
    """
    if min(page.size) < SMALLEST_PAGE:
        return 0
    ink = _ink(page)
    rows, columns = _profile(ink, across=True), _profile(ink, across=False)
    if _roughness(columns) > SIDEWAYS * _roughness(rows):
        return 90
    above, below = _reach(rows)
    return 180 if below > UPRIGHT * above and above + below > EVIDENCE else 0


def _profile(ink: Image.Image, *, across: bool) -> list[int]:
    size = (1, ink.height) if across else (ink.width, 1)
    return list(ink.resize(size, Image.Resampling.BOX).tobytes())


def _roughness(profile: Sequence[int]) -> float:
    return sum((one - other) ** 2 for one, other in itertools.pairwise(profile)) / max(1, len(profile))


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


def _mean(image: Image.Image) -> float:
    return (
        sum(value * count for value, count in enumerate(image.histogram())) / 255 / max(1, image.width * image.height)
    )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (pypdfium2.PdfiumError, UnidentifiedImageError, OSError, ValueError, MemoryError, SyntaxError) as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        sys.exit(1)
