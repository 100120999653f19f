"""Proofs about the tree (RFC 9162 sections 2.1.3 and 2.1.4): each can be made and checked.

Checking needs the proof and the roots alone; it returns False for whatever is not a proof.
"""

from collections.abc import Sequence

from .tree import Reader, folded, node_hash, subtrees

Range = tuple[int, int]


def inclusion_proof(position: int, size: int, read: Reader) -> list[bytes]:
    """What leads from the leaf at `position` to the root of the first `size` leaves.

    Raises ValueError for a position outside the tree.
    """
    if not 0 <= position < size:
        raise ValueError(f"no leaf {position} in a tree of {size}")
    return _hashes(_beside(position, (0, size)), read)


def consistency_proof(old: int, new: int, read: Reader) -> list[bytes]:
    """What shows that the tree of `new` leaves begins with the tree of `old` leaves.

    Raises ValueError unless 0 < old <= new; every tree begins with the empty one.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} does not begin with one of {old}")
    return _hashes(_left_out(old, (0, new), known=True), read)


def is_included(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Is this the hash of the leaf at `position` of the tree with this root? (2.1.3.2)"""
    if not 0 <= position < size:
        return False
    index, last, node = position, size - 1, leaf
    for beside in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = node_hash(beside, node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, beside)
        index, last = index >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Does the tree of `new` leaves begin with the tree of `old` leaves? (2.1.4.2)"""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    # An old tree of 2**k leaves is itself a node of the new one, so its root stands for it.
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    old_node = new_node = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old_node = node_hash(beside, old_node)
            new_node = node_hash(beside, new_node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new_node = node_hash(new_node, beside)
        index, last = index >> 1, last >> 1
    return last == 0 and old_node == old_root and new_node == new_root


def _split(start: int, end: int) -> int:
    """Where the range divides: after the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _beside(position: int, within: Range) -> list[Range]:
    """PATH of 2.1.3.1: the ranges beside the way to the leaf, from the leaf up."""
    start, end = within
    if end - start == 1:
        return []
    middle = _split(start, end)
    if position < middle:
        return [*_beside(position, (start, middle)), (middle, end)]
    return [*_beside(position, (middle, end)), (start, middle)]


def _left_out(old: int, within: Range, *, known: bool) -> list[Range]:
    """SUBPROOF of 2.1.4.1. `known`: the range from its start to `old` is the whole old tree."""
    start, end = within
    if old == end:
        return [] if known else [within]
    middle = _split(start, end)
    if old <= middle:
        return [*_left_out(old, (start, middle), known=known), (middle, end)]
    return [*_left_out(old, (middle, end), known=False), (start, middle)]


def _hashes(ranges: list[Range], read: Reader) -> list[bytes]:
    """The root of each range, from one look-up of the subtrees that they are made of."""
    parts = [subtrees(*each) for each in ranges]
    hashes = iter(read([subtree for part in parts for subtree in part]))
    return [folded([next(hashes) for _ in part]) for part in parts]
