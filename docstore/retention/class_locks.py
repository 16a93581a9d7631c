"""Locks that nobody can undo, for the papers under a regulatory class: asked for by one person, confirmed by another (RET-J4).

Governance is what every other paper has. A compliance lock cannot be shortened by anybody, the storage's owner included, so the
choice is made once for a class, by two people, and never taken back.
"""

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden
from docstore.retention import desk
from docstore.retention.lock_models import ClassLock
from docstore.retention.models import DisposalClass
from docstore.retention.trail import tell_all


class OnlyRegulatory(Conflict):
    """Only the papers under a regulatory class can be locked beyond recall: all other periods may be shortened one day."""

    code = "only-regulatory"


class NobodyAskedForLocks(Conflict):
    """Nobody has asked for locks that cannot be undone."""

    code = "nobody-asked-for-locks"


class AskedByTheSame(Forbidden):
    """You asked for these locks. Somebody else has to confirm them."""

    code = "same-person"


class LocksAreOn(Conflict):
    """The papers under this class have locks that cannot be undone already."""

    code = "locks-are-on"


def lock_of(actor: Actor, class_id: int) -> tuple[DisposalClass, ClassLock | None]:
    """Return a class and what has been decided about its locks."""
    kind = desk.class_seen(actor, class_id)
    return kind, ClassLock.objects.filter(pk=kind.pk).first()


@transaction.atomic
def ask_for_compliance(*, by: Actor, class_id: int, reason: str) -> ClassLock:
    """Ask that the papers under a class be locked beyond recall."""
    by.require(Permission.DEFINE_SCHEDULES)
    kind, row = lock_of(by, class_id)
    if not kind.regulatory:
        raise OnlyRegulatory
    if row is not None and row.is_on:
        raise LocksAreOn
    row, _ = ClassLock.objects.update_or_create(
        disposal_class=kind, defaults={"asked_by": by.user_id, "asked_at": clock.now()}
    )
    tell_all(Event.COMPLIANCE_ASKED_FOR, by, {"disposal_class": kind.code, "reason": reason})
    return row


@transaction.atomic
def confirm_compliance(*, by: Actor, class_id: int, reason: str) -> ClassLock:
    """Confirm it, as a second person. There is no way back."""
    by.require(Permission.APPROVE_SCHEDULES)
    kind, _ = lock_of(by, class_id)
    row = ClassLock.objects.select_for_update().filter(pk=kind.pk).first()
    if row is None:
        raise NobodyAskedForLocks
    if row.is_on:
        raise LocksAreOn
    if row.asked_by == by.user_id:
        raise AskedByTheSame
    row.confirmed_by, row.confirmed_at = by.user_id, clock.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    tell_all(Event.COMPLIANCE_CONFIRMED, by, {"disposal_class": kind.code, "reason": reason})
    return row
