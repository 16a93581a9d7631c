"""The queue of record.

A job is a row, written in the transaction of the change that needs it. Celery only wakes a worker; which job is done
next is decided here: by lane, then by turn, so that one large scan never holds up many short papers. Losing the broker
loses nothing. Knows names and subjects of jobs, not what they do.
"""

import json
import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Any

from celery import current_app
from django.db import IntegrityError, InterfaceError, OperationalError, connection, models, transaction
from django.db.models import F, Max, Min, Q
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError as BrokerIsDown

from docstore.core import clock, conf
from docstore.core.errors import Conflict

log = logging.getLogger(__name__)

WAKE_UP = "workers.pipeline.work"
PAGES_PER_TURN = 4
SHORTEST_PAUSE = 1.0
OUTAGE_PAUSES = 3
POISON = "The process that worked on this ended {times} times without an answer, so it was set aside."


class JobName(StrEnum):
    """Every kind of work. The part before the dot is the room that does it."""

    INTAKE_CHECK = "intake.check"
    INTAKE_GUARD = "intake.guard"
    INTAKE_PLACE = "intake.place"
    INTAKE_SETTLE = "intake.settle"
    DISPOSAL_CARRY_OUT = "disposal.carry_out"
    DISPOSAL_PURGE = "disposal.purge"
    READING_CHECK = "reading.check"
    READING_OPEN = "reading.open"
    READING_PAGE = "reading.page"
    READING_PICTURE = "reading.picture"
    READING_UNPACK = "reading.unpack"
    RETENTION_FOLLOW_CASE = "retention.follow_case"
    RETENTION_FOLLOW_DOCUMENT = "retention.follow_document"
    RETENTION_RECOMPUTE = "retention.recompute"
    RETENTION_STORAGE_HOLD = "retention.storage_hold"
    RETENTION_TRANSFER = "retention.transfer"
    SEARCH_INDEX = "search.index"
    SEARCH_INDEX_CASE = "search.index_case"


class Lane(IntEnum):
    """Who goes first. Papers for hearings within two days overtake everything else."""

    HEARING = 0
    FIRST = 1
    NORMAL = 2
    BULK = 3


class JobState(StrEnum):
    """Where a job stands. PARKED waits for a person."""

    READY = "READY"
    LEASED = "LEASED"
    DONE = "DONE"
    PARKED = "PARKED"


class JobIsNotParked(Conflict):
    """This job is not waiting for anybody; it may have been retried by someone else. Look at the list again."""

    code = "job-not-parked"


class JobQuerySet(models.QuerySet["Job"]):
    """Questions about the queue."""

    def waiting(self) -> "JobQuerySet":
        """Not finished, parked ones included: their effect has not happened."""
        return self.exclude(state=JobState.DONE)

    def parked(self) -> "JobQuerySet":
        return self.filter(state=JobState.PARKED)

    def takeable(self, *, now: float) -> "JobQuerySet":
        """Ready and due, or leased by somebody who has not been heard of in time."""
        ready = Q(state=JobState.READY, not_before__lte=now)
        lost = Q(state=JobState.LEASED, lease_until__lt=now)
        return self.filter(ready | lost).exclude(name__in=conf.get().jobs.leaves_out)


class Job(models.Model):
    """One piece of work. `subject` names one thing, such as `version:<id>`; `payload` holds ids and numbers only.

    `attempts` counts how often it was begun, `faults` how often that ended in a fault that was told. The rest are deaths of
    its process, which say little about the work.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40, help_text="A JobName; a new one needs no migration.")
    subject = models.CharField(max_length=80)
    payload = models.TextField(default="{}")
    state = models.CharField(max_length=8, choices=[(state, state) for state in JobState], default=JobState.READY)
    lane = models.SmallIntegerField(default=Lane.NORMAL)
    turn = models.BigIntegerField(default=0)
    share = models.CharField(max_length=80, blank=True)
    dedupe = models.CharField(max_length=120, blank=True)
    restricts = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    faults = models.PositiveSmallIntegerField(default=0, db_default=0)
    not_before = models.FloatField(default=0)
    lease_until = models.FloatField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lane", "turn", "id"], name="job_next", condition=~Q(state="DONE")),
            models.Index(fields=["turn"], name="job_turn", condition=~Q(state="DONE")),
            models.Index(fields=["share", "turn"], name="job_share", condition=~Q(state="DONE")),
            models.Index(fields=["subject"], name="job_subject", condition=~Q(state="DONE")),
            models.Index(fields=["restricts"], name="job_restricts", condition=Q(restricts=True) & ~Q(state="DONE")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe"], name="job_one_ready_per_dedupe", condition=Q(state="READY") & ~Q(dedupe="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"

    @property
    def facts(self) -> dict[str, Any]:
        """The payload as a dictionary."""
        facts: dict[str, Any] = json.loads(self.payload)
        return facts

    @property
    def subject_id(self) -> uuid.UUID:
        return uuid.UUID(self.subject.partition(":")[2])


@transaction.atomic
def enqueue(
    name: JobName,
    *,
    subject: str,
    payload: Mapping[str, object] | None = None,
    lane: Lane = Lane.NORMAL,
    share: str = "",
    dedupe: str = "",
    restricts: bool = False,
    at_once: bool = False,
) -> Job:
    """Write down a piece of work in the caller's transaction, and wake a worker after its commit.

    `share` groups jobs that must not crowd out others (a case). With `dedupe`, a job of the same mark that nobody has
    begun is reused. `restricts` marks work whose delay would show something to the wrong person: until it is done,
    search leaves the subject out. `at_once` lets this very process try it right after its commit.
    """
    job = _ready_twin(dedupe, lane=lane, restricts=restricts) if dedupe else None
    if job is None:
        job = _write(
            Job(
                name=name,
                subject=subject,
                payload=json.dumps(dict(payload or {})),
                lane=lane,
                turn=next_turn(share, lane),
                share=share,
                dedupe=dedupe,
                restricts=restricts,
                created_at=clock.now(),
            )
        )
    after_commit(job, at_once=at_once)
    return job


def enqueue_pages(
    name: JobName, *, subject: str, pages: Sequence[int], lane: Lane = Lane.NORMAL, share: str = ""
) -> None:
    """Write down one job per page. A few neighbouring pages share a turn, so one reader serves them in a row."""
    if not pages:
        return
    turn, now = next_turn(share, lane), clock.now()
    rows = [
        Job(
            name=name,
            subject=subject,
            payload=json.dumps({"page": page}),
            lane=lane,
            turn=turn + place // PAGES_PER_TURN,
            share=share,
            dedupe=f"{name} {subject} {page}",
            created_at=now,
        )
        for place, page in enumerate(pages)
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    after_commit(None, at_once=False)


def lease(*, owner: str, only: Job | None = None) -> Job | None:
    """Take the next job, or the given one, for `owner`; None where there is nothing to take just now."""
    now, limits = clock.seconds(), conf.get().jobs
    with transaction.atomic():
        rows = Job.objects.takeable(now=now).order_by("lane", "turn", "id")
        if only is not None:
            rows = rows.filter(pk=only.pk)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        while (job := rows.first()) and job.attempts - job.faults >= limits.deaths:
            job.state, job.reason = JobState.PARKED, POISON.format(times=job.attempts - job.faults)
            job.save(update_fields=["state", "reason"])
        if job is None:
            return None
        job.state, job.lease_owner = JobState.LEASED, owner
        job.lease_until = now + limits.lease_seconds
        job.attempts += 1
        job.save(update_fields=["state", "lease_owner", "lease_until", "attempts"])
        return job


@contextmanager
def heartbeat(job: Job) -> Iterator[None]:
    """Keep the lease alive for as long as the block runs."""
    stop = threading.Event()

    def beat() -> None:
        try:
            while not stop.wait(conf.get().jobs.heartbeat_seconds):
                _prolong(job)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _prolong(job: Job) -> None:
    """One beat. A database that is away or busy for a moment ends no heartbeat: the next beat may come in time."""
    until = clock.seconds() + conf.get().jobs.lease_seconds
    try:
        _held(job).update(lease_until=until)
    except (OperationalError, InterfaceError) as error:
        log.warning("The lease of job %s could not be prolonged: %s", job.pk, error)


def finish(job: Job) -> bool:
    """Mark a leased job as done; False where the lease was lost to somebody else in the meantime."""
    return bool(_held(job).update(state=JobState.DONE, finished_at=clock.now(), reason=""))


def fail(job: Job, *, reason: str, transient: bool) -> None:
    """Give a failed job back: to be tried again later, or parked with a reason that people can read."""
    limits, faults = conf.get().jobs, job.faults + 1
    told = {"reason": reason, "faults": faults}
    if transient and faults < limits.attempts:
        wait = limits.back_off_seconds * 2 ** (faults - 1)
        _held(job).update(state=JobState.READY, not_before=clock.seconds() + wait, dedupe="", **told)
    else:
        _held(job).update(state=JobState.PARKED, finished_at=clock.now(), **told)


def put_off(job: Job, *, reason: str) -> None:
    """Give a job back that met an outage, to be tried soon. That was no attempt: an outage of a day parks nothing."""
    until = clock.seconds() + max(SHORTEST_PAUSE, conf.get().jobs.back_off_seconds * OUTAGE_PAUSES)
    told = {"reason": reason, "attempts": max(0, job.attempts - 1)}
    _held(job).update(state=JobState.READY, not_before=until, dedupe="", **told)


def retry(job_id: int) -> Job:
    """Make a parked job ready again, as if it had never been tried. Raises JobIsNotParked."""
    fresh = {"state": JobState.READY, "attempts": 0, "faults": 0, "not_before": 0.0, "dedupe": ""}
    if not Job.objects.parked().filter(pk=job_id).update(**fresh, finished_at=None):
        raise JobIsNotParked
    job = Job.objects.get(pk=job_id)
    after_commit(job, at_once=False)
    return job


def cancel(*, subject: str) -> int:
    """Drop what nobody has begun for `subject`, because the subject is gone or replaced; return how many."""
    rows = Job.objects.filter(subject=subject, state__in=[JobState.READY, JobState.PARKED])
    return rows.update(state=JobState.DONE, finished_at=clock.now(), reason="No longer needed.")


def hasten(*, share: str, room: str, lane: Lane) -> int:
    """Let what waits of a sharer and its parts (`share:part`) in one room go in a faster lane, in order; return how much."""
    own = Q(share=share) | Q(share__startswith=f"{share}:")
    waiting = Job.objects.filter(own, name__startswith=f"{room}.", state=JobState.READY)
    turn, moved = next_turn(share, lane), 0
    for slower in (one for one in Lane if one > lane):
        rows = waiting.filter(lane=slower)
        ends = rows.aggregate(first=Min("turn"), last=Max("turn"))
        if ends["first"] is not None:
            moved += rows.update(lane=lane, turn=F("turn") + (turn - ends["first"]))
            turn += ends["last"] - ends["first"] + 1
    return moved


def pending_restrictions() -> list[str]:
    """Return the subjects whose restricting jobs have not happened yet: search leaves them out until then."""
    return list(Job.objects.waiting().filter(restricts=True).values_list("subject", flat=True).distinct())


def announce(queue: str | None = None) -> None:
    """Wake a worker, or one that listens elsewhere. The broker may be down: the dispatcher wakes one again within a minute."""
    try:
        current_app.send_task(WAKE_UP, queue=queue, ignore_result=True, retry=False, expires=60)
    except BrokerIsDown as error:
        log.warning(
            "The broker cannot be reached, so no worker was woken; the dispatcher will: %s", type(error).__name__
        )


def announce_waiting() -> int:
    """Wake as many workers as there is work for, up to a few; return how many were called."""
    calls = min(4, Job.objects.takeable(now=clock.seconds())[:4].count())
    for _ in range(calls):
        announce()
    return calls


def forget_done() -> int:
    """Delete jobs finished more than a week ago; their effects are on record elsewhere."""
    old = clock.now() - timedelta(days=7)
    return Job.objects.filter(state=JobState.DONE, finished_at__lt=old).delete()[0]


def this_process() -> str:
    """Name the process that holds a lease, for people who look at the queue."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"


def _held(job: Job) -> JobQuerySet:
    return Job.objects.filter(pk=job.pk, state=JobState.LEASED, lease_owner=job.lease_owner, attempts=job.attempts)


def _write(job: Job) -> Job:
    """Insert `job`; where another transaction has just written its twin, that one serves both."""
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        twin = _ready_twin(job.dedupe, lane=Lane(job.lane), restricts=job.restricts)
        if twin is None:
            raise
        return twin
    return job


def _ready_twin(dedupe: str, *, lane: Lane, restricts: bool) -> Job | None:
    rows = Job.objects.filter(dedupe=dedupe, state=JobState.READY)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    twin = rows.first()
    if twin is not None and (restricts > twin.restricts or lane < twin.lane):
        twin.restricts, twin.lane = twin.restricts or restricts, min(lane, twin.lane)
        twin.save(update_fields=["restricts", "lane"])
    return twin


def next_turn(share: str, lane: Lane) -> int:
    """Start-time fair queueing: behind the sharer's own last job in this lane, never before what is being served now."""
    waiting = Job.objects.filter(state__in=[JobState.READY, JobState.LEASED], lane=lane)
    own = waiting.filter(share=share).aggregate(last=Max("turn"))["last"] if share else None
    served = waiting.aggregate(first=Min("turn"))["first"] or 0
    return served + 1 if own is None else max(own + 1, served)


def after_commit(job: Job | None, *, at_once: bool) -> None:
    if at_once and job is not None:
        run_at_once = import_string(conf.get().jobs.run_at_once)
        transaction.on_commit(lambda: run_at_once(job), robust=True)
    pending = [entry[1] for entry in connection.run_on_commit]
    if announce not in pending:
        transaction.on_commit(announce, robust=True)
