"""The table of promises: what a row says, how it is printed and where it is kept."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True, slots=True)
class Row:
    """One promise: what it was held against, what was measured, what was wanted, and whether it was kept."""

    promise: str
    limit: str
    measured: str
    target: str
    kept: bool


def as_markdown(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| promise | held against | measured | target | kept |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.promise} | {row.limit} | {row.measured} | {row.target} | {'yes' if row.kept else '**no**'} |"
        for row in rows
    ]
    return "\n".join(lines)


def write_down(rows: Sequence[Row], *, on: date) -> Path:
    """Keep the table of a day under benchmarks/results, with the machine it was measured on."""
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{on.isoformat()}.md"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    load = f"load before the run {os.getloadavg()[2]:.1f}"
    target.write_text(f"# Measured on {on.isoformat()}\n\n{machine}; {load}.\n\n{as_markdown(rows)}\n")
    return target
