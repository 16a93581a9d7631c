"""The queue of record: nothing is lost, nothing is done twice, nobody is crowded out."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from docstore.core import jobs
from docstore.core.jobs import Job, JobName, JobState, Lane


def enqueue(subject: str = "document:00000000-0000-4000-8000-000000000001", **more: object) -> Job:
    with transaction.atomic():
        return jobs.enqueue(JobName.SEARCH_INDEX, subject=subject, **more)  # type: ignore[arg-type]


def order() -> list[str]:
    taken = []
    while job := jobs.lease(owner="me"):
        taken.append(job.subject)
        jobs.finish(job)
    return taken


@pytest.mark.django_db
def test_a_leased_job_is_not_given_twice() -> None:
    enqueue()

    assert jobs.lease(owner="one") is not None
    assert jobs.lease(owner="two") is None


@pytest.mark.django_db
@pytest.mark.requirement("REL-5")
def test_a_job_whose_worker_died_is_given_again_and_counted() -> None:
    enqueue()
    first = jobs.lease(owner="one")
    assert first is not None
    Job.objects.update(lease_until=time.time() - 1)

    second = jobs.lease(owner="two")

    assert second is not None
    assert second.attempts == 2
    assert not jobs.finish(first), "the one that lost its lease must not count"
    assert jobs.finish(second)


@pytest.mark.django_db
@pytest.mark.requirement("REL-29")
def test_what_kills_its_worker_again_and_again_is_parked_with_a_reason() -> None:
    poison, other = enqueue("document:a"), enqueue("document:b")
    for _ in range(10):
        job = jobs.lease(owner="one", only=poison)
        assert job is not None
        Job.objects.filter(pk=job.pk).update(lease_until=time.time() - 1)

    taken = jobs.lease(owner="one")

    assert taken is not None
    assert taken.pk == other.pk
    poison.refresh_from_db()
    assert poison.state == JobState.PARKED
    assert "10 times" in poison.reason


@pytest.mark.django_db
def test_deaths_of_its_worker_do_not_count_as_faults_of_a_job() -> None:
    enqueue()
    for _ in range(6):
        assert jobs.lease(owner="one") is not None
        Job.objects.update(lease_until=time.time() - 1)

    job = jobs.lease(owner="one")
    assert job is not None
    jobs.fail(job, reason="The scanner is away.", transient=True)

    again = Job.objects.get()
    assert (again.state, again.attempts, again.faults) == (JobState.READY, 7, 1)


@pytest.mark.django_db
def test_a_passing_failure_waits_longer_each_time_and_then_parks(settings: pytest.FixtureRequest) -> None:
    enqueue()
    for attempt in range(1, 5):
        Job.objects.update(not_before=0)
        job = jobs.lease(owner="one")
        assert job is not None
        assert job.attempts == attempt
        jobs.fail(job, reason="The scanner is away.", transient=True)

    assert Job.objects.get().state == JobState.PARKED
    assert Job.objects.get().reason == "The scanner is away."


@pytest.mark.django_db
def test_a_parked_job_can_be_retried_once() -> None:
    job = enqueue()
    leased = jobs.lease(owner="one")
    assert leased is not None
    jobs.fail(leased, reason="Broken.", transient=False)

    jobs.retry(job.pk)

    assert jobs.lease(owner="one") is not None
    with pytest.raises(jobs.JobIsNotParked):
        jobs.retry(job.pk)


@pytest.mark.django_db
def test_papers_for_a_hearing_overtake() -> None:
    enqueue("document:bulk", lane=Lane.BULK)
    enqueue("document:normal")
    enqueue("document:hearing", lane=Lane.HEARING)

    assert order() == ["document:hearing", "document:normal", "document:bulk"]


@pytest.mark.django_db
def test_work_that_waits_is_moved_into_a_faster_lane_in_its_own_order() -> None:
    with transaction.atomic():
        jobs.enqueue(JobName.READING_OPEN, subject="version:heard", share="heard", lane=Lane.HEARING)
        jobs.enqueue(JobName.READING_OPEN, subject="version:other", share="other")
        jobs.enqueue(JobName.READING_OPEN, subject="version:a", share="case")
        jobs.enqueue_pages(JobName.READING_PAGE, subject="version:b", pages=range(1, 7), share="case:long")
        jobs.enqueue_pages(JobName.READING_PICTURE, subject="version:c", pages=[2], share="case", lane=Lane.BULK)
        jobs.enqueue(JobName.SEARCH_INDEX, subject="document:a", share="case")

        assert jobs.hasten(share="case", room="reading", lane=Lane.HEARING) == 8
        assert jobs.hasten(share="case", room="reading", lane=Lane.HEARING) == 0

    moved = ["version:a", *["version:b"] * 6, "version:c"]
    assert order() == ["version:heard", *moved, "version:other", "document:a"]


@pytest.mark.django_db
def test_one_large_scan_does_not_hold_up_many_short_papers() -> None:
    with transaction.atomic():
        jobs.enqueue_pages(JobName.READING_PAGE, subject="version:large", pages=range(1, 601), share="case-a")
        for number in range(50):
            jobs.enqueue(JobName.READING_OPEN, subject=f"version:{number}", share=f"case-{number}")

    taken = order()

    last_short = max(place for place, subject in enumerate(taken) if subject != "version:large")
    assert last_short < 50 + 2 * jobs.PAGES_PER_TURN


@pytest.mark.django_db
def test_the_same_work_waits_once_and_keeps_its_strictest_form() -> None:
    first = enqueue(dedupe="x")
    second = enqueue(dedupe="x", restricts=True, lane=Lane.FIRST)

    assert first.pk == second.pk
    assert jobs.pending_restrictions() == [first.subject]


@pytest.mark.django_db
def test_work_asked_for_while_it_is_being_done_is_done_again() -> None:
    first = enqueue(dedupe="x")
    leased = jobs.lease(owner="one")

    second = enqueue(dedupe="x")

    assert leased is not None
    assert second.pk != first.pk


@pytest.mark.django_db
def test_a_job_is_undone_with_the_change_that_needed_it() -> None:
    def change_that_fails() -> None:
        with transaction.atomic():
            jobs.enqueue(JobName.SEARCH_INDEX, subject="document:x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()

    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("REL-7")
def test_twenty_takers_at_once_get_one_job_once() -> None:
    enqueue()
    taken: list[Job] = []

    def take() -> None:
        try:
            if job := jobs.lease(owner=threading.current_thread().name):
                taken.append(job)
        finally:
            connection.close()

    _all_at_once(take, 20)

    assert len(taken) == 1


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_a_long_job_leased(settings: object) -> None:
    enqueue()
    job = jobs.lease(owner="one")
    assert job is not None
    Job.objects.update(lease_until=0)
    limits = jobs.conf.get().jobs
    object.__setattr__(limits, "heartbeat_seconds", 0.05)

    try:
        with jobs.heartbeat(job):
            time.sleep(0.5)
            assert jobs.lease(owner="two") is None
    finally:
        object.__setattr__(limits, "heartbeat_seconds", 8)


def _all_at_once(act: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=act) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
