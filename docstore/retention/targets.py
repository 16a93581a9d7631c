"""What there is of a record, copy by copy, and what would keep it from going: the plan of the dry run and of the claim.

The same function serves both. It reads the storage, so it runs outside transactions; the claim then looks whether the
rows still are what the plan saw.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from docstore.cases.lifecycle import GONE, Lifecycle
from docstore.cases.models import Hearing
from docstore.core import clock
from docstore.documents.erasure import CopyKind, StoredCopy
from docstore.documents.models import Document, Filing, Version
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


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would go with a record. `seen` names the stored versions that the rows knew of."""

    record: Record
    papers: tuple[UUID, ...] = ()
    unlinked: tuple[UUID, ...] = ()
    targets: tuple[Planned, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    seen: frozenset[str] = field(default_factory=frozenset)

    @property
    def bytes(self) -> int:
        return sum(one.size for one in self.targets)


def plan_for(record: Record, *, keep_types: Sequence[str] = (), is_strip: bool = False) -> Plan:
    """Look at every copy of a record, with its locks, and say what would go and what stands in the way."""
    papers, unlinked = papers_of(record, keep_types=keep_types)
    seen = frozenset(Version.objects.filter(document__in=papers).values_list("key", flat=True))
    digests = copies.digests_of(papers)
    found = list(copies.surveyed(copies.places_of(record, papers, is_strip=is_strip)))
    targets = [one for paper in papers for one in _shown(paper)]
    targets += [_copy(place.paper, copy, digests) for place, copy in found]
    blockers = [
        *_live_business(record),
        *_damaged(papers),
        *(_blocker(copy) for _, copy in found if copy.blocks(_storage_now())),
    ]
    targets += [Planned(TargetKind.CASE_FILING, f"{paper}@{record.id}", str(paper)) for paper in unlinked]
    targets += [Planned(TargetKind.DATABASE_TEXT, f"document:{paper}", str(paper)) for paper in papers]
    if record.kind is RecordKind.CASE and not is_strip:
        targets.append(Planned(TargetKind.DATABASE_TEXT, f"case:{record.id}"))
    targets.sort(
        key=lambda one: (one.paper, ORDER.index(one.kind)) if one.kind in _EACH else ("~", ORDER.index(one.kind))
    )
    return Plan(record, papers, unlinked, tuple(targets), tuple(blockers), seen)


_EACH = frozenset(ORDER) - {TargetKind.DATABASE_TEXT, TargetKind.CASE_FILING}


def papers_of(record: Record, *, keep_types: Sequence[str] = ()) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """Return the documents that go with a record, and those that stay because another case still has them (RET-G12)."""
    if record.kind is RecordKind.DOCUMENT:
        return (record.id,), ()
    live = Filing.objects.filter(ended_at__isnull=True).exclude(case__lifecycle__in=GONE)
    here = Document.objects.filter(filings__case=record.id, filings__ended_at__isnull=True)
    here = here.exclude(lifecycle=Lifecycle.DESTROYED)
    if keep_types:
        here = here.exclude(type__in=list(keep_types))
    elsewhere = set(live.filter(document__in=here).exclude(case=record.id).values_list("document_id", flat=True))
    ids = list(here.order_by("pk").values_list("pk", flat=True).distinct())
    going = tuple(one for one in ids if one not in elsewhere)
    return going, () if keep_types else tuple(one for one in ids if one in elsewhere)


def kept_types(schedule: str, code: str, number: int, order: int) -> tuple[str, ...]:
    """Return the document types that a strip step keeps."""
    step = DisposalStep.objects.filter(
        Q(version__disposal_class__schedule__code=schedule, version__disposal_class__code=code),
        version__number=number,
        order=order,
        action=StepAction.STRIP,
    ).first()
    return tuple(step.keep_types) if step else ()


def _shown(paper: UUID) -> Iterator[Planned]:
    yield Planned(TargetKind.SEARCH_ENTRIES, f"document:{paper}", str(paper))
    yield Planned(TargetKind.QUEUED_WORK, f"document:{paper}", str(paper))


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


def _live_business(record: Record) -> Iterator[Blocker]:
    """A hearing that is still to come keeps a case, whatever its dates say."""
    cases = [record.id]
    if record.kind is RecordKind.DOCUMENT:
        cases = list(Filing.objects.filter(document=record.id, ended_at__isnull=True).values_list("case_id", flat=True))
    coming = Hearing.objects.filter(case__in=cases, starts_at__gte=clock.now()).order_by("starts_at").first()
    if coming is not None:
        yield Blocker(f"A hearing is listed for {coming.starts_at.astimezone(clock.COURT_ZONE):%d %B %Y}.")


def _damaged(papers: Sequence[UUID]) -> Iterator[Blocker]:
    """What is known to be missing or changed is first looked into: whether it was a crime cannot be asked afterwards (RET-M4)."""
    if Version.objects.filter(document__in=papers).exclude(fixity_fault="").exists():
        yield Blocker("The stored bytes of one of its papers are missing or changed. That has to be looked into first.")


def _storage_now() -> datetime:
    """The storage's locks run by real time, whatever the demo court's clock says."""
    return clock.now() - clock.ahead()
