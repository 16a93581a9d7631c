"""Approval in ordered stages by different people, then cooling-off (RET-F3, F4, F6, F7)."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.models import User
from docstore.access.permissions import Permission
from docstore.access.queries import actor_for
from docstore.audit.events import Event
from docstore.core import clock, conf
from docstore.core.errors import Conflict, FieldError, Forbidden, Invalid
from docstore.retention import lists, snapshots, withdrawals
from docstore.retention.disposal_models import (
    OFF_SCHEDULE,
    Approval,
    DisposalList,
    Ground,
    ItemState,
    ListStatus,
)
from docstore.retention.list_trail import tell


class MakerCannotApprove(Forbidden):
    """You made, submitted or decided this list, or approved an earlier stage of it. Somebody else has to approve it."""

    code = "same-person"


class WrongStage(Conflict):
    """The list waits for stage {stage}. Look at it again."""

    code = "wrong-stage"


class NumberNotTyped(Invalid):
    """Type the list's number, {number}, to show that you mean this list."""

    code = "number-not-typed"


class NothingLeft(Conflict):
    """Every item has been taken off the list since it was submitted, so there is nothing left to approve."""

    code = "nothing-left"


@transaction.atomic
def approve(*, by: Actor, list_id: UUID, stage: int, confirm: str, comment: str = "") -> DisposalList:
    """Approve one stage. The last one starts the cooling-off; items whose facts have changed leave the list first."""
    by.require(Permission.APPROVE_DISPOSAL)
    lists.get_list(by, list_id)
    made = lists.locked(list_id, needed=[ListStatus.SUBMITTED])
    if by.user_id in people_before(made):
        raise MakerCannotApprove
    due_stage = 1 + made.approvals.filter(voided_at=None, is_yes=True).count()
    if stage != due_stage:
        raise WrongStage(stage=due_stage)
    if confirm.strip() != made.number:
        sentence = NumberNotTyped(number=made.number).sentence
        raise NumberNotTyped(errors=(FieldError("/confirm", "number-not-typed", sentence),), number=made.number)
    if made.ground == Ground.SCHEDULE:
        withdrawals.withdraw_stale(made, by=by)
    if not made.items.filter(state=ItemState.LISTED).exists():
        raise NothingLeft
    _say(made, by=by, stage=stage, is_yes=True, comment=comment)
    if stage >= made.stages:
        _start_cooling(made)
    snapshots.recount(made)
    made.save()
    return made


@transaction.atomic
def reject(*, by: Actor, list_id: UUID, reason: str) -> DisposalList:
    """Send a list back to those who made it: its decisions stay and can be changed, its approvals do not."""
    by.require(Permission.APPROVE_DISPOSAL)
    lists.get_list(by, list_id)
    made = lists.locked(list_id, needed=[ListStatus.SUBMITTED])
    if by.user_id in people_before(made):
        raise MakerCannotApprove
    stage = 1 + made.approvals.filter(voided_at=None, is_yes=True).count()
    _say(made, by=by, stage=stage, is_yes=False, comment=reason)
    if made.ground != Ground.SCHEDULE:  # there is nothing to decide anew; what was hidden is shown again
        lists.end(made, ListStatus.CANCELLED, by=by, reason=reason)
        return made
    made.approvals.filter(voided_at=None).update(voided_at=clock.now(), void_reason="The list was sent back.")
    made.status, made.submitted_at, made.submitted_by = ListStatus.DRAFT, None, None
    made.save(update_fields=["status", "submitted_at", "submitted_by"])
    return made


def people_before(made: DisposalList) -> set[UUID]:
    """Who may not approve: whoever made, submitted or decided the list, or has approved a stage. Nobody has a pass."""
    deciders = made.items.exclude(decided_by=None).order_by().values_list("decided_by", flat=True).distinct()
    approvers = made.approvals.filter(voided_at=None).values_list("approver", flat=True)
    return {one for one in (made.made_by, made.submitted_by, *deciders, *approvers) if one is not None}


def void_lost(made: DisposalList, *, by: Actor) -> bool:
    """Void approvals of people who have lost the right since; True where the list has to be approved again (RET-F4)."""
    lost = [one for one in made.approvals.filter(voided_at=None, is_yes=True) if not _may_still(one)]
    if not lost:
        return False
    made.approvals.filter(voided_at=None).update(
        voided_at=clock.now(), void_reason="An approver no longer had the right to approve."
    )
    made.status, made.approved_at, made.cooling_until = ListStatus.SUBMITTED, None, None
    made.save(update_fields=["status", "approved_at", "cooling_until"])
    made.items.filter(state=ItemState.APPROVED).update(state=ItemState.LISTED)
    facts: dict[str, object] = {"approvers": [str(one.approver) for one in lost]}
    tell(Event.DISPOSAL_APPROVAL_VOIDED, by, made, facts)
    return True


def _may_still(one: Approval) -> bool:
    person = User.objects.filter(pk=one.approver, is_active=True).first()
    return person is not None and actor_for(person, method="system:disposal").may(Permission.APPROVE_DISPOSAL)


def _say(made: DisposalList, *, by: Actor, stage: int, is_yes: bool, comment: str) -> None:
    if by.user_id is None:  # nobody but a person approves
        raise Forbidden
    Approval.objects.create(
        list=made,
        stage=stage,
        approver=by.user_id,
        is_yes=is_yes,
        decided_at=clock.now(),
        snapshot_hash=made.snapshot_hash,
        comment=comment,
    )
    facts: dict[str, object] = {"stage": stage, "snapshot_sha256": made.snapshot_hash, "comment": comment}
    tell(Event.DISPOSAL_LIST_APPROVED if is_yes else Event.DISPOSAL_LIST_REJECTED, by, made, facts)


def _start_cooling(made: DisposalList) -> None:
    chosen, now = conf.get().disposal, clock.now()
    wait = timedelta(hours=chosen.grace_hours) if made.ground in OFF_SCHEDULE else timedelta(days=chosen.cooling_days)
    made.status, made.approved_at, made.cooling_until = ListStatus.APPROVED, now, now + wait
    made.expires_on = clock.today() + timedelta(days=chosen.approval_days)
    made.items.filter(state=ItemState.LISTED).update(state=ItemState.APPROVED)
