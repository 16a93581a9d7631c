"""Workers are ended at random while they read. Every page is read all the same, once, and found where it stands."""

import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.killer import Killer
from tests.faults.product import Product
from tests.faults.test_crashes import place, stage
from tests.reading import papers

LONGEST = 300
KILLS = 4


@pytest.fixture
def product(tmp_path: Path, demo_court: Path) -> Iterator[Product]:
    made = Product(tmp_path, extra={"DOCSTORE_LEASE_SECONDS": "6"})
    made.prepare(demo_court)
    yield made
    made.stop()


@pytest.fixture
def killer(product: Product) -> Iterator[Killer]:
    made = Killer(product.state, every=3, most=KILLS)
    thread = threading.Thread(target=made.run)
    thread.start()
    yield made
    made.stop()
    thread.join()


def marked(number: int) -> str:
    return f"paper{number} tells of a heron"


def documents() -> dict[str, bytes]:
    """A pile of typed and scanned papers, each page with words of its own."""
    pile = {f"typed-{n}.pdf": papers.text_pdf([marked(n), *papers.BODY]) for n in range(4)}
    pile |= {f"scan-{n}.pdf": papers.picture_pdf(papers.scan([marked(n)])) for n in range(4, 8)}
    return pile | {"letter.txt": f"{marked(8)} {uuid.uuid4()}".encode()}


def test_workers_that_are_killed_at_random_lose_nothing(product: Product, killer: Killer) -> None:
    key = product.manage("demo_key", "clerk")
    product.start_web()
    case, section = place(product, key)
    product.start_worker(processes=2)
    product.start_scheduler()

    taken = [
        product.upload(case, section, content, key=key, idempotency=str(uuid.uuid4()), name=name)
        for name, content in documents().items()
    ]
    assert {answer.status for answer in taken} == {201}
    ids = [answer.body["id"] for answer in taken]
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and (
        killer.ended < KILLS or {stage(product, key, one) for one in ids} != {"SEARCHABLE"}
    ):
        time.sleep(1)

    assert killer.ended == KILLS
    assert [stage(product, key, one) for one in ids] == ["SEARCHABLE"] * len(ids), product.unfinished()
    for number, one in enumerate(ids):
        told = product.post("/api/v1/search", {"query": f'"{marked(number)}"', "filters": {"case": case}}, key).body
        assert [(hit["document"], hit["page"]) for hit in told["hits"]] == [(one, 1)]
