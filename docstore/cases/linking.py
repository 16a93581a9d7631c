"""Ending links between cases, and putting several under one lead case (DOM-2.5, DOM-2.11)."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.change import changing, record_on, tell_retention
from docstore.cases.models import Case, CaseLink
from docstore.core import clock
from docstore.core.errors import Conflict, NotFound


class HasALeadAlready(Conflict):
    """The case is under a lead case already. End that first."""

    code = "has-a-lead"


class LeadIsLed(Conflict):
    """The case that you chose as lead is itself under another one. Choose that one instead."""

    code = "lead-is-led"


class LeadsOthers(Conflict):
    """This case leads others. Let them follow the new lead first, one by one."""

    code = "leads-others"


class NotUnderItself(Conflict):
    """A case cannot be under itself. Check the number of the lead case."""

    code = "not-under-itself"


@transaction.atomic
def consolidate_case(*, by: Actor, case_id: UUID, lead_id: UUID, reason: str) -> CaseLink:
    """Put a case under a lead case; a plain link between the two becomes this one."""
    case = changing(by, case_id, Permission.CHANGE_CASES)
    lead = changing(by, lead_id, Permission.CHANGE_CASES)
    _require_one_level(case, lead)
    _between(case, lead).delete()
    link = CaseLink.objects.create(case=lead, other=case, leads=True, reason=reason, made_at=clock.now())
    for one, other in ((case, lead), (lead, case)):
        facts = {"other": str(other.pk), "lead": str(lead.pk), "reason": reason}
        record_on(Event.CASE_CONSOLIDATED, by, one, facts)
    tell_retention(case)
    return link


@transaction.atomic
def unlink_cases(*, by: Actor, case_id: UUID, other_id: UUID, reason: str) -> None:
    """End what links two cases, or take one from under its lead. Each goes on by itself; the history keeps why."""
    case = changing(by, case_id, Permission.CHANGE_CASES)
    other = changing(by, other_id, Permission.CHANGE_CASES)
    link = _between(case, other).first()
    if link is None:
        raise NotFound
    link.delete()
    for one, far in ((case, other), (other, case)):
        record_on(Event.CASE_UNLINKED, by, one, {"other": str(far.pk), "was": link.reason, "reason": reason})
        tell_retention(one)


def _between(case: Case, other: Case) -> QuerySet[CaseLink]:
    return CaseLink.objects.filter(Q(case=case, other=other) | Q(case=other, other=case))


def _require_one_level(case: Case, lead: Case) -> None:
    """One lead, and nothing under what is itself under another: a person must see at once where papers go."""
    if case.pk == lead.pk:
        raise NotUnderItself
    if CaseLink.objects.filter(other=case, leads=True).exists():
        raise HasALeadAlready
    if CaseLink.objects.filter(other=lead, leads=True).exists():
        raise LeadIsLed
    if CaseLink.objects.filter(case=case, leads=True).exists():
        raise LeadsOthers
