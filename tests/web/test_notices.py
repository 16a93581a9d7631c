"""What everybody must know about an installation stands on every page, the sign-in page included."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.cases import actions as cases
from docstore.cases.days import start_of
from docstore.cases.listing import assign_duty
from docstore.cases.models import Case
from docstore.core import clock
from docstore.documents.models import Filing
from docstore.reading import sandbox
from docstore.web.frame import notices
from tests.courts import TwoCourts
from tests.web.test_pages import signed_in


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


@pytest.mark.requirement("DOM-7.4")
def test_who_sits_today_hears_of_a_late_paper_wherever_they_are_until_they_have_seen_the_list(
    courts: TwoCourts,
) -> None:
    today, listing = clock.today(), courts.actor("listing")
    starts_at = start_of(today) + timedelta(hours=10)
    cases.list_hearing(by=listing, case_id=courts.case.pk, room="Courtroom 1", starts_at=starts_at, kind="Trial")
    assign_duty(by=listing, court="NGT", room="Courtroom 1", day=today, person=courts.people["adviser"])
    Case.objects.filter(pk=courts.case.pk).update(created_at=starts_at - timedelta(days=2))
    sitting, elsewhere = signed_in(courts, "adviser"), signed_in(courts, "usher")
    told = "1 paper came in for a case that you hear today"
    assert told not in sitting.get("/help/").content.decode()

    late = courts.file("a late paper", title="Late skeleton argument")
    Filing.objects.filter(document=late).update(filed_at=start_of(today) + timedelta(hours=9))
    assert told in sitting.get("/help/").content.decode()
    assert told in sitting.get("/cases/").content.decode()
    assert any(told in one for one in sitting.get("/notices/").json()["notices"])
    assert told not in elsewhere.get("/cases/").content.decode()
    assert elsewhere.get("/notices/").json() == {"notices": list(notices())}
    listed = sitting.get("/day/").content.decode()
    assert "Late skeleton argument" in listed
    assert "New 9am" in listed

    Filing.objects.filter(document=late).update(filed_at=clock.now() - timedelta(minutes=1))
    assert told not in sitting.get("/cases/").content.decode()
