"""Promises of destruction at scale: many cases due on one day, carried out while people read, paused, stopped, gone on with.

On SQLite with files, and on PostgreSQL, S3 and OpenSearch where the environment names them; in a database, a bucket and an
index of its own. DOCSTORE_BENCH_DUE says how many cases; DOCSTORE_BENCH_DUE_PAPERS how many of them have a paper with two
pictures and an entry in the index, the others being empty cases. For the promise at its size:

    DOCSTORE_BENCH_DUE=100000 DOCSTORE_BENCH_PART_SECONDS=7200 DOCSTORE_BENCH_MINUTES=120 make bench PARTS=disposal
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.scratch import databases, environment
from benchmarks.table import Row
from ops import bucket

ROOT = Path(__file__).resolve().parents[1]
DUE = int(os.environ.get("DOCSTORE_BENCH_DUE", "800"))
PAPERS = int(os.environ.get("DOCSTORE_BENCH_DUE_PAPERS", "4000"))
SECONDS = 20
STACKS = {"sqlite": "SQLite + files", "postgresql": "PostgreSQL + S3 + OpenSearch"}
TARGET_RATE = 15.0
TARGET_STOP = 5.0
TARGET_PAGE = 1.0


def measure() -> list[Row]:
    """Return a row for each stack that there is."""
    return [_row(STACKS[one], _on_one_day(one)) for one in databases() if one == "sqlite" or _has_services()]


def _row(stack: str, told: dict[str, Any]) -> Row:
    listed = told["listed"] + told["decided"] + told["approved"]
    kept = told["a_second"] >= TARGET_RATE and told["stopped"] <= TARGET_STOP and told["busy_p95"] < TARGET_PAGE
    return Row(
        promise=f"{told['cases']:,} cases due on one day, {told['papers']:,} with a paper, on {stack}: listed, decided,"
        f" carried out {SECONDS} s beside readers, stopped, gone on with",
        limit="–",
        measured=f"listed to approved {listed:.1f} s; {told['a_second']:.1f} records/s and worker; stopped after"
        f" {told['stopped']:.1f} s, then {told['after_stop']} more; {told['in_hand']} in hand; gone on {told['gone_on']};"
        f" case page p95 {told['busy_p95']:.2f} s (before {told['quiet_p95']:.2f} s)",
        target=f"≥ {TARGET_RATE:.0f} records/s, stop within {TARGET_STOP:.0f} s, case page p95 under {TARGET_PAGE:.0f} s",
        kept=kept and told["after_stop"] == 0 and told["gone_on"] > 0,
    )


def _on_one_day(database: str) -> dict[str, Any]:
    with environment(database) as alone, _with_services(alone, database) as chosen:
        command = [sys.executable, "-m", "benchmarks.many_due", str(DUE), str(min(PAPERS, DUE)), str(SECONDS)]
        done = subprocess.run(command, cwd=ROOT, env=chosen, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(done.stdout.decode().splitlines()[-1])
    return told


def _has_services() -> bool:
    return bool(os.environ.get("S3_ENDPOINT_URL") and os.environ.get("OPENSEARCH_URL"))


@contextmanager
def _with_services(alone: dict[str, str], database: str) -> Iterator[dict[str, str]]:
    """Beside PostgreSQL a bucket of its own, gone afterwards; the index goes with the process that fills it."""
    if database == "sqlite":
        yield alone
        return
    named = {name: value for name, value in os.environ.items() if name.startswith(("S3_", "OPENSEARCH_URL"))}
    chosen = alone | named | {"S3_BUCKET": f"docstore-bench-{uuid.uuid4().hex[:12]}"}
    bucket.make(chosen)
    try:
        yield chosen
    finally:
        _remove(chosen)


def _remove(chosen: dict[str, str]) -> None:
    """Listed to its end first: a listing that is deleted from meanwhile passes over some."""
    client, name = bucket.client(chosen), chosen["S3_BUCKET"]
    pages = list(client.get_paginator("list_object_versions").paginate(Bucket=name))
    for page in pages:
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            client.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
    client.delete_bucket(Bucket=name)
