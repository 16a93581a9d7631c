"""Cases that have lain open for years: proposed for closing, with what speaks for it, and closed by a person alone (RET-C16)."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.cases.models import Case, CaseStatus, Hearing
from docstore.core import clock, conf
from docstore.core.errors import NotFound
from docstore.documents.models import Filing
from docstore.retention import actions
from docstore.retention.models import ClosureProposal
from docstore.retention.reach import case_seen
from docstore.retention.trail import tell
from docstore.retention.vocabulary import Record, RecordKind

MOST_A_NIGHT = 500
# How far the last sign of life is to be trusted: a hearing that was held says more than a paper that came in.
BY_HEARING, BY_PAPER, BY_OPENING = 70, 60, 40


def propose(*, by: Actor) -> int:
    """Propose cases that were opened years ago and have seen nothing since; return how many are new."""
    limit = _years_back(clock.today(), conf.get().retention.stale_years)
    since = clock.now() - (clock.today() - limit)
    papers = Filing.objects.filter(case=OuterRef("pk"), filed_at__gte=since)
    hearings = Hearing.objects.filter(case=OuterRef("pk"), starts_at__gte=since)
    known = ClosureProposal.objects.filter(case=OuterRef("pk")).filter(
        Q(decided_at__isnull=True) | Q(decided_at__gte=since)
    )
    rows = Case.objects.filter(status=CaseStatus.OPEN, opened_on__lt=limit)
    rows = rows.filter(~Q(Exists(papers)), ~Q(Exists(hearings)), ~Q(Exists(known)))
    found = rows.annotate(heard=Max("hearings__starts_at"), filed=Max("filings__filed_at")).order_by("opened_on", "pk")
    count = 0
    for case in found[:MOST_A_NIGHT]:
        told = ((case.filed, BY_PAPER), (case.heard, BY_HEARING))
        signs = [(at.astimezone(clock.COURT_ZONE).date(), trust) for at, trust in told if at]
        last, trust = max(signs, default=(case.opened_on, BY_OPENING))
        _propose(case.pk, last, trust, by=by)
        count += 1
    return count


def proposal_seen(by: Actor, proposal_id: int) -> ClosureProposal:
    """Return a proposal that waits for a decision, to somebody who may take it; raise NotFound."""
    row = ClosureProposal.objects.filter(pk=proposal_id, decided_at__isnull=True).first()
    if row is None:
        raise NotFound
    case_seen(by, row.case, Permission.RECORD_TRIGGERS)
    return row


@transaction.atomic
def decide(*, by: Actor, proposal_id: int, accepted: bool, outcome: str, reason: str) -> ClosureProposal:
    """Close the case as proposed, or say that it stays open. What was inferred stays marked as inferred."""
    row = ClosureProposal.objects.select_for_update().filter(pk=proposal_id, decided_at__isnull=True).first()
    if row is None:
        raise NotFound
    case_seen(by, row.case, Permission.RECORD_TRIGGERS)
    row.decided_at, row.decided_by, row.accepted = clock.now(), by.user_id, accepted
    row.save(update_fields=["decided_at", "decided_by", "accepted"])
    if accepted:
        actions.close_unread_case(
            by=by,
            case_id=row.case,
            closed_on=row.last_activity_on,
            outcome=outcome,
            reason=reason,
            confidence=row.confidence,
        )
    facts = {"proposal": row.pk, "accepted": accepted, "reason": reason}
    tell(Event.CASE_CLOSING_DECIDED, by, Record(RecordKind.CASE, row.case), facts)
    return row


def _years_back(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


@transaction.atomic
def _propose(case_id: UUID, last: date, trust: int, *, by: Actor) -> None:
    ClosureProposal.objects.create(case=case_id, last_activity_on=last, confidence=trust, proposed_at=clock.now())
    facts = {"last_activity_on": last.isoformat(), "confidence": trust}
    tell(Event.CASE_CLOSING_PROPOSED, by, Record(RecordKind.CASE, case_id), facts)
