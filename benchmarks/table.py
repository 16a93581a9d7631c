"""The tables of promises: what a row says, how it is printed and where it is kept."""

import json
import os
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).with_name("results")
_SECTION = re.compile(r"^## ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One promise: what it was held against, what was measured, what was wanted, and whether it was kept."""

    promise: str
    limit: str
    measured: str
    target: str
    kept: bool

    def written(self) -> str:
        """As one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> "Row":
        """What `written` wrote."""
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class Part:
    """What one part has measured, how long that took, and how busy the machine was before."""

    name: str
    rows: tuple[Row, ...]
    seconds: float
    load: float
    size: str = ""

    @property
    def title(self) -> str:
        """Under which it is kept: a run of another size than the usual one stands beside it."""
        return f"{self.name}, {self.size}" if self.size else self.name


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| promise | held against | measured | target | kept |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.promise} | {row.limit} | {row.measured} | {row.target} | {'yes' if row.kept else '**no**'} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_down(part: Part, *, on: date) -> Path:
    """Keep a part's table in the file of a day under benchmarks/results, in the place of an earlier one of that day."""
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{on.isoformat()}.md"
    sections = _sections(target.read_text()) if target.exists() else {}
    when = f"{part.seconds:.0f} s; load before it {part.load:.1f}."
    sections[part.title] = f"{part.title}\n\n{when}\n\n{as_markdown(part.rows)}\n"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}."
    told = "\n".join(f"## {one}" for one in sections.values())
    target.write_text(f"# Measured on {on.isoformat()}\n\n{machine}\n\n{told}")
    return target


def _sections(text: str) -> dict[str, str]:
    """The parts that are there already, by name; what was written in an older form is left out."""
    found = [one.rstrip() + "\n" for one in _SECTION.split(text)[1:]]
    return {one.partition("\n")[0]: one for one in found}
