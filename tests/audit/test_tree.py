"""The tree against RFC 9162: its published vectors, and every pair of sizes to 100."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.proofs import consistency_proof, inclusion_proof, is_consistent, is_included
from apps.audit.tree import EMPTY_ROOT, Frontier, leaf_hash, node_hash, subtrees

from .trees import PUBLISHED, Kept, mth, path, subproof

LEAVES = [bytes([number]) * (number % 7) for number in range(100)]
KEPT = Kept(LEAVES)
LEAF_HASHES = [leaf_hash(leaf) for leaf in LEAVES]

#: Roots of the first n published leaves, as the reference implementations print them.
PUBLISHED_ROOTS = [
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
#: Position, size, and the proof: published with Certificate Transparency.
PUBLISHED_INCLUSIONS = [
    (0, 1, []),
    (
        *(0, 8),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        *(5, 8),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        *(1, 5),
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
PUBLISHED_CONSISTENCIES = [
    (1, 1, []),
    (
        *(1, 8),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        *(6, 8),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        *(2, 5),
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def test_the_empty_tree_has_the_published_root() -> None:
    assert Frontier().root() == EMPTY_ROOT == bytes.fromhex(PUBLISHED_ROOTS[0])


def test_every_tree_of_the_published_leaves_has_its_published_root() -> None:
    assert [root.hex() for root in Kept(PUBLISHED).roots] == PUBLISHED_ROOTS


@pytest.mark.parametrize(("position", "size", "proof"), PUBLISHED_INCLUSIONS)
def test_a_published_inclusion_is_proved_alike(position: int, size: int, proof: list[str]) -> None:
    kept = Kept(PUBLISHED)
    made = inclusion_proof(position, size, kept.read)

    assert [one.hex() for one in made] == proof
    leaf = leaf_hash(PUBLISHED[position])
    assert is_included(leaf, position, size, made, kept.roots[size])


@pytest.mark.parametrize(("old", "new", "proof"), PUBLISHED_CONSISTENCIES)
def test_a_published_consistency_is_proved_alike(old: int, new: int, proof: list[str]) -> None:
    kept = Kept(PUBLISHED)
    made = consistency_proof(old, new, kept.read)

    assert [one.hex() for one in made] == proof
    assert is_consistent(old, new, kept.roots[old], kept.roots[new], made)


def test_every_root_to_100_is_the_one_of_the_standard() -> None:
    assert KEPT.roots == [mth(LEAVES[:size]) for size in range(101)]


@pytest.mark.parametrize("size", range(1, 101))
def test_every_leaf_of_every_tree_is_proved_and_nothing_else_is(size: int) -> None:
    root = KEPT.roots[size]
    for position in range(size):
        proof = inclusion_proof(position, size, KEPT.read)
        leaf = LEAF_HASHES[position]
        assert is_included(leaf, position, size, proof, root)
        for bad in corrupted(proof):
            assert not is_included(leaf, position, size, bad, root)
        assert not is_included(flipped(leaf), position, size, proof, root)
        assert not is_included(leaf, position, size, proof, flipped(root))
        assert not is_included(leaf, (position + 1) % (size + 1), size, proof, root)
    assert inclusion_proof(size // 3, size, KEPT.read) == path(size // 3, LEAVES[:size])


@pytest.mark.parametrize("new", range(1, 101))
def test_every_pair_of_sizes_is_proved_and_nothing_else_is(new: int) -> None:
    for old in range(1, new + 1):
        proof = consistency_proof(old, new, KEPT.read)
        roots = KEPT.roots[old], KEPT.roots[new]
        assert is_consistent(old, new, *roots, proof)
        for bad in corrupted(proof):
            assert not is_consistent(old, new, *roots, bad)
        assert not is_consistent(old, new, flipped(roots[0]), roots[1], proof)
        assert not is_consistent(old, new, roots[0], flipped(roots[1]), proof)
    assert consistency_proof(new // 3 + 1, new, KEPT.read) == subproof(new // 3 + 1, LEAVES[:new])


@pytest.mark.parametrize(("position", "size"), [(-1, 4), (4, 4), (0, 0), (5, 4)])
def test_what_is_outside_the_tree_has_no_proof(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof(position, size, KEPT.read)
    assert not is_included(LEAF_HASHES[0], position, size, [], KEPT.roots[size])


@pytest.mark.parametrize(("old", "new"), [(0, 4), (5, 4), (-1, 4)])
def test_no_tree_begins_with_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency_proof(old, new, KEPT.read)
    assert not is_consistent(old, new, KEPT.roots[0], KEPT.roots[new], [])


def test_a_leaf_cannot_pass_for_a_node() -> None:
    left, right = LEAF_HASHES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
    assert leaf_hash(b"\x01" + left + right) != node_hash(left, right)
    assert leaf_hash(b"") == hashlib.sha256(b"\x00").digest()


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_tree_can_be_taken_up_again_at_any_size(size: int, more: int) -> None:
    again = Frontier(size, KEPT.read(subtrees(0, size)))
    for position in range(size, min(size + more, 100)):
        assert again.append(LEAF_HASHES[position]) == KEPT.rows[position]
    assert again.root() == KEPT.roots[again.size]


def test_a_tree_is_not_taken_up_with_the_wrong_peaks() -> None:
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(5, [EMPTY_ROOT])


def flipped(value: bytes) -> bytes:
    return bytes([value[0] ^ 1]) + value[1:]


def corrupted(proof: list[bytes]) -> list[list[bytes]]:
    """Each hash changed in turn, one left out, one too many."""
    changed = [
        [*proof[:spot], flipped(proof[spot]), *proof[spot + 1 :]] for spot in range(len(proof))
    ]
    return [*changed, [*proof, EMPTY_ROOT], *([proof[:-1]] if proof else [])]
