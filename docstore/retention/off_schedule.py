"""Destroying one record outside its schedule: a court order, a wrong upload, material that must not be here (RET-G22).

The record is hidden first; a separate person approves; a day of grace passes; evidence is the same as ever.
"""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core.errors import Conflict
from docstore.retention import gate, queries, snapshots, transfers
from docstore.retention.disposal_models import DisposalList, Ground, ListItem
from docstore.retention.hiding import hide
from docstore.retention.list_trail import tell
from docstore.retention.reach import record_seen
from docstore.retention.vocabulary import Outcome, Record, RecordKind


class IsPermanent(Conflict):
    """This is kept permanently. It can be transferred to an archive and not destroyed."""

    code = "permanent"


class IsHeld(Conflict):
    """A hold is on this record. Nothing is destroyed until the hold is released."""

    code = "held"
    status = 423


class InTransfer(Conflict):
    """This record is on its way to an archive. Take the transfer back first, or wait for its receipt."""

    code = "in-transfer"


class AlreadyListed(Conflict):
    """This record is on disposal list {number} already."""

    code = "already-listed"


def check_asks(actor: Actor) -> None:
    actor.require(Permission.DESTROY_OFF_SCHEDULE)


@transaction.atomic
def ask(*, by: Actor, kind: str, record_id: UUID, ground: Ground, reason: str) -> DisposalList:
    """Ask for one record to be destroyed. It is hidden from this moment; cancelling the list shows it again."""
    by.require(Permission.DESTROY_OFF_SCHEDULE)
    record = Record(RecordKind(kind), record_id)
    record_seen(by, record, Permission.DESTROY_OFF_SCHEDULE)
    gate.shared()
    found = queries.locked_record(record)
    if found.holds:
        raise IsHeld
    if found.outcome is Outcome.PERMANENT:
        raise IsPermanent
    if transfers.why_kept(record, ground=ground):
        raise InTransfer
    listed = ListItem.objects.filter(kind=kind, record=record_id, is_open=True).select_related("list").first()
    if listed is not None:
        raise AlreadyListed(number=listed.list.number)
    made = snapshots.submitted(
        by=by,
        ground=ground,
        note=reason,
        court=transfers.court_of(record),
        content=f"{kind}:{record_id}:{found.inputs_hash}",
        total=1,
        sensitive=True,
    )
    item = snapshots.decided_item(made, 1, found)
    snapshots.measure([item])
    item.save(force_insert=True)
    snapshots.recount(made)
    made.save()
    hide(record, by=by, reason=f"Disposal list {made.number}")
    tell(Event.DISPOSAL_ASKED_OFF_SCHEDULE, by, made, {"ground": str(ground), "kind": kind, "record": str(record_id)})
    return made
