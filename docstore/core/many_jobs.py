"""The queue of record for many subjects at a time: the same rows as `jobs` writes, in a few statements.

For acts on hundreds of things in one transaction, where a statement for each would keep everybody else waiting.
"""

from collections import Counter
from collections.abc import Collection, Mapping

from django.db import transaction

from docstore.core import clock
from docstore.core.jobs import Job, JobName, JobState, Lane, after_commit, next_turn


@transaction.atomic
def enqueue_each(name: JobName, *, subjects: Mapping[str, str], lane: Lane, restricts: bool = False) -> None:
    """Write down one piece of work for each subject, given with its mark; one that nobody has begun is reused."""
    if not subjects:
        return
    twins = Job.objects.filter(dedupe__in=list(subjects.values()), state=JobState.READY)
    if restricts:
        twins.update(restricts=True)
    twins.filter(lane__gt=lane).update(lane=lane)
    turn, now = next_turn("", lane), clock.now()
    rows = [
        Job(
            name=name,
            subject=subject,
            lane=lane,
            turn=turn + at,
            dedupe=dedupe,
            restricts=restricts,
            created_at=now,
        )
        for at, (subject, dedupe) in enumerate(subjects.items())
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    after_commit(None, at_once=False)


def cancel_each(subjects: Collection[str]) -> Counter[str]:
    """Drop what nobody has begun for these subjects, because they are gone; return how many for each."""
    rows = Job.objects.filter(subject__in=list(subjects), state__in=[JobState.READY, JobState.PARKED])
    found = dict(rows.values_list("pk", "subject"))
    if found:
        rows = Job.objects.filter(pk__in=found, state__in=[JobState.READY, JobState.PARKED])
        rows.update(state=JobState.DONE, finished_at=clock.now(), reason="No longer needed.")
    return Counter(found.values())
