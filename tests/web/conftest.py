"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    """A request in Welsh leaves its language with the thread, which in a test is the next test's too."""
    translation.deactivate()
    yield
    translation.deactivate()
