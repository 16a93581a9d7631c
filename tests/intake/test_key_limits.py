"""Keys that are good for some kinds of case only: for what a station sends, and for every other program (DOM-13.2)."""

from typing import Any

import pytest
from django.test import Client

from docstore.access import actions as access
from docstore.access.actor import system
from docstore.access.key_scopes import KeyLimits
from docstore.access.machines import live_keys
from docstore.cases.models import CaseType
from docstore.core import clock
from docstore.core.references import with_luhn_digit
from docstore.documents.models import Document
from docstore.intake.actions import take_document
from docstore.intake.models import IntakeException
from docstore.intake.stations import issue_station_key
from tests.courts import TwoCourts, incoming
from tests.intake.sending import Sender

pytestmark = pytest.mark.django_db

MAGISTRATES = "crime-magistrates"


@pytest.fixture
def other(courts: TwoCourts) -> str:
    """Another kind of case that the first court hears."""
    heard = CaseType.objects.filter(jurisdiction__in=courts.first.jurisdictions.split()).exclude(code=MAGISTRATES)
    return heard.earliest("code").code


def limited(courts: TwoCourts, *kinds: str) -> Client:
    """A program that acts for the clerk with a key for these kinds of case."""
    limits = KeyLimits(case_types=frozenset(kinds))
    key = access.issue_key(by=system("tests"), person=courts.people["clerk"], label="a program", limits=limits)
    return Client(headers={"Authorization": f"Bearer {key}"})


def opened(client: Client, kind: str) -> Any:
    number = with_luhn_digit("1" + "7" * 14)
    body = {"title": "New", "court": "NGT", "case_type": kind, "references": [{"kind": "ccd", "value": number}]}
    return client.post("/api/v1/cases", body, content_type="application/json")


@pytest.mark.requirement("DOM-13.2")
def test_what_a_station_sends_goes_to_cases_that_its_key_is_for(courts: TwoCourts, other: str) -> None:
    sender = Sender(courts)
    for kind, state in ((other, "needs_attention"), (MAGISTRATES, "reading")):
        for key in live_keys(sender.station.user, at=clock.now()):
            key.delete()
        limits = KeyLimits(case_types=frozenset({kind}))
        key = issue_station_key(by=system("tests"), station_id=sender.station.pk, label=kind, limits=limits)
        sender._client = Client(headers={"Authorization": f"Bearer {key}"})
        assert sender.get("stations/me").json()["key"]["case_types"] == [kind]
        batch = sender.send_all(f"A letter under {kind}".encode(), reference=courts.case.references.get().value)
        [told] = sender.told(batch)["items"]
        assert told["state"] in (state, "available") if state == "reading" else told["state"] == state
    assert Document.objects.count() == 1
    assert "key that is not good for cases of this kind" in IntakeException.objects.get().reason


@pytest.mark.requirement("DOM-13.2")
def test_a_program_opens_and_files_on_cases_that_its_key_is_for(courts: TwoCourts, other: str) -> None:
    for kinds, status in (((other,), 404), ((MAGISTRATES, other), 201)):
        client = limited(courts, *kinds)
        told = client.post(
            f"/api/v1/cases/{courts.case.pk}/documents",
            {"section": "management", "file": incoming(b"A letter", "letter.txt").path.open("rb")},
        )
        assert told.status_code == status, told.content
    narrow = limited(courts, other)
    assert opened(narrow, MAGISTRATES).status_code == 422
    assert opened(narrow, other).status_code == 201
    assert [one["code"] for one in narrow.get("/api/v1/case-types").json()["results"]] == [other]


@pytest.mark.requirement("DOM-13.2")
def test_a_program_sees_nothing_of_other_cases(courts: TwoCourts, other: str) -> None:
    paper = take_document(
        by=courts.actor("clerk"),
        case_id=courts.case.pk,
        section="management",
        incoming=incoming(b"Words of a letter", "letter.txt"),
    )
    for kinds, status in (((other,), 404), ((MAGISTRATES,), 200), ((), 200)):
        client = limited(courts, *kinds)
        for path in (f"cases/{courts.case.pk}", f"documents/{paper.pk}", f"documents/{paper.pk}/content"):
            assert client.get(f"/api/v1/{path}").status_code == status, path
        cases = client.get("/api/v1/cases").json()["results"]
        assert bool(cases) is (status == 200)


def test_jurisdiction_and_kind_must_both_fit() -> None:
    limits = KeyLimits(frozenset({"a"}), frozenset({"crime"}))
    assert limits.admits(case_type="a", jurisdiction="crime")
    assert not limits.admits(case_type="a", jurisdiction="family")
    assert not limits.admits(case_type="b", jurisdiction="crime")
    assert KeyLimits.unpacked(limits.packed) == limits
    assert KeyLimits().packed == ""


def test_the_page_of_a_station_says_what_its_keys_are_for(courts: TwoCourts, other: str) -> None:
    sender, manager = Sender(courts), Client()
    manager.force_login(courts.people["stations"])
    address = f"/intake/stations/{sender.station.pk}/"
    told = {"label": "narrow", "case_types": [other], "jurisdictions": [], "days": 30}
    assert manager.post(f"{address}keys/", told).status_code == 200
    shown = manager.get(address).content.decode()
    assert "All cases" in shown
    kind = CaseType.objects.get(code=other)
    assert sender.station.user.keys.get(label="narrow").limits.case_types == frozenset({other})
    assert kind.name in shown  # beside the key: two are live, so there is no form
