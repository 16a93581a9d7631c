"""Promise: the case page and the lists cost the same at a million documents as at ten thousand.

Two courts are generated, each in a process and a database of its own, on SQLite and, where DATABASE_URL names a server, on
PostgreSQL; CASE_PAGES_DOCUMENTS says how large the large one is.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.scratch import NAMES, databases, environment
from benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[1]
SMALL = 10_000
LARGE = int(os.environ.get("CASE_PAGES_DOCUMENTS", "1000000"))
TARGET_RATIO = 1.3
TARGET_P95 = 300.0


def measure() -> list[Row]:
    """Return a row for each page on each database."""
    rows = []
    for database in databases():
        small, large = _figures(database, SMALL), _figures(database, LARGE)
        rows += [_row(f"{NAMES[database]}: {name}", small[name], large[name]) for name in large]
    return rows


def _figures(database: str, documents: int) -> dict[str, Any]:
    with environment(database) as where:
        command = [sys.executable, "-m", "benchmarks.many_cases", str(documents)]
        done = subprocess.run(command, cwd=ROOT, env=where, check=True, stdout=subprocess.PIPE)
    figures: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return figures


def _row(name: str, small: dict[str, float], large: dict[str, float]) -> Row:
    ratio = large["median"] / small["median"]
    same = large["statements"] == small["statements"]
    return Row(
        promise=f"{name} at {LARGE:,} documents",
        limit=f"the same at {SMALL:,}: median {small['median']:.0f} ms, {small['statements']:.0f} statements",
        measured=f"median {large['median']:.0f} ms ({ratio:.2f} ×), p95 {large['p95']:.0f} ms, {large['statements']:.0f} statements",
        target=f"≤ {TARGET_RATIO} ×, p95 ≤ {TARGET_P95:.0f} ms, the same number of statements",
        kept=ratio <= TARGET_RATIO and large["p95"] <= TARGET_P95 and same,
    )
