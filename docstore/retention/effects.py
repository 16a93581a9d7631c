"""Removing one copy after another, outside transactions, each idempotent; what was done is committed at once (design T5–T7).

"Not found" means gone already. Nothing counts as gone because a server said so, only because a listing no longer shows it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from docstore.core import clock, failpoints
from docstore.core.errors import Refusal
from docstore.core.jobs import cancel
from docstore.documents.erasure import CopyKind, StoredCopy, eraser
from docstore.documents.models import Version
from docstore.retention import copies
from docstore.retention.claims import Claimed, keep
from docstore.retention.copies import Place
from docstore.retention.disposal_models import (
    SETTLED,
    DestructionTarget,
    DisposalList,
    ListStatus,
    TargetKind,
    TargetStatus,
)
from docstore.retention.queries import holds_on
from docstore.retention.switch import switch
from docstore.retention.vocabulary import Record, RecordKind, StepAction
from docstore.search import actions as search

COPIES = {
    TargetKind.RENDITION: CopyKind.VERSION,
    TargetKind.OBJECT_VERSION: CopyKind.VERSION,
    TargetKind.DELETE_MARKER: CopyKind.MARKER,
    TargetKind.MULTIPART_PART: CopyKind.PART,
}
IN_ONE_GO = (TargetKind.RENDITION, TargetKind.DELETE_MARKER)
# What the last transaction removes, together with the record's own rows.
AT_THE_END = (TargetKind.CASE_FILING, TargetKind.DATABASE_TEXT)
BULK = 200


class Halted(Exception):
    """Destruction of this record stops before its next copy, because `why`."""

    def __init__(self, why: str, *, by_hold: bool = False) -> None:
        super().__init__(why)
        self.why, self.by_hold = why, by_hold


class LeaseLost(Exception):
    """Another worker has taken this record over."""


def remove_copies(claimed: Claimed) -> list[str]:
    """Remove every copy that is left; return what the storage would not let go of, in words."""
    trouble = []
    for targets in _in_steps(claimed):
        _check(claimed)
        trouble += _remove(targets)
        failpoints.reach(f"disposal-{targets[-1].kind}-{targets[-1].order}")
    return trouble


def verify_gone(claimed: Claimed) -> list[str]:
    """List what is left in every place where copies of the record may lie; settle what is gone, tell what is not."""
    left = {(one.key, one.version): (place, one) for place, one in copies.remaining(_places(claimed))}
    targets = list(DestructionTarget.objects.filter(item=claimed.item, kind__in=list(COPIES)).order_by("order"))
    trouble, now = [], clock.now()
    for target in targets:
        is_there = left.pop((target.locator, target.storage_version), None) is not None
        target.status = TargetStatus.FAILED if is_there else TargetStatus.VERIFIED
        target.evidence = "a listing still shows it" if is_there else "a listing no longer shows it"
        target.settled_at = now
        trouble += [f"The storage still shows {target.locator}."] if is_there else []
    DestructionTarget.objects.bulk_update(targets, ["status", "evidence", "settled_at"], batch_size=BULK)
    return trouble + [_found_more(claimed, place.paper, one) for place, one in left.values()]


def _places(claimed: Claimed) -> list[Place]:
    """Where the plan looked, worked out anew from the rows, which are there until the end."""
    item = claimed.item
    ends = DestructionTarget.objects.filter(item=item, kind=TargetKind.DATABASE_TEXT).exclude(paper="")
    papers = [UUID(one) for one in ends.values_list("paper", flat=True)]
    is_strip = item.action == StepAction.STRIP
    return copies.places_of(Record(RecordKind(item.kind), item.record), papers, is_strip=is_strip)


def left_to_remove(claimed: Claimed) -> QuerySet[DestructionTarget]:
    rows = DestructionTarget.objects.filter(item=claimed.item).exclude(status__in=SETTLED)
    return rows.exclude(kind__in=AT_THE_END)


def _in_steps(claimed: Claimed) -> Iterator[list[DestructionTarget]]:
    """Pictures in bulk, everything else one at a time, in the order of the plan."""
    rows = list(left_to_remove(claimed).exclude(status=TargetStatus.DELETED).order_by("order"))
    for kind, several in groupby(rows, key=lambda one: TargetKind(one.kind)):
        run = list(several)
        size = BULK if kind in IN_ONE_GO else 1
        for at in range(0, len(run), size):
            yield run[at : at + size]


def _check(claimed: Claimed) -> None:
    """Before each step: is the lease ours, has anybody stopped us, has a hold come (RET-E9, G16)?"""
    if not keep(claimed):
        raise LeaseLost
    if not switch().is_on:
        raise Halted("Destruction was stopped everywhere.")
    status = DisposalList.objects.values_list("status", flat=True).get(pk=claimed.item.list_id)
    if status == ListStatus.STOPPED:
        raise Halted("The list was stopped.")
    if holds_on(Record(RecordKind(claimed.item.kind), claimed.item.record)):
        raise Halted("A hold came while it was being destroyed; the copies that are left stay.", by_hold=True)


def _remove(targets: Sequence[DestructionTarget]) -> list[str]:
    match TargetKind(targets[0].kind):
        case TargetKind.SEARCH_ENTRIES:
            return _leave_search(targets[0])
        case TargetKind.QUEUED_WORK:
            return _drop_work(targets[0])
        case kind:
            return _erase(targets, COPIES[kind])


def _leave_search(target: DestructionTarget) -> list[str]:
    document = target.locator.partition(":")[2]
    _attempt([target])
    try:
        search.remove_for_good(UUID(document))
        left = search.proof_of_removal(UUID(document)).entries
    except Refusal as refusal:
        return [_fail(target, str(refusal))]
    if left:
        return [_fail(target, f"the index still holds {left} pages")]
    _settle(target, TargetStatus.VERIFIED, "the index finds none of its pages")
    return []


def _drop_work(target: DestructionTarget) -> list[str]:
    """Work that nobody has begun is dropped; what a worker has in hand finds the record gone."""
    _attempt([target])
    versions = Version.objects.filter(document=UUID(target.paper)).values_list("pk", flat=True)
    dropped = sum(cancel(subject=subject) for subject in (target.locator, *(f"version:{one}" for one in versions)))
    _settle(target, TargetStatus.VERIFIED, f"{dropped} pieces of work dropped")
    return []


def _erase(targets: Sequence[DestructionTarget], kind: CopyKind) -> list[str]:
    _attempt(targets)
    wanted = [StoredCopy(one.locator, kind, one.storage_version) for one in targets]
    try:
        refused = {(one.copy.key, one.copy.version): one.why for one in eraser().remove(wanted)}
    except Refusal as refusal:
        return [_fail(one, str(refusal)) for one in targets[:1]]
    trouble = []
    for target in targets:
        why = refused.get((target.locator, target.storage_version))
        if why is None:
            _settle(target, TargetStatus.DELETED, "removed; not verified yet")
        else:
            trouble.append(_fail(target, f"the storage refused: {why}"))
    return trouble


def _found_more(claimed: Claimed, paper: str, copy: StoredCopy) -> str:
    """A copy that nobody had planned, such as a delete marker made meanwhile: it goes on the list too."""
    kinds = {CopyKind.MARKER: TargetKind.DELETE_MARKER, CopyKind.PART: TargetKind.MULTIPART_PART}
    last = DestructionTarget.objects.filter(item=claimed.item).order_by("order").last()
    DestructionTarget.objects.bulk_create(
        [
            DestructionTarget(
                item=claimed.item,
                order=(last.order if last else 0) + 1,
                kind=kinds.get(copy.kind, TargetKind.OBJECT_VERSION),
                locator=copy.key,
                storage_version=copy.version,
                paper=paper,
                size=copy.size,
                evidence="found by a listing afterwards",
            )
        ],
        ignore_conflicts=True,
    )
    return f"A listing shows one more copy, {copy.key}."


def _attempt(targets: Sequence[DestructionTarget]) -> None:
    for one in targets:
        one.attempts += 1
        one.status = TargetStatus.DELETING
    DestructionTarget.objects.bulk_update(targets, ["attempts", "status"])


def _settle(target: DestructionTarget, status: TargetStatus, evidence: str) -> None:
    target.status, target.evidence, target.settled_at = status, evidence, clock.now()
    target.save(update_fields=["status", "evidence", "settled_at"])


def _fail(target: DestructionTarget, why: str) -> str:
    _settle(target, TargetStatus.FAILED, why)
    return f"{target.kind} {target.locator}: {why}."
