"""Processes that end without a word, at the worst moments. The product runs as real processes on embedded parts."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Answer, Product

FAILPOINTS = ("before-check", "before-put", "after-put", "before-commit", "after-commit")
LONGEST = 60


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory, demo_court: Path) -> Iterator[Product]:
    made = Product(tmp_path_factory.mktemp("court"))
    made.prepare(demo_court)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def key(product: Product) -> str:
    return product.manage("demo_key", "clerk")


@pytest.fixture(autouse=True)
def nothing_left_running(product: Product) -> Iterator[None]:
    yield
    product.stop()


def place(product: Product, key: str) -> tuple[str, str]:
    case = product.get("/api/v1/cases", key).body["results"][0]
    return case["id"], next(one["code"] for one in case["sections"] if "file" in one["rights"])


def until_answered(product: Product, case: str, section: str, content: bytes, key: str, mark: str) -> Answer:
    """Retry as a client does: while the answer is missing or asks for patience."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        answer = product.upload(case, section, content, key=key, idempotency=mark)
        if answer.status not in (0, 409, 503):
            return answer
        time.sleep(0.5)
    raise AssertionError(f"no answer: {answer}")


def titles(product: Product, case: str, key: str, sha256: str) -> int:
    found, cursor = 0, ""
    while True:
        told = product.get(f"/api/v1/cases/{case}/documents?cursor={cursor}", key).body
        found += sum(version["sha256"] == sha256 for one in told["results"] for version in one["versions"])
        cursor = told["next"]
        if not cursor:
            return found


@pytest.mark.requirement("REL-1", "REL-2", "REL-11")
@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_killed_at_any_step_a_retry_files_exactly_one_document(product: Product, key: str, failpoint: str) -> None:
    product.start_web(DOCSTORE_FAILPOINT=failpoint)
    case, section = place(product, key)
    content, mark = f"A letter that was sent at {failpoint}, {uuid.uuid4()}.".encode(), str(uuid.uuid4())
    assert product.upload(case, section, content, key=key, idempotency=mark).status == 0
    product.kill("web")

    product.start_web()
    answer = until_answered(product, case, section, content, key, mark)

    assert answer.status == 201
    sha256 = answer.body["versions"][0]["sha256"]
    assert titles(product, case, key, sha256) == 1
    told = product.get(f"/api/v1/documents/{answer.body['id']}", key)
    assert told.status == 200


@pytest.mark.requirement("REL-3")
def test_a_change_whose_worker_was_never_woken_is_read_within_a_minute(product: Product, key: str) -> None:
    product.start_web(DOCSTORE_FAILPOINT="after-commit")
    case, section = place(product, key)
    content, mark = f"A letter nobody was told of, {uuid.uuid4()}.".encode(), str(uuid.uuid4())
    product.upload(case, section, content, key=key, idempotency=mark)
    product.kill("web")
    for message in (product.state / "broker" / "queue").glob("*"):
        message.unlink()  # whatever wake-up there was is lost

    product.start_web()
    product.start_worker()
    product.start_scheduler()

    document = until_answered(product, case, section, content, key, mark).body["id"]
    assert stage(product, key, document) == "SEARCHABLE"


@pytest.mark.requirement("REL-4", "REL-5")
def test_a_worker_killed_while_reading_is_followed_by_another(product: Product, key: str) -> None:
    product.start_web()
    case, section = place(product, key)
    product.start_worker(DOCSTORE_FAILPOINT="job-reading.open-1")
    product.start_scheduler()
    # a message, for a letter would have been read before it was filed
    head = "From: a@chambers.example\nTo: b@court.example\nSubject: Papers\n\n"
    content = f"{head}A message whose first reader died, {uuid.uuid4()}.".encode()

    answer = product.upload(case, section, content, key=key, idempotency=str(uuid.uuid4()), name="papers.eml")

    assert answer.status == 201
    assert stage(product, key, answer.body["id"]) == "SEARCHABLE"


def stage(product: Product, key: str, document: str) -> str:
    """Wait until the document is in its final stage, at most a minute."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        told: str = product.get(f"/api/v1/documents/{document}", key).body["stage"]
        if told in ("SEARCHABLE", "QUARANTINED", "UNREADABLE"):
            return told
        time.sleep(0.5)
    return told
