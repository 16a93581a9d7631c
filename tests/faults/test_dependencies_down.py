"""A dependency that is away degrades the product in a stated way and does not take it along."""

import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from socket import create_connection, socket

import pytest

from tests.faults.product import Product
from tests.faults.test_crashes import place, stage

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs the redis-server program")


class Broker:
    """A Redis of the test's own, to be taken away and brought back."""

    def __init__(self) -> None:
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("Redis did not start")

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def empty(self) -> None:
        with create_connection(("127.0.0.1", self.port), 2) as line:
            line.sendall(b"FLUSHALL\r\n")
            assert line.recv(16).startswith(b"+OK")


@pytest.fixture
def broker() -> Iterator[Broker]:
    made = Broker()
    yield made
    made.stop()


@pytest.fixture
def product(tmp_path: Path, demo_court: Path, broker: Broker) -> Iterator[Product]:
    made = Product(tmp_path, extra={"REDIS_URL": broker.url})
    made.prepare(demo_court)
    yield made
    made.stop()


@pytest.mark.requirement("REL-8", "REL-9")
def test_without_redis_papers_are_taken_and_the_backlog_drains_when_it_is_back(
    product: Product, broker: Broker
) -> None:
    key = product.manage("demo_key", "clerk")
    product.start_web()
    case, section = place(product, key)

    begun = time.monotonic()
    taken = [
        product.upload(case, section, f"Paper {n}, {uuid.uuid4()}.".encode(), key=key, idempotency=str(uuid.uuid4()))
        for n in range(3)
    ]

    assert [answer.status for answer in taken] == [201, 201, 201]
    assert time.monotonic() - begun < 12  # nobody waits for what is not there: the driver by itself waits 6 s a paper
    assert product.get(f"/api/v1/cases/{case}", key).status == 200
    broker.start()
    product.start_worker()
    broker.empty()
    product.start_scheduler()
    assert {stage(product, key, answer.body["id"]) for answer in taken} == {"SEARCHABLE"}


def test_without_its_database_the_product_says_503_and_when_to_try_again(tmp_path: Path) -> None:
    product = Product(tmp_path, extra={"DATABASE_URL": "postgres://nobody:nothing@127.0.0.1:9/none"})
    try:
        product.start_web()
        asked = product.get("/api/v1/me", "ds_test_0123456789ab_secret")
    finally:
        product.stop()

    assert asked.status == 503
    assert asked.headers["Retry-After"]
    assert asked.body["code"] == "database-unavailable"
