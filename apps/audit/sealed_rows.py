"""Sealed entries in the order of their places, streamed: memory stays flat at any length."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from .entry_mac import FIELDS
from .leaves import leaf_data
from .models import AuditEntry, AuditLeaf

_CHUNK = 2_000


@dataclass(slots=True)
class SealedRow:
    """A place and what is there: `data` is None where the entry is gone."""

    position: int
    entry_id: UUID
    hashes: bytes
    entry: dict[str, object] | None
    mac: bytes

    @property
    def data(self) -> bytes | None:
        return None if self.entry is None else leaf_data(self.entry, self.mac)


def sealed_rows(start: int = 0, end: int | None = None) -> Iterator[SealedRow]:
    """The places from `start` on, before `end`, that have a row."""
    leaves = AuditLeaf.objects.order_by("position").values_list("position", "entry_id", "hashes")
    if end is not None:
        leaves = leaves.filter(position__lt=end)
    while chunk := list(leaves.filter(position__gte=start)[:_CHUNK]):
        ids = [entry_id for _, entry_id, _ in chunk]
        rows = AuditEntry.objects.filter(id__in=ids).values_list(*FIELDS, "mac")
        entries = {row[0]: row for row in rows}
        for position, entry_id, hashes in chunk:
            row = entries.get(entry_id)
            entry = None if row is None else dict(zip(FIELDS, row, strict=False))
            yield SealedRow(position, entry_id, bytes(hashes), entry, row[-1] if row else b"")
        start = chunk[-1][0] + 1
