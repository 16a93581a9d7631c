"""The door: what is taken, what is asked about, what is refused, and what a retry does."""

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from docstore.core.jobs import Job
from docstore.documents.models import Document, Stage
from docstore.intake import actions, quotas
from docstore.intake.actions import AlreadyFiled, KeyReused, StillAtWork, claim_request, take_document
from docstore.intake.quotas import DayIsFull, TooManyAtOnce
from docstore.reading.refusals import EmptyFile
from tests.courts import TwoCourts, build_courts, incoming


def take(courts: TwoCourts, content: bytes, *, by: str = "clerk", **more: Any) -> Document:
    file = incoming(content, more.pop("name", "letter.txt"), None)
    return take_document(by=courts.actor(by), case_id=courts.case.pk, section="statements", incoming=file, **more)


@pytest.mark.requirement("DOM-3.1")
def test_a_version_keeps_what_was_sent(courts: TwoCourts) -> None:
    document = take(courts, b"Dear Sir, the door was open.", name="A letter.txt")

    version = document.versions.get()

    assert (version.number, version.bytes, version.original_name, version.media_type) == (
        1,
        28,
        "A letter.txt",
        "text/plain",
    )
    assert version.sha256 in version.key
    assert (version.stage, version.pages_readable) == (Stage.READABLE, 1)


@pytest.mark.requirement("DOM-1.10")
def test_a_refusal_keeps_nothing(courts: TwoCourts) -> None:
    with pytest.raises(EmptyFile):
        take(courts, b"")

    assert not Document.objects.exists()
    assert not Job.objects.filter(name__startswith="reading.").exists()


@pytest.mark.requirement("DOM-3.7")
def test_the_same_bytes_on_a_case_are_asked_about_until_staff_confirm(courts: TwoCourts) -> None:
    first = take(courts, b"The same letter twice.", title="First")

    with pytest.raises(AlreadyFiled, match="First"):
        take(courts, b"The same letter twice.")
    second = take(courts, b"The same letter twice.", confirmed=["already-filed"])

    assert first.pk != second.pk
    assert second.versions.get().confirmed == "already-filed"


@pytest.mark.requirement("DOM-3.7")
def test_what_somebody_may_not_see_is_not_told_as_a_duplicate(courts: TwoCourts) -> None:
    take(courts, b"Private to the bench.", by="clerk", title="Note")
    Document.objects.update(sealed=True)

    assert take(courts, b"Private to the bench.", by="listing").pk


@pytest.mark.requirement("REL-23")
def test_a_key_answers_again_and_belongs_to_one_request(courts: TwoCourts) -> None:
    actor, key = courts.actor("clerk"), str(uuid.uuid4())
    claim = claim_request(by=actor, route="r", key=key, request_sha256="a" * 64)
    with pytest.raises(StillAtWork):
        claim_request(by=actor, route="r", key=key, request_sha256="a" * 64)
    document = take(courts, b"Once only.", claim=claim)

    again = claim_request(by=actor, route="r", key=key, request_sha256="a" * 64)

    assert again.answer == document.pk
    with pytest.raises(KeyReused):
        claim_request(by=actor, route="r", key=key, request_sha256="b" * 64)


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("WIN-2")
def test_fifty_at_once_with_one_key_make_one_document() -> None:
    courts = build_courts()
    actor, key = courts.actor("clerk"), str(uuid.uuid4())
    answers: list[object] = []

    def send() -> None:
        try:
            while True:
                try:
                    claim = claim_request(by=actor, route="r", key=key, request_sha256="a" * 64)
                except StillAtWork:
                    threading.Event().wait(0.05)
                    continue
                answers.append(claim.answer or take(courts, b"Fifty times.", claim=claim).pk)
                return
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert Document.objects.count() == 1


def chosen(settings: Any, **intake: int) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "INTAKE": {**settings.DOCSTORE["INTAKE"], **intake}}


@pytest.mark.requirement("SEC-18")
def test_a_person_files_so_much_a_day_and_holds_up_nobody_else(courts: TwoCourts, settings: Any) -> None:
    chosen(settings, PERSON_DAY_FILES=2)
    for content in (b"The first letter.", b"The second letter."):
        take(courts, content)
    with pytest.raises(DayIsFull):
        take(courts, b"The third letter.")
    assert take(courts, b"A colleague's letter.", by="adviser").pk
    chosen(settings, PERSON_DAY_FILES=9, PERSON_DAY_BYTES=40)
    with pytest.raises(DayIsFull):
        take(courts, b"The third letter.")
    chosen(settings, PERSON_DAY_BYTES=400)
    assert take(courts, b"The third letter.").pk


@pytest.mark.requirement("SEC-18")
def test_a_person_sends_so_many_files_at_once(courts: TwoCourts, settings: Any) -> None:
    chosen(settings, PERSON_PARALLEL=1)
    clerk, begun, done = courts.actor("clerk"), threading.Event(), threading.Event()

    def hold() -> None:
        with quotas.one_of_few(clerk):
            begun.set()
            done.wait(30)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    try:
        assert begun.wait(30)
        with pytest.raises(TooManyAtOnce):
            take(courts, b"One file too many.")
    finally:
        done.set()
        other.join()
    assert take(courts, b"One file too many.").pk


@pytest.mark.requirement("REL-26", "SEC-25")
def test_while_the_scanner_is_away_a_paper_waits_and_nobody_opens_it(courts: TwoCourts, settings: Any) -> None:
    address = {"BACKEND": "docstore.reading.scanner.Clamd", "OPTIONS": {"address": "127.0.0.1:9"}}
    settings.DOCSTORE = {**settings.DOCSTORE, "SCANNER": address}

    version = take(courts, b"Waits for its verdict.").versions.get()

    assert version.stage == Stage.RECEIVED
    assert "virus check" in version.stage_reason
    assert not version.is_served
    assert Job.objects.get(name__startswith="reading.").name == "reading.check"


def test_old_keys_are_forgotten(courts: TwoCourts) -> None:
    claim_request(by=courts.actor("clerk"), route="r", key="old", request_sha256="a" * 64)
    actions.IdempotentRequest.objects.update(created_at="2020-01-01T00:00:00Z")

    assert actions.forget_old_requests() == 1
