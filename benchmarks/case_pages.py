"""Promise: the case page and the lists cost the same at a million documents as at ten thousand.

Two courts are generated, each in a process and a database of its own; CASE_PAGES_DOCUMENTS says how large the large one is.
On DATABASE_URL's server where BENCH_DATABASE_URL names an empty database, else on SQLite.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("DATABASE_URL", "REDIS_URL", "S3_", "CLAMD_ADDRESS", "OPENSEARCH_", "DOCSTORE_")
SMALL = 10_000
LARGE = int(os.environ.get("CASE_PAGES_DOCUMENTS", "1000000"))
TARGET_RATIO = 1.3
TARGET_P95 = 300.0


def measure() -> list[Row]:
    """Return a row for each page."""
    small, large = _figures(SMALL), _figures(LARGE)
    return [_row(name, small[name], large[name]) for name in large]


def _figures(documents: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="docstore-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(SERVICES)}
        environment |= {"DOCSTORE_STATE": folder, "DOCSTORE_ENV": "test"}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        if server := os.environ.get("BENCH_DATABASE_URL"):
            environment["DATABASE_URL"] = server
        command = [sys.executable, "-m", "benchmarks.many_cases", str(documents)]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
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
