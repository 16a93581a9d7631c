"""What a granted request of a person changes on a case: it is sealed, or a party's name gives way to a pseudonym.

Who may is decided by `retention`, which has found the case to be theirs to manage; here the permission is asked again.
"""

import hashlib
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit import actions as audit
from docstore.audit.events import Event
from docstore.cases.actions import case_stream
from docstore.cases.models import Case, Party
from docstore.core.jobs import JobName, enqueue

SHORT = 6


@transaction.atomic
def seal_on_request(*, by: Actor, case_id: UUID, reason: str) -> Case:
    """Seal a case because its use has been restricted: from now on only members named on it open it."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    case = Case.objects.select_for_update().get(pk=case_id)
    if not case.sealed:
        case.sealed = True
        case.save(update_fields=["sealed"])
        _tell(Event.CASE_SEALED, by, case, {"reason": reason})
        _follow(case)
    return case


@transaction.atomic
def pseudonymise_party(*, by: Actor, party_id: UUID, reason: str) -> Party:
    """Put a pseudonym in the place of a party's name, on the case itself. Papers stay as they were filed."""
    by.require(Permission.ANSWER_ERASURE_REQUESTS)
    party = Party.objects.select_for_update().select_related("case").get(pk=party_id)
    party.name = f"Person {hashlib.sha256(str(party.pk).encode()).hexdigest()[:SHORT].upper()}"
    party.note = ""
    party.save(update_fields=["name", "note"])
    _tell(Event.PARTY_PSEUDONYMISED, by, party.case, {"party": str(party.pk), "reason": reason})
    _follow(party.case)
    return party


def _follow(case: Case) -> None:
    enqueue(JobName.SEARCH_INDEX_CASE, subject=f"case:{case.pk}", restricts=True, share=str(case.pk))


def _tell(event: Event, by: Actor, case: Case, facts: dict[str, object]) -> None:
    audit.record(event, stamp=by.stamp, stream=case_stream(case.pk), refs={"case": str(case.pk)}, facts=facts)
