"""One pool of readers for all of reading's tests: starting children is what takes time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import pytest

from docstore.reading import readers as of_process
from docstore.reading.kinds import Kind
from docstore.reading.readers import Reader, Readers
from docstore.reading.sandbox import Limits
from tests.courts import TwoCourts, build_courts

Borrow = Callable[..., AbstractContextManager[Reader]]


@pytest.fixture
def courts(transactional_db: None) -> Iterator[TwoCourts]:
    """Two courts, for tests that read through the product's own children, which are ended afterwards."""
    yield build_courts()
    of_process.close_all()


@pytest.fixture(scope="session")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    """Readers with a folder of their own."""
    made = Readers(folder=tmp_path_factory.mktemp("reading"), limits=Limits())
    yield made
    made.close()


@pytest.fixture
def borrow(readers: Readers, request: pytest.FixtureRequest) -> Borrow:
    """Borrow a reader for bytes."""

    def of(raw: bytes, kind: Kind = Kind.PDF, key: str = "") -> AbstractContextManager[Reader]:
        return readers.borrow(key=key or f"{request.node.name}-{hash(raw)}", source=lambda: BytesIO(raw), kind=kind)

    return of


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Put bytes into a file."""

    def put(raw: bytes) -> Path:
        path = tmp_path / "given"
        path.write_bytes(raw)
        return path

    return put
