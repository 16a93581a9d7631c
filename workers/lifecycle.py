"""The life of records: the night's pass, and the jobs that other rooms announce when a case or a paper changes."""

from celery import shared_task

from docstore.access.actor import system
from docstore.core.jobs import Job
from docstore.retention import actions, execution, nightly, packaging, storage_holds, storage_locks, tending
from docstore.search import actions as search


@shared_task(name="workers.lifecycle.pass_night")
def pass_night() -> int:
    return nightly.pass_night().changed


@shared_task(name="workers.lifecycle.reconcile")
def reconcile() -> int:
    return len(nightly.reconcile().changes)


@shared_task(name="workers.lifecycle.keep_locks")
def keep_locks() -> int:
    return storage_locks.keep_locks().looked_at


@shared_task(name="workers.lifecycle.tend_lists")
def tend_lists() -> int:
    return tending.tend()


def carry_out_list(job: Job) -> None:
    execution.take_turn(job.subject_id)


def purge_index(job: Job) -> None:
    search.expunge()


def follow_case(job: Job) -> None:
    actions.follow_case(by=system("retention"), case_id=job.subject_id)


def follow_document(job: Job) -> None:
    actions.follow_document(by=system("retention"), document_id=job.subject_id)


def recompute(job: Job) -> None:
    nightly.recompute_run(int(job.subject.partition(":")[2]))


def tend_transfer(job: Job) -> None:
    packaging.tend(job.subject_id)


def follow_hold(job: Job) -> None:
    storage_holds.follow_hold(job.subject_id)
