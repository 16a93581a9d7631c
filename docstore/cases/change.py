"""What every act on a case shares: the gate and the lock before it, the row and the audit after it."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.actions import record
from docstore.audit.events import Event
from docstore.cases.lifecycle import gone
from docstore.cases.models import Case
from docstore.cases.queries import get_case, is_heard_soon
from docstore.cases.scope import Scope
from docstore.core.errors import Forbidden
from docstore.core.jobs import JobName, Lane, enqueue, hasten


def case_stream(case_id: UUID) -> str:
    """The audit stream of one case."""
    return f"case:{case_id}"


def changing(by: Actor, case_id: UUID, permission: Permission) -> Case:
    """Return the case, locked, if the actor may do this to it: hidden ones are not found, others may be forbidden."""
    scope = Scope.of(by)
    case = get_case(scope, case_id)
    if not scope.allows_on(case, permission):
        raise Forbidden
    return locked(case.pk)


def locked(case_id: UUID) -> Case:
    """Return a case that somebody may change, locked; raise where its destruction has begun."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("court", "case_type")
    held = rows.get(pk=case_id)
    if held.is_gone:  # its destruction began between our look and our lock
        raise gone(held.certificate)
    return held


def save(case: Case) -> None:
    """Store a change of the case under the next change number."""
    case.changed = F("changed") + 1
    case.save()
    case.refresh_from_db()


def hurry_papers(case: Case) -> None:
    """Have the papers of a case that is heard within two days read before all others, though they came before its listing."""
    if is_heard_soon(case.pk):
        hasten(share=str(case.pk), room="reading", lane=Lane.HEARING)


def tell_retention(case: Case) -> None:
    """What a case is, and whether it is closed, decides how long it is kept: retention looks at it again."""
    name = JobName.RETENTION_FOLLOW_CASE
    enqueue(name, subject=f"case:{case.pk}", lane=Lane.NORMAL, dedupe=f"{name} {case.pk}", at_once=True)


def record_on(event: Event, by: Actor, case: Case, facts: Mapping[str, object]) -> None:
    record(event, stamp=by.stamp, stream=case_stream(case.pk), refs={"case": str(case.pk)}, facts=facts)
