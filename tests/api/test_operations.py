"""What those who run the service and write clients for it rely on (DOM-13): description, versions, figures, leases, ranges."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from docstore.core import clock, jobs
from docstore.core.jobs import Job, JobName, JobState
from tests.courts import TwoCourts

pytestmark = pytest.mark.django_db


def api(courts: TwoCourts, who: str = "clerk") -> Client:
    return Client(headers={"Authorization": f"Bearer {courts.key(who)}"})


@pytest.mark.requirement("DOM-13.1")
def test_the_contract_is_described_versioned_paged_and_answers_problems(courts: TwoCourts) -> None:
    client, case = api(courts), f"/api/v1/cases/{courts.case.pk}/documents"
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    for number in range(3):
        courts.file(f"paper {number}")
    first = client.get(f"{case}?limit=2").json()
    rest = client.get(f"{case}?limit=2&cursor={first['next']}").json()
    assert [len(first["results"]), len(rest["results"]), rest["next"]] == [2, 1, None]
    link = client.get(f"{case}?limit=2").headers["Link"]
    assert client.get(link[1 : link.index(">")]).json() == rest
    refused = client.get(f"/api/v1/documents/{uuid.uuid4()}")
    assert refused["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "retryable", "request_id"} <= set(refused.json())


@pytest.mark.requirement("DOM-13.1")
def test_who_asks_too_often_is_told_when_to_come_back_and_others_are_served(courts: TwoCourts, settings: Any) -> None:
    settings.DOCSTORE = {**settings.DOCSTORE, "LIMITS": {**settings.DOCSTORE["LIMITS"], "REQUESTS_PER_MINUTE": 2}}
    asked = [api(courts, who).get("/api/v1/me") for who in ("clerk", "clerk", "clerk", "judge")]
    assert [one.status_code for one in asked] == [200, 200, 429, 200]
    assert int(asked[2].headers["Retry-After"]) >= 1


@pytest.mark.requirement("DOM-13.4")
def test_figures_say_how_deep_the_queue_is_and_what_stopped(courts: TwoCourts) -> None:
    assert [Client().get(f"/{probe}").status_code for probe in ("livez", "readyz", "startupz")] == [200] * 3
    Job.objects.all().delete()
    for state in (JobState.READY, JobState.READY, JobState.PARKED):
        Job.objects.create(name=JobName.READING_PAGE, subject="version:x", state=state, created_at=clock.now())
    told = api(courts, "support").get("/api/v1/metrics", headers={"Accept": "text/plain"})
    assert told["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = told.content.decode().splitlines()
    assert 'docstore_jobs_waiting{name="reading.page"} 3' in lines
    assert "docstore_jobs_parked 1" in lines
    assert "docstore_exceptions_waiting 0" in lines
    assert api(courts, "judge").get("/api/v1/metrics").status_code == 403


@pytest.mark.requirement("DOM-13.4")
def test_one_worker_does_a_task_and_another_takes_up_what_was_left(
    courts: TwoCourts, monkeypatch: pytest.MonkeyPatch
) -> None:
    Job.objects.all().delete()
    Job.objects.create(name=JobName.READING_PAGE, subject="version:x", created_at=clock.now())
    first = jobs.lease(owner="one")
    assert first is not None
    assert jobs.lease(owner="two") is None
    later = clock.seconds() + timedelta(minutes=5).total_seconds()
    monkeypatch.setattr(clock, "seconds", lambda: later)
    again = jobs.lease(owner="two")
    assert again is not None
    assert (again.pk, jobs.finish(first), jobs.finish(again)) == (first.pk, False, True)


@pytest.mark.requirement("DOM-13.5")
def test_bytes_come_from_us_alone_in_any_range(courts: TwoCourts) -> None:
    """No link to the storage is ever handed out; a part of a paper is asked of the product, and allowed anew each time."""
    document = courts.file("0123456789")
    client, place = api(courts), f"/api/v1/documents/{document.pk}/content"

    def content(**headers: str) -> tuple[int, bytes]:
        answer: Any = client.get(place, headers=headers)
        return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content

    whole = content()
    assert whole[0] == 200
    assert content(Range="bytes=2-4") == (206, whole[1][2:5])
    assert content(Range=f"bytes={len(whole[1])}-")[0] == 416
    told = client.get(f"/api/v1/documents/{document.pk}").content.decode()
    assert not any(word in told.lower() for word in ("http://", "https://", "x-amz-", "signature"))
