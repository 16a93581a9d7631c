"""Papers on a case that say nearly the same: a draft and what was filed, a letter and its scan, two copies (DOM-3.8).

Of every document a few numbers are kept: the smallest hashes of its runs of three words. Two papers share as great a part
of them as of their text. Nobody is told of a paper that they may not open.
"""

import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from uuid import UUID

from docstore.access.actor import Actor
from docstore.access.permissions import Permission
from docstore.cases.scope import Scope
from docstore.documents.queries import Placed, get_document, placed
from docstore.documents.visibility import visible_filings, visible_to
from docstore.search.models import IndexState

RUN = 3
KEPT = 128
# A paper of fewer different runs than this is a cover sheet, and those are all alike.
LEAST = 24
NEARLY = 0.7
MOST_COMPARED = 2_000
MOST_TOLD = 5
# Spreads what a checksum leaves close together.
_SPREAD, _WORD = 0x9E3779B1, 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Alike:
    """Another paper, and how much of the text of both is in both, from 0 to 1."""

    placed: Placed
    likeness: float


def sketch(pages: Iterable[Sequence[str]]) -> bytes:
    """Return what is kept of a document's pages of terms: four bytes to a number, none for a very short paper."""
    kept: set[int] = set()
    for terms in pages:
        runs = {" ".join(terms[at : at + RUN]) for at in range(len(terms) - RUN + 1)}
        kept |= {zlib.crc32(run.encode()) * _SPREAD & _WORD for run in runs}
        kept = set(nsmallest(KEPT, kept))
    return array("I", sorted(kept)).tobytes() if len(kept) >= LEAST else b""


def likeness(one: bytes, other: bytes) -> float:
    """Return the share of the text of both that two sketches have in common; 0 where there is nothing to compare."""
    here, there = set(memoryview(one).cast("I")), set(memoryview(other).cast("I"))
    if not here or not there:
        return 0.0
    smallest = nsmallest(KEPT, here | there)
    return sum(number in here and number in there for number in smallest) / len(smallest)


def near_duplicates(by: Actor, document_id: UUID) -> list[Alike]:
    """Return what says nearly the same on the cases where this person may deal with doubts, the likest first.

    Raises NotFound for a document that is hidden or absent; tells nobody else on the case anything.
    """
    scope = Scope.of(by)
    document = get_document(scope, document_id)
    places = visible_filings(scope).filter(document=document).select_related("case")
    cases = [one.case for one in places if scope.allows_on(one.case, Permission.CONFIRM_DOUBTS)]
    own = IndexState.objects.filter(pk=document_id).values_list("sketch", flat=True).first()
    if not cases or not own:
        return []
    beside = visible_filings(scope).filter(case__in=cases, document__withdrawn_at__isnull=True)
    newest = beside.exclude(document=document).order_by("-document__filed_at").values_list("document", flat=True)
    sketches = IndexState.objects.filter(pk__in=list(newest[:MOST_COMPARED]), sketch__isnull=False)
    measured = {one.pk: likeness(bytes(own), bytes(one.sketch or b"")) for one in sketches}
    near = nsmallest(MOST_TOLD, (one for one in measured if measured[one] >= NEARLY), key=lambda one: -measured[one])
    found = placed(scope, visible_to(scope).filter(pk__in=near).select_related("filed_by"))
    return sorted((Alike(one, measured[one.document.pk]) for one in found), key=lambda one: -one.likeness)
