"""How an item ends: destroyed with its stub, put off with a reason, blocked by a lock, or left alone."""

from collections.abc import Iterable
from datetime import datetime, timedelta
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
from docstore.retention.effects import Halted
from docstore.retention.models import ClassVersion, RetentionStatus
from docstore.retention.queries import holds_on
from docstore.retention.vocabulary import Record, RecordKind, StepAction


class NotAllGone(RuntimeError):
    """A destruction is only ended when every copy is verified."""


@transaction.atomic
def finalise(claimed: Claimed, *, by: Actor) -> None:
    """Prune the rows to what the stub says, mark the record destroyed, and write the completion down – or none of it (T8).

    Raises Halted where a hold has come since: what the database still says of the record is a copy that stays, too.
    """
    gate.shared()
    item = ListItem.objects.select_for_update().filter(pk=claimed.item.pk, lease_token=claimed.token).first()
    if item is None or item.state not in BEGUN:
        return
    item = ListItem.objects.select_related("list__certificate", "list__court").get(pk=item.pk)
    if holds_on(Record(RecordKind(item.kind), item.record)):
        raise Halted("A hold came when only its rows were left; they stay.", by_hold=True)
    targets = list(item.targets.all())
    ends = (TargetKind.DATABASE_TEXT, TargetKind.CASE_FILING)
    if any(one.status != TargetStatus.VERIFIED for one in targets if one.kind not in ends):
        raise NotAllGone(str(item.pk))
    stubs.write(item, targets)
    for target in targets:
        if target.kind == TargetKind.CASE_FILING:
            _unlink(target, item, by=by)
        elif target.kind == TargetKind.DATABASE_TEXT:
            _prune(target)
    number = item.list.certificate.number
    papers = {one.paper for one in targets if one.kind == TargetKind.DATABASE_TEXT and one.paper}
    Document.objects.filter(pk__in=papers).update(lifecycle=Lifecycle.DESTROYED, certificate=number)
    if item.kind == RecordKind.CASE:
        _end_case(item, number, by=by)
    _forget_dates([*papers, *([str(item.record)] if item.action != StepAction.STRIP else [])])
    item.state, item.is_open, item.finished_at, item.state_reason = ItemState.DESTROYED, False, clock.now(), ""
    item.lease_token, item.lease_until = "", 0
    item.save()
    told: dict[str, object] = {"certificate": number, "targets": len(targets), "papers": sorted(papers)}
    claims.tell(Event.DESTRUCTION_COMPLETED, by, item, told)


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
        mark(item, Lifecycle.DESTRUCTION_INCOMPLETE)
    if first_hold:
        claims.tell(Event.DESTRUCTION_HALTED, by, item, {"why": why, "left": _left(item)})
    elif item.attempts in (1, conf.get().disposal.alarm_after):
        claims.tell(Event.DESTRUCTION_FAILED, by, item, {"why": why, "attempts": item.attempts, "left": _left(item)})


@transaction.atomic
def block(item: ListItem, why: str, *, until: datetime, by: Actor) -> None:
    """Leave a record whole because the storage keeps a copy of it; try again after that day (RET-G3)."""
    if item.state == ItemState.BLOCKED and item.not_before == until:
        return
    ListItem.objects.filter(pk=item.pk, state__in=[ItemState.APPROVED, ItemState.BLOCKED]).update(
        state=ItemState.BLOCKED, state_reason=why, not_before=until
    )
    mark(item, Lifecycle.BLOCKED_BY_LOCK)
    claims.tell(Event.DESTRUCTION_BLOCKED, by, item, {"why": why, "until": until.isoformat()})


@transaction.atomic
def skip(item: ListItem, why: str, *, by: Actor) -> None:
    """Leave a record alone, with the reason on the certificate (RET-G2)."""
    rows = ListItem.objects.filter(pk=item.pk, state__in=[ItemState.APPROVED, ItemState.BLOCKED], lease_token="")
    if rows.update(state=ItemState.SKIPPED, state_reason=why, is_open=False):
        mark(item, Lifecycle.TRANSFERRED if item.transferred_to else Lifecycle.ACTIVE)
        claims.tell(Event.DESTRUCTION_SKIPPED, by, item, {"why": why})


def _end_case(item: ListItem, number: str, *, by: Actor) -> None:
    """A case that was stripped lives on with what was kept; any other is gone."""
    if item.action != StepAction.STRIP:
        Case.objects.filter(pk=item.record).update(lifecycle=Lifecycle.DESTROYED, certificate=number)
        return
    mark(item, Lifecycle.PARTLY_DESTROYED)
    version = ClassVersion.objects.filter(
        disposal_class__schedule__code=item.schedule, disposal_class__code=item.class_code, number=item.class_version
    ).first()
    if version is not None:
        record = Record(RecordKind.CASE, item.record)
        actions.complete_step(
            by=by, record=record, version=version, order=item.step, completed_on=clock.today(), certificate=number
        )
        stripping.class_the_kept(item, version, by=by)


def _forget_dates(records: Iterable[str]) -> None:
    """What is gone is due no more: its stored answer goes, its triggers and classes stay as history."""
    RetentionStatus.objects.filter(record_id__in=[UUID(one) for one in records]).delete()


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


def _prune(target: DestructionTarget) -> None:
    kind, _, record = target.locator.partition(":")
    prune = pruning.prune_case if kind == "case" else pruning.prune_document
    rows = prune(record)  # type: ignore[arg-type] # ids as text are ids to the database
    target.status, target.settled_at, target.evidence = TargetStatus.VERIFIED, clock.now(), f"{rows} rows removed"
    target.save(update_fields=["status", "settled_at", "evidence"])


def _left(item: ListItem) -> int:
    return item.targets.exclude(status__in=[TargetStatus.VERIFIED, TargetStatus.UNLINKED]).count()
