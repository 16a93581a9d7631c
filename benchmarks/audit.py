"""The audit under many writers: sixteen on one stream, a thousand events each, on both databases (RET-L3).

Two processes with eight threads each, so that writers meet inside a process and between processes; verification then
says whether there is one chain from 1 to N without a fork.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.scratch import NAMES, databases, environment
from benchmarks.table import Row

ROOT = Path(__file__).resolve().parents[1]
PROCESSES, THREADS = 2, 8
EACH = int(os.environ.get("DOCSTORE_BENCH_EVENTS", "1000"))


def measure() -> list[Row]:
    """Return a row for each database that there is."""
    return [_on(one) for one in databases()]


def _on(database: str) -> Row:
    with environment(database) as kept:
        _done(_run(kept, "manage.py", "migrate", "-v0", "--skip-checks"))
        begun = time.perf_counter()
        append = ("-m", "tests.audit.append_many", str(THREADS), str(EACH))
        for writer in [_run(kept, *append) for _ in range(PROCESSES)]:
            _done(writer)
        wrote = time.perf_counter() - begun
        begun = time.perf_counter()
        verified = _done(_run(kept, "manage.py", "verify_audit", "--skip-checks"))
        checked = time.perf_counter() - begun
    events = PROCESSES * THREADS * EACH
    return Row(
        promise=f"{PROCESSES * THREADS} writers × {EACH:,} events on one stream, {NAMES[database]}",
        limit="–",
        measured=f"{events / wrote:,.0f} events/s; verified in {checked:.1f} s: {verified.strip()}",
        target="one chain from 1 to N, no fork",
        kept=f"Every chain holds: {events:,} events in 1 streams." in verified,
    )


def _run(kept: Mapping[str, str], *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=dict(kept),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _done(process: "subprocess.Popen[str]") -> str:
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(said)
    return said
