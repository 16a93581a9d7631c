"""Whether the sealed log still is what was anchored: what a chain cannot show of itself (RET-L5, L8).

A whole stream taken away, a tail cut together with its head, a history rewritten with all its hashes: each leaves a tree
whose root differs from a checkpoint that the database's owner cannot change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from docstore.audit import notes
from docstore.audit.anchor import anchor
from docstore.audit.merkle import RightEdge, inclusion_proof, leaf_hash
from docstore.audit.models import AuditEvent, Checkpoint
from docstore.audit.sealing import anchored_sizes
from docstore.audit.verify import Anomaly, Fault
from docstore.core import signing

LOG = "sealed log"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """What shows offline that an event stands in the log: its leaf, its place, the way to the root, and the signed root."""

    leaf: bytes
    index: int
    proof: tuple[bytes, ...]
    note: str


def verify_sealed() -> Iterator[Fault]:
    """Build the tree anew from the events and hold it against every checkpoint; yield each place that does not hold."""
    kept = {one.size: bytes(one.root) for one in Checkpoint.objects.all()}
    anchored = dict(_anchored())
    edge = RightEdge()
    before = expected = 0
    for index, event_hash in _leaves():
        if index != expected:
            yield Fault(LOG, expected, Anomaly.MISSING, f"the next place that is filled is {index}")
        is_whole, expected = edge.size == index, index + 1
        if not is_whole:  # behind a gap no root can be told any more
            continue
        edge.append(leaf_hash(event_hash))
        if edge.size in kept or edge.size in anchored:
            yield from _held_against(edge, kept.get(edge.size), anchored.get(edge.size), before)
            before = edge.size
    yield from _ends(expected, set(kept) | set(anchored))
    for size in (size for size, root in anchored.items() if root is None):
        yield Fault(LOG, size, Anomaly.TAMPERED, "the checkpoint in locked storage bears no signature of ours")


def verify_against(note: str) -> Iterator[Fault]:
    """Hold the log against a checkpoint that somebody was given and kept: an auditor, a party, whoever was sent a root.

    Two people who were shown two histories find it out so, or by laying two notes of one size side by side.
    """
    told = notes.read(note, keys=signing.public_keys())
    edge = RightEdge()
    for _, event_hash in _leaves(told.size):
        edge.append(leaf_hash(event_hash))
    if edge.size < told.size:
        yield Fault(LOG, edge.size, Anomaly.MISSING, f"the checkpoint that was kept reaches {told.size}")
    elif edge.root != told.root:
        yield Fault(
            LOG, 0, Anomaly.TAMPERED, f"the checkpoint that was kept says otherwise of the first {told.size} events"
        )


def prove_inclusion(event: AuditEvent, checkpoint: Checkpoint) -> Inclusion:
    """Return the proof that `event` stands in the log as of `checkpoint`."""
    index = event.log_index
    if index is None or index >= checkpoint.size:
        raise LookupError(f"event {event.pk} is not sealed in the checkpoint at {checkpoint.size}")
    leaves = [leaf_hash(one) for _, one in _leaves(checkpoint.size)]
    return Inclusion(bytes(event.event_hash), index, tuple(inclusion_proof(leaves, index)), checkpoint.note)


def _ends(expected: int, sizes: set[int]) -> Iterator[Fault]:
    for size in sorted(sizes):
        if size > expected:
            yield Fault(LOG, expected, Anomaly.MISSING, f"a checkpoint reaches {size}; the end was cut off")


def _held_against(edge: RightEdge, kept: bytes | None, anchored: bytes | None, before: int) -> Iterator[Fault]:
    where = f"among the events from {before} to {edge.size - 1}"
    if anchored is not None and anchored != edge.root:
        yield Fault(LOG, before, Anomaly.TAMPERED, f"the anchored checkpoint says otherwise {where}")
    if kept is not None and kept != edge.root:
        yield Fault(LOG, before, Anomaly.TAMPERED, f"the checkpoint in the database says otherwise {where}")


def _anchored() -> Iterator[tuple[int, bytes | None]]:
    """The roots in locked storage; None where a note is not signed by a published key."""
    keys = signing.public_keys()
    for size, key in anchored_sizes():
        try:
            told = notes.read((anchor().read(key) or b"").decode(errors="replace"), keys=keys)
        except notes.NoteBroken:
            yield size, None
        else:
            yield size, told.root if told.size == size else None


def _leaves(size: int | None = None) -> Iterator[tuple[int, bytes]]:
    rows = AuditEvent.objects.filter(log_index__isnull=False)
    rows = rows.filter(log_index__lt=size) if size is not None else rows
    for index, event_hash in rows.order_by("log_index").values_list("log_index", "event_hash").iterator():
        yield int(index or 0), bytes(event_hash)
