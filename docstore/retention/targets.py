"""What there is of a record, copy by copy, and what would keep it from going: the plan of the dry run and of the claim.

The same function serves both. It reads the storage, so it runs outside transactions; the claim then looks whether the
rows still are what the plan saw.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from docstore.cases.lifecycle import GONE, Lifecycle
from docstore.cases.models import Hearing
from docstore.core import clock
from docstore.documents import fixity
from docstore.documents.erasure import CopyKind, StoredCopy
from docstore.documents.models import Filing, Version
from docstore.retention import copies
from docstore.retention.disposal_models import TargetKind
from docstore.retention.models import DisposalStep
from docstore.retention.orphans import LOST
from docstore.retention.vocabulary import Record, RecordKind, StepAction

KINDS = {
    CopyKind.VERSION: TargetKind.OBJECT_VERSION,
    CopyKind.MARKER: TargetKind.DELETE_MARKER,
    CopyKind.PART: TargetKind.MULTIPART_PART,
}
# In which order things go: what shows a record first, what is made again from it, the originals, then what is known of it.
ORDER = (
    TargetKind.SEARCH_ENTRIES,
    TargetKind.QUEUED_WORK,
    TargetKind.RENDITION,
    TargetKind.OBJECT_VERSION,
    TargetKind.DELETE_MARKER,
    TargetKind.MULTIPART_PART,
    TargetKind.CASE_FILING,
    TargetKind.DATABASE_TEXT,
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing to remove."""

    kind: TargetKind
    locator: str
    paper: str = ""
    version: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a record from going now, in words; `until` where the storage says for how long."""

    why: str
    until: datetime | None = None


DAMAGED = Blocker("The stored bytes of one of its papers are missing or changed. That has to be looked into first.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record that is to go, and what a strip step keeps of it."""

    record: Record
    keep_types: tuple[str, ...] = ()
    is_strip: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would go with a record. `seen` names the stored versions that the rows knew of."""

    wanted: Wanted
    papers: tuple[UUID, ...] = ()
    unlinked: tuple[UUID, ...] = ()
    targets: tuple[Planned, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    seen: frozenset[str] = field(default_factory=frozenset)

    @property
    def record(self) -> Record:
        return self.wanted.record

    @property
    def bytes(self) -> int:
        return sum(one.size for one in self.targets)


def plans_for(wanted: Sequence[Wanted]) -> dict[Record, Plan]:
    """Look at every copy of these records, with its locks, and say of each what would go and what stands in the way."""
    papers, unlinked = papers_of(wanted)
    every = [paper for some in papers.values() for paper in some]
    going = {one: copies.Going(one.record, papers[one.record], one.is_strip) for one in wanted}
    found = copies.surveyed(copies.places_of(list(going.values())))
    digests, seen = copies.digests_of(every), keys_of(every)
    busy, damaged = _live_business([one.record for one in wanted]), _damaged(every)
    plans = {}
    for asked, one in going.items():
        shown, stays = found[one.record], unlinked[one.record]
        blockers = [*busy.get(one.record, ()), *([DAMAGED] if damaged & set(one.papers) else ())]
        blockers += [_blocker(copy) for _, copy in shown if copy.blocks(_storage_now())]
        targets = [*_of_rows(one, stays), *(_copy(place.paper, copy, digests) for place, copy in shown)]
        known = frozenset(key for paper in one.papers for key in seen.get(paper, ()))
        in_order = tuple(sorted(targets, key=_place))
        plans[one.record] = Plan(asked, one.papers, stays, in_order, tuple(blockers), known)
    return plans


def _of_rows(one: copies.Going, stays: Sequence[UUID]) -> Iterator[Planned]:
    """What goes besides stored bytes: entries, work, places on cases that end, and what the database says."""
    for paper in one.papers:
        yield Planned(TargetKind.SEARCH_ENTRIES, f"document:{paper}", str(paper))
        yield Planned(TargetKind.QUEUED_WORK, f"document:{paper}", str(paper))
        yield Planned(TargetKind.DATABASE_TEXT, f"document:{paper}", str(paper))
    for paper in stays:
        yield Planned(TargetKind.CASE_FILING, f"{paper}@{one.record.id}", str(paper))
    if one.record.kind is RecordKind.CASE and not one.is_strip:
        yield Planned(TargetKind.DATABASE_TEXT, f"case:{one.record.id}")


def _place(one: Planned) -> tuple[int, str]:
    """Where a copy stands in the order of its record: one kind after the other, as the saga goes (design T6)."""
    is_last = one.kind in (TargetKind.CASE_FILING, TargetKind.DATABASE_TEXT)
    return ORDER.index(one.kind), "" if is_last else one.paper


def papers_of(wanted: Sequence[Wanted]) -> tuple[dict[Record, tuple[UUID, ...]], dict[Record, tuple[UUID, ...]]]:
    """Return the documents that go with each record, and those that stay as another case still has them (RET-G12)."""
    cases = {one.record.id: one for one in wanted if one.record.kind is RecordKind.CASE}
    here = Filing.objects.filter(case__in=cases, ended_at__isnull=True).exclude(document__lifecycle=Lifecycle.DESTROYED)
    filed: dict[UUID, dict[UUID, str]] = {case: {} for case in cases}
    for case, paper, type_ in here.values_list("case_id", "document_id", "document__type"):
        filed[case][paper] = type_
    live = Filing.objects.filter(ended_at__isnull=True, document__in={it for some in filed.values() for it in some})
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    for paper, case in live.exclude(case__lifecycle__in=GONE).values_list("document_id", "case_id"):
        homes[paper].add(case)
    going: dict[Record, tuple[UUID, ...]] = {}
    staying: dict[Record, tuple[UUID, ...]] = {}
    for one in wanted:
        if one.record.kind is RecordKind.DOCUMENT:
            going[one.record], staying[one.record] = (one.record.id,), ()
            continue
        theirs = sorted(it for it, type_ in filed[one.record.id].items() if type_ not in one.keep_types)
        away = {it for it in theirs if homes[it] - {one.record.id}}
        going[one.record] = tuple(it for it in theirs if it not in away)
        staying[one.record] = () if one.keep_types else tuple(it for it in theirs if it in away)
    return going, staying


def kept_types(schedule: str, code: str, number: int, order: int) -> tuple[str, ...]:
    """Return the document types that a strip step keeps."""
    step = DisposalStep.objects.filter(
        Q(version__disposal_class__schedule__code=schedule, version__disposal_class__code=code),
        version__number=number,
        order=order,
        action=StepAction.STRIP,
    ).first()
    return tuple(step.keep_types) if step else ()


def _copy(paper: str, one: StoredCopy, digests: dict[str, str]) -> Planned:
    is_derived = one.key.removeprefix(LOST).startswith(copies.RENDITIONS) and one.kind is CopyKind.VERSION
    kind = TargetKind.RENDITION if is_derived else KINDS[one.kind]
    return Planned(kind, one.key, paper, one.version, one.size, digests.get(one.key.removeprefix(LOST), ""))


def _blocker(one: StoredCopy) -> Blocker:
    if one.legal_hold:
        return Blocker(f"The storage holds {one.key}: a legal hold is on it.")
    if not one.is_lock_known:
        return Blocker(f"The storage would not say whether {one.key} is locked.")
    until = one.locked_until.isoformat() if one.locked_until else ""
    return Blocker(f"The storage keeps {one.key} until {until}.", one.locked_until)


def _live_business(records: Collection[Record]) -> dict[Record, list[Blocker]]:
    """A hearing that is still to come keeps a case, and every paper on it, whatever its dates say."""
    on: dict[UUID, list[Record]] = defaultdict(list)
    for one in records:
        if one.kind is RecordKind.CASE:
            on[one.id].append(one)
    papers = [one.id for one in records if one.kind is RecordKind.DOCUMENT]
    filed = Filing.objects.filter(document__in=papers, ended_at__isnull=True) if papers else Filing.objects.none()
    for paper, case in filed.values_list("document_id", "case_id"):
        on[case].append(Record(RecordKind.DOCUMENT, paper))
    first: dict[Record, datetime] = {}
    coming = Hearing.objects.filter(case__in=on, starts_at__gte=clock.now()).order_by("starts_at")
    for case, starts_at in coming.values_list("case_id", "starts_at"):
        for one in on[case]:
            first.setdefault(one, starts_at)
    return {
        one: [Blocker(f"A hearing is listed for {at.astimezone(clock.COURT_ZONE):%d %B %Y}.")]
        for one, at in first.items()
    }


def _damaged(papers: Collection[UUID]) -> set[UUID]:
    """What is known to be missing or changed is first looked into: whether it was a crime cannot be asked afterwards (RET-M4)."""
    rows = Version.objects.filter(document__in=papers).exclude(fixity_fault="")
    copies_too = (
        fixity.copy_faults().filter(version__document__in=papers).values_list("version__document_id", flat=True)
    )
    return {*rows.values_list("document_id", flat=True), *copies_too}


def keys_of(papers: Collection[UUID]) -> dict[UUID, set[str]]:
    """Return under which names the bytes of these papers' versions lie."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for paper, key in Version.objects.filter(document__in=papers).values_list("document_id", "key"):
        found[paper].add(key)
    return found


def _storage_now() -> datetime:
    """The storage's locks run by real time, whatever the demo court's clock says."""
    return clock.now() - clock.ahead()
