"""The stored tree: hashes out of `audit_leaf`, and the bytes that a leaf is the hash of."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from .entry_mac import FIELDS, canonical
from .models import AuditEntry, AuditLeaf
from .tree import HASH, Frontier, Subtree, subtrees


class HashesMissing(Exception):
    """A row of the stored tree is gone or cut; `position` says which."""

    def __init__(self, position: int) -> None:
        super().__init__(f"The hashes at position {position} are not there.")
        self.position = position


def leaf_data(entry: Mapping[str, object], mac: bytes) -> bytes:
    """What is sealed of an entry: one line of JSON, every column in it. An export is these lines.

    The MAC is part of it, so that from the seal on nothing rests on the MAC's key any more.
    """
    return canonical(entry)[:-1] + b',"mac":"' + bytes(mac).hex().encode() + b'"}'


def stored(wanted: Sequence[Subtree]) -> list[bytes]:
    """The hashes of complete subtrees (a `tree.Reader`). Raises HashesMissing."""
    rows = AuditLeaf.objects.filter(position__in={one.last for one in wanted})
    hashes = {position: bytes(raw) for position, raw in rows.values_list("position", "hashes")}
    return [_cut(hashes.get(one.last, b""), one) for one in wanted]


def _cut(hashes: bytes, subtree: Subtree) -> bytes:
    found = hashes[HASH * subtree.level : HASH * (subtree.level + 1)]
    if len(found) != HASH:
        raise HashesMissing(subtree.last)
    return found


def frontier(size: int) -> Frontier:
    """The right edge of the first `size` leaves. Raises HashesMissing."""
    return Frontier(size, stored(subtrees(0, size)))


def root_of(size: int) -> bytes:
    """The root of the first `size` leaves, from stored hashes. Raises HashesMissing."""
    return frontier(size).root()


def leaf_count() -> int:
    """How many entries have a place: one more than the last position."""
    last = AuditLeaf.objects.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def positions_of(ids: Sequence[UUID]) -> dict[UUID, int]:
    """The places of those entries that have one."""
    return dict(AuditLeaf.objects.filter(entry_id__in=ids).values_list("entry_id", "position"))


def unsealed() -> QuerySet[AuditEntry]:
    """Entries without a place, in the order of their ids."""
    placed = AuditLeaf.objects.filter(entry_id=OuterRef("id"))
    return AuditEntry.objects.filter(~Exists(placed)).order_by("id")


def read_entries(rows: QuerySet[AuditEntry]) -> Iterator[tuple[dict[str, object], bytes]]:
    """Each entry as it was authenticated, and its MAC; streamed."""
    for *values, mac in rows.values_list(*FIELDS, "mac").iterator(chunk_size=2000):
        yield dict(zip(FIELDS, values, strict=True)), bytes(mac)
