"""The Merkle tree of RFC 9162 section 2.1: hashes, and which subtrees a range is made of.

No storage and no framework. A subtree is complete when it covers 2**level leaves, from a multiple
of 2**level on; complete subtrees never change when the tree grows, so their hashes can be kept.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

#: The root of a tree without leaves (RFC 9162, 2.1.1).
EMPTY_ROOT = hashlib.sha256().digest()
HASH = 32  # bytes


class Subtree(NamedTuple):
    """The complete subtree number `index` among those of 2**level leaves."""

    level: int
    index: int

    @property
    def last(self) -> int:
        """The position of its last leaf: with that leaf it is complete."""
        return ((self.index + 1) << self.level) - 1


#: Looks hashes up: as many as subtrees are asked for, in their order.
Reader = Callable[[Sequence[Subtree]], list[bytes]]


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf. Its first byte differs from a node's, so neither passes for the other."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtrees(start: int, end: int) -> list[Subtree]:
    """The fewest complete subtrees that make up [start, end), largest first.

    `start` is a multiple of a power of two that is at least `end - start`, as it is for every
    range of a proof.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Subtree(level, start >> level))
        start += 1 << level
    return found


def folded(hashes: Iterable[bytes]) -> bytes:
    """The root over adjacent subtrees, largest first. Raises IndexError where there is none."""
    *rest, root = hashes
    for left in reversed(rest):
        root = node_hash(left, root)
    return root


class Frontier:
    """A tree as it grows: the complete subtrees at its right edge, at most one for each level."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """`peaks`: the hashes of `subtrees(0, size)`."""
        if len(peaks) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks")
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: bytes) -> bytes:
        """Add the hash of a leaf. Returns the hashes of all subtrees that it completes, joined:
        its own first, then the one of two leaves, of four, and so on."""
        completed = node = leaf
        size = self.size
        while size & 1:
            node = node_hash(self.peaks.pop(), node)
            completed += node
            size >>= 1
        self.peaks.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return folded(self.peaks) if self.peaks else EMPTY_ROOT
