"""Questions about what waits for a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from docstore.access.permissions import Permission
from docstore.cases.models import Case
from docstore.cases.scope import Scope
from docstore.core.jobs import Job
from docstore.documents.models import Document, Version
from docstore.documents.visibility import visible_to
from docstore.intake.models import NonScannable


@dataclass(frozen=True, slots=True)
class Parked:
    """A piece of work that stopped, on a document that this person may open."""

    job_id: int
    name: str
    reason: str
    attempts: int
    since: datetime
    document: Document
    page: int | None


def parked(scope: Scope, *, limit: int = 200) -> list[Parked]:
    """Return what stopped and waits, the oldest first; empty for those who may not decide on it."""
    if not scope.may(Permission.MANAGE_JOBS):
        return []
    jobs = list(Job.objects.parked().order_by("id")[:limit])
    owners = _documents_of(jobs)
    seen = {one.pk: one for one in visible_to(scope).filter(pk__in=owners.values())}
    return [_shown(one, seen[owners[one.pk]]) for one in jobs if owners.get(one.pk) in seen]


def things_on(scope: Scope, case: Case) -> list[NonScannable]:
    """Return what came with a case's papers and cannot be scanned, for court staff: what stations send is theirs first."""
    return list(NonScannable.objects.filter(case=case)) if scope.actor.is_court_staff else []


def _documents_of(jobs: list[Job]) -> dict[int, UUID]:
    """The document that each job is about; jobs about whole cases are the operator's."""
    kinds = {one.pk: one.subject.partition(":")[0] for one in jobs}
    versions = [one.subject_id for one in jobs if kinds[one.pk] == "version"]
    of_version = dict(Version.objects.filter(pk__in=versions).values_list("pk", "document_id"))
    found: dict[int, UUID] = {}
    for one in jobs:
        if kinds[one.pk] == "document":
            found[one.pk] = one.subject_id
        elif kinds[one.pk] == "version" and one.subject_id in of_version:
            found[one.pk] = of_version[one.subject_id]
    return found


def _shown(job: Job, document: Document) -> Parked:
    page = job.facts.get("page")
    return Parked(job.pk, job.name, job.reason, job.attempts, job.created_at, document, int(page) if page else None)
