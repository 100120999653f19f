"""Is the log still what was signed? Recomputed from the entries, streamed, nothing trusted.

Everything is asked anew: each entry against its leaf, each stored hash against the entries, each
root against every signed checkpoint of the database and of the file, each waiting entry against
its MAC. The walk ends at the first bad position, since all roots after it are wrong as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from . import checkpoint_file, triggers
from .checkpoint import Checkpoint, CheckpointRefused
from .diagnosis import different_leaf, different_root
from .entry_mac import is_authentic
from .findings import Finding, Wrong
from .leaves import read_entries, unsealed
from .models import AuditCheckpoint
from .retention import retained_before
from .sealed_rows import SealedRow, sealed_rows
from .signing import checked
from .tree import HASH, Frontier, leaf_hash


@dataclass(slots=True)
class Report:
    """What was looked at and what was found; `findings` is empty when all is well.

    `confirmed`: how many of the first places a signed root has confirmed.
    """

    sealed: int = 0
    confirmed: int = 0
    retained: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None
    checkpoints: int = 0
    outside: int = 0
    head: Checkpoint | None = None
    findings: list[Finding] = field(default_factory=list)


def verify(advance: Callable[[int], None] = lambda _: None) -> Report:
    """Check the whole log; `advance` is told of every thousand places done."""
    report = Report()
    report.findings += [Finding(Wrong.TRIGGER_GONE, about=name) for name in triggers.missing()]
    inside, outside = _inside(report), _outside(report)
    if bad := _walk(report, inside, outside, advance):
        report.findings.append(bad)
    else:
        report.findings += _ends(report, inside, outside)
    _waiting(report)
    report.findings.sort(key=lambda one: (one.position is None, one.position or 0))
    return report


def _inside(report: Report) -> dict[int, bytes]:
    """Roots by size, as the checkpoints of the database sign them."""
    roots = {}
    for size, note in AuditCheckpoint.objects.order_by("size").values_list("size", "note"):
        try:
            signed = checked(note)
            if signed.size != size:
                raise CheckpointRefused(f"the one of {signed.size}")
        except CheckpointRefused as refused:
            about = f"checkpoint {size}: {refused}"
            report.findings.append(Finding(Wrong.CHECKPOINT_REFUSED, size - 1, about=about))
            continue
        roots[size] = signed.root
        report.head = signed
    report.checkpoints = len(roots)
    return roots


def _outside(report: Report) -> dict[int, bytes]:
    """Roots by size, as the file has them."""
    try:
        found = checkpoint_file.read(settings.AUDIT_CHECKPOINTS)
    except checkpoint_file.FileRefused as refused:
        report.findings.append(Finding(Wrong.FILE_REFUSED, about=str(refused)))
        return {}
    if not found and report.checkpoints:
        report.findings.append(Finding(Wrong.FILE_LOST, about=settings.AUDIT_CHECKPOINTS.name))
    report.outside = len(found)
    return {one.size: one.root for one in found}


def _walk(
    report: Report,
    inside: dict[int, bytes],
    outside: dict[int, bytes],
    advance: Callable[[int], None],
) -> Finding | None:
    """Go through every place in order. Returns the first that is wrong."""
    tree, retained = Frontier(), retained_before()
    for row in sealed_rows():
        if row.position != tree.size:
            return Finding(Wrong.PLACE_LOST, tree.size, about=f"the next is {row.position}")
        if bad := _grown(tree, row, retained):
            return bad
        report.sealed = size = tree.size
        report.retained += row.entry is None
        if size in inside or size in outside:
            root = tree.root()
            if inside.get(size, root) != root or outside.get(size, root) != root:
                return different_root(report.confirmed, size, root, inside)
            report.confirmed = size
        if size % 1000 == 0:
            advance(1000)
    return None


def _grown(tree: Frontier, row: SealedRow, retained: int) -> Finding | None:
    """Add the row to the tree. Returns what is wrong with it."""
    stored, data = row.hashes[:HASH], row.data
    if data is None and row.position >= retained:
        return Finding(Wrong.DELETED, row.position, about=f"entry {row.entry_id}")
    leaf = stored if data is None else leaf_hash(data)
    if leaf != stored:
        return different_leaf(row, leaf)
    if tree.append(leaf) != row.hashes:
        return Finding(Wrong.TREE_ALTERED, row.position)
    return None


def _ends(report: Report, inside: dict[int, bytes], outside: dict[int, bytes]) -> list[Finding]:
    """What only the end of the log shows."""
    found, size = [], report.sealed
    signed_in, signed_out = max(inside, default=0), max(outside, default=0)
    if size < max(signed_in, signed_out):
        about = f"no root confirms what stands from {report.confirmed} on"
        found.append(Finding(Wrong.CUT, size, max(signed_in, signed_out) - 1, about))
    elif size > signed_in:
        found.append(Finding(Wrong.UNSIGNED, signed_in, size - 1))
    lost = [one for one in outside if one not in inside]
    found += [
        Finding(Wrong.CHECKPOINT_LOST, one - 1, about=f"checkpoint {one}") for one in lost[:1]
    ]
    return found


def _waiting(report: Report) -> None:
    for entry, mac in read_entries(unsealed()):
        report.waiting += 1
        report.waiting_since = min(entry["at"], report.waiting_since or entry["at"])
        if not is_authentic(settings.AUDIT_KEY, entry, mac):
            report.findings.append(Finding(Wrong.FORGED, about=f"entry {entry['id']}"))
