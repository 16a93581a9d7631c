"""From a wake-up to finished jobs. A task carries nothing; what is to be done is read from the queue of record."""

import logging
from collections.abc import Callable, Mapping

from celery import shared_task
from celery.signals import worker_process_init
from django.db import close_old_connections

from docstore.core import clock, conf, failpoints, jobs
from docstore.core.errors import Refusal
from docstore.core.jobs import Job, JobName, Lane
from docstore.intake import checking, guarding, placing, settling
from docstore.reading import actions as reading
from docstore.reading import attachments, drawing, readers
from docstore.reading.faults import ReadingFault
from docstore.search import actions as search
from workers import lifecycle

log = logging.getLogger(__name__)

LONGEST_SECONDS = 60
# Where the disposal worker listens, if it is a process of its own (ops/policies).
DISPOSAL = "disposal"

HANDLERS: Mapping[JobName, Callable[[Job], object]] = {
    JobName.DISPOSAL_CARRY_OUT: lifecycle.carry_out_list,
    JobName.DISPOSAL_PURGE: lifecycle.purge_index,
    JobName.INTAKE_CHECK: lambda job: checking.check_item(job.subject_id),
    JobName.INTAKE_GUARD: lambda job: guarding.look_again(job.subject_id),
    JobName.INTAKE_PLACE: lambda job: placing.place_item(job.subject_id),
    JobName.INTAKE_SETTLE: lambda job: settling.settle_batch(job.subject_id),
    JobName.READING_CHECK: lambda job: reading.check(job.subject_id, lane=Lane(job.lane)),
    JobName.READING_OPEN: lambda job: reading.open_version(job.subject_id, lane=Lane(job.lane)),
    JobName.READING_PAGE: lambda job: reading.read_page(job.subject_id, int(job.facts["page"])),
    JobName.RETENTION_FOLLOW_CASE: lifecycle.follow_case,
    JobName.RETENTION_FOLLOW_DOCUMENT: lifecycle.follow_document,
    JobName.RETENTION_RECOMPUTE: lifecycle.recompute,
    JobName.RETENTION_STORAGE_HOLD: lifecycle.follow_hold,
    JobName.RETENTION_TRANSFER: lifecycle.tend_transfer,
    JobName.READING_UNPACK: lambda job: attachments.unpack(job.subject_id),
    JobName.READING_PICTURE: lambda job: drawing.draw_in_turn(
        job.subject_id, int(job.facts["page"]), int(job.facts.get("last", job.facts["page"]))
    ),
    JobName.SEARCH_INDEX: lambda job: search.index(job.subject_id),
    JobName.SEARCH_INDEX_CASE: lambda job: search.index_case(job.subject_id),
}


@worker_process_init.connect
def warm_reader(**_: object) -> None:
    """Have a reading child ready before the first page comes."""
    readers.of_process().warm()


@shared_task(name=jobs.WAKE_UP)
def work() -> int:
    """Do jobs, best first, until there are none or the minute is over; return how many were done."""
    until, done = clock.monotonic() + LONGEST_SECONDS, 0
    while clock.monotonic() < until:
        job = jobs.lease(owner=jobs.this_process())
        if job is None:
            return done
        carry_out(job)
        done += 1
    jobs.announce()
    return done


def carry_out(job: Job) -> None:
    """Do one leased job and say how it ended."""
    handler = HANDLERS[JobName(job.name)]
    failpoints.reach(f"job-{job.name}-{job.attempts}")
    try:
        with jobs.heartbeat(job):
            handler(job)
    except (Refusal, ReadingFault) as problem:
        if getattr(problem, "is_outage", False):
            jobs.put_off(job, reason=str(problem))
        else:
            jobs.fail(job, reason=str(problem), transient=getattr(problem, "transient", True))
    except Exception as error:
        log.exception("Job %s (%s) failed", job.pk, job.name)
        reason = f"An unexpected fault ({type(error).__name__}). Retry it; if it comes back, tell support job {job.pk}."
        jobs.fail(job, reason=reason, transient=True)
    else:
        jobs.finish(job)


def run_at_once(job: Job) -> None:
    """Try a job in the process that announced it, right after its commit; what fails stays for a worker."""
    leased = jobs.lease(owner=jobs.this_process(), only=job)
    if leased is not None:
        carry_out(leased)


@shared_task(name="workers.pipeline.dispatch")
def dispatch() -> None:
    """Wake workers for whatever waits: the answer to lost messages, lost leases and a broker that was down."""
    close_old_connections()
    jobs.announce_waiting()
    if not conf.get().removes:
        jobs.announce(DISPOSAL)
