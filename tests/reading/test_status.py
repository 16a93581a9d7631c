"""How far reading has come is seen by whoever may open the document; what fails is tried again, listed, and run again."""

from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from docstore.core import clock, jobs
from docstore.core.jobs import Job, JobName, JobState
from docstore.documents.models import Document
from docstore.intake.actions import take_document
from tests.api.client import Api, drain
from tests.courts import TwoCourts, incoming
from tests.reading import papers
from tests.web.test_pages import signed_in
from workers import pipeline

pytestmark = pytest.mark.django_db(transaction=True)
NOBODY_LISTENS = {"BACKEND": "docstore.reading.scanner.Clamd", "OPTIONS": {"address": "127.0.0.1:9"}}


def take(courts: TwoCourts, raw: bytes, name: str) -> Document:
    return take_document(
        by=courts.actor("clerk"), case_id=courts.case.pk, section="statements", incoming=incoming(raw, name)
    )


def do_next(name: JobName) -> None:
    job = jobs.lease(owner="test")
    assert job is not None
    assert job.name == name
    pipeline.carry_out(job)


def told(courts: TwoCourts, document: Document) -> tuple[str, Any]:
    """What the document's page and the API say of it."""
    page = signed_in(courts, "clerk").get(reverse("document", kwargs={"document_id": document.pk})).content.decode()
    return page, Api(courts, "clerk").get(f"documents/{document.pk}").json()


def second_page_missing(pdf: pikepdf.Pdf) -> None:
    """Where the second page should be there is something else."""
    pdf.Root.Pages.Kids[1] = pdf.make_indirect(pikepdf.Array([1, 2]))


@pytest.mark.requirement("DOM-4.2")
def test_pending_running_and_done_are_told_apart(courts: TwoCourts) -> None:
    document = take(courts, papers.stamped_scan_pdf(3), "scan.pdf")
    page, answer = told(courts, document)
    assert "Waiting to be read" in page
    assert (answer["stage"], answer["pages"]["readable"]) == ("CLEAN", 0)

    do_next(JobName.READING_OPEN)
    do_next(JobName.READING_PAGE)
    do_next(JobName.SEARCH_INDEX)
    page, answer = told(courts, document)
    assert "Reading 1 of 3 pages" in page
    assert (answer["stage"], answer["pages"]["total"], answer["pages"]["readable"]) == ("CLEAN", 3, 1)

    drain()
    page, answer = told(courts, document)
    assert "Searchable" in page
    assert (answer["stage"], answer["partial"], answer["pages"]["searchable"]) == ("SEARCHABLE", False, 3)


@pytest.mark.requirement("DOM-4.2")
def test_partly_read_and_unreadable_say_why(courts: TwoCourts) -> None:
    broken = papers.changed(papers.text_pdf(*[papers.BODY] * 3), second_page_missing)
    partly, failed = take(courts, broken, "broken.pdf"), take(courts, b"ID3\x04\0\0" + bytes(200), "call.mp3")
    drain()

    page, answer = told(courts, partly)
    assert "Partly read" in page
    assert (answer["stage"], answer["partial"], answer["pages"]["failed"]) == ("SEARCHABLE", True, 1)
    assert answer["reason"] == "1 of 2 pages could not be read."
    page, answer = told(courts, failed)
    assert "Cannot be read" in page
    assert answer["stage"] == "UNREADABLE"
    assert "sound recording" in answer["reason"]


@pytest.mark.requirement("DOM-4.2")
def test_what_fails_waits_longer_each_time_is_then_listed_and_runs_again_for_whoever_asks(
    courts: TwoCourts, settings: Any
) -> None:
    usual = settings.DOCSTORE
    settings.DOCSTORE = {**usual, "SCANNER": NOBODY_LISTENS, "JOBS": {**usual["JOBS"], "BACK_OFF_SECONDS": 5}}
    document = take(courts, papers.text_pdf(papers.BODY), "order.pdf")
    waits = []
    for _ in range(3):
        do_next(JobName.READING_CHECK)
        job = Job.objects.get(name=JobName.READING_CHECK)
        waits.append(round(job.not_before - clock.seconds()))
        Job.objects.update(not_before=0)
    assert waits == [5, 10, 20]

    do_next(JobName.READING_CHECK)
    job = Job.objects.get(name=JobName.READING_CHECK)
    assert job.state == JobState.PARKED
    client = signed_in(courts, "clerk")
    listed = client.get(reverse("intake")).content.decode()
    assert document.title in listed
    assert "virus" in told(courts, document)[1]["reason"]

    settings.DOCSTORE = usual
    assert client.post(reverse("retry-job", kwargs={"job_id": job.pk})).status_code == 303
    drain()
    assert told(courts, document)[1]["stage"] == "SEARCHABLE"

    api = Api(courts, "clerk")
    seen = api.get(f"documents/{document.pk}")["ETag"]
    assert api.post(f"documents/{document.pk}/reread", {}, if_match=seen).status_code == 200
    assert told(courts, document)[1]["stage"] == "CLEAN"
    drain()
    assert told(courts, document)[1]["stage"] == "SEARCHABLE"
