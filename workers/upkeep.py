"""Nightly and hourly tidying: each task is one call."""

from celery import shared_task

from docstore.audit import sealing
from docstore.core import jobs
from docstore.intake import actions as intake
from docstore.intake import upkeep


@shared_task(name="workers.upkeep.forget_requests")
def forget_requests() -> int:
    return intake.forget_old_requests()


@shared_task(name="workers.upkeep.sweep")
def sweep() -> int:
    return upkeep.sweep_incoming() + jobs.forget_done()


@shared_task(name="workers.upkeep.seal")
def seal() -> None:
    sealing.seal()
