"""When a paper was written, received, scanned, sent here and filed are five things, each kept by itself (DOM-3.9)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from docstore.cases.models import Reference, ReferenceKind
from docstore.core import clock
from docstore.documents.models import Document
from docstore.intake.draft_models import Draft
from docstore.intake.drafts import receive_draft
from docstore.intake.suggesting import suggest
from tests.courts import TwoCourts, incoming
from tests.intake.sending import Sender

URN = "45MC1234542"
LETTER = "RECEIVED\nNorthgate Court Office\n12 June 2025\n\nLetter of the tenant, dated 3 June 2025. The door does not close."


@pytest.mark.requirement("DOM-3.9")
def test_the_stamp_is_suggested_beside_the_date_of_the_paper_and_both_are_kept_apart_from_the_filing(
    courts: TwoCourts, client: Client
) -> None:
    draft = receive_draft(by=courts.actor("clerk"), case_id=courts.case.pk, incoming=incoming(LETTER.encode(), "a.txt"))
    assert (draft.dated, draft.received) == ("3 6 2025", "12 6 2025")
    sent = clock.now() - timedelta(days=2)
    Draft.objects.filter(pk=draft.pk).update(created_at=sent)

    client.force_login(courts.people["clerk"])
    said = {"title": "Letter", "section": "statements", "dated": "3 6 2025", "received": "13 6 2025"}
    told = {f"{name}-{draft.pk}": value for name, value in said.items()} | {f"classification-{draft.pk}": "1"}
    client.post(f"/cases/{courts.case.pk}/file/", told | {"do": "file"})

    filed = Document.objects.get()
    assert (filed.dated_on, filed.received_on, filed.scanned_on) == (date(2025, 6, 3), date(2025, 6, 13), None)
    assert filed.received_at == sent
    assert filed.filed_at - sent > timedelta(days=1)
    shown = client.get(f"/documents/{filed.pk}/").content.decode()
    assert "13 June 2025" in shown
    assert "Safe here since" in shown


@pytest.mark.requirement("DOM-3.9")
def test_a_station_says_when_the_post_was_opened_and_scanned(courts: TwoCourts) -> None:
    Reference.objects.create(case=courts.case, kind=ReferenceKind.URN, value=URN)
    sender = Sender(courts)
    sender.send_all(b"A letter.", reference=URN, opened_at="2026-11-18T09:00:00Z", scanned_at="2026-11-20T15:52:00Z")

    filed = Document.objects.get()
    assert (filed.received_on, filed.scanned_on) == (date(2026, 11, 18), date(2026, 11, 20))
    assert filed.received_at is not None
    assert filed.received_at <= filed.filed_at


@pytest.mark.requirement("DOM-3.9")
def test_whoever_files_through_the_api_says_when_it_was_received_and_staff_put_it_right(
    courts: TwoCourts, client: Client
) -> None:
    bearer = {"Authorization": f"Bearer {courts.key('clerk')}"}
    given = {"section": "statements", "dated_on": "2025-06-03", "received_on": "2025-06-12"}
    file = incoming(b"Statement", "b.txt")
    with file.path.open("rb") as content:
        path = f"/api/v1/cases/{courts.case.pk}/documents"
        answer = client.post(path, {**given, "file": content}, headers={**bearer, "Idempotency-Key": "one"}).json()
    assert (answer["dated_on"], answer["received_on"], answer["scanned_on"]) == ("2025-06-03", "2025-06-12", None)
    assert answer["received_at"][:10] == answer["filed_at"][:10]

    client.force_login(courts.people["clerk"])
    page = f"/documents/{answer['id']}/acts/amend/"
    seen = Document.objects.get().etag
    client.post(page, {"title": answer["title"], "received_on": "11 6 2025", "dated_on": "3 6 2025", "reason": "Misread stamp", "seen": seen})  # fmt: skip
    assert Document.objects.get().received_on == date(2025, 6, 11)


def test_a_stamp_that_is_still_to_come_is_none_and_never_the_date_of_the_paper() -> None:
    read = suggest(["Received 12 June 2027"], sections=["statements"], parties=[], today=date(2026, 1, 1))
    assert (read.dated_on, read.received_on) == (None, None)
