"""The sealer: gives entries their places in the tree and signs what it has then.

Writers never wait for it and never for each other. It takes the entries that have no place yet,
not those after the last one it saw: an id is made before its transaction commits, so an entry
with a smaller id may appear later. What it seals is final.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.core.models import Lease

from . import checkpoint_file
from .checkpoint import Checkpoint, CheckpointRefused
from .entry_mac import is_authentic
from .leaves import HashesMissing, frontier, leaf_count, leaf_data, read_entries, root_of, unsealed
from .models import AuditCheckpoint, AuditLeaf
from .signing import checked, origin, signer
from .tree import leaf_hash

log = logging.getLogger("gatehouse.audit")

#: Entries under one checkpoint at most, so that no transaction holds its locks for long.
BATCH = 5_000
#: How long a transaction may stay open before its entries wait for the next whole sweep.
LATEST = timedelta(hours=1)


class LogBroken(Exception):
    """What is stored is not what was signed, so nothing is signed on top of it."""


def seal(*, everything: bool = False) -> int:
    """Seal what waits and sign a checkpoint for each batch; returns how many entries.

    Entries are looked for back to `LATEST` before the newest sealed one; the first call of a day,
    and `everything`, look at all. An entry with a wrong MAC is left out, logged, and named by
    `audit verify`. Raises LogBroken where the log was tampered with.
    """
    after, total = _from(everything=everything), 0
    while True:
        with transaction.atomic():
            _alone()
            size = _agreed()
            found = unsealed() if after is None else unsealed().filter(id__gt=after)
            batch = list(read_entries(found[:BATCH]))
            count = _sealed(size, batch)
        total += count
        if len(batch) < BATCH:
            break
        after = batch[-1][0]["id"]
    _keep_outside()
    return total


def _from(*, everything: bool) -> UUID | None:
    newest = AuditLeaf.objects.order_by("-position").values_list("entry_id", flat=True).first()
    if everything or newest is None:
        return None
    now = datetime.now(UTC)
    made = min(_moment(newest), now)
    if made.date() != now.date():
        return None
    return UUID(int=int((made - LATEST).timestamp() * 1000) << 80)


def _moment(uuid7: UUID) -> datetime:
    """When the id was made: RFC 9562, 5.7."""
    return datetime.fromtimestamp((uuid7.int >> 80) / 1000, UTC)


def _alone() -> None:
    """Wait for any other sealer to commit: positions are given out one sealer at a time."""
    started = {"holder": "", "expires_at": datetime.now(UTC)}
    Lease.objects.get_or_create(name="audit seal", defaults=started)
    Lease.objects.select_for_update().get(name="audit seal")


def _agreed() -> int:
    """The size that the leaves, the newest checkpoint and the file agree on. Raises LogBroken."""
    row = AuditCheckpoint.objects.order_by("-size").first()
    size = row.size if row else 0
    if leaf_count() != size:
        raise LogBroken(f"{size} entries are signed and {leaf_count()} have a place")
    try:
        outside = checkpoint_file.last(settings.AUDIT_CHECKPOINTS)
        inside = checked(row.note) if row else None
        for one in filter(None, (outside, inside)):
            if one.size > size:
                raise LogBroken(f"{one.size} entries are signed in the file, {size} are here")
            if root_of(one.size) != one.root:
                raise LogBroken(f"the first {one.size} entries are not the ones that were signed")
    except (CheckpointRefused, checkpoint_file.FileRefused, HashesMissing) as refused:
        raise LogBroken(str(refused)) from None
    return size


def _sealed(size: int, batch: Iterable[tuple[dict[str, object], bytes]]) -> int:
    tree, leaves = frontier(size), []
    for entry, mac in batch:
        if not is_authentic(settings.AUDIT_KEY, entry, mac):
            log.critical("audit_entry_forged", extra={"fields": {"entry": str(entry["id"])}})
            continue
        hashes = tree.append(leaf_hash(leaf_data(entry, mac)))
        leaves.append(AuditLeaf(tree.size - 1, entry["id"], hashes))
    if not leaves:
        return 0
    AuditLeaf.objects.bulk_create(leaves, batch_size=1000)
    checkpoint = Checkpoint(origin(), tree.size, tree.root())
    note = signer().sign(checkpoint)
    AuditCheckpoint(size=tree.size, at=datetime.now(UTC), note=note).save(force_insert=True)
    # A third place: wherever the log is shipped to.
    log.info("audit_sealed", extra={"fields": {"size": tree.size, "root": tree.root().hex()}})
    return len(leaves)


def _keep_outside() -> None:
    """Append what the file lacks, once it is committed: the file never runs ahead of the log."""
    outside = checkpoint_file.last(settings.AUDIT_CHECKPOINTS)
    known = outside.size if outside else 0
    missing = AuditCheckpoint.objects.filter(size__gt=known).order_by("size")
    if notes := list(missing.values_list("size", "note")):
        checkpoint_file.append(settings.AUDIT_CHECKPOINTS, notes)
