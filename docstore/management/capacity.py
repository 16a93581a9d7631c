"""What a court of a given size needs, from measured and estimated rates. Pure arithmetic: no rows, no settings, no clock.

The rates are those of docs/how-to/scale.md, which says of each whether it was measured; give others where yours differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

SECONDS_A_YEAR = 365 * 86_400
GB = 1_000_000_000
# A shard of a search index is best kept below this, so that it can be moved and mended in minutes.
SHARD_BYTES = 40 * GB
PARTITION_ROWS = 50_000_000


@dataclass(frozen=True, slots=True)
class Court:
    """How much comes in. `scanned` is the share of pages that have to be read by OCR; `busy` how much denser the busy
    hours are than the year's average: 4.8 is 250 days of 7 hours with nothing outside them."""

    cases_per_year: int
    years: int = 10
    documents_per_case: float = 30
    pages_per_document: float = 10
    scanned: float = 0.35
    busy: float = 4.8
    searches_per_second: float = 50


@dataclass(frozen=True, slots=True)
class Rates:
    """What one core, one page and one second come to; scale.md says which were measured and which are estimates."""

    ocr_pages_per_core: float = 1.1
    native_pages_per_core: float = 40
    index_pages_per_core: float = 1_500
    jobs_per_second: float = 300
    searches_per_core: float = 40
    index_pages_per_gb_of_memory: float = 4_000_000
    database_bytes_per_page: int = 4_500
    index_bytes_per_page: int = 2_500
    scanned_bytes_per_page: int = 110_000
    native_bytes_per_page: int = 25_000
    events_per_document: float = 40
    bytes_per_event: int = 900


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is needed: how much, from what, and where its own limit lies."""

    what: str
    amount: str
    reason: str


def needs(court: Court, rates: Rates = Rates()) -> Iterator[Need]:
    """Yield what a court needs at the end of its last year, part by part."""
    documents = court.cases_per_year * court.documents_per_case
    pages = documents * court.pages_per_document
    yield Need(
        "pages", f"{pages:,.0f} a year, {pages * court.years:,.0f} in all", f"of {documents:,.0f} documents a year"
    )
    yield from _workers(court, rates, documents, pages)
    yield from _database(court, rates, documents, pages)
    yield from _search(court, rates, pages)
    yield _vault(court, rates, pages)


def first_limits(court: Court, rates: Rates = Rates()) -> list[tuple[str, float]]:
    """Return what runs out on one default machine, and after how many years of filing at this pace; the first one first."""
    pages = court.cases_per_year * court.documents_per_case * court.pages_per_document
    jobs = _jobs_per_second(court)
    found = {
        "embedded index: more than 2,000,000 pages in one folder on one machine": 2_000_000 / pages,
        "one OpenSearch shard above 40 GB: give the index more shards": SHARD_BYTES
        / (pages * rates.index_bytes_per_page),
        "table of pages above 50,000,000 rows: turn partitions on": PARTITION_ROWS / pages,
        "one database server above 4 TB: hand old years to a second one": 4_000
        * GB
        / (pages * rates.database_bytes_per_page),
    }
    if jobs > rates.jobs_per_second:
        found["queue of record busier than one table takes: a queue per court"] = 0.0
    return sorted(found.items(), key=lambda one: one[1])


def _workers(court: Court, rates: Rates, documents: float, pages: float) -> Iterator[Need]:
    """Cores in the busy hours; at night they catch up with what waits in the bulk lane."""
    peak = pages / SECONDS_A_YEAR * court.busy
    cores = {
        "OCR": peak * court.scanned / rates.ocr_pages_per_core,
        "text layers": peak * (1 - court.scanned) / rates.native_pages_per_core,
        "indexing": peak / rates.index_pages_per_core,
    }
    told = ", ".join(f"{name} {ceil(value)}" for name, value in cores.items())
    yield Need("worker cores", f"{ceil(sum(cores.values())):,}", f"{peak:,.0f} pages/s in busy hours: {told}")
    jobs = _jobs_per_second(court)
    yield Need("jobs", f"{jobs:,.1f} a second", f"one queue table takes about {rates.jobs_per_second:,.0f}")


def _jobs_per_second(court: Court) -> float:
    """Check, open and index once a document, and a job for every page that is read by OCR, in busy hours."""
    documents = court.cases_per_year * court.documents_per_case
    jobs = documents * (4 + court.pages_per_document * court.scanned)
    return jobs / SECONDS_A_YEAR * court.busy


def _database(court: Court, rates: Rates, documents: float, pages: float) -> Iterator[Need]:
    events = documents * rates.events_per_document
    size = (pages * rates.database_bytes_per_page + events * rates.bytes_per_event) * court.years
    partitions = ceil(pages * court.years / PARTITION_ROWS)
    yield Need(
        "PostgreSQL", f"{size / GB / 1000:,.1f} TB", f"{rates.database_bytes_per_page:,} bytes a page, events with it"
    )
    yield Need(
        "partitions",
        f"{partitions:,} of pages, {court.years} of events",
        f"{PARTITION_ROWS:,} pages each; events by year",
    )


def _search(court: Court, rates: Rates, pages: float) -> Iterator[Need]:
    size = pages * court.years * rates.index_bytes_per_page
    shards = ceil(pages * rates.index_bytes_per_page / SHARD_BYTES)
    memory = pages * court.years / rates.index_pages_per_gb_of_memory
    yield Need(
        "OpenSearch",
        f"{size / GB / 1000:,.1f} TB and as much again per replica",
        f"{court.years} indices, {shards} shards a year",
    )
    yield Need(
        "search memory", f"{ceil(memory):,} GB", f"{rates.index_pages_per_gb_of_memory:,.0f} pages a GB of file cache"
    )
    yield Need(
        "search cores", f"{ceil(court.searches_per_second / rates.searches_per_core):,}",
        f"{court.searches_per_second:,.0f} searches a second",
    )  # fmt: skip


def _vault(court: Court, rates: Rates, pages: float) -> Need:
    page = court.scanned * rates.scanned_bytes_per_page + (1 - court.scanned) * rates.native_bytes_per_page
    return Need(
        "S3", f"{pages * court.years * page / GB / 1000:,.0f} TB", f"{page:,.0f} bytes a page, pictures included"
    )
