"""Where the audit cannot be written nothing happens at the door either, and whoever asked is told so (REL-48)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from docstore.core import jobs
from docstore.core.jobs import Job, JobName, JobState
from docstore.documents.models import Document
from docstore.intake import exceptions
from docstore.intake.models import (
    Batch,
    IdempotentRequest,
    IntakeEvent,
    IntakeException,
    Item,
    Station,
)
from tests.courts import TwoCourts
from tests.intake.sending import Sender, drain_intake, item, manifest
from workers import pipeline

pytestmark = pytest.mark.django_db

LETTER = b"A letter that names no case."
WATCHED = (Batch, Document, IntakeEvent, IntakeException, Item, Job, Station)


@pytest.fixture
def sender(courts: TwoCourts) -> Sender:
    made = Sender(courts)
    made._client.raise_request_exception = False
    return made


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row that the door writes; what is counted of a station's key is no act."""
    return {one.__name__: list(one._default_manager.order_by("pk").values()) for one in WATCHED}


def no_audit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE docstore_auditpayload RENAME TO docstore_auditpayload_gone")


def opening(sender: Sender) -> Callable[[], Any]:
    return lambda: sender.post("batches", manifest(sender.court.code, LETTER))


def sending(sender: Sender) -> Callable[[], Any]:
    batch = sender.open(LETTER)
    return lambda: sender.put(batch, 1, LETTER)


def amending(sender: Sender) -> Callable[[], Any]:
    batch = sender.open(LETTER)
    seen = sender.get(f"batches/{batch}")["ETag"]
    return lambda: sender.patch(f"batches/{batch}", {"items": [item(1, b"Another")]}, If_Match=seen)


def closing(sender: Sender) -> Callable[[], Any]:
    batch = sender.open(LETTER)
    sender.put(batch, 1, LETTER)
    return lambda: sender.post(f"batches/{batch}/close")


@pytest.mark.requirement("REL-48")
@pytest.mark.parametrize("act", [opening, sending, amending, closing])
def test_an_act_of_a_station_does_not_happen_and_is_answered_so(sender: Sender, act: Any) -> None:
    attempt = act(sender)
    before = everything()
    no_audit()
    answer = attempt()
    assert answer.status_code >= 500, answer.content
    assert everything() == before
    assert (
        not IdempotentRequest.objects.filter(route="batches", answer__isnull=False).exclude(answer__in=known()).exists()
    )


def known() -> list[UUID]:
    return list(Batch.objects.values_list("pk", flat=True))


@pytest.mark.requirement("REL-48")
@pytest.mark.parametrize("step", [JobName.INTAKE_PLACE, JobName.INTAKE_SETTLE])
def test_a_step_of_a_worker_does_not_happen_and_is_tried_again(sender: Sender, step: JobName) -> None:
    batch = sender.open(LETTER)
    sender.put(batch, 1, LETTER)
    sender.post(f"batches/{batch}/close")
    steps = Job.objects.waiting().filter(name__startswith="intake.")
    while other := steps.exclude(name__in=[step, JobName.INTAKE_SETTLE]).first():
        carry_out(other)
    job = steps.get(name=step)
    before = everything()
    no_audit()
    carry_out(job)
    after = everything()
    assert {**after, "Job": []} == {**before, "Job": []}
    job.refresh_from_db()
    assert (job.state, job.faults) == (JobState.READY, 1)
    assert job.reason


def carry_out(job: Job) -> None:
    leased = jobs.lease(owner="test", only=job)
    assert leased is not None
    pipeline.carry_out(leased)


@pytest.mark.requirement("REL-48")
def test_a_decision_of_a_person_does_not_happen(courts: TwoCourts, sender: Sender) -> None:
    batch = sender.open(LETTER)
    sender.put(batch, 1, LETTER)
    sender.post(f"batches/{batch}/close")
    drain_intake()
    waiting, before = IntakeException.objects.get(), everything()
    no_audit()
    with pytest.raises(DatabaseError):
        exceptions.attach(
            by=courts.actor("clerk"), exception_id=waiting.pk, case_id=courts.case.pk, reason="Read by me."
        )
    assert everything() == before
