"""Promises about filing: born-digital papers in steady state, how soon one page can be found, and one very large upload.

The vault is the S3 server that the environment names, where it names one, else a folder. The bare limit for born-digital
papers is what no product can save: reading their text layer with pypdfium2 and storing the bytes there, one after another
in one process. The upload is a recording of 1 GiB, which is kept and not read; its bare limit is boto3's multipart upload.
"""

import os
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pypdfium2

from benchmarks.large_file import GIB, MIB, SIZE, bare_upload, write_recording
from benchmarks.product import Product, running
from benchmarks.table import Row
from docstore.demo import papers
from ops import bucket

PAPERS, PAGES_EACH, SINGLES, CLERKS = 30, 5, 20, 2
TARGET_RATIO, TARGET_SECONDS = 3.0, 1.5
TARGET_RATE, TARGET_MEMORY = 0.7, 250 * MIB
LONGEST_SECONDS = 120.0


def measure() -> list[Row]:
    """Return the rows of the table."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("S3_")}
    with running(workers=2, extra=kept) as product:
        _file_one(product, 0)
        rows = [_steady(product), _latency(product)]
        return [*rows, *(_large(product) if kept else ())]


def _paper(number: int, pages: int = PAGES_EACH) -> bytes:
    told = [f"Page {page} of paper {number} tells of the weir at Otter Sluice." for page in range(1, pages + 1)]
    return papers.letter_pdf(told, pages=pages, seed=number)


def _steady(product: Product) -> Row:
    pile = [_paper(number) for number in range(1, PAPERS + 1)]
    bare = _bare(pile)
    case, section = _place(product)
    begun = time.monotonic()
    with ThreadPoolExecutor(CLERKS) as clerks:
        filed = clerks.map(lambda one: product.file(case, section, f"{one[0]}.pdf", one[1])["id"], enumerate(pile))
        for one in filed:
            _until_searchable(product, one)
    spent = time.monotonic() - begun
    return Row(
        promise=f"{PAPERS} born-digital papers of {PAGES_EACH} pages, filed by {CLERKS} at once, every page searchable",
        limit=f"bare pypdfium2 text and put: {bare:.2f} s",
        measured=f"{spent:.1f} s, {spent / bare:.0f} ×; {PAPERS / spent:.1f} papers/s",
        target=f"≤ {TARGET_RATIO:.0f} ×",
        kept=spent / bare <= TARGET_RATIO,
    )


def _bare(pile: list[bytes]) -> float:
    with tempfile.TemporaryDirectory(prefix="docstore-bench-") as folder:
        store = _store_in_bucket() if os.environ.get("S3_ENDPOINT_URL") else _store_in(Path(folder))
        store(0, b"warm")
        begun = time.monotonic()
        for number, raw in enumerate(pile):
            with pypdfium2.PdfDocument(raw) as document:
                for page in document:
                    page.get_textpage().get_text_range()
            store(number, raw)
        return time.monotonic() - begun


def _store_in(folder: Path) -> Callable[[int, bytes], object]:
    return lambda number, raw: (folder / str(number)).write_bytes(raw)


def _store_in_bucket() -> Callable[[int, bytes], object]:
    client, run = bucket.client(os.environ), uuid.uuid4()
    return lambda number, raw: client.put_object(Bucket=os.environ["S3_BUCKET"], Key=f"bench/{run}/{number}", Body=raw)


def _latency(product: Product) -> Row:
    waits = sorted(_file_one(product, number) for number in range(1_000, 1_000 + SINGLES))
    p95 = waits[max(0, round(0.95 * len(waits)) - 1)]
    return Row(
        promise="one typed page, from the beginning of its upload until it is searchable",
        limit="–",
        measured=f"median {statistics.median(waits):.2f} s, p95 {p95:.2f} s",
        target=f"p95 ≤ {TARGET_SECONDS} s",
        kept=p95 <= TARGET_SECONDS,
    )


def _file_one(product: Product, number: int) -> float:
    raw = _paper(number, pages=1)
    case, section = _place(product)
    begun = time.monotonic()
    _until_searchable(product, product.file(case, section, "one.pdf", raw)["id"])
    return time.monotonic() - begun


def _until_searchable(product: Product, document: str) -> None:
    until = time.monotonic() + LONGEST_SECONDS
    while product.get(f"documents/{document}")["stage"] != "SEARCHABLE":
        if time.monotonic() > until:
            raise TimeoutError(f"{document} did not become searchable")
        time.sleep(0.03)


def _large(product: Product) -> list[Row]:
    with tempfile.NamedTemporaryFile(prefix="docstore-bench-") as file:
        write_recording(Path(file.name))
        bare = bare_upload(Path(file.name))
        begun = time.monotonic()
        product.send_large(*_place(product), "interview.mp3", Path(file.name))
        spent = time.monotonic() - begun
        memory = product.web_memory()
    rate = bare / spent
    return [
        Row(
            promise=f"upload of {SIZE / GIB:.2g} GiB through the product into S3",
            limit=f"bare boto3 multipart: {bare:.1f} s",
            measured=f"{spent:.1f} s, {rate:.2f} of its rate; web process {memory / MIB:.0f} MiB at most",
            target=f"≥ {TARGET_RATE} of its rate, ≤ {TARGET_MEMORY // MIB} MiB",
            kept=rate >= TARGET_RATE and memory <= TARGET_MEMORY,
        )
    ]


def _place(product: Product) -> tuple[str, str]:
    case = product.get("cases")["results"][0]
    return case["id"], next(one["code"] for one in case["sections"] if "file" in one["rights"])
