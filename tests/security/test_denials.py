"""Refused attempts are written down like acts, without helping whoever asked (SEC-91, DOM-11.1)."""

import json
import uuid

import pytest
from django.test import Client

from docstore.audit.events import Event
from docstore.audit.models import AuditEvent, AuditPayload
from docstore.audit.verify import verify
from tests.courts import TwoCourts

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SEC-91")]


def written(event: Event) -> list[tuple[AuditEvent, dict[str, object]]]:
    rows = AuditEvent.objects.filter(type=event).order_by("id")
    return [(row, json.loads(bytes(AuditPayload.objects.get(pk=row.pk).payload))) for row in rows]


def api(courts: TwoCourts, who: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {courts.key(who)}"})


def test_asking_for_a_hidden_document_is_written_down(courts: TwoCourts) -> None:
    document = courts.file("a page")
    api(courts, "defence").get(f"/api/v1/documents/{document.pk}")
    [(event, facts)] = written(Event.ACCESS_DENIED)
    assert event.actor == str(courts.people["defence"].pk)
    assert event.document == str(document.pk)
    assert facts == {"what": "GET api-document"}


def test_asking_for_nothing_is_written_down_alike(courts: TwoCourts) -> None:
    nothing = uuid.uuid4()
    api(courts, "defence").get(f"/api/v1/documents/{nothing}")
    assert [event.document for event, _ in written(Event.ACCESS_DENIED)] == [str(nothing)]


def test_doing_what_the_role_may_not_is_written_down(courts: TwoCourts) -> None:
    courts.people.everybody()
    api(courts, "usher").post(
        f"/api/v1/cases/{courts.case.pk}/members",
        {"person": "defence", "role": "defence"},
        content_type="application/json",
    )
    [(event, facts)] = written(Event.ACCESS_DENIED)
    assert (event.case, facts["what"]) == (str(courts.case.pk), "POST api-members")


def test_a_page_that_is_hidden_is_written_down(courts: TwoCourts) -> None:
    person = Client()
    person.force_login(courts.people["defence"])
    person.get(f"/cases/{courts.case.pk}/")
    assert [facts["what"] for _, facts in written(Event.ACCESS_DENIED)] == ["GET case"]


def test_a_case_file_that_is_opened_is_written_down(courts: TwoCourts) -> None:
    api(courts, "clerk").get(f"/api/v1/cases/{courts.case.pk}")
    person = Client()
    person.force_login(courts.people["judge"])
    person.get(f"/cases/{courts.case.pk}/")
    assert [event.case for event, _ in written(Event.CASE_VIEWED)] == [str(courts.case.pk)] * 2


def test_sign_ins_are_written_down_whether_they_succeed_or_not(courts: TwoCourts) -> None:
    client = Client()
    client.post("/sign-in/", {"login": "clerk", "password": "wrong"})
    client.post("/sign-in/", {"login": "nobody-there", "password": "wrong"})
    client.post("/sign-in/", {"login": "clerk", "password": "test-password-1"})
    client.post("/sign-out/")
    assert len(written(Event.SIGN_IN_FAILED)) == 2
    assert [event.actor for event, _ in written(Event.SIGNED_IN)] == [str(courts.people["clerk"].pk)]
    assert len(written(Event.SIGNED_OUT)) == 1
    assert b"nobody-there" not in b"".join(bytes(row.header) for row in AuditEvent.objects.all())
    assert list(verify()) == []
