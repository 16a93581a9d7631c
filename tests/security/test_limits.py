"""What is too large ends while it arrives, and leaves nothing behind (SEC-17)."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as chosen
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from docstore.documents.models import Document, Version
from tests.courts import TwoCourts

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SEC-17")]

LIMIT = 64 * 1024


@pytest.fixture
def small(settings: Any) -> None:
    """A court that takes files of 64 kB at most."""
    settings.DOCSTORE = {**settings.DOCSTORE, "LIMITS": {**settings.DOCSTORE["LIMITS"], "FILE_BYTES": LIMIT}}


def upload(courts: TwoCourts, size: int, **headers: str) -> Any:
    client = Client(headers={"Authorization": f"Bearer {courts.key('clerk')}"})
    file = SimpleUploadedFile("letter.txt", b"A line of text.\n" * (size // 16), content_type="text/plain")
    body = {"file": file, "section": "statements"}
    return client.post(f"/api/v1/cases/{courts.case.pk}/documents", body, headers={"Idempotency-Key": "k", **headers})


def kept() -> set[Path]:
    """Every file in the vault and on its way to it."""
    places = (Path(chosen.STATE) / "vault", Path(chosen.STATE) / "incoming")
    return {path for place in places for path in place.rglob("*") if path.is_file()}


def test_a_file_over_the_limit_is_refused_and_nothing_is_kept(courts: TwoCourts, small: None) -> None:
    before = kept()
    response = upload(courts, LIMIT + 4096)
    assert response.status_code == 413
    assert response.json()["code"] == "too-large"
    assert "64 kB" in response.json()["detail"]
    assert not Document.objects.exists()
    assert not Version.objects.exists()
    assert kept() == before


def test_a_file_within_the_limit_is_taken(courts: TwoCourts, small: None) -> None:
    assert upload(courts, LIMIT - 4096).status_code == 201


def test_a_refused_upload_may_be_sent_again_under_its_key(courts: TwoCourts, small: None) -> None:
    assert upload(courts, LIMIT + 4096).status_code == 413
    assert upload(courts, LIMIT - 4096).status_code == 201
