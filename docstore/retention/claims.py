"""The point of no return: one short transaction in which each record is looked at again under lock (design T2–T4).

Records are claimed some at a time, so that a hundred thousand do not need as many transactions; what speaks against one
of them keeps that one alone.

Before its commit nothing has been touched and all can be cancelled; after it the record is gone for every reader and
only copies that are left can still be halted.
"""

import secrets
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from hmac import compare_digest
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from docstore.access.actor import Actor
from docstore.audit import actions as audit
from docstore.audit.actions import Told
from docstore.audit.events import Event
from docstore.cases.actions import case_stream
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock
from docstore.core.many_jobs import cancel_each
from docstore.documents.change import leave_search
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
from docstore.retention.targets import Plan, Planned, keys_of, papers_of
from docstore.retention.trail import homes_of
from docstore.retention.vocabulary import DUE, Outcome, Record, RecordKind, StepAction

LEASE_SECONDS = 120
BULK = 500
UNTOUCHED = (ItemState.APPROVED, ItemState.BLOCKED)
DESTROYS = (StepAction.DESTROY, StepAction.STRIP)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The right to remove the copies of one record, for as long as the lease is kept alive."""

    item: ListItem
    token: str

    @property
    def record(self) -> Record:
        return Record(RecordKind(self.item.kind), self.item.record)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at under lock, for all records of a claim at a time."""

    found: Mapping[Record, Evaluation]
    of_papers: Mapping[Record, Evaluation]
    keys: Mapping[UUID, Set[str]]
    papers: Mapping[Record, tuple[UUID, ...]]
    staying: Mapping[Record, tuple[UUID, ...]]
    guarded: Mapping[Record, date]
    kept: Mapping[Record, str]
    apart: Set[UUID]


@transaction.atomic
def reserve(items: Sequence[ListItem]) -> str:
    """Keep these items for one worker while it looks at their copies; return under which mark. Nothing is begun by it."""
    token = secrets.token_hex(16)
    rows = ListItem.objects.filter(
        pk__in=[one.pk for one in items], state__in=UNTOUCHED, lease_until__lt=clock.seconds()
    )
    free = [one.pk for one in _free(rows)]
    ListItem.objects.filter(pk__in=free).update(lease_token=token, lease_until=clock.seconds() + LEASE_SECONDS)
    return token


def release(token: str) -> None:
    """Give back what was reserved and not claimed."""
    ListItem.objects.filter(lease_token=token, state__in=UNTOUCHED).update(lease_token="", lease_until=0)


@transaction.atomic
def claim(plans: Mapping[UUID, Plan], *, by: Actor) -> tuple[list[Claimed], dict[UUID, str]]:
    """Take records beyond the point of no return, each looked at again under lock; plans by the id of their item.

    Return what was claimed, and why others are to be left alone because something has changed since. An item that is in
    neither is in another worker's hands, or somebody has stopped us meanwhile.
    """
    gate.shared()
    rows = ListItem.objects.filter(pk__in=plans, state__in=UNTOUCHED).order_by("pk")
    items = list(_free(rows))
    if not items:
        return [], {}
    made = DisposalList.objects.get(pk=items[0].list_id)
    if made.status != ListStatus.CARRYING_OUT or why_not_now():
        return [], {}
    seen = _look(made, [(one, plans[one.pk]) for one in items])
    refused = {one.pk: why for one in items if (why := _why_not(one, made, plans[one.pk], seen))}
    token = secrets.token_hex(16)
    taken = [one for one in items if one.pk not in refused]
    _write(taken, plans, token=token)
    _tell_begun(taken, plans, by=by)
    return [Claimed(one, token) for one in taken], refused


@transaction.atomic
def resume(items: Sequence[ListItem]) -> list[Claimed]:
    """Take up what was begun and not ended, but for what somebody else is at."""
    wanted = [one.pk for one in items]
    rows = ListItem.objects.filter(pk__in=wanted, state__in=BEGUN, lease_until__lt=clock.seconds()).order_by("pk")
    taken, token, until = list(_free(rows)), secrets.token_hex(16), clock.seconds() + LEASE_SECONDS
    ListItem.objects.filter(pk__in=[one.pk for one in taken]).update(lease_token=token, lease_until=until)
    for one in taken:
        one.lease_token, one.lease_until = token, until
    return [Claimed(one, token) for one in taken]


def keep(claimed: Sequence[Claimed]) -> list[Claimed]:
    """Prolong the leases; return those that are ours still. With the others nothing more may be done."""
    ours = Q(pk__in=[one.item.pk for one in claimed], lease_token__in={one.token for one in claimed}, state__in=BEGUN)
    ListItem.objects.filter(ours).update(lease_until=clock.seconds() + LEASE_SECONDS)
    kept = dict(ListItem.objects.filter(ours).values_list("pk", "lease_token"))
    return [one for one in claimed if compare_digest(kept.get(one.item.pk, ""), one.token)]


def _look(made: DisposalList, wanted: Sequence[tuple[ListItem, Plan]]) -> Seen:
    """Lock every record with all that it is bound to, and look at what could speak against its destruction."""
    records = [plan.record for _, plan in wanted]
    papers = [paper for _, plan in wanted for paper in plan.papers]
    cases = [item for item, _ in wanted if item.kind == RecordKind.CASE]
    found = queries.locked_facts(records, papers)
    going, staying = papers_of([plan.wanted for _, plan in wanted])
    of_papers = [
        Record(RecordKind.DOCUMENT, paper)
        for item, plan in wanted
        if item.kind == RecordKind.CASE
        for paper in plan.papers
    ]
    return Seen(
        found=found,
        of_papers=queries.evaluate_records(of_papers) if of_papers else {},
        keys=keys_of(papers),
        papers=going,
        staying=staying,
        guarded=holds.guarded_until_each(records),
        kept=transfers.why_kept_each(records, ground=made.ground),
        apart=_without_their_group(made, [one.record for one in cases]),
    )


def _why_not(item: ListItem, made: DisposalList, plan: Plan, seen: Seen) -> str:
    record = plan.record
    if plan.blockers:
        return plan.blockers[0].why
    if record not in seen.found:
        return "It is not there any more."
    if seen.found[record].holds:
        return "A hold has been placed on it."
    if until := seen.guarded.get(record):
        return f"A hold on it was released lately, so nothing of it is carried out before {until.isoformat()}."
    if why := seen.kept.get(record) or _why_not_on_this_ground(item, made, seen.found[record]):
        return why
    known = {key for paper in plan.papers for key in seen.keys.get(paper, ())}
    if known != plan.seen or (seen.papers[record], seen.staying[record]) != (plan.papers, plan.unlinked):
        return "A paper or a version has come or gone since its copies were looked at."
    if why := _why_not_papers(item, made, plan, seen):
        return why
    return "A case that it is linked with is not on this list." if item.record in seen.apart else ""


def _why_not_on_this_ground(item: ListItem, made: DisposalList, found: Evaluation) -> str:
    """What the schedule or permanence say against it, each where it has a say."""
    if made.ground in OFF_SCHEDULE:
        permanent = found.outcome is Outcome.PERMANENT
        return "It is kept permanently; it can be transferred and not destroyed." if permanent else ""
    return _why_not_due(item, found) if made.ground == Ground.SCHEDULE else ""


def _why_not_due(item: ListItem, found: Evaluation) -> str:
    if found.outcome is not Outcome.ELIGIBLE or found.next_action not in DESTROYS:
        return f"It is not to be destroyed now: {found.outcome}."
    return "What decides about it has changed since the list was made." if found.inputs_hash != item.facts_hash else ""


def _why_not_papers(item: ListItem, made: DisposalList, plan: Plan, seen: Seen) -> str:
    """Every paper of a case must be free by itself: of holds of its own, and of rules that keep it longer."""
    if item.kind == RecordKind.DOCUMENT:
        return ""
    found = [seen.of_papers.get(Record(RecordKind.DOCUMENT, one)) for one in plan.papers]
    if any(one is None or one.holds for one in found):
        return "A hold is on one of its papers."
    keeps = any(one is not None and one.outcome not in DUE for one in found)
    return "One of its papers has to be kept longer." if keeps and made.ground == Ground.SCHEDULE else ""


def _without_their_group(made: DisposalList, cases: Sequence[UUID]) -> set[UUID]:
    """Linked cases go together or not at all (RET-B7): each must be gone already or go with this very list."""
    if made.ground != Ground.SCHEDULE:
        return set()
    groups = facts.linked(cases)
    others = {one for case in cases for one in groups[case] if one != case}
    if not others:
        return set()
    going = [ItemState.APPROVED, ItemState.BLOCKED, *BEGUN]
    with_us = made.items.filter(kind=RecordKind.CASE, state__in=going, record__in=others).values("record")
    live = Case.objects.filter(pk__in=others).exclude(lifecycle=Lifecycle.DESTROYED).exclude(pk__in=with_us)
    left = set(live.values_list("pk", flat=True))
    return {case for case in cases if (groups[case] - {case}) & left}


def _write(taken: Sequence[ListItem], plans: Mapping[UUID, Plan], *, token: str) -> None:
    """Block every reader, put the plans on record, and take over."""
    papers = [paper for one in taken for paper in plans[one.pk].papers]
    Document.objects.filter(pk__in=papers).update(
        lifecycle=Lifecycle.DESTROYING, index_seq=F("index_seq") + 1, change=F("change") + 1
    )
    versions = Version.objects.filter(document__in=papers).values_list("pk", flat=True)
    cancel_each([*(f"document:{one}" for one in papers), *(f"version:{one}" for one in versions)])
    leave_search(papers)
    mark([one for one in taken if one.action != StepAction.STRIP], Lifecycle.DESTROYING)
    DestructionTarget.objects.bulk_create(
        [_target(one, at, planned) for one in taken for at, planned in enumerate(plans[one.pk].targets)],
        ignore_conflicts=True,
        batch_size=BULK,
    )
    for one in taken:
        one.state, one.state_reason, one.claimed_at = ItemState.DESTROYING, "", clock.now()
        one.lease_token, one.lease_until = token, clock.seconds() + LEASE_SECONDS
    written = ["state", "state_reason", "claimed_at", "lease_token", "lease_until"]
    ListItem.objects.bulk_update(taken, written, batch_size=BULK)


def _target(item: ListItem, at: int, one: Planned) -> DestructionTarget:
    return DestructionTarget(
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


def mark(items: Sequence[ListItem], lifecycle: Lifecycle) -> None:
    """Say on the records themselves where disposal has brought them."""
    for kind, model in ((RecordKind.CASE, Case), (RecordKind.DOCUMENT, Document)):
        ids = [one.record for one in items if one.kind == kind]
        if ids:
            model.objects.filter(pk__in=ids).exclude(lifecycle=Lifecycle.DESTROYED).update(lifecycle=lifecycle)


def tell(event: Event, by: Actor, told: Sequence[tuple[ListItem, Mapping[str, object]]]) -> None:
    """Write an event about each of these items, on the list's stream and on the case's own."""
    homes = homes_of([item.record for item, _ in told if item.kind == RecordKind.DOCUMENT])
    lines = []
    for item, facts_told in told:
        case = item.record if item.kind == RecordKind.CASE else homes.get(item.record)
        refs = {item.kind: str(item.record), **({"case": str(case)} if case else {})}
        said = {"list": item.list.number, "kind": item.kind, "record": str(item.record), **facts_told}
        lines.append(Told(stream_of(item.list), {}, said))
        if case:
            lines.append(Told(case_stream(case), refs, said))
    audit.record_many(event, stamp=by.stamp, told=lines)


def _tell_begun(taken: Sequence[ListItem], plans: Mapping[UUID, Plan], *, by: Actor) -> None:
    told = [
        (one, {"targets": len(plans[one.pk].targets), "papers": [str(it) for it in plans[one.pk].papers]})
        for one in taken
    ]
    tell(Event.DESTRUCTION_BEGUN, by, told)


def _free(rows: QuerySet[ListItem]) -> QuerySet[ListItem]:
    """Lock items, and pass over those that somebody else has; with the list of each, which is locked by nobody here."""
    rows = rows.select_related("list")
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True, of=("self",))
    return rows
