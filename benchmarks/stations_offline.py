"""The promise about a station that was away: everything goes out in order, and nobody at the court notices.

    python -m benchmarks.stations_offline [--all]

The agent keeps to the server's usual rate. By default 40 batches wait, so that it ends within minutes; `--all` makes it 500.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.product import ROOT, Product, running
from benchmarks.station_client import Station, in_chosen_size, p95, station_of
from benchmarks.table import Row
from station.testpage import pdf

FEW, ALL = 40, 500
PAGE_TARGET = 1.0  # a case page, at any time (DOM-14.2)


def measure() -> list[Row]:
    """Return the row of the table, in a size that ends within minutes."""
    return offline(FEW)


def offline(count: int) -> list[Row]:
    """An agent with so many batches waiting, the server's usual rate limit, and somebody who reads case pages meanwhile."""
    with running(workers=2) as product, tempfile.TemporaryDirectory(prefix="docstore-bench-pc-") as home:
        station = station_of(product)
        before = p95([_page(product, station.case) for _ in range(40)])
        settings = _pc(Path(home), station, count)
        during: list[float] = []
        with _reading(product, station.case, during):
            begun = time.monotonic()
            ended = _run_agent(settings, station)
            spent = time.monotonic() - begun
        receipts = _in_order(Path(home) / "scans")
    slowest = p95(during)
    is_right = ended == 0 and len(receipts) == count and receipts == sorted(receipts)
    return [
        Row(
            promise=f"{count} batches after three days offline, sent by the agent in order; case pages meanwhile",
            limit=f"case page before: p95 {before * 1000:.0f} ms",
            measured=f"{spent:.0f} s, {count / spent:.2f} batches/s, {'in order' if is_right else 'NOT ALL, OR OUT OF ORDER'}; "
            f"case page p95 {slowest * 1000:.0f} ms in {len(during)} visits",
            target=f"p95 ≤ {PAGE_TARGET:.0f} s",
            kept=is_right and slowest <= PAGE_TARGET,
        )
    ]


def _pc(home: Path, station: Station, count: int) -> Path:
    """A scanning PC with one folder for each batch, as they were scanned."""
    scans = home / "scans"
    for number in range(count):
        folder = scans / f"{number:05d}"
        folder.mkdir(parents=True)
        (folder / f"{station.reference}_{number:05d}.pdf").write_bytes(pdf(f"page {number}"))
    settings = home / "station.toml"
    settings.write_text(
        f"server = '{station.base}'\nwatch = '{scans}'\nstate = '{home / 'notes'}'\nsettle_seconds = 0.1\n"
        "quick_check = false\nname_pattern = '(?P<case>[0-9A-Z]{8,})_'\n"
    )
    return settings


def _run_agent(settings: Path, station: Station) -> int:
    """Run the agent until nothing is left to send."""
    command = [sys.executable, "-m", "station", "--settings", str(settings), "run", "--once", "--wait", "3000"]
    environment = {**os.environ, "DOCSTORE_STATION_KEY": station.key}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True).returncode


def _in_order(scans: Path) -> list[str]:
    """The batches' pages in the order in which the court took them into custody."""
    found = []
    for receipt in scans.glob("done/*/receipt.json"):
        payload = json.loads(base64.b64decode(json.loads(receipt.read_text())["payload"]))
        name = next(receipt.parent.glob("*.pdf")).name
        found.append((payload["items"][0]["custody_at"], name))
    return [name for _at, name in sorted(found)]


@contextmanager
def _reading(product: Product, case: str, during: list[float]) -> Iterator[None]:
    """Somebody who opens the case again and again."""
    stop = threading.Event()

    def read() -> None:
        while not stop.wait(0.2):
            during.append(_page(product, case))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _page(product: Product, case: str) -> float:
    begun = time.monotonic()
    product.get(f"cases/{case}/documents")
    return time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(in_chosen_size(offline, few=FEW, every=ALL, about=__doc__))
