"""The whole index, built anew beside the live one while people search and file, and swapped in one step.

Goes through the documents in the order of their ids and notes every so often how far it has come, so that a rebuild
that was killed goes on from there. Memory does not grow with the number of documents.
"""

from datetime import datetime, timedelta
from uuid import UUID

from docstore.access.actor import Actor, system
from docstore.audit.actions import record_alone
from docstore.audit.events import Event
from docstore.core import clock, locks
from docstore.core.jobs import Job, JobName
from docstore.search.engine import Build, configured
from docstore.search.entries import as_of_now, everything
from docstore.search.indexing import index
from docstore.search.models import IndexState, Rebuild

CHECKPOINT_PAGES = 20_000
MOST_ROUNDS = 10
CLOCKS_APART = timedelta(hours=1)


def rebuild(*, by: Actor) -> tuple[int, int]:
    """Build the index anew and swap; go on with one that was interrupted. Return documents and pages.

    What changes meanwhile is brought into the new index before the swap, and what changed during the last step after it.
    """
    with locks.named("search-rebuild"):
        begun = Rebuild.objects.filter(finished_at__isnull=True).order_by("-pk").first()
        with configured().rebuilding(begun.name if begun else None) as build:
            row = begun if begun and begun.name == build.name else _begin(build)
            _fill(build, row)
            since = _catch_up(build, row.since)
        for document_id in _applied(since) | _being_applied():
            index(document_id)
        row.finished_at = clock.now()
        row.save(update_fields=["finished_at"])
        Rebuild.objects.filter(finished_at__isnull=True).delete()
    facts = {"documents": row.documents, "pages": row.pages}
    record_alone(Event.INDEX_REBUILT, stamp=by.stamp, stream="policy", refs={}, facts=facts)
    return row.documents, row.pages


def rebuild_if_needed() -> bool:
    """Rebuild where the live index was built by other rules than these, or where a rebuild was interrupted."""
    interrupted = Rebuild.objects.filter(finished_at__isnull=True).exists()
    state = configured().state()
    if state.current and not interrupted:
        return False
    rebuild(by=system("upkeep"))
    return True


def _begin(build: Build) -> Rebuild:
    return Rebuild.objects.create(name=build.name, since=clock.now(), started_at=clock.now())


def _fill(build: Build, row: Rebuild) -> None:
    """Add every document after the last one noted, and note how far this has come."""
    since_note = 0
    for document, entries in everything(after=row.after):
        build.add((document.index_seq, entry) for entry in entries)
        row.documents, row.pages = row.documents + 1, row.pages + len(entries)
        row.after, since_note = document.pk, since_note + len(entries)
        if since_note >= CHECKPOINT_PAGES:
            build.checkpoint()
            row.save(update_fields=["after", "documents", "pages"])
            since_note = 0
    for state in IndexState.objects.filter(pages=0).order_by("pk").iterator(chunk_size=1000):
        build.mark(str(state.document_id), state.applied)
    build.checkpoint()
    row.save(update_fields=["after", "documents", "pages"])


def _catch_up(build: Build, since: datetime) -> datetime:
    """Bring into the new index what was written to the live one since then; return up to when."""
    for _ in range(MOST_ROUNDS):
        changed, since = _applied(since), clock.now()
        for document_id in changed:
            now = as_of_now(document_id)
            build.replace(str(document_id), now.seq, now.entries)
        if not changed:
            break
    return since


def _applied(since: datetime) -> set[UUID]:
    """Documents whose entries were written to the live index since then.

    Those that bear a time far ahead were written before the clock was set back, and are in the new index already.
    """
    written = IndexState.objects.filter(applied_at__range=(since, clock.now() + CLOCKS_APART))
    return set(written.values_list("document_id", flat=True))


def _being_applied() -> set[UUID]:
    """Documents that a worker may be writing at this moment, to the index that has just been replaced."""
    jobs = Job.objects.waiting().filter(name=JobName.SEARCH_INDEX)
    return {job.subject_id for job in jobs.only("subject")}
