"""The world of retention's tests."""

import pytest

from tests.courts import TwoCourts
from tests.retention.disposing import Disposal, begin
from tests.retention.world import World


@pytest.fixture
def world(courts: TwoCourts, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(courts, monkeypatch)


@pytest.fixture
def disposal(world: World, monkeypatch: pytest.MonkeyPatch) -> Disposal:
    return begin(world, monkeypatch)
