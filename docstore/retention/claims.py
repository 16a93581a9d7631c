"""The point of no return: one short transaction in which everything is looked at again under lock (design T2–T4).

Before its commit nothing has been touched and all can be cancelled; after it the record is gone for every reader and
only copies that are left can still be halted.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from docstore.access.actor import Actor
from docstore.audit import actions as audit
from docstore.audit.events import Event
from docstore.cases.actions import case_stream
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.jobs import cancel
from docstore.documents.change import follow_in_index
from docstore.documents.models import Document, Version
from docstore.retention import facts, gate, holds, queries, transfers
from docstore.retention.disposal_models import (
    BEGUN,
    OFF_SCHEDULE,
    DestructionTarget,
    DisposalList,
    Ground,
    ItemState,
    ListItem,
    ListStatus,
    TargetStatus,
)
from docstore.retention.evaluate import Evaluation
from docstore.retention.list_trail import stream_of
from docstore.retention.switch import why_not_now
from docstore.retention.targets import Plan
from docstore.retention.trail import home_of
from docstore.retention.vocabulary import DUE, Outcome, Record, RecordKind, StepAction

LEASE_SECONDS = 120
DESTROYS = (StepAction.DESTROY, StepAction.STRIP)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The right to remove the copies of one record, for as long as the lease is kept alive."""

    item: ListItem
    token: str


@transaction.atomic
def claim(item_id: UUID, plan: Plan, *, by: Actor) -> Claimed | str | None:
    """Take a record beyond the point of no return; return why it is to be left alone where something has changed since.

    None where nothing speaks against it and yet not now: another worker has it, or somebody has stopped us meanwhile.
    """
    gate.shared()
    item = _free(ListItem.objects.filter(pk=item_id, state__in=[ItemState.APPROVED, ItemState.BLOCKED])).first()
    if item is None:
        return None
    made = DisposalList.objects.get(pk=item.list_id)
    if made.status != ListStatus.CARRYING_OUT or why_not_now():
        return None
    record = Record(RecordKind(item.kind), item.record)
    found = queries.locked_facts(record)
    papers = list(_locked(Document.objects.filter(pk__in=plan.papers)).order_by("pk"))
    if why := _why_not(item, made, found, plan, papers):
        return why
    token = secrets.token_hex(16)
    _write(item, plan, papers, token=token)
    _tell(
        Event.DESTRUCTION_BEGUN,
        by,
        made,
        item,
        {"targets": len(plan.targets), "papers": [str(one) for one in plan.papers]},
    )
    return Claimed(item, token)


@transaction.atomic
def resume(item_id: UUID) -> Claimed | None:
    """Take up a destruction that was begun and not ended; None where somebody else is at it."""
    rows = ListItem.objects.filter(pk=item_id, state__in=BEGUN, lease_until__lt=clock.seconds())
    item = _free(rows).first()
    if item is None:
        return None
    item.lease_token, item.lease_until = secrets.token_hex(16), clock.seconds() + LEASE_SECONDS
    item.save(update_fields=["lease_token", "lease_until"])
    return Claimed(item, item.lease_token)


def keep(claimed: Claimed) -> bool:
    """Prolong the lease; False where it was lost, and then nothing more may be done."""
    rows = ListItem.objects.filter(pk=claimed.item.pk, lease_token=claimed.token, state__in=BEGUN)
    return bool(rows.update(lease_until=clock.seconds() + LEASE_SECONDS))


def _why_not(item: ListItem, made: DisposalList, found: Evaluation, plan: Plan, papers: Sequence[Document]) -> str:
    if plan.blockers:
        return plan.blockers[0].why
    if found.holds:
        return "A hold has been placed on it."
    if until := holds.guarded_until(Record(RecordKind(item.kind), item.record)):
        return f"A hold on it was released lately, so nothing of it is carried out before {until.isoformat()}."
    if why := _why_not_on_this_ground(item, made, found):
        return why
    known = set(Version.objects.filter(document__in=plan.papers).values_list("key", flat=True))
    if known != plan.seen or {one.pk for one in papers} != set(plan.papers):
        return "A paper or a version has come or gone since its copies were looked at."
    return _why_not_papers(item, made, plan) or _why_not_group(item, made)


def _why_not_on_this_ground(item: ListItem, made: DisposalList, found: Evaluation) -> str:
    """What the schedule, an archive's silence or permanence say against it, each where it has a say."""
    if why := transfers.why_kept(Record(RecordKind(item.kind), item.record), ground=made.ground):
        return why
    if made.ground in OFF_SCHEDULE:
        permanent = found.outcome is Outcome.PERMANENT
        return "It is kept permanently; it can be transferred and not destroyed." if permanent else ""
    return _why_not_due(item, found) if made.ground == Ground.SCHEDULE else ""


def _why_not_due(item: ListItem, found: Evaluation) -> str:
    if found.outcome is not Outcome.ELIGIBLE or found.next_action not in DESTROYS:
        return f"It is not to be destroyed now: {found.outcome}."
    return "What decides about it has changed since the list was made." if found.inputs_hash != item.facts_hash else ""


def _why_not_papers(item: ListItem, made: DisposalList, plan: Plan) -> str:
    """Every paper of a case must be free by itself: of holds of its own, and of rules that keep it longer."""
    if item.kind == RecordKind.DOCUMENT:
        return ""
    found = queries.evaluate_records([Record(RecordKind.DOCUMENT, one) for one in plan.papers])
    if any(one.holds for one in found.values()):
        return "A hold is on one of its papers."
    keeps = any(one.outcome not in DUE for one in found.values())
    return "One of its papers has to be kept longer." if keeps and made.ground == Ground.SCHEDULE else ""


def _why_not_group(item: ListItem, made: DisposalList) -> str:
    """Linked cases go together or not at all (RET-B7): each must be gone already or go with this very list."""
    if item.kind != RecordKind.CASE or made.ground != Ground.SCHEDULE:
        return ""
    others = facts.linked([item.record])[item.record] - {item.record}
    live = Case.objects.filter(pk__in=others).exclude(lifecycle=Lifecycle.DESTROYED)
    with_us = made.items.filter(kind=RecordKind.CASE, state__in=[ItemState.APPROVED, ItemState.BLOCKED, *BEGUN]).values(
        "record"
    )
    return "A case that it is linked with is not on this list." if live.exclude(pk__in=with_us).exists() else ""


def _write(item: ListItem, plan: Plan, papers: Sequence[Document], *, token: str) -> None:
    """Block every reader, put the plan on record, and take over."""
    for paper in papers:
        Document.objects.filter(pk=paper.pk).update(
            lifecycle=Lifecycle.DESTROYING, index_seq=paper.index_seq + 1, change=paper.change + 1
        )
        for subject in (f"document:{paper.pk}", *(f"version:{one.pk}" for one in paper.versions.all())):
            cancel(subject=subject)
        follow_in_index(paper.pk, restricts=True)
    if item.action != StepAction.STRIP:
        mark(item, Lifecycle.DESTROYING)
    DestructionTarget.objects.bulk_create(
        [
            DestructionTarget(
                item=item,
                order=at,
                kind=one.kind,
                locator=one.locator,
                storage_version=one.version,
                paper=one.paper,
                size=one.size,
                sha256=one.sha256,
                status=TargetStatus.PLANNED,
            )
            for at, one in enumerate(plan.targets)
        ],
        ignore_conflicts=True,
    )
    item.state, item.state_reason, item.claimed_at = ItemState.DESTROYING, "", clock.now()
    item.lease_token, item.lease_until = token, clock.seconds() + LEASE_SECONDS
    item.save()


def mark(item: ListItem, lifecycle: Lifecycle) -> None:
    """Say on the record itself where disposal has brought it."""
    model = Case if item.kind == RecordKind.CASE else Document
    model.objects.filter(pk=item.record).exclude(lifecycle=Lifecycle.DESTROYED).update(lifecycle=lifecycle)


def _tell(event: Event, by: Actor, made: DisposalList, item: ListItem, told: dict[str, object]) -> None:
    """One event on the list's stream and one on the case's own, in an order that two writers share."""
    case = item.record if item.kind == RecordKind.CASE else home_of(item.record)
    refs = {item.kind: str(item.record), **({"case": str(case)} if case else {})}
    streams = {stream_of(made): {}, **({case_stream(case): refs} if case else {})}
    facts_told = {"list": made.number, "kind": item.kind, "record": str(item.record), **told}
    audit.record_in_each(streams, event, stamp=by.stamp, facts=facts_told)


def tell(event: Event, by: Actor, item: ListItem, told: dict[str, object]) -> None:
    """Write an event about one item on the list's stream and on the case's own."""
    _tell(event, by, item.list, item, told)


def _free(rows: QuerySet[ListItem]) -> QuerySet[ListItem]:
    """Lock an item, or pass over it where somebody else has it."""
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _locked(rows: QuerySet[Document]) -> QuerySet[Document]:
    return rows.select_for_update() if connection.features.has_select_for_update else rows
