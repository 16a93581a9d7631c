"""Both search engines, each with an index of its own that is gone after the test."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from docstore.search.engine import Engine
from docstore.search.engines.embedded import EmbeddedEngine
from docstore.search.engines.opensearch import OpenSearchEngine


def opensearch_url() -> str:
    """Where OpenSearch is; skips the test where there is none, unless services are required."""
    url = os.environ.get("OPENSEARCH_URL", "")
    if not url and os.environ.get("DOCSTORE_REQUIRE_SERVICES") == "1":
        pytest.fail("OPENSEARCH_URL is not set, and services are required here.")
    if not url:
        pytest.skip("OPENSEARCH_URL is not set: run `make services`, then `. var/services/env`.")
    return url


@pytest.fixture
def embedded(db: None, tmp_path: Path) -> EmbeddedEngine:
    """An embedded engine over an empty folder. Its lock may be the database's, so the database comes along."""
    return EmbeddedEngine(path=str(tmp_path / "index"))


@pytest.fixture
def opensearch() -> Iterator[OpenSearchEngine]:
    """An OpenSearch engine behind an alias of its own."""
    engine = OpenSearchEngine(url=opensearch_url(), alias=f"test-{uuid.uuid4().hex[:12]}")
    yield engine
    engine.drop()


# The run on the real services comes after one on the embedded parts (ops/test.sh), and repeats none of it.
ENGINES = [] if os.environ.get("DOCSTORE_EMBEDDED_SEEN") else ["embedded"]


@pytest.fixture(params=[*ENGINES, pytest.param("opensearch", marks=pytest.mark.services)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn: what is true of one has to be true of the other."""
    chosen: Engine = request.getfixturevalue(request.param)
    return chosen


def stand_behind(monkeypatch: pytest.MonkeyPatch, engine: object, *, finding: object = None) -> None:
    """Put an engine behind everything that writes, and it or another behind everything that finds."""
    for module in ("indexing", "rebuild", "drift", "erasing"):
        monkeypatch.setattr(f"docstore.search.{module}.configured", lambda: engine)
    monkeypatch.setattr("docstore.search.asking.configured", lambda: finding or engine)
