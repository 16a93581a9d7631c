"""Every kind of job is known to the workers, and each task is one call."""

import pytest

from docstore.core.jobs import JobName
from tests.rules.source import called, under
from workers.pipeline import HANDLERS


@pytest.mark.parametrize("name", list(JobName))
def test_every_job_has_a_worker(name: JobName) -> None:
    assert callable(HANDLERS[name])


def test_no_worker_waits_for_a_job_that_does_not_exist() -> None:
    assert set(HANDLERS) == set(JobName)


def test_every_job_is_enqueued_by_somebody() -> None:
    text = "\n".join(module.text for module in under("docstore", "workers") if module.name != "docstore/core/jobs.py")
    assert [name for name in JobName if f"JobName.{name.name}" not in text.replace("HANDLERS", "")] == []


def test_jobs_are_enqueued_and_never_sent_past_the_queue_of_record() -> None:
    """`delay` and `apply_async` would make the broker the truth."""
    found = [
        module.at(call)
        for module in under("docstore", "workers")
        for call in module.calls()
        if called(call) in ("delay", "apply_async")
    ]
    assert found == []
