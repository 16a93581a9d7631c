"""Fixtures that several tests of faults use."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.faults.s3_between import Between, between


@pytest.fixture
def broken(settings: Any) -> Callable[..., Any]:
    """Put a proxy with these hooks between the vault and its server."""

    @contextmanager
    def through(**hooks: Any) -> Iterator[Between]:
        there = settings.STORAGES["vault"]
        with between(Between(there["OPTIONS"]["endpoint_url"], **hooks)) as made:
            options = {**there["OPTIONS"], "endpoint_url": made.url}
            settings.STORAGES = {**settings.STORAGES, "vault": {**there, "OPTIONS": options}}
            try:
                yield made
            finally:
                settings.STORAGES = {**settings.STORAGES, "vault": there}

    return through
