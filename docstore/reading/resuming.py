"""Reading that stands still: versions that are neither finished nor waited for by any job.

Jobs are written with the change that needs them, so there should never be one. This is for what nobody has thought of.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from docstore.core.jobs import Job, JobName, Lane, enqueue
from docstore.documents.models import Stage, Version

log = logging.getLogger(__name__)

STANDS_STILL = timedelta(minutes=5)
MOST_AT_ONCE = 500


def take_up_what_stands_still(*, now: datetime) -> int:
    """Begin anew with the oldest of them; return how many. What is parked waits for a person and is left alone."""
    unfinished = Version.objects.filter(stage__in=(Stage.RECEIVED, Stage.CLEAN), filed_at__lt=now - STANDS_STILL)
    versions = {f"version:{one.pk}": one for one in unfinished.order_by("filed_at")[:MOST_AT_ONCE]}
    waited_for = set(Job.objects.waiting().filter(subject__in=versions).values_list("subject", flat=True))
    still = [one for subject, one in versions.items() if subject not in waited_for]
    for version in still:
        log.error("Version %s stood still as %s and is taken up again", version.pk, version.stage)
        _begin_again(version)
    return len(still)


@transaction.atomic
def _begin_again(version: Version) -> None:
    name = JobName.READING_CHECK if version.stage == Stage.RECEIVED else JobName.READING_OPEN
    enqueue(name, subject=f"version:{version.pk}", lane=Lane.NORMAL, dedupe=f"{name} {version.pk}")
