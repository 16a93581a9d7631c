"""Putting a good copy where a paper's bytes were lost or changed: one person asks, another approves (RET-M4, REL-17).

The copy comes from an older version in the vault or from the replica, and counts as good only by the digest with which the paper was
filed. That digest is never rewritten. What was at fault stays beneath, as evidence.
"""

from uuid import UUID

from django.db import transaction

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.audit.events import Event
from docstore.core import clock
from docstore.core.errors import Conflict, Forbidden, NotFound
from docstore.documents import fixity, stored_copies
from docstore.documents.fixity_models import CopyFault, Repair
from docstore.documents.models import Version
from docstore.documents.stored_copies import Copy, Place, copies_of
from docstore.documents.vault import ContentMissing
from docstore.retention.reach import is_managed
from docstore.retention.trail import tell
from docstore.retention.vocabulary import Record, RecordKind


class NothingToRepair(Conflict):
    """The bytes of this paper are as they were filed. There is nothing to repair."""

    code = "nothing-to-repair"


class NoGoodCopy(Conflict):
    """No stored copy has the checksum with which this paper was filed. Have the operator look for it in the backups, and ask again once it lies in the replica."""

    code = "no-good-copy"


class RepairAskedFor(Conflict):
    """Somebody has asked for this repair already. It waits for another person's approval."""

    code = "repair-asked-for"


class NobodyAskedForRepair(Conflict):
    """Nobody has asked for this paper to be repaired."""

    code = "nobody-asked-for-repair"


class RepairBySame(Forbidden):
    """You asked for this repair. Somebody else has to approve it."""

    code = "same-person"


def faulty_version(actor: Actor, version_id: UUID) -> Version:
    """Return a version on a case that this person manages; raise NotFound."""
    actor.require(Permission.MANAGE_RECORDS)
    row = fixity.standing().filter(is_managed(actor), pk=version_id).select_related("document").first()
    if row is None:
        raise NotFound
    return row


def open_repair(version: Version) -> Repair | None:
    """Return the repair that waits for approval, if one does."""
    return Repair.objects.filter(version=version, done_at__isnull=True).first()


def ask_for_repair(*, by: Actor, version_id: UUID, reason: str) -> Repair:
    """Ask that a version's bytes be put back from a copy that is good."""
    version = faulty_version(by, version_id)
    if not version.fixity_fault:
        raise NothingToRepair
    good = good_copy(version)
    with transaction.atomic():
        Version.objects.select_for_update().get(pk=version.pk)
        if open_repair(version) is not None:
            raise RepairAskedFor
        row = Repair.objects.create(version=version, asked_by=by.user_id, asked_at=clock.now())
        _tell(Event.REPAIR_ASKED_FOR, by, version, good, reason)
    return row


def approve_repair(*, by: Actor, version_id: UUID, reason: str) -> Repair:
    """Approve it as a second person, and have it done: the copy is checked before, and what lies in the vault after."""
    version = faulty_version(by, version_id)
    row = open_repair(version)
    if row is None:
        raise NobodyAskedForRepair
    if row.asked_by == by.user_id:
        raise RepairBySame
    good = good_copy(version)
    stored_copies.put_back(version.key, good, sha256=version.sha256, size=version.bytes)
    beneath = [one for one in copies_of(version.key) if one.place is Place.VAULT and not one.is_current]
    with transaction.atomic():
        Repair.objects.filter(pk=row.pk).update(approved_by=by.user_id, done_at=clock.now())
        _lay_aside(version, beneath)
        Version.objects.filter(pk=version.pk).update(lock_at=clock.now())
        _tell(Event.VERSION_REPAIRED, by, version, good, reason)
    fixity.check(version.pk)
    row.refresh_from_db()
    return row


def good_copy(version: Version) -> Copy:
    """Return a stored copy with the digest with which the paper was filed, the replica's first; raise NoGoodCopy."""
    every = sorted(copies_of(version.key), key=lambda one: one.place is not Place.REPLICA)
    for one in every:
        try:
            if stored_copies.digest_of(version.key, one) == version.sha256:
                return one
        except ContentMissing:
            continue
    raise NoGoodCopy


def _lay_aside(version: Version, beneath: list[Copy]) -> None:
    """What lies under the good copy is known and looked into: it is no fault any more."""
    for one in beneath:
        CopyFault.objects.update_or_create(
            version=version,
            place=one.place.value,
            storage_version=one.version,
            defaults={"settled_at": clock.now()},
            create_defaults={
                "found": version.fixity_fault,
                "found_at": version.fixity_fault_at or clock.now(),
                "settled_at": clock.now(),
            },
        )


def _tell(event: Event, by: Actor, version: Version, good: Copy, reason: str) -> None:
    premis = {"eventType": "recovery", "eventOutcome": "success" if event is Event.VERSION_REPAIRED else "requested"}
    facts = {"version": version.number, "sha256": version.sha256, "source": good.place.value, "reason": reason}
    tell(event, by, Record(RecordKind.DOCUMENT, version.document_id), {**facts, "premis": premis})
