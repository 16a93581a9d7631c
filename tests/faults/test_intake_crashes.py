"""Stations' batches while processes end without a word: between every two states nothing is lost and nothing is doubled."""

import base64
import hashlib
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.product import Answer, Product
from tests.intake.sending import manifest, told_of

LONGEST = 90
PATIENCE = (0, 409, 429, 503)  # hung up, not yet, wait, wait
# Where the web process dies: in opening, in taking an item into custody, in closing, in the middle of a piece.
WEB = (
    "batch-before-commit",
    "item-before-put",
    "item-after-put",
    "item-before-commit",
    "item-after-commit",
    "upload-after-sync",
    "close-before-commit",
)
# Where a worker dies: before and within each step, and around the signing.
WORKER = (
    "job-intake.check-1",
    "job-intake.place-1",
    "place-before-commit",
    "job-intake.settle-1",
    "receipt-signed",
    "receipt-before-commit",
    "receipt-after-commit",
)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, demo_court: Path) -> Iterator[Product]:
    made = Product(tmp_path_factory.mktemp("court"))
    made.prepare(demo_court)
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def nothing_left_running(product: Product) -> Iterator[None]:
    yield
    product.stop()


class Resolute:
    """A station that sends until it has its receipt, whatever happens to the court meanwhile."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.key = product.manage("demo_key", "station")
        self.clerk = product.manage("demo_key", "clerk")
        self.reference = self.site = ""
        self.case = ""

    def look_up(self) -> None:
        [case] = [one for one in self.product.get("/api/v1/cases", self.clerk).body["results"] if one["references"]][:1]
        self.site = case["court"]
        self.case, self.reference = case["id"], case["references"][0]["value"]

    def until(self, ask: Any, *fine: int) -> Answer:
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            answer: Answer = ask()
            if answer.status in fine:
                return answer
            assert answer.status in PATIENCE, answer
            if answer.status == 0:
                self.revive()
            time.sleep(0.3)
        raise AssertionError(f"no answer: {answer}")

    def revive(self) -> None:
        """The web process has died at its failpoint: start it again, without one."""
        self.product.kill("web")
        self.product.start_web()

    def deliver(self, content: bytes, *, in_pieces: bool) -> dict[str, Any]:
        told = manifest(self.site, content, reference=self.reference)
        mark = str(uuid.uuid4())
        opened = self.until(lambda: self.send("POST", "batches", told, mark=mark), 201)
        batch = opened.body["id"]
        if in_pieces:
            self.send_pieces(batch, content)
        self.until(lambda: self.put(batch, content), 200, 201)
        self.until(lambda: self.send("POST", f"batches/{batch}/close", {}), 202)
        receipt = self.until(lambda: self.product.get(f"/api/v1/batches/{batch}/receipt", self.key), 200)
        assert receipt.body["signatures"]
        state: dict[str, Any] = self.product.get(f"/api/v1/batches/{batch}", self.key).body
        return state

    def send_pieces(self, batch: str, content: bytes) -> None:
        begun = self.until(lambda: self.send("POST", f"batches/{batch}/items/1/uploads", {}), 201)
        place = begun.headers["Location"].removeprefix("/api/v1/")
        self.until(lambda: self.piece(place, content[:10]), 204, 409)
        stands = self.until(lambda: self.raw("HEAD", place, b"", {}), 204).headers["Upload-Offset"]
        assert int(stands) in (0, 10)

    def piece(self, place: str, piece: bytes) -> Answer:
        return self.raw("PATCH", place, piece, {"Content-Type": "application/partial-upload", "Upload-Offset": "0"})

    def put(self, batch: str, content: bytes) -> Answer:
        return self.raw(
            "PUT", f"batches/{batch}/items/1/content", content, {"Content-Type": "text/plain", **told_of(content)}
        )

    def send(self, method: str, path: str, body: Any, mark: str = "") -> Answer:
        return self.product.send(
            method, f"/api/v1/{path}", body, self.key, {"Idempotency-Key": mark or str(uuid.uuid4())}
        )

    def raw(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> Answer:
        return self.product.send(method, f"/api/v1/{path}", content, self.key, headers)

    def copies(self, content: bytes) -> int:
        """How many documents of the case have these bytes."""
        digest, found, cursor = hashlib.sha256(content).hexdigest(), 0, ""
        while True:
            told = self.product.get(f"/api/v1/cases/{self.case}/documents?cursor={cursor}", self.clerk).body
            found += sum(version["sha256"] == digest for one in told["results"] for version in one["versions"])
            cursor = told["next"]
            if not cursor:
                return found


@pytest.fixture(scope="module")
def station(product: Product) -> Resolute:
    """One station for all: to make its key and to look its case up takes longer than most of what it is for."""
    product.start_web()
    made = Resolute(product)
    made.look_up()
    product.kill("web")
    return made


@pytest.mark.requirement("WIN-1", "REL-1", "REL-2")
@pytest.mark.parametrize("failpoint", WEB)
def test_the_web_process_dies_at_any_step(product: Product, station: Resolute, failpoint: str) -> None:
    product.start_web(DOCSTORE_FAILPOINT=failpoint)
    product.start_worker()
    product.start_scheduler()
    content = f"A letter sent while {failpoint} failed, {uuid.uuid4()}.".encode()

    ended = station.deliver(content, in_pieces=failpoint.startswith("upload"))

    assert ended["state"] == "accepted"
    assert station.copies(content) == 1


@pytest.mark.requirement("WIN-1", "REL-3")
@pytest.mark.parametrize("failpoint", WORKER)
def test_a_worker_dies_at_any_step(product: Product, station: Resolute, failpoint: str) -> None:
    product.start_web()
    product.start_worker(DOCSTORE_FAILPOINT=failpoint)
    product.start_scheduler()
    content = f"A letter worked on while {failpoint} failed, {uuid.uuid4()}.".encode()

    if "job" in failpoint:  # the attempt's number is part of its name: the worker's next child gets past it
        ended = station.deliver(content, in_pieces=False)
    else:
        ended = _with_the_worker_replaced(product, station, content)

    assert ended["state"] == "accepted"
    assert station.copies(content) == 1


def _with_the_worker_replaced(product: Product, station: Resolute, content: bytes) -> dict[str, Any]:
    """Let the first worker die at its failpoint for a while, then put another in its place."""
    told = manifest(station.site, content, reference=station.reference)
    batch = station.until(lambda: station.send("POST", "batches", told), 201).body["id"]
    station.until(lambda: station.put(batch, content), 200, 201)
    station.until(lambda: station.send("POST", f"batches/{batch}/close", {}), 202)
    time.sleep(4)
    product.kill("worker")
    product.start_worker()
    receipt = station.until(lambda: product.get(f"/api/v1/batches/{batch}/receipt", station.key), 200)
    assert base64.b64decode(receipt.body["payload"])
    state: dict[str, Any] = product.get(f"/api/v1/batches/{batch}", station.key).body
    return state
