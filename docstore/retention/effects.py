"""Removing copies, outside transactions, each act idempotent; what was done is committed at once (design T5–T7).

Several records go side by side: each by its own steps, in the order of its plan, and a step of all of them is one question
to the storage or the index. Before every step it is asked again whether to go on, so that after a stop at most one more
original of each record goes. "Not found" means gone already. Nothing counts as gone because a server said so, only
because a listing no longer shows it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from uuid import UUID

from django.db.models import F, QuerySet

from docstore.core import clock, failpoints
from docstore.core.errors import Refusal
from docstore.core.many_jobs import cancel_each
from docstore.documents.erasure import CopyKind, StoredCopy, eraser
from docstore.documents.models import Version
from docstore.retention import copies
from docstore.retention.claims import Claimed, keep
from docstore.retention.copies import Going, Place
from docstore.retention.disposal_models import (
    SETTLED,
    DestructionTarget,
    DisposalList,
    ListStatus,
    TargetKind,
    TargetStatus,
)
from docstore.retention.queries import holds_on_each
from docstore.retention.switch import switch
from docstore.retention.vocabulary import Record, StepAction
from docstore.search import actions as search

COPIES = {
    TargetKind.RENDITION: CopyKind.VERSION,
    TargetKind.OBJECT_VERSION: CopyKind.VERSION,
    TargetKind.DELETE_MARKER: CopyKind.MARKER,
    TargetKind.MULTIPART_PART: CopyKind.PART,
}
# Originals go one at a time; what is made again from them, or shows them, goes in one step.
IN_ONE_GO = frozenset(TargetKind) - {TargetKind.OBJECT_VERSION, TargetKind.MULTIPART_PART}
# What the last transaction removes, together with the record's own rows.
AT_THE_END = (TargetKind.CASE_FILING, TargetKind.DATABASE_TEXT)
BULK = 200


class Halted(Exception):
    """Destruction of this record stops before its next copy, because `why`."""

    def __init__(self, why: str, *, by_hold: bool = False) -> None:
        super().__init__(why)
        self.why, self.by_hold = why, by_hold


class InHand:
    """Records that go side by side: those that still go on, those that were halted, and what the storage kept, in words.

    A record whose lease was lost is in none of them: another worker has it.
    """

    def __init__(self, claimed: Sequence[Claimed]) -> None:
        self.going = list(claimed)
        self.halted: list[tuple[Claimed, Halted]] = []
        self.trouble: dict[UUID, list[str]] = defaultdict(list)

    @property
    def whole(self) -> list[Claimed]:
        """Those that go on and met no trouble."""
        return [one for one in self.going if not self.trouble.get(one.item.pk)]

    def check(self) -> None:
        """Before each step: are the leases ours, has anybody stopped us, has a hold come (RET-E9, G16)?"""
        self.going = keep(self.going)
        if not self.going:
            return
        if why := _stopped([one.item.list_id for one in self.going]):
            self._halt(self.going, Halted(why))
            return
        holds = holds_on_each([one.record for one in self.going])
        held = [one for one in self.going if holds[one.record]]
        self._halt(
            held, Halted("A hold came while it was being destroyed; the copies that are left stay.", by_hold=True)
        )

    def _halt(self, some: Sequence[Claimed], why: Halted) -> None:
        self.halted += [(one, why) for one in some]
        self.going = [one for one in self.going if one not in some]

    def tell(self, told: Mapping[UUID, Sequence[str]]) -> None:
        for item, sentences in told.items():
            self.trouble[item] += sentences


def remove_copies(hand: InHand) -> None:
    """Remove every copy that is left, of all these records, a step of each at a time."""
    steps = _in_steps(hand.going)
    while steps:
        hand.check()
        mine = {one.item.pk for one in hand.going}
        steps = {item: left for item, left in steps.items() if item in mine}
        now = [left.pop(0) for left in steps.values()]
        hand.tell(_remove(now))
        for target in (one for step in now for one in step):
            failpoints.reach(f"disposal-{target.kind}-{target.order}")
        steps = {item: left for item, left in steps.items() if left}


def verify_gone(hand: InHand) -> None:
    """List what is left in every place where copies may lie; settle what is gone, tell what is not."""
    records = {one.record: one for one in hand.whole}
    left = copies.remaining(_places(hand.whole))
    targets: dict[UUID, list[DestructionTarget]] = defaultdict(list)
    rows = DestructionTarget.objects.filter(item__in=[one.item.pk for one in hand.whole], kind__in=list(COPIES))
    for target in rows.order_by("order"):
        targets[target.item_id].append(target)
    gone: list[DestructionTarget] = []
    there: list[DestructionTarget] = []
    for record, claimed in records.items():
        shown = {(one.key, one.version): (place, one) for place, one in left[record]}
        for target in targets[claimed.item.pk]:
            is_there = shown.pop((target.locator, target.storage_version), None) is not None
            (there if is_there else gone).append(target)
        hand.tell({claimed.item.pk: [_found_more(claimed, place.paper, one) for place, one in shown.values()]})
    _settle(gone, TargetStatus.VERIFIED, "a listing no longer shows it")
    _settle(there, TargetStatus.FAILED, "a listing still shows it")
    for target in there:
        hand.tell({target.item_id: [f"The storage still shows {target.locator}."]})


def _places(claimed: Sequence[Claimed]) -> dict[Record, list[Place]]:
    """Where the plans looked, worked out anew from the rows, which are there until the end."""
    papers: dict[UUID, list[UUID]] = defaultdict(list)
    ends = DestructionTarget.objects.filter(item__in=[one.item.pk for one in claimed], kind=TargetKind.DATABASE_TEXT)
    for item, paper in ends.exclude(paper="").order_by("order").values_list("item_id", "paper"):
        papers[item].append(UUID(paper))
    return copies.places_of(
        [Going(one.record, tuple(papers[one.item.pk]), one.item.action == StepAction.STRIP) for one in claimed]
    )


def left_to_remove(claimed: Sequence[Claimed]) -> QuerySet[DestructionTarget]:
    rows = DestructionTarget.objects.filter(item__in=[one.item.pk for one in claimed]).exclude(status__in=SETTLED)
    return rows.exclude(kind__in=AT_THE_END)


def _in_steps(claimed: Sequence[Claimed]) -> dict[UUID, list[list[DestructionTarget]]]:
    """The steps of each record: pictures and the like in bulk, originals one at a time, in the order of its plan."""
    steps: dict[UUID, list[list[DestructionTarget]]] = defaultdict(list)
    rows = left_to_remove(claimed).exclude(status=TargetStatus.DELETED).order_by("item", "order")
    for (item, kind), several in groupby(rows, key=lambda one: (one.item_id, TargetKind(one.kind))):
        run = list(several)
        size = BULK if kind in IN_ONE_GO else 1
        steps[item] += [run[at : at + size] for at in range(0, len(run), size)]
    return dict(steps)


def _stopped(lists: Sequence[UUID]) -> str:
    if not switch().is_on:
        return "Destruction was stopped everywhere."
    stopped = DisposalList.objects.filter(pk__in=lists, status=ListStatus.STOPPED).exists()
    return "The list was stopped." if stopped else ""


def _remove(steps: Sequence[Sequence[DestructionTarget]]) -> dict[UUID, list[str]]:
    """Take one step of each record, all of a kind together; return what did not go, by item."""
    by_kind: dict[TargetKind, list[DestructionTarget]] = defaultdict(list)
    for step in steps:
        by_kind[TargetKind(step[0].kind)] += step
    trouble: dict[UUID, list[str]] = defaultdict(list)
    for kind, targets in by_kind.items():
        _attempt(targets)
        for target, why in _of_kind(kind, targets):
            trouble[target.item_id].append(f"{target.kind} {target.locator}: {why}.")
    return trouble


def _of_kind(kind: TargetKind, targets: Sequence[DestructionTarget]) -> list[tuple[DestructionTarget, str]]:
    """Remove targets of one kind; return those that did not go, and why."""
    match kind:
        case TargetKind.SEARCH_ENTRIES:
            return _leave_search(targets)
        case TargetKind.QUEUED_WORK:
            return _drop_work(targets)
        case _:
            return _erase(targets, COPIES[kind])


def _leave_search(targets: Sequence[DestructionTarget]) -> list[tuple[DestructionTarget, str]]:
    try:
        left = search.remove_all_for_good([UUID(one.paper) for one in targets])
    except Refusal as refusal:
        return _fail([(one, str(refusal)) for one in targets])
    gone = [one for one in targets if not left[UUID(one.paper)]]
    _settle(gone, TargetStatus.VERIFIED, "the index finds none of its pages")
    return _fail([(one, f"the index still holds {many} pages") for one in targets if (many := left[UUID(one.paper)])])


def _drop_work(targets: Sequence[DestructionTarget]) -> list[tuple[DestructionTarget, str]]:
    """Work that nobody has begun is dropped; what a worker has in hand finds the record gone."""
    of = {UUID(one.paper): [one.locator] for one in targets}
    for paper, version in Version.objects.filter(document__in=of).values_list("document_id", "pk"):
        of[paper].append(f"version:{version}")
    dropped = cancel_each([subject for subjects in of.values() for subject in subjects])
    by_count: dict[int, list[DestructionTarget]] = defaultdict(list)
    for one in targets:
        by_count[sum(dropped[subject] for subject in of[UUID(one.paper)])].append(one)
    for count, some in by_count.items():
        _settle(some, TargetStatus.VERIFIED, f"{count} pieces of work dropped")
    return []


def _erase(targets: Sequence[DestructionTarget], kind: CopyKind) -> list[tuple[DestructionTarget, str]]:
    wanted = [StoredCopy(one.locator, kind, one.storage_version) for one in targets]
    try:
        refused = {(one.copy.key, one.copy.version): one.why for one in eraser().remove(wanted)}
    except Refusal as refusal:
        return _fail([(one, str(refusal)) for one in targets])
    kept = [(one, refused.get((one.locator, one.storage_version))) for one in targets]
    _settle([one for one, why in kept if why is None], TargetStatus.DELETED, "removed; not verified yet")
    return _fail([(one, f"the storage refused: {why}") for one, why in kept if why is not None])


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
    rows = DestructionTarget.objects.filter(pk__in=[one.pk for one in targets])
    rows.update(attempts=F("attempts") + 1, status=TargetStatus.DELETING)


def _settle(targets: Sequence[DestructionTarget], status: TargetStatus, evidence: str) -> None:
    if targets:
        rows = DestructionTarget.objects.filter(pk__in=[one.pk for one in targets])
        rows.update(status=status, evidence=evidence, settled_at=clock.now())


def _fail(kept: Sequence[tuple[DestructionTarget, str]]) -> list[tuple[DestructionTarget, str]]:
    by_why: dict[str, list[DestructionTarget]] = defaultdict(list)
    for target, why in kept:
        by_why[why].append(target)
    for why, some in by_why.items():
        _settle(some, TargetStatus.FAILED, why)
    return list(kept)
