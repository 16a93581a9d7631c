"""Promise: finding pages with permissions, snippets and the record of the search costs little beside the bare engine.

A court of generated pages is built in a process and a folder of its own, once for the embedded engine and, where
OPENSEARCH_URL answers, once behind an alias of its own. The same queries go to the engine bare, to the engine with all
that the product asks of it, and over HTTP to the product. DOCSTORE_BENCH_PAGES sets how many pages, and
DOCSTORE_BENCH_ENGINES which engines.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.scratch import databases, environment
from benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[1]
PAGES = int(os.environ.get("DOCSTORE_BENCH_PAGES", "200000"))
ENGINES = os.environ.get("DOCSTORE_BENCH_ENGINES", "embedded opensearch").split()
TARGET_RATIO = 2.0
TARGET_P95 = {"embedded": 60.0, "opensearch": 150.0}
TARGET_PAGES_PER_SECOND = 5_000
TARGET_OF_BARE = 0.8


def measure() -> list[Row]:
    """Return the rows of each engine that is there."""
    there = [one for one in ENGINES if one == "embedded" or os.environ.get("OPENSEARCH_URL")]
    return [row for engine in there for row in _rows(engine, _figures(engine))]


def _figures(engine: str) -> dict[str, Any]:
    """Embedded on SQLite, OpenSearch on PostgreSQL where there is one: as they run together."""
    with environment("sqlite" if engine == "embedded" else databases()[-1]) as where:
        if engine == "opensearch":
            where["OPENSEARCH_URL"] = os.environ["OPENSEARCH_URL"]
        for step in ("build", "measure"):
            command = [sys.executable, "-m", "benchmarks.large_court", step, str(PAGES)]
            done = subprocess.run(command, cwd=ROOT, env=where, check=True, stdout=subprocess.PIPE)
    figures: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return figures


def _rows(engine: str, told: dict[str, Any]) -> list[Row]:
    rows = []
    bare = told["bare"]
    for who in ("judge", "defence"):
        same = told[f"{who}'s engine"]
        ratio, p95 = told[who]["median"] / same["median"], told[who]["p95"]
        rows.append(
            Row(
                promise=f"{engine}: search of {PAGES:,} pages over HTTP as {who}, permissions, snippets, facets, record included",
                limit=(
                    f"the engine asked the same: median {same['median']:.1f} ms, p95 {same['p95']:.1f} ms; "
                    f"for the words alone: median {bare['median']:.1f} ms, p95 {bare['p95']:.1f} ms"
                ),
                measured=f"median {told[who]['median']:.1f} ms ({ratio:.1f} ×), p95 {p95:.1f} ms",
                target=f"≤ {TARGET_RATIO:.0f} × and p95 ≤ {TARGET_P95[engine]:.0f} ms",
                kept=ratio <= TARGET_RATIO and p95 <= TARGET_P95[engine],
            )
        )
    rows.append(_rebuild_row(engine, told))
    return rows


def _rebuild_row(engine: str, told: dict[str, Any]) -> Row:
    rate, of_bare = told["rebuild"], told["rebuild"] / told["bare_rebuild"]
    kept = rate >= TARGET_PAGES_PER_SECOND if engine == "embedded" else of_bare >= TARGET_OF_BARE
    return Row(
        promise=f"{engine}: rebuild of {PAGES:,} pages from the database",
        limit=f"the engine taking ready entries: {told['bare_rebuild']:,.0f} pages/s",
        measured=(
            f"{rate:,.0f} pages/s ({of_bare:.2f} of it), {told['per_cpu']:,.0f} per second of processor time, "
            f"memory {told['memory']} MiB at most"
        ),
        target=f"≥ {TARGET_PAGES_PER_SECOND:,} pages/s" if engine == "embedded" else f"≥ {TARGET_OF_BARE} of bare bulk",
        kept=kept,
    )
