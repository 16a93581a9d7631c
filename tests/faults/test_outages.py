"""Whole parts of a court that go away and come back while stations send: nothing is lost, and nothing needs a restart."""

import os
import resource
import signal
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Answer, Product
from tests.faults.services import Own
from tests.faults.test_intake_crashes import Resolute
from tests.intake.manifests import manifest, told_of

MIB = 1024 * 1024
LETTER = b"A letter that is sent while something is missing."


@pytest.fixture
def product(tmp_path: Path, demo_court: Path) -> Iterator[Product]:
    made = Product(tmp_path)
    made.prepare(demo_court)
    yield made
    made.stop()


def opened(station: Resolute, *contents: bytes) -> str:
    told = manifest(station.site, *contents, reference=station.reference)
    return str(station.until(lambda: station.send("POST", "batches", told, mark=told["external_id"]), 201).body["id"])


def put(station: Resolute, batch: str, seq: int, content: bytes) -> Answer:
    headers = {"Content-Type": "text/plain", **told_of(content)}
    return station.raw("PUT", f"batches/{batch}/items/{seq}/content", content, headers)


@pytest.mark.requirement("REL-12")
def test_a_full_disk_is_said_and_passes_without_a_restart(product: Product) -> None:
    """No file may grow beyond some megabytes, so that what is being sent has no room."""
    product.start_web()
    station = Resolute(product)
    station.look_up()
    content = os.urandom(MIB).hex().encode() * 24
    batch = opened(station, content)
    workers = _children(product.running["web"].pid)
    for pid in workers:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (40 * MIB, resource.RLIM_INFINITY))

    full = _answered(station, batch, content)
    state = product.get(f"/api/v1/batches/{batch}", station.key).body["items"][0]["state"]
    left = list((product.state / "incoming").glob("*.upload*"))
    for pid in workers:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = put(station, batch, 1, content)

    assert (full.status, full.body["code"]) == (507, "no-room")
    assert full.headers["Retry-After"]
    assert (state, left) == ("expected", [])
    assert "There is no room" in (product.state / "web.log").read_text()
    assert again.status == 201


def _answered(station: Resolute, batch: str, content: bytes) -> Answer:
    """The first answer that arrives: while it is still sending, a client may be hung up on before it has read it."""
    answer = Answer(0)
    for _ in range(10):
        answer = put(station, batch, 1, content)
        if answer.status:
            return answer
    return answer


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in told.split()]


@pytest.mark.requirement("REL-44")
def test_a_server_that_is_told_to_end_finishes_what_it_is_being_sent(product: Product) -> None:
    product.start_web()
    station = Resolute(product)
    station.look_up()
    content = b"A slow line. " * 20_000
    batch = opened(station, content)
    product.start_worker()
    answers: list[str] = []
    sender = threading.Thread(target=lambda: answers.append(_slowly(product, station, batch, content)))
    sender.start()
    time.sleep(1)

    web = product.running.pop("web")
    os.kill(web.pid, signal.SIGTERM)
    sender.join(timeout=30)

    assert answers[0].startswith("HTTP/1.1 201"), answers
    assert web.wait(timeout=30) == 0
    worker = product.running.pop("worker")
    os.kill(worker.pid, signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    product.start_web()
    product.start_worker()
    product.start_scheduler()
    station.until(lambda: station.send("POST", f"batches/{batch}/close", {}), 202)
    receipt = station.until(lambda: product.get(f"/api/v1/batches/{batch}/receipt", station.key), 200)
    assert receipt.body["signatures"]
    assert station.copies(content) == 1


def _slowly(product: Product, station: Resolute, batch: str, content: bytes) -> str:
    """Send an item over a line that takes some seconds; return the status line."""
    head = (
        f"PUT /api/v1/batches/{batch}/items/1/content HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        f"Authorization: Bearer {station.key}\r\nContent-Type: text/plain\r\nContent-Length: {len(content)}\r\n"
        f"Repr-Digest: {told_of(content)['Repr-Digest']}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", product.port), timeout=30) as line:
        line.sendall(head.encode())
        for start in range(0, len(content), len(content) // 10 + 1):
            line.sendall(content[start : start + len(content) // 10 + 1])
            time.sleep(0.4)
        return line.recv(4096).decode(errors="replace").split("\r\n")[0]


@pytest.mark.services
@pytest.mark.requirement("REL-10")
def test_a_database_that_restarts_in_the_middle_of_fifty_items_costs_nothing(tmp_path: Path) -> None:
    postgres = pytest.importorskip("ops.roads.postgres")
    folder = Path("/var/tmp") / f"docstore-outage-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o755)
    database = Own(postgres, folder / "postgres")
    product = Product(tmp_path)
    try:
        database.start()
        product.extra.update(database.environment)
        product.prepare()
        product.start_web()
        told = _fifty_through_a_restart(product, database)
    finally:
        product.stop()
        database.kill()
    assert set(told["refused"]) <= {503}
    assert told["waits"] == {True}
    assert told["states"] == {"quarantined"}
    assert told["rows"] == 50


def _fifty_through_a_restart(product: Product, database: Own) -> dict[str, object]:
    station = Resolute(product)
    station.look_up()
    contents = [f"Item {number}, {uuid.uuid4()}".encode() for number in range(50)]
    batch = opened(station, *contents)
    refused: list[int] = []
    waits: set[bool] = set()
    taken = threading.Semaphore(0)

    def send(numbers: range) -> None:
        for at in numbers:
            while (answer := put(station, batch, at + 1, contents[at])).status not in (200, 201):
                if answer.status:
                    refused.append(answer.status)
                    waits.add("Retry-After" in answer.headers)
                time.sleep(0.3)
            taken.release()

    threads = [threading.Thread(target=send, args=(range(first, 50, 5),)) for first in range(5)]
    for one in threads:
        one.start()
    for _ in range(10):  # with ten taken and forty to come
        assert taken.acquire(timeout=60)
    database.kill()
    time.sleep(2)
    database.again()
    for one in threads:
        one.join(timeout=120)
    items = product.get(f"/api/v1/batches/{batch}", station.key).body["items"]
    return {"refused": refused, "waits": waits, "states": {one["state"] for one in items}, "rows": len(items)}
