"""The promise about scans of stations that have to be read: many batches until every page is searchable, against bare OCR.

    python -m benchmarks.stations_ocr [--all]

By default three batches of five pages, so that it ends within some minutes; `--all` sends fifty. The same 300 dpi pages
are read by two bare tesserocr processes.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.product import Product, running
from benchmarks.reading import DPI, PROCESSES, bare_ocr
from benchmarks.station_client import NO_LIMIT, Station, again, in_chosen_size, open_batch, put, station_of
from benchmarks.table import Row
from docstore.demo import papers

ITEMS_EACH, SENDERS = 5, 4
FEW, ALL = 3, 50
PDF = "application/pdf"
LONGEST_SECONDS = 3_600.0
TARGET = 1.25  # what is promised of one scan; the checks at the door come on top here


def measure() -> list[Row]:
    """Return the row of the table, in a size that ends within minutes."""
    return read(FEW)


def read(count: int) -> list[Row]:
    """So many batches of one-page scans, sent side by side, until each page can be found."""
    batches = [[_scan(number * ITEMS_EACH + at) for at in range(ITEMS_EACH)] for number in range(count)]
    pages = [(scan, 0) for batch in batches for scan in batch]
    with running(workers=PROCESSES, extra=NO_LIMIT) as product:
        station = station_of(product)
        _until_searchable(product, station, [_send(station, [_scan(count * ITEMS_EACH)])])  # does not count
        begun = time.monotonic()
        with ThreadPoolExecutor(SENDERS) as pool:
            sent = list(pool.map(partial(_send, station), batches))
        receipts = _until_settled(station, sent) - begun
        languages = _until_searchable(product, station, sent)
        spent = time.monotonic() - begun
    bare = bare_ocr(pages, languages)
    return [
        Row(
            promise=f"{count} batches of {ITEMS_EACH} scanned pages, {PROCESSES} workers, until every page is searchable",
            limit=f"bare tesserocr ({languages}), {PROCESSES} processes: {bare:.1f} s",
            measured=f"{spent:.1f} s, {spent / bare:.2f} ×; {len(pages) / spent:.2f} pages/s at {DPI} dpi; "
            f"receipts signed after {receipts:.1f} s",
            target=f"≤ {TARGET} ×",
            kept=spent / bare <= TARGET,
        )
    ]


def _scan(seed: int) -> bytes:
    told = [f"Page {seed} tells of the heron at Otter Sluice."]
    return papers.scan_pdf(told, pages=1, dpi=DPI, ink=papers.Ink.GREY, seed=seed + 1)


def _send(station: Station, scans: list[bytes]) -> str:
    with station.client() as client:
        batch = open_batch(client, station, scans, PDF)
        for seq, scan in enumerate(scans, start=1):
            again(partial(put, client, batch, seq, scan, PDF))
        again(lambda: client.post(f"batches/{batch}/close"))
    return batch


def _until_settled(station: Station, batches: list[str]) -> float:
    with station.client() as client:
        for batch in batches:
            again(partial(client.get, f"batches/{batch}/receipt"))
    return time.monotonic()


def _until_searchable(product: Product, station: Station, batches: list[str]) -> str:
    """Wait for the last page; return the languages in which they were read. Raises TimeoutError."""
    _until_settled(station, batches)
    with station.client() as client:
        items = [item for batch in batches for item in client.get(f"batches/{batch}").json()["items"]]
    until = time.monotonic() + LONGEST_SECONDS
    for item in items:
        if not item["document"]:
            raise RuntimeError(f"an item went to no case: {item['detail']}")
        while product.get(f"documents/{item['document']}")["pages"]["searchable"] != 1:
            if time.monotonic() > until:
                raise TimeoutError("not every page became searchable")
            time.sleep(0.1)
    return str(product.get(f"documents/{items[-1]['document']}/pages/1")["language"])


if __name__ == "__main__":
    sys.exit(in_chosen_size(read, few=FEW, every=ALL, about=__doc__))
