"""Small bar charts as plain SVG: no script, no style attribute, and the same figures beside them as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, FOOT = 640, 120, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in the picture's own units, with the words and the figure that it stands for."""

    short: str
    label: str
    value: int
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def above(self) -> int:
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Chart:
    """A title, its bars and the size of the picture."""

    title: str
    bars: tuple[Bar, ...]
    total: int
    width: int = WIDTH
    height: int = HEIGHT + FOOT * 2
    base: int = HEIGHT + FOOT


def chart(title: str, figures: Sequence[tuple[str, str, int]]) -> Chart:
    """Return a bar for each (words below it, words in full, value), the highest as tall as the picture."""
    highest = max((value for _short, _label, value in figures), default=0) or 1
    step = WIDTH // max(len(figures), 1)
    bars = []
    for at, (short, label, value) in enumerate(figures):
        height = round(HEIGHT * value / highest)
        bars.append(Bar(short, label, value, at * step + step // 8, FOOT + HEIGHT - height, step * 3 // 4, height))
    return Chart(title, tuple(bars), sum(value for _short, _label, value in figures))
