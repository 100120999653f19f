"""Someone with full rights in the database, and with neither the audit key nor the signing key."""

from django.db import connection

from apps.audit import triggers
from apps.audit.leaves import leaf_data, read_entries
from apps.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf
from apps.audit.tree import Frontier, leaf_hash


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def lift_triggers() -> None:
    """An owner drops them, and puts them back when done."""
    if connection.vendor == "sqlite":
        for table in triggers.TABLES:
            for act in ("update", "delete", "replace"):
                sql(f"DROP TRIGGER IF EXISTS {table}_no_{act}")
    else:
        for table in triggers.TABLES:
            for name in ("append_only", "no_truncate"):
                sql(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")


class Editor:
    """A schema editor inside the test's transaction, which SQLite's own refuses."""

    connection = connection

    @staticmethod
    def execute(statement: str) -> None:
        sql(statement)


def restore_triggers() -> None:
    triggers.create(Editor())


def entry_at(position: int) -> AuditEntry:
    return AuditEntry.objects.get(id=AuditLeaf.objects.get(position=position).entry_id)


def recompute(ids: list[object] | None = None) -> None:
    """Make all leaves anew over these entries, or over those in their present places."""
    if ids is None:
        ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    rows = {entry["id"]: (entry, mac) for entry, mac in read_entries(AuditEntry.objects.all())}
    AuditLeaf.objects.all().delete()
    tree = Frontier()
    for position, entry_id in enumerate(one for one in ids if one in rows):
        hashes = tree.append(leaf_hash(leaf_data(*rows[entry_id])))
        AuditLeaf.objects.create(position=position, entry_id=entry_id, hashes=hashes)


def forget_checkpoints(above: int) -> None:
    AuditCheckpoint.objects.filter(size__gt=above).delete()
