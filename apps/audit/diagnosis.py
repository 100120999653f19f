"""What happened at a bad position. Only runs once something is wrong, so it may take its time."""

from django.conf import settings

from .checkpoint import CheckpointRefused
from .entry_mac import is_authentic
from .findings import Finding, Wrong
from .leaves import HashesMissing, root_of
from .models import AuditCheckpoint, AuditLeaf
from .sealed_rows import SealedRow, sealed_rows
from .signing import checked
from .tree import HASH


def different_leaf(row: SealedRow, leaf: bytes) -> Finding:
    """The entry is not what its place was given to: is it another place's, or changed?"""
    for position, hashes in AuditLeaf.objects.values_list("position", "hashes").iterator():
        if bytes(hashes)[:HASH] == leaf:
            return Finding(Wrong.SWAPPED, row.position, about=f"it belongs to {position}")
    return Finding(Wrong.EDITED, row.position, about=f"entry {row.entry_id}")


def different_root(agreed: int, size: int, root: bytes, inside: dict[int, bytes]) -> Finding:
    """The first `size` leaves have another root than was signed, the first `agreed` the right one.

    Whoever recomputes the tree has neither the MAC's key nor the signer's. What the MAC and the
    order of a batch still show names the place; a removal within a batch names the batch.
    """
    if inside.get(size) == root or _later_agrees(size):
        return Finding(Wrong.FORKED, agreed, size - 1, f"checkpoint {size}")
    before = None
    for row in sealed_rows(agreed, size):
        if row.entry and not is_authentic(settings.AUDIT_KEY, row.entry, bytes(row.mac)):
            return Finding(Wrong.EDITED, row.position, about=f"entry {row.entry_id}, hashes too")
        if before and row.entry_id < before:
            return Finding(Wrong.SWAPPED, row.position, about="out of order, hashes too")
        before = row.entry_id
    return Finding(Wrong.RECOMPUTED, agreed, size - 1, f"checkpoint {size}")


def _later_agrees(size: int) -> bool:
    """Does the newest checkpoint of the database sign the tree as it stands?"""
    row = AuditCheckpoint.objects.filter(size__gt=size).order_by("-size").first()
    try:
        return row is not None and root_of(row.size) == checked(row.note).root
    except (CheckpointRefused, HashesMissing):
        return False
