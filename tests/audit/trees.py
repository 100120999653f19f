"""RFC 9162 once more, word for word and slowly: what the fast functions are compared with."""

import hashlib
from collections.abc import Sequence

from apps.audit.tree import Frontier, Subtree

#: The leaves of Certificate Transparency's own test vectors.
PUBLISHED = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
]


def mth(leaves: Sequence[bytes]) -> bytes:
    """Merkle Tree Hash, 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = _k(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D_n), 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = _k(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], b: bool = True) -> list[bytes]:
    """SUBPROOF(m, D_n, b), 2.1.4.1."""
    if m == len(leaves):
        return [] if b else [mth(leaves)]
    k = _k(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], b), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def _k(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Kept:
    """A tree that was grown leaf by leaf, with what each leaf completed."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.frontier = Frontier()
        self.roots = [self.frontier.root()]
        self.rows = []
        for leaf in leaves:
            hashed = hashlib.sha256(b"\x00" + leaf).digest()
            self.rows.append(self.frontier.append(hashed))
            self.roots.append(self.frontier.root())

    def read(self, subtrees: Sequence[Subtree]) -> list[bytes]:
        return [self.rows[one.last][32 * one.level : 32 * one.level + 32] for one in subtrees]
