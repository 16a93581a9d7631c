"""The world of retention's tests."""

import pytest

from tests.courts import TwoCourts
from tests.retention.world import World


@pytest.fixture
def world(courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(courts, monkeypatch)
