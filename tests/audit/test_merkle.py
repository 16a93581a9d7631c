"""The tree gives the roots and proofs that everybody else's RFC 6962 tree gives."""

import hashlib

import pytest

from docstore.audit import merkle

ENTRIES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def leaves(count: int) -> list[bytes]:
    return [merkle.leaf_hash(one) for one in ENTRIES[:count]]


def many(count: int) -> list[bytes]:
    return [merkle.leaf_hash(hashlib.sha256(bytes([at % 256, at // 256])).digest()) for at in range(count)]


@pytest.mark.parametrize("count", range(9))
def test_roots_are_those_of_the_standard(count: int) -> None:
    assert merkle.root_of(leaves(count)).hex() == ROOTS[count]


def test_the_right_edge_grows_to_the_same_root() -> None:
    """What the sealer keeps between runs is enough: after each leaf it gives the root of the whole."""
    edge = merkle.RightEdge()
    for count, leaf in enumerate(many(67), start=1):
        edge = merkle.RightEdge(edge.size, list(edge.roots))
        edge.append(leaf)
        assert edge.root == merkle.root_of(many(67)[:count])
        assert len(edge.roots) == count.bit_count()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 33])
def test_every_leaf_is_proven_and_no_other(size: int) -> None:
    all_of_them, root = many(size), merkle.root_of(many(size))
    for index, leaf in enumerate(all_of_them):
        proof = merkle.inclusion_proof(all_of_them, index)
        assert merkle.includes(leaf=leaf, index=index, size=size, proof=proof, root=root)
        other = merkle.leaf_hash(b"another")
        assert not merkle.includes(leaf=other, index=index, size=size, proof=proof, root=root)
        assert not merkle.includes(leaf=leaf, index=index + size, size=size, proof=proof, root=root)
        assert not merkle.includes(leaf=leaf, index=index, size=size, proof=[*proof, other], root=root)
        if proof:
            assert not merkle.includes(leaf=leaf, index=index, size=size, proof=proof[:-1], root=root)


@pytest.mark.parametrize("size", [1, 2, 3, 6, 8, 9, 21])
def test_growth_is_proven_and_rewriting_is_not(size: int) -> None:
    all_of_them, root = many(size), merkle.root_of(many(size))
    for earlier in range(1, size + 1):
        earlier_root = merkle.root_of(all_of_them[:earlier])
        proof = merkle.consistency_proof(all_of_them, earlier)
        assert merkle.grew(earlier=earlier, earlier_root=earlier_root, size=size, root=root, proof=proof)
        rewritten = merkle.root_of([merkle.leaf_hash(b"rewritten"), *all_of_them[1:earlier]])
        assert not merkle.grew(earlier=earlier, earlier_root=rewritten, size=size, root=root, proof=proof)
