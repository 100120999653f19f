"""The sealed audit, attacked by whoever holds the database: with the schema, without the keys."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from uuid import UUID

from django.conf import settings
from django.db import connection

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.inside import model, undone
from apps.workshop.run import Run

from .fresh import draft_of

_TABLES = ("audit_entry", "audit_leaf", "audit_checkpoint")


def quiet_changes(run: Run) -> Iterator[Attempt]:
    """Change one entry, and leave everything else as it was sealed."""
    for what, change in (
        ("edit an entry", lambda: _entry(2).update(actor="user:framed")),
        ("edit when it was", lambda: _entry(2).update(at=datetime(2001, 1, 1, tzinfo=UTC))),
        ("edit its MAC", lambda: _entry(2).update(mac=bytes(32))),
    ):
        yield _verified(run, what, change)


def removed_entry(run: Run) -> Iterator[Attempt]:
    """Remove one entry, and say that retention did."""
    yield _verified(run, "remove an entry", lambda: _entry(2).delete())
    yield _verified(run, "remove it under a forged word of retention", _forge_retention)


def recomputed(run: Run) -> Iterator[Attempt]:
    """Change entries, then make every hash anew."""

    def edited() -> None:
        _entry(2).update(actor="user:framed")
        _recompute()

    def swapped() -> None:
        ids = _ids()
        _recompute([ids[1], ids[0], *ids[2:]])

    for what, change in (("after an edit", edited), ("in another order", swapped)):
        yield _verified(run, f"recompute everything {what}", change)


def cut_tail(run: Run) -> Iterator[Attempt]:
    """Remove the newest entries with their places and checkpoints, or all there are."""
    for what, kept in (("the tail", 3), ("everything", 0)):
        yield _verified(run, f"cut {what}", lambda kept=kept: _cut(kept))


def sealed_over(run: Run) -> Iterator[Attempt]:
    """Cut the tail and wait for the sealer to sign what is left."""
    from apps.audit.sealing import LogBroken, seal

    with _log(run):
        _cut(3)
        draft_of(run.caller("manager"))
        try:
            count, why = seal(everything=True), "signed"
        except LogBroken as broken:
            count, why = 0, str(broken)
        yield judged(
            "have a cut log signed",
            stopped=why != "signed",
            succeeded=count > 0,
            evidence=why,
        )


def forged_before_seal(run: Run) -> Iterator[Attempt]:
    """Insert an entry and wait for its seal."""
    from apps.audit.sealing import seal

    with _log(run):
        framed = model("audit.AuditEntry").objects.get(pk=_ids()[2])
        framed.pk, framed.actor = UUID(int=framed.pk.int + 1), "user:framed"
        framed.save(force_insert=True)
        seal(everything=True)
        sealed = model("audit.AuditLeaf").objects.filter(entry_id=framed.pk).exists()
        yield judged(
            "have a forged entry sealed",
            stopped=not sealed,
            succeeded=sealed,
            evidence="it has a place" if sealed else "it has none",
        )


def late_commit(run: Run) -> Iterator[Attempt]:
    """Keep a transaction open until others were sealed, so that its entry is passed over."""
    from apps.audit.sealing import seal

    with _log(run):
        earlier = UUID(int=_ids()[-1].int - (int(timedelta(minutes=5).total_seconds() * 1e3) << 80))
        with patch("apps.audit.recording.uuid7", return_value=earlier):
            draft_of(run.caller("manager"))
        seal()
        sealed = model("audit.AuditLeaf").objects.filter(entry_id=earlier).exists()
        yield judged(
            "commit after a younger entry was sealed",
            stopped=sealed,
            succeeded=not sealed,
            evidence="it is sealed" if sealed else "it is never sealed",
        )


def forged_checkpoints(run: Run) -> Iterator[Attempt]:
    """Change what a checkpoint says and keep its signature."""
    from apps.audit.checkpoint import CheckpointRefused
    from apps.audit.signing import checked

    with _log(run):
        row = model("audit.AuditCheckpoint").objects.latest("size")
        root = row.note.split("\n")[2]
        for what, note in (
            ("another size", row.note.replace(f"\n{row.size}\n", f"\n{row.size + 1}\n")),
            ("another root", row.note.replace(root, root[1:2] + root[:1] + root[2:])),
        ):
            try:
                believed = checked(note).size > 0
            except CheckpointRefused as refused:
                believed, why = False, str(refused)
            yield judged(
                f"sign {what}",
                stopped=not believed,
                succeeded=believed,
                evidence="believed" if believed else why,
            )


def honest_log(run: Run) -> None:
    """A log that nobody touched is sealed and verifies."""
    from apps.audit.sealing import seal
    from apps.audit.verification import verify

    with _log(run):
        _restore()
        draft_of(run.caller("manager"))
        if seal() == 0 or verify().findings:
            raise HonestUseBroken("an honest log does not verify")


@contextmanager
def _log(run: Run) -> Iterator[None]:
    """A sealed log with a file of its own, and no trigger on it."""
    from apps.audit.sealing import seal

    run.needs_code()
    with tempfile.TemporaryDirectory() as directory, undone():
        settings.AUDIT_CHECKPOINTS, file = Path(directory, "log.txt"), settings.AUDIT_CHECKPOINTS
        try:
            seal(everything=True)
            draft_of(run.caller("manager"))
            seal()
            _lift()
            yield
        finally:
            settings.AUDIT_CHECKPOINTS = file


def _verified(run: Run, what: str, change: Callable[[], object]) -> Attempt:
    from apps.audit.verification import verify

    with _log(run):
        change()
        _restore()
        findings = verify().findings
    named = [str(one) for one in findings if one.position is not None]
    return judged(
        what,
        stopped=bool(named),
        succeeded=not findings,
        evidence=named[0][:80] if named else "verified",
    )


def _ids() -> list[UUID]:
    leaves = model("audit.AuditLeaf").objects.order_by("position")
    return list(leaves.values_list("entry_id", flat=True))


def _entry(position: int) -> object:
    return model("audit.AuditEntry").objects.filter(pk=_ids()[position])


def _cut(kept: int) -> None:
    ids = _ids()[kept:]
    model("audit.AuditEntry").objects.filter(pk__in=ids).delete()
    model("audit.AuditLeaf").objects.filter(position__gte=kept).delete()
    model("audit.AuditCheckpoint").objects.filter(size__gt=kept).delete()


def _forge_retention() -> None:
    framed = model("audit.AuditEntry").objects.get(pk=_ids()[0])
    framed.pk, framed.verb = UUID(int=framed.pk.int + 1), "audit.retained"
    framed.changes = {"before_position": len(_ids()), "removed": 1}
    framed.save(force_insert=True)
    _entry(2).delete()


def _recompute(ids: list[UUID] | None = None) -> None:
    from apps.audit.leaves import leaf_data, read_entries
    from apps.audit.tree import Frontier, leaf_hash

    ids, leaf = ids or _ids(), model("audit.AuditLeaf")
    entries = model("audit.AuditEntry").objects.all()
    rows = {entry["id"]: leaf_data(entry, mac) for entry, mac in read_entries(entries)}
    leaf.objects.all().delete()
    tree = Frontier()
    leaf.objects.bulk_create(
        leaf(position, one, tree.append(leaf_hash(rows[one]))) for position, one in enumerate(ids)
    )


def _lift() -> None:
    names = ("no_update", "no_delete", "no_replace")
    if connection.vendor != "sqlite":
        names = ("append_only", "no_truncate")
    with connection.cursor() as cursor:
        for table in _TABLES:
            for name in names:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER {table}_{name}{on}")


def _restore() -> None:
    """Whoever hides a change puts the triggers back."""
    from apps.audit import triggers

    class Editor:
        connection = connection

        @staticmethod
        def execute(statement: str) -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

    triggers.create(Editor())
