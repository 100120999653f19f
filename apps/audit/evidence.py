"""The evidence for one entry: what an outsider needs to see that it is in the signed log."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .checkpoint import Checkpoint, CheckpointRefused
from .entry_mac import FIELDS
from .leaves import HashesMissing, leaf_data, stored
from .models import AuditCheckpoint, AuditEntry, AuditLeaf
from .proofs import consistency_proof, inclusion_proof, is_consistent, is_included
from .signing import checked
from .tree import leaf_hash


class NoEvidence(Exception):
    """There is none, or what is stored proves nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`leaf` is made from the entry as it stands now, `path` from what is stored of the tree."""

    entry_id: UUID
    position: int
    leaf: bytes
    path: list[bytes]
    checkpoint: Checkpoint
    note: str

    @property
    def holds(self) -> bool:
        """Is this very entry in the tree that was signed?"""
        size, root = self.checkpoint.size, self.checkpoint.root
        return is_included(self.leaf, self.position, size, self.path, root)

    def as_json(self) -> dict[str, Any]:
        """Hashes in hex; the note as it is."""
        return {
            "entry_id": str(self.entry_id),
            "position": self.position,
            "leaf_hash": self.leaf.hex(),
            "path": [one.hex() for one in self.path],
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.hex(),
            "checkpoint": self.note,
        }


def sealed_line(entry_id: UUID) -> bytes:
    """The line that the entry's leaf is the hash of. Raises NoEvidence where it is gone."""
    row = AuditEntry.objects.filter(id=entry_id).values_list(*FIELDS, "mac").first()
    if row is None:
        raise NoEvidence("There is no such entry.")
    return leaf_data(dict(zip(FIELDS, row, strict=False)), row[-1])


def evidence(entry_id: UUID) -> Evidence:
    """The proof of one entry against the newest checkpoint. Raises NoEvidence."""
    line = sealed_line(entry_id)
    leaf = AuditLeaf.objects.filter(entry_id=entry_id).first()
    if leaf is None:
        raise NoEvidence("It waits for its seal.")
    row = AuditCheckpoint.objects.order_by("-size").first()
    try:
        if row is None or row.size <= leaf.position:
            raise NoEvidence("No checkpoint covers its place.")
        signed = checked(row.note)
        path = inclusion_proof(leaf.position, signed.size, stored)
    except (CheckpointRefused, HashesMissing, ValueError) as refused:
        raise NoEvidence(f"What is stored proves nothing: {refused}") from None
    return Evidence(entry_id, leaf.position, leaf_hash(line), path, signed, row.note)


def consistency(old: Checkpoint, new: Checkpoint) -> list[bytes]:
    """The proof that the log of `new` begins with the log of `old`. Raises NoEvidence."""
    try:
        proof = consistency_proof(old.size, new.size, stored)
    except (HashesMissing, ValueError) as refused:
        raise NoEvidence(str(refused)) from None
    if not is_consistent(old.size, new.size, old.root, new.root, proof):
        raise NoEvidence(f"The log of {new.size} does not begin with the log of {old.size}.")
    return proof


def signed_at(size: int) -> Checkpoint:
    """The checkpoint of that size. Raises NoEvidence."""
    row = AuditCheckpoint.objects.filter(size=size).first()
    if row is None:
        raise NoEvidence(f"There is no checkpoint of {size} entries.")
    try:
        return checked(row.note)
    except CheckpointRefused as refused:
        raise NoEvidence(f"The checkpoint of {size} is {refused}.") from None
