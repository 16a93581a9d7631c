"""Where copies of a record may lie in the vault, whoever put them there. The plan looks there, and so does the proof that
nothing is left: both through `places_of`.

A paper's bytes lie under its own name, under the name that its scan had at the door, and where the sweeper sets aside what
nobody refers to. A scan of several papers goes with the first of them that is destroyed: the others have bytes of their own,
cut out of it, and the scan would go on showing what is gone. A test finds every place that puts bytes into the vault and fails where it has no answer here.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import connection
from django.db.models import Q

from docstore.documents.erasure import StoredCopy, eraser
from docstore.documents.models import Filing, Version
from docstore.intake.models import Item, ItemState
from docstore.intake.scan_models import Part
from docstore.retention.orphans import LOST
from docstore.retention.vocabulary import Record, RecordKind

Look = Callable[[Collection[str]], Mapping[str, Sequence[StoredCopy]]]

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


@dataclass(frozen=True, slots=True)
class Going:
    """A record, the papers that go with it, and whether the record itself stays without them."""

    record: Record
    papers: tuple[UUID, ...]
    is_strip: bool = False


def places_of(going: Collection[Going]) -> dict[Record, list[Place]]:
    """Return where copies of each record and of the papers that go with it may lie."""
    folders = _folders({paper for one in going for paper in one.papers})
    whole = {one.record.id: one for one in going if one.record.kind is RecordKind.CASE and not one.is_strip}
    others, scans = _of_others(whole), _scans_without_paper(whole)
    found = {}
    for one in going:
        places = [Place(prefix, str(paper)) for paper in one.papers for prefix in sorted(folders[paper])]
        if one.record.id in whole:
            places.append(Place(f"{CASES}{one.record.id}/", spared=others[one.record.id]))
            places += [Place(_folder(key)) for key in scans[one.record.id]]
        found[one.record] = [both for at in places for both in (at, Place(LOST + at.prefix, at.paper, at.spared))]
    return found


def surveyed(places: Mapping[Record, Sequence[Place]]) -> dict[Record, list[tuple[Place, StoredCopy]]]:
    """Return each copy that lies in the places of each record once, with its locks."""
    return _once(places, eraser().survey_all)


def remaining(places: Mapping[Record, Sequence[Place]]) -> dict[Record, list[tuple[Place, StoredCopy]]]:
    """Return each copy that a listing still shows in the places of each record, once."""
    return _once(places, eraser().remaining_all)


def scans_by_paper(papers: Collection[UUID]) -> dict[UUID, list[Item]]:
    """Return the items from which each paper came: its own, those that a rescan replaced, and refused ones of the same bytes.

    An item that was divided counts for each of its papers: the scan of all of them shows every one of them.
    """
    own = _own_scans(papers)
    every, digests = _with_replaced(own), _papers_by_digest(papers)
    refused = Q(state=ItemState.REJECTED, document__isnull=True, sha256__in=list(digests))
    found: dict[UUID, list[Item]] = {paper: [] for paper in papers}
    for item in Item.objects.filter(Q(pk__in=every) | refused).select_related("batch").order_by("pk"):
        theirs = {one for one in every.get(item.pk, ()) if item.document in (None, one) or one in own.get(item.pk, ())}
        if item.state == ItemState.REJECTED and item.document is None:
            theirs |= digests.get(item.sha256, set())
        for paper in theirs:
            found[paper].append(item)
    return found


def digests_of(papers: Collection[UUID]) -> dict[str, str]:
    """Return what is known of the content under each name."""
    scans = {item.key: item.sha256 for items in scans_by_paper(papers).values() for item in items if item.key}
    return scans | dict(Version.objects.filter(document__in=papers).values_list("key", "sha256"))


def _own_scans(papers: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The papers of each item that became one of these, whole or in part."""
    found: dict[UUID, set[UUID]] = defaultdict(set)
    whole = Item.objects.filter(document__in=papers).values_list("pk", "document")
    for item, paper in (*whole, *Part.objects.filter(document__in=papers).values_list("item_id", "document")):
        if paper is not None:
            found[item].add(paper)
    return found


def _with_replaced(own: Mapping[UUID, set[UUID]]) -> dict[UUID, set[UUID]]:
    """The same with every earlier item that these replaced, step by step."""
    every = {item: set(papers) for item, papers in own.items()}
    newest = set(every)
    while newest:
        steps = Item.objects.filter(replaced_by__in=newest).values_list("pk", "replaced_by")
        newest = set()
        for older, newer in steps:
            more = every[newer] - every.setdefault(older, set())
            every[older] |= more
            newest |= {older} if more else set()
    return every


def _papers_by_digest(papers: Collection[UUID]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for sha256, paper in Version.objects.filter(document__in=papers).values_list("sha256", "document_id"):
        found[sha256].add(paper)
    return found


def _folders(papers: Collection[UUID]) -> dict[UUID, set[str]]:
    """Where the bytes of each paper lie, or may lie because it was filed there or made from it."""
    found = {paper: {f"{RENDITIONS}{paper}/"} for paper in papers}
    for paper, key in Version.objects.filter(document__in=papers).values_list("document_id", "key"):
        found[paper].add(_reach(key))
    for paper, case in Filing.objects.filter(document__in=papers).values_list("document_id", "case_id"):
        found[paper].add(f"{CASES}{case}/{paper}/")
    for paper, items in scans_by_paper(papers).items():
        found[paper] |= {one.key if one.divided else _reach(one.key) for one in items if one.key}
    return found


def _of_others(whole: Mapping[UUID, Going]) -> dict[UUID, frozenset[str]]:
    """The folders below each case's own that belong to papers which were filed there first and stay on other cases."""
    if not whole:
        return {}
    found: dict[UUID, set[str]] = {case: set() for case in whole}
    below = reduce(or_, (_below(f"{CASES}{case}/") for case in whole))
    for paper, key in Version.objects.filter(below).values_list("document_id", "key"):
        case = UUID(key.split("/")[1])
        if paper not in whole[case].papers:
            found[case].add(_folder(key))
    return {case: frozenset(folders) for case, folders in found.items()}


def _below(folder: str) -> Q:
    """Keys in a folder, as the database finds them along the index of keys."""
    if connection.vendor == "postgresql":
        return Q(key__startswith=folder)
    return Q(key__gte=folder, key__lt=folder[:-1] + chr(ord("/") + 1))


def _scans_without_paper(cases: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {case: [] for case in cases}
    rows = Item.objects.filter(case__in=cases, document__isnull=True).exclude(key="")
    for case, key in rows.values_list("case_id", "key"):
        if case is not None:
            found[case].append(key)
    return found


def _reach(key: str) -> str:
    """What goes with a name: its folder; where papers cut out of one scan lie side by side, that name alone."""
    return key if PARTS in key else _folder(key)


def _folder(key: str) -> str:
    return key.rpartition("/")[0] + "/"


def _once(places: Mapping[Record, Sequence[Place]], look: Look) -> dict[Record, list[tuple[Place, StoredCopy]]]:
    """Look into all places at a time; what two places of a record show is one copy, of the first of them."""
    shown = look({place.prefix for some in places.values() for place in some})
    found = {}
    for record, some in places.items():
        seen: set[tuple[str, str, str]] = set()
        found[record] = [
            (place, copy)
            for place in some
            for copy in shown[place.prefix]
            if place.holds(copy.key) and _is_new((copy.key, str(copy.kind), copy.version), seen)
        ]
    return found


def _is_new(mark: tuple[str, str, str], seen: set[tuple[str, str, str]]) -> bool:
    is_new = mark not in seen
    seen.add(mark)
    return is_new
