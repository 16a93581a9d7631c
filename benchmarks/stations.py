"""Promises about scanning stations: many small batches until each has its signed receipt.

    python -m benchmarks.stations [--all]

The papers are born digital, so that no OCR is waited for: what is measured is the way from the station to the receipt.
By default it ends within some minutes; `--all` sends 5,000 batches of five.
"""

import statistics
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.product import running
from benchmarks.station_client import NO_LIMIT, Station, again, in_chosen_size, open_batch, p95, put, station_of
from benchmarks.table import Row

ITEMS_EACH, SENDERS = 5, 4
FEW, ALL = 60, 5_000
MIB = 1024**2
MOST_MEMORY, PUT_TARGET = 250 * MIB, 0.5


def measure() -> list[Row]:
    """Return the rows of the table, in a size that ends within minutes."""
    return drain(FEW)


def drain(count: int) -> list[Row]:
    """So many batches of five, sent side by side, until each has its receipt."""
    with running(workers=2, extra=NO_LIMIT) as product:
        station = station_of(product)
        puts: list[float] = []
        begun = time.monotonic()
        with ThreadPoolExecutor(max_workers=SENDERS) as pool:
            batches = list(pool.map(lambda number: _send(station, number, puts), range(count)))
        sent = time.monotonic() - begun
        _until_settled(station, batches)
        spent = time.monotonic() - begun
        memory = product.web_memory()
    slowest = p95(puts)
    return [
        Row(
            promise=f"{count:,} batches of {ITEMS_EACH} items, one server, two workers, until every receipt is signed",
            limit="–",
            measured=f"{spent:.0f} s: {count / spent:.2f} batches/s, {count * ITEMS_EACH / spent:.1f} items/s "
            f"(sent after {sent:.0f} s); web process {memory / MIB:.0f} MiB at most",
            target=f"≤ {MOST_MEMORY // MIB} MiB",
            kept=memory <= MOST_MEMORY,
        ),
        Row(
            promise=f"taking one item into custody, {SENDERS} stations at a time",
            limit="–",
            measured=f"PUT median {statistics.median(puts) * 1000:.0f} ms, p95 {slowest * 1000:.0f} ms",
            target=f"p95 ≤ {PUT_TARGET * 1000:.0f} ms",
            kept=slowest <= PUT_TARGET,
        ),
    ]


def _send(station: Station, number: int, puts: list[float]) -> str:
    papers = [f"Paper {at} of batch {number}, {uuid.uuid4()}".encode() for at in range(1, ITEMS_EACH + 1)]
    with station.client() as client:
        batch = open_batch(client, station, papers, "text/plain")
        for seq, paper in enumerate(papers, start=1):
            begun = time.monotonic()
            again(partial(put, client, batch, seq, paper))
            puts.append(time.monotonic() - begun)
        again(lambda: client.post(f"batches/{batch}/close"))
    return batch


def _until_settled(station: Station, batches: list[str]) -> None:
    with station.client() as client:
        for batch in batches:
            again(partial(client.get, f"batches/{batch}/receipt"))


if __name__ == "__main__":
    sys.exit(in_chosen_size(drain, few=FEW, every=ALL, about=__doc__))
