"""Where copies of a record may lie in the vault, whoever put them there. The plan looks there, and so does the proof that
nothing is left: both through `places_of`.

A paper's bytes lie under its own name, under the name that its scan had at the door, and where the sweeper sets aside what
nobody refers to. A scan of several papers goes with the first of them that is destroyed: the others have bytes of their own,
cut out of it, and the scan would go on showing what is gone. A test finds every place that puts bytes into the vault and fails where it has no answer here.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from docstore.documents.erasure import StoredCopy, eraser
from docstore.documents.models import Filing, Version
from docstore.intake.models import Item, ItemState
from docstore.intake.scan_models import Part
from docstore.retention.orphans import LOST
from docstore.retention.vocabulary import Record, RecordKind

Look = Callable[[str], list[StoredCopy]]

CASES, SCANS, RENDITIONS = "cases/", "batches/", "renditions/"
PARTS = "/parts/"


@dataclass(frozen=True, slots=True)
class Place:
    """Everything whose name begins with `prefix`, except what stays: `spared` are folders of papers that do not go."""

    prefix: str
    paper: str = ""
    spared: frozenset[str] = frozenset()

    def holds(self, key: str) -> bool:
        """Whether a name that a listing shows here belongs to what goes."""
        return not any(key.removeprefix(LOST).startswith(one) for one in self.spared)


def places_of(record: Record, papers: Collection[UUID], *, is_strip: bool = False) -> list[Place]:
    """Return where copies of a record and of the papers that go with it may lie."""
    found = [Place(prefix, str(paper)) for paper in papers for prefix in sorted(_folders(paper))]
    if record.kind is RecordKind.CASE and not is_strip:
        found.append(Place(f"{CASES}{record.id}/", spared=_of_others(record.id, papers)))
        found += [Place(_folder(key)) for key in _scans_without_paper(record.id)]
    return [both for one in found for both in (one, Place(LOST + one.prefix, one.paper, one.spared))]


def surveyed(places: Iterable[Place]) -> Iterator[tuple[Place, StoredCopy]]:
    """Yield each copy that lies in these places once, with its locks."""
    return _once(places, eraser().survey)


def remaining(places: Iterable[Place]) -> Iterator[tuple[Place, StoredCopy]]:
    """Yield each copy that a listing still shows in these places, once."""
    return _once(places, eraser().remaining)


def scans_of(papers: Collection[UUID]) -> QuerySet[Item]:
    """Return the items from which papers came: their own, those that a rescan replaced, and refused ones of the same bytes.

    An item that was divided counts for each of its papers: the scan of all of them shows every one of them.
    """
    whole = Item.objects.filter(document__in=papers).values_list("pk", flat=True)
    own = {*whole, *Part.objects.filter(document__in=papers).values_list("item_id", flat=True)}
    every, newest = set(own), own
    while newest:
        newest = set(Item.objects.filter(replaced_by__in=newest).values_list("pk", flat=True)) - every
        every |= newest
    digests = Version.objects.filter(document__in=papers).values("sha256")
    refused = Q(state=ItemState.REJECTED, document__isnull=True, sha256__in=digests)
    is_theirs = Q(document__isnull=True) | Q(document__in=papers) | Q(pk__in=own)
    return Item.objects.filter(Q(pk__in=every) & is_theirs | refused)


def digests_of(papers: Collection[UUID]) -> dict[str, str]:
    """Return what is known of the content under each name."""
    scans = dict(scans_of(papers).exclude(key="").values_list("key", "sha256"))
    return scans | dict(Version.objects.filter(document__in=papers).values_list("key", "sha256"))


def _folders(paper: UUID) -> set[str]:
    scans = scans_of([paper]).exclude(key="")
    divided = scans.filter(divided=True).values_list("key", flat=True)
    keys = [
        *Version.objects.filter(document=paper).values_list("key", flat=True),
        *scans.filter(divided=False).values_list("key", flat=True),
    ]
    cases = Filing.objects.filter(document=paper).values_list("case_id", flat=True)
    own = {f"{CASES}{case}/{paper}/" for case in cases}
    return {_reach(key) for key in keys} | set(divided) | own | {f"{RENDITIONS}{paper}/"}


def _of_others(case: UUID, papers: Collection[UUID]) -> frozenset[str]:
    """The folders below a case's own that belong to papers which were filed there first and stay on other cases."""
    prefix = f"{CASES}{case}/"
    keys = Version.objects.filter(key__startswith=prefix).exclude(document__in=papers).values_list("key", flat=True)
    return frozenset(_folder(key) for key in keys)


def _scans_without_paper(case: UUID) -> list[str]:
    return list(Item.objects.filter(case=case, document__isnull=True).exclude(key="").values_list("key", flat=True))


def _reach(key: str) -> str:
    """What goes with a name: its folder; where papers cut out of one scan lie side by side, that name alone."""
    return key if PARTS in key else _folder(key)


def _folder(key: str) -> str:
    return key.rpartition("/")[0] + "/"


def _once(places: Iterable[Place], look: Look) -> Iterator[tuple[Place, StoredCopy]]:
    seen: set[tuple[str, str, str]] = set()
    for place in places:
        for copy in look(place.prefix):
            mark = (copy.key, str(copy.kind), copy.version)
            if place.holds(copy.key) and mark not in seen:
                seen.add(mark)
                yield place, copy
