"""Retention: old entries are removed for good, in whole sealed ranges, and the log still verifies.

What stays of them is their place and their hash, so every root, proof and signature is as before.
That they were removed is an entry itself: without one, a missing entry is a deleted entry.
"""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from . import triggers
from .entry_mac import FIELDS, is_authentic
from .leaves import leaf_data
from .models import AuditCheckpoint, AuditEntry, AuditLeaf
from .recording import Actor, record
from .tree import HASH, leaf_hash
from .verbs import Verb


def retained_before() -> int:
    """The position before which entries may be missing, as the log itself says.

    Only an entry that is sealed as it stands, or whose MAC is right, is believed.
    """
    said = AuditEntry.objects.filter(verb=Verb.AUDIT_RETAINED).values_list(*FIELDS, "mac")
    return max((_before(dict(zip(FIELDS, row, strict=False)), row[-1]) for row in said), default=0)


def _before(entry: dict[str, object], mac: bytes) -> int:
    leaf = AuditLeaf.objects.filter(entry_id=entry["id"]).first()
    if leaf is None:
        believed = is_authentic(settings.AUDIT_KEY, entry, bytes(mac))
    else:
        believed = bytes(leaf.hashes)[:HASH] == leaf_hash(leaf_data(entry, mac))
    return entry["changes"]["before_position"] if believed else 0


def removable(moment: datetime) -> tuple[int, int]:
    """Positions [from, to) that a retention until `moment` removes: what is sealed under one
    checkpoint goes as a whole, once the youngest entry in it is old enough."""
    start = retained_before()
    kept = AuditEntry.objects.filter(at__gte=moment).values("id")
    first_kept = (
        AuditLeaf.objects.filter(position__gte=start, entry_id__in=kept)
        .order_by("position")
        .values_list("position", flat=True)
        .first()
    )
    ends = AuditCheckpoint.objects.filter(size__gt=start)
    if first_kept is not None:
        ends = ends.filter(size__lte=first_kept)
    return start, ends.order_by("-size").values_list("size", flat=True).first() or start


def retain(by: Actor, moment: datetime) -> int:
    """Remove the sealed entries from before `moment`, and say so; returns how many.

    Needs the owner of the table: the trigger against DELETE is lifted within the transaction.
    """
    with transaction.atomic():
        start, end = removable(moment)
        if start == end:
            return 0
        record(Verb.AUDIT_RETAINED, by, changes={"before_position": end, "removed": end - start})
        places = AuditLeaf.objects.filter(position__gte=start, position__lt=end)
        with connection.cursor() as cursor, triggers.lifted(cursor, "audit_entry"):
            old = AuditEntry.objects.filter(id__in=places.values("entry_id"))
            removed, _ = old.delete()
    return removed
