"""Folders of a station of its own for each test."""

from pathlib import Path

import pytest

from station.journal import Journal
from station.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    watch, state = tmp_path / "scans", tmp_path / "notes"
    watch.mkdir()
    return Settings(server="http://127.0.0.1:1", watch=watch, state=state, key="k", settle_seconds=0.0)


@pytest.fixture
def journal(settings: Settings):
    made = Journal(settings.state)
    yield made
    made.close()
