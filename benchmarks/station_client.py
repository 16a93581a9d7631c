"""A scanning station as a measurement needs one: the demo court's key and case, and the requests that every part makes."""

import argparse
import base64
import hashlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx

from benchmarks.product import Product
from benchmarks.table import Row, as_markdown

LONGEST_SECONDS = 3_600.0
# More than any measurement asks for: what is measured is the server and not its limit.
NO_LIMIT = {"DOCSTORE_STATION_RATE": "60000"}


@dataclass(frozen=True, slots=True)
class Station:
    """A station's key in use. One client for each thread."""

    base: str
    key: str
    case: str
    site: str
    reference: str

    def client(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"{self.base}/api/v1/", headers={"Authorization": f"Bearer {self.key}"}, timeout=600
        )


def in_chosen_size(measure: Callable[[int], list[Row]], *, few: int, every: int, about: str | None) -> int:
    """Measure with few batches, or with all of them where the command line says --all; print the table, return the exit code."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--all", action="store_true", help=f"{every:,} batches")
    rows = measure(every if options.parse_args().all else few)
    print(as_markdown(rows))
    return 0 if all(row.kept for row in rows) else 1


def station_of(product: Product) -> Station:
    """The demo court's station, and an open case of its court to which everything goes."""
    for case in product.get("cases")["results"]:
        numbers = [one["value"] for one in case["references"] if one["value"].isalnum()]
        if case["status"].upper() == "OPEN" and numbers:
            return Station(product.base, product.issue("station"), case["id"], case["court"], numbers[0])
    raise RuntimeError("the demo court has no open case with a plain number")


def open_batch(client: httpx.Client, station: Station, papers: list[bytes], kind: str) -> str:
    name = f"bench-{uuid.uuid4()}"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {
        "external_id": name,
        "site": station.site,
        "opened_at": now,
        "scanned_at": now,
        "operator": "bench",
        "case_reference": station.reference,
        "items": [declared(seq, paper, kind) for seq, paper in enumerate(papers, start=1)],
        "non_scannable": [],
    }
    return str(again(lambda: client.post("batches", json=told, headers={"Idempotency-Key": name})).json()["id"])


def declared(seq: int, paper: bytes, kind: str) -> dict[str, object]:
    return {
        "seq": seq,
        "control_number": str(uuid.uuid4().int % 10**17),
        "type": "other",
        "bytes": len(paper),
        "sha256": hashlib.sha256(paper).hexdigest(),
        "media_type": kind,
    }


def put(client: httpx.Client, batch: str, seq: int, paper: bytes, kind: str = "text/plain") -> httpx.Response:
    told = base64.b64encode(hashlib.sha256(paper).digest()).decode()
    headers = {"Content-Type": kind, "Repr-Digest": f"sha-256=:{told}:"}
    return client.put(f"batches/{batch}/items/{seq}/content", content=paper, headers=headers)


def again(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """Ask until it is answered with success: 503 and 429 say when."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        answer = ask()
        if answer.is_success:
            return answer
        if answer.status_code not in (409, 429, 503):
            answer.raise_for_status()
        time.sleep(0.2)
    raise TimeoutError("no success within an hour")


def p95(times: list[float]) -> float:
    found = sorted(times)
    return found[max(0, round(0.95 * len(found)) - 1)] if found else float("inf")
