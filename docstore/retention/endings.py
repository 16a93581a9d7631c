"""How an item ends: destroyed with its stub, put off with a reason, blocked by a lock, or left alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from django.db import transaction
from django.db.models import F

from docstore.access.actor import Actor
from docstore.audit.events import Event
from docstore.cases.lifecycle import Lifecycle
from docstore.cases.models import Case
from docstore.core import clock, conf
from docstore.documents.change import follow_in_index
from docstore.documents.models import Document, EndReason, Filing
from docstore.retention import actions, claims, gate, pruning, stripping, stubs
from docstore.retention.claims import Claimed, mark
from docstore.retention.disposal_models import (
    BEGUN,
    DestructionTarget,
    ItemState,
    ListItem,
    TargetKind,
    TargetStatus,
)
from docstore.retention.effects import AT_THE_END
from docstore.retention.models import ClassVersion, RetentionStatus
from docstore.retention.queries import holds_on_each
from docstore.retention.vocabulary import Record, RecordKind, StepAction


class NotAllGone(RuntimeError):
    """A destruction is only ended when every copy is verified."""


@transaction.atomic
def finalise(claimed: Sequence[Claimed], *, by: Actor) -> list[Claimed]:
    """Prune the rows to what the stubs say, mark the records destroyed, and write the completions down – or none of it (T8).

    Return those on which a hold has come since, untouched: what the database still says of a record is a copy that stays,
    too. A record whose lease was lost is passed over.
    """
    gate.shared()
    ours = _still_ours(claimed)
    if not ours:
        return []
    holds = holds_on_each([one.record for one in ours])
    held = [one for one in ours if holds[one.record]]
    items = [one.item for one in ours if not holds[one.record]]
    targets = _targets_of(items)
    stubs.write(items, targets)
    for item in items:
        for target in targets[item.pk]:
            if target.kind == TargetKind.CASE_FILING:
                _unlink(target, item, by=by)
    _prune([target for item in items for target in targets[item.pk] if target.kind == TargetKind.DATABASE_TEXT])
    for some in _by_list(items):
        _end(some, targets, by=by)
    return held


def _end(items: Sequence[ListItem], targets: Mapping[UUID, Sequence[DestructionTarget]], *, by: Actor) -> None:
    """Mark the records of one list destroyed, and say so."""
    number = items[0].list.certificate.number
    papers = {one.pk: stubs.papers_among(targets[one.pk]) for one in items}
    every = [paper for some in papers.values() for paper in some]
    Document.objects.filter(pk__in=every).update(lifecycle=Lifecycle.DESTROYED, certificate=number)
    whole = [one for one in items if one.action != StepAction.STRIP]
    cases = [one.record for one in whole if one.kind == RecordKind.CASE]
    Case.objects.filter(pk__in=cases).update(lifecycle=Lifecycle.DESTROYED, certificate=number)
    for one in items:
        if one.action == StepAction.STRIP and one.kind == RecordKind.CASE:
            _end_strip(one, number, by=by)
    RetentionStatus.objects.filter(record_id__in=[*every, *(one.record for one in whole)]).delete()
    ListItem.objects.filter(pk__in=[one.pk for one in items]).update(
        state=ItemState.DESTROYED,
        is_open=False,
        finished_at=clock.now(),
        state_reason="",
        lease_token="",
        lease_until=0,
    )
    told = [
        (one, {"certificate": number, "targets": len(targets[one.pk]), "papers": sorted(map(str, papers[one.pk]))})
        for one in items
    ]
    claims.tell(Event.DESTRUCTION_COMPLETED, by, told)


def _still_ours(claimed: Sequence[Claimed]) -> list[Claimed]:
    rows = ListItem.objects.filter(pk__in=[one.item.pk for one in claimed], state__in=BEGUN).order_by("pk")
    locked = {one.pk: one.lease_token for one in rows.select_for_update()}
    ours = [one for one in claimed if compare_digest(locked.get(one.item.pk, ""), one.token)]
    whole = ListItem.objects.select_related("list__certificate", "list__court").in_bulk([one.item.pk for one in ours])
    return [Claimed(whole[one.item.pk], one.token) for one in ours]


def _targets_of(items: Sequence[ListItem]) -> dict[UUID, list[DestructionTarget]]:
    """The targets of each item, all but the last ones verified; raise NotAllGone."""
    found: dict[UUID, list[DestructionTarget]] = {one.pk: [] for one in items}
    for target in DestructionTarget.objects.filter(item__in=found).order_by("item", "order", "id"):
        if target.kind not in AT_THE_END and target.status != TargetStatus.VERIFIED:
            raise NotAllGone(str(target.item_id))
        found[target.item_id].append(target)
    return found


def _by_list(items: Sequence[ListItem]) -> list[list[ListItem]]:
    found: dict[UUID, list[ListItem]] = defaultdict(list)
    for one in items:
        found[one.list_id].append(one)
    return list(found.values())


@transaction.atomic
def pause(claimed: Claimed, why: str, *, wait: timedelta, by: Actor, by_hold: bool = False) -> None:
    """Put a destruction that was begun off until later; the record stays unreadable, and somebody is told."""
    rows = ListItem.objects.select_for_update().filter(pk=claimed.item.pk, lease_token=claimed.token, state__in=BEGUN)
    item = rows.first()
    if item is None:
        return
    item.state, item.state_reason = ItemState.INCOMPLETE, why
    item.attempts += 1
    item.not_before, item.lease_token, item.lease_until = clock.now() + wait, "", 0
    first_hold = by_hold and item.hold_reported_at is None
    item.hold_reported_at = clock.now() if first_hold else item.hold_reported_at
    item.save()
    if item.action != StepAction.STRIP:
        mark([item], Lifecycle.DESTRUCTION_INCOMPLETE)
    if first_hold:
        claims.tell(Event.DESTRUCTION_HALTED, by, [(item, {"why": why, "left": _left(item)})])
    elif item.attempts in (1, conf.get().disposal.alarm_after):
        facts = {"why": why, "attempts": item.attempts, "left": _left(item)}
        claims.tell(Event.DESTRUCTION_FAILED, by, [(item, facts)])


@transaction.atomic
def block(item: ListItem, why: str, *, until: datetime, by: Actor) -> None:
    """Leave a record whole because the storage keeps a copy of it; try again after that day (RET-G3)."""
    if item.state == ItemState.BLOCKED and item.not_before == until:
        return
    ListItem.objects.filter(pk=item.pk, state__in=[ItemState.APPROVED, ItemState.BLOCKED]).update(
        state=ItemState.BLOCKED, state_reason=why, not_before=until
    )
    mark([item], Lifecycle.BLOCKED_BY_LOCK)
    claims.tell(Event.DESTRUCTION_BLOCKED, by, [(item, {"why": why, "until": until.isoformat()})])


@transaction.atomic
def skip(item: ListItem, why: str, *, by: Actor) -> None:
    """Leave a record alone, with the reason on the certificate (RET-G2)."""
    rows = ListItem.objects.filter(pk=item.pk, state__in=[ItemState.APPROVED, ItemState.BLOCKED])
    if rows.update(state=ItemState.SKIPPED, state_reason=why, is_open=False, lease_token="", lease_until=0):
        mark([item], Lifecycle.TRANSFERRED if item.transferred_to else Lifecycle.ACTIVE)
        claims.tell(Event.DESTRUCTION_SKIPPED, by, [(item, {"why": why})])


def _end_strip(item: ListItem, number: str, *, by: Actor) -> None:
    """A case that was stripped lives on with what was kept."""
    mark([item], Lifecycle.PARTLY_DESTROYED)
    version = ClassVersion.objects.filter(
        disposal_class__schedule__code=item.schedule, disposal_class__code=item.class_code, number=item.class_version
    ).first()
    if version is not None:
        record = Record(RecordKind.CASE, item.record)
        actions.complete_step(
            by=by, record=record, version=version, order=item.step, completed_on=clock.today(), certificate=number
        )
        stripping.class_the_kept(item, version, by=by)


def _unlink(target: DestructionTarget, item: ListItem, *, by: Actor) -> None:
    """End a paper's place on the case that goes; it stays whole on the others (RET-G12)."""
    live = Filing.objects.filter(document=UUID(target.paper), ended_at__isnull=True)
    here = live.filter(case=item.record)
    was_home = here.filter(is_home=True).exists()
    here.update(ended_at=clock.now(), ended_by=by.user_id, end_reason=EndReason.UNLINKED, end_note="")
    if was_home and (heir := live.order_by("filed_at").first()):
        Filing.objects.filter(pk=heir.pk).update(is_home=True)
    Document.objects.filter(pk=target.paper).update(index_seq=F("index_seq") + 1, change=F("change") + 1)
    follow_in_index(UUID(target.paper), restricts=True)
    others = live.count()
    target.status, target.settled_at = TargetStatus.UNLINKED, clock.now()
    target.evidence = f"unlinked, still filed in {others} case{'' if others == 1 else 's'}"
    target.save(update_fields=["status", "settled_at", "evidence"])


def _prune(targets: Sequence[DestructionTarget]) -> None:
    """Remove what the database says of these records, and note for each how many rows that were."""
    papers = [UUID(one.paper) for one in targets if one.paper]
    cases = [UUID(one.locator.partition(":")[2]) for one in targets if not one.paper]
    gone = pruning.prune_documents(papers) + pruning.prune_cases(cases)
    now = clock.now()
    for one in targets:
        rows = gone[UUID(one.locator.partition(":")[2])]
        one.status, one.settled_at, one.evidence = TargetStatus.VERIFIED, now, f"{rows} rows removed"
    DestructionTarget.objects.bulk_update(targets, ["status", "settled_at", "evidence"], batch_size=claims.BULK)


def _left(item: ListItem) -> int:
    return item.targets.exclude(status__in=[TargetStatus.VERIFIED, TargetStatus.UNLINKED]).count()
