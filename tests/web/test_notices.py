"""What everybody must know about an installation stands on every page, the sign-in page included."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.core import clock
from docstore.reading import sandbox


def said(path: str = "/sign-in/") -> str:
    return Client().get(path).content.decode()


def test_a_missing_virus_scanner_is_said(db: None, settings: Any) -> None:
    settings.DOCSTORE = {
        **settings.DOCSTORE,
        "SCANNER": {"BACKEND": "docstore.reading.scanner.NoScanner", "OPTIONS": {}},
    }

    assert "No virus scanner is configured" in said()
    assert "No virus scanner is configured" in said("/nothing/")


def test_a_missing_sandbox_is_said(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    sandbox.is_available.cache_clear()
    try:
        assert "without a sandbox" in said()
    finally:
        sandbox.is_available.cache_clear()


def test_a_clock_that_was_moved_is_said(db: None, settings: Any, tmp_path: object) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "STATE": tmp_path, "ENV": "test"}

    assert "has been moved forward" not in said()
    clock.advance(timedelta(days=30))
    assert "has been moved forward" in said()
