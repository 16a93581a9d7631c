"""A court's own S3 server, started once for a process that needs it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.retention.court_storage import CourtStorage, running


@pytest.fixture(scope="session")
def court_storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CourtStorage]:
    """An S3 server with object lock and an account for each identity."""
    if not os.environ.get("S3_ENDPOINT_URL"):
        pytest.skip("needs the S3 server's program")
    with running(Path(tmp_path_factory.mktemp("court-storage"))) as made:
        yield made


@pytest.fixture
def court_bucket(court_storage: CourtStorage, settings: Any) -> str:
    """A bucket of its own, and settings by which this process is the disposal worker."""
    name = court_storage.new_bucket()
    settings.STORAGES = court_storage.storages(settings.STORAGES, name)
    return name
