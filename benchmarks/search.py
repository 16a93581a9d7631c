"""Promise: finding pages with permissions, snippets and the record of the search costs little beside the bare engine.

A court of 50,000 generated pages is built in a process and a folder of its own, once for the embedded engine and, where
OPENSEARCH_URL answers, once behind an alias of its own. The same queries run bare and through search.queries in turn.
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
SERVICES = ("DATABASE_URL", "REDIS_URL", "S3_", "CLAMD_ADDRESS", "DOCSTORE_")
PAGES = 50_000
TARGET_RATIO = 2.0
TARGET_P95 = {"embedded": 60.0, "opensearch": 150.0}
TARGET_PAGES_PER_SECOND = 5_000


def measure() -> list[Row]:
    """Return the rows of each engine that is there."""
    engines = ["embedded", *(["opensearch"] if os.environ.get("OPENSEARCH_URL") else [])]
    return [row for engine in engines for row in _rows(engine, _figures(engine))]


def _figures(engine: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="docstore-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(SERVICES)}
        environment |= {"DOCSTORE_STATE": folder, "DOCSTORE_ENV": "test"}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        command = [sys.executable, "-m", "benchmarks.large_court", engine, str(PAGES)]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    figures: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return figures


def _rows(engine: str, told: dict[str, Any]) -> list[Row]:
    rows = []
    for who in ("judge", "defence"):
        ratio = told[who]["median"] / told["bare"]["median"]
        p95 = told[who]["p95"]
        rows.append(
            Row(
                promise=f"{engine}: search of {PAGES:,} pages as {who}, permissions, snippets, facets and record included",
                limit=f"the engine's own query: median {told['bare']['median']:.1f} ms, p95 {told['bare']['p95']:.1f} ms",
                measured=f"median {told[who]['median']:.1f} ms ({ratio:.1f} ×), p95 {p95:.1f} ms",
                target=f"≤ {TARGET_RATIO:.0f} × and p95 ≤ {TARGET_P95[engine]:.0f} ms",
                kept=ratio <= TARGET_RATIO and p95 <= TARGET_P95[engine],
            )
        )
    rate = told["rebuild"]
    rows.append(
        Row(
            promise=f"{engine}: rebuild of {PAGES:,} pages from the database",
            limit="–",
            measured=f"{rate:,.0f} pages/s, memory {told['memory']} MiB at most",
            target=f"≥ {TARGET_PAGES_PER_SECOND:,} pages/s",
            kept=rate >= TARGET_PAGES_PER_SECOND,
        )
    )
    return rows
