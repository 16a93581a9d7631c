"""Promises of retention: evaluation, a change of policy, and a night with nothing to do.

Many closed cases are written in bulk into a database of its own, in a process of its own; the product's own functions
then work them out. CPU seconds are counted for evaluation, because that is what a core can do beside others at work.
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
SERVICES = ("DATABASE_URL", "REDIS_URL", "S3_", "CLAMD_ADDRESS", "OPENSEARCH", "DOCSTORE_")
RECORDS = 100_000
TARGET_RATE = 5_000
TARGET_NIGHT_SECONDS = 5.0
TARGET_MILLION_MINUTES = 30.0


def measure() -> list[Row]:
    """Return every row, measured on the embedded database."""
    return _worked_out()


def _in_a_process(*arguments: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="docstore-bench-") as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(SERVICES)}
        environment |= {"DOCSTORE_STATE": folder, "DOCSTORE_ENV": "test"}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        command = [sys.executable, "-m", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    told: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return told


def _worked_out() -> list[Row]:
    told = _in_a_process("benchmarks.many_records", str(RECORDS))
    minutes = 1_000_000 / told["recompute"] / 60
    return [
        Row(
            promise=f"evaluation of {RECORDS:,} cases, facts read from the database included",
            limit="–",
            measured=f"{told['loaded']:,.0f} records/s a core; the function alone {told['pure']:,.0f}; memory +{told['memory']} MiB",
            target=f"≥ {TARGET_RATE:,} records/s a core",
            kept=told["loaded"] >= TARGET_RATE,
        ),
        Row(
            promise=f"change of policy over {RECORDS:,} cases: worked out, stored and written down, 500 a transaction",
            limit="–",
            measured=f"{told['recompute']:,.0f} records/s, so {minutes:.1f} minutes a million; longest transaction {told['longest']:.2f} s",
            target=f"a million in < {TARGET_MILLION_MINUTES:.0f} minutes",
            kept=minutes < TARGET_MILLION_MINUTES,
        ),
        Row(
            promise=f"night with nothing to do, {RECORDS:,} cases",
            limit="–",
            measured=f"{told['night']:.2f} s",
            target=f"≤ {TARGET_NIGHT_SECONDS:.0f} s at a million",
            kept=told["night"] * 1_000_000 / RECORDS <= TARGET_NIGHT_SECONDS,
        ),
    ]
