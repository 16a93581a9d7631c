"""The tree over all events (RFC 6962): roots, proofs that an event is in it, proofs that it only grew. Pure functions."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class RightEdge:
    """The roots of the full subtrees from left to right: all that is needed to go on growing a tree of `size` leaves."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash; two full subtrees of one height become one."""
        self.roots.append(leaf)
        self.size += 1
        ones = self.size
        while ones % 2 == 0:
            right, left = self.roots.pop(), self.roots.pop()
            self.roots.append(node_hash(left, right))
            ones //= 2

    @property
    def root(self) -> bytes:
        if not self.roots:
            return EMPTY
        whole = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            whole = node_hash(left, whole)
        return whole


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    edge = RightEdge()
    for leaf in leaves:
        edge.append(leaf)
    return edge.root


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes from the leaf at `index` up to the root."""
    if len(leaves) <= 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion_proof(leaves[:middle], index), root_of(leaves[middle:])]
    return [*inclusion_proof(leaves[middle:], index - middle), root_of(leaves[:middle])]


def includes(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the leaf at `index` to the root of a tree of `size` leaves (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, whole = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at % 2 or at == last:
            whole = node_hash(sibling, whole)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            whole = node_hash(whole, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and whole == root


def consistency_proof(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Return what shows that the tree over the first `earlier` leaves grew into the tree over all of them."""
    return _consistency(leaves, earlier, is_whole=True)


def grew(*, earlier: int, earlier_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the earlier tree is the beginning of the later one (RFC 9162, 2.1.4.2)."""
    if earlier == size:
        return earlier_root == root and not proof
    if earlier == 0 or earlier > size or not proof:
        return earlier == 0 and not proof and earlier_root == EMPTY
    path = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    at, last = earlier - 1, size - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == earlier_root and new == root


def _consistency(leaves: Sequence[bytes], earlier: int, *, is_whole: bool) -> list[bytes]:
    if earlier == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    middle = _split(len(leaves))
    if earlier <= middle:
        return [*_consistency(leaves[:middle], earlier, is_whole=is_whole), root_of(leaves[middle:])]
    return [*_consistency(leaves[middle:], earlier - middle, is_whole=False), root_of(leaves[:middle])]


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1
