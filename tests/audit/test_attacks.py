"""Whoever holds the database alone is noticed, and the first bad position is named."""

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from apps.audit import checkpoint_file
from apps.audit.checkpoint import Checkpoint, Signer
from apps.audit.entry_mac import FIELDS
from apps.audit.findings import Finding, Wrong
from apps.audit.models import AuditCheckpoint, AuditEntry, AuditLeaf
from apps.audit.sealing import LogBroken, seal
from apps.audit.signing import origin, signer
from apps.audit.verification import verify

from . import attacker
from .conftest import ALL, FIRST, written

pytestmark = pytest.mark.django_db


def found() -> list[tuple[Wrong, int | None, int | None]]:
    """What verify finds once the attacker has put the triggers back."""
    attacker.restore_triggers()
    return [(one.wrong, one.position, one.until) for one in verify().findings]


def test_an_honest_log_verifies(sealed_log: None) -> None:
    report = verify()

    assert report.findings == []
    assert (report.sealed, report.waiting, report.checkpoints, report.outside) == (10, 0, 2, 2)


@pytest.mark.parametrize("position", [0, 5, 6, 9])
@pytest.mark.parametrize(
    "change",
    [
        {"actor": "user:somebody-else"},
        {"changes": {"number": 99}},
        {"mac": bytes(32)},
        {"reason": "a"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_is_named(attacked_log: None, position: int, change: dict) -> None:
    AuditEntry.objects.filter(id=attacker.entry_at(position).id).update(**change)

    assert found() == [(Wrong.EDITED, position, None)]


@pytest.mark.parametrize("column", [*FIELDS[1:], "mac"])
def test_no_column_is_left_out(attacked_log: None, column: str) -> None:
    other = {"at": "2001-01-01T00:00:00Z", "changes": {}, "mac": b"0" * 32}.get(column, "x")
    AuditEntry.objects.filter(id=attacker.entry_at(3).id).update(**{column: other})

    assert found() == [(Wrong.EDITED, 3, None)]


@pytest.mark.parametrize("position", [0, 4, 9])
def test_a_deletion_is_named(attacked_log: None, position: int) -> None:
    attacker.entry_at(position).delete()

    assert found() == [(Wrong.DELETED, position, None)]


def test_a_deletion_with_its_place_is_named(attacked_log: None) -> None:
    attacker.entry_at(4).delete()
    AuditLeaf.objects.filter(position=4).delete()

    assert found() == [(Wrong.PLACE_LOST, 4, None)]


def test_a_place_that_was_never_given_out_does_not_hide_an_entry(attacked_log: None) -> None:
    """With a place the entry is not waiting, and before the first it is in no tree."""
    if connection.vendor == "postgresql":
        attacker.sql("ALTER TABLE audit_leaf DROP CONSTRAINT audit_leaf_position_check")
    else:
        attacker.sql("PRAGMA ignore_check_constraints = ON")
    (entry,) = written(1)
    try:
        AuditLeaf.objects.create(position=-1, entry_id=entry.id, hashes=b"")
    finally:
        if connection.vendor == "sqlite":
            attacker.sql("PRAGMA ignore_check_constraints = OFF")

    assert found() == [(Wrong.PLACE_LOST, 0, None)]


def test_two_entries_swapped_are_named(attacked_log: None) -> None:
    two, seven = (AuditLeaf.objects.get(position=position) for position in (2, 7))
    seven.delete()
    AuditLeaf.objects.filter(position=2).update(entry_id=seven.entry_id)
    AuditLeaf.objects.create(position=7, entry_id=two.entry_id, hashes=seven.hashes)

    assert found() == [(Wrong.SWAPPED, 2, None)]


def test_the_content_of_two_entries_swapped_is_an_edit_of_the_first(attacked_log: None) -> None:
    one, other = attacker.entry_at(2), attacker.entry_at(7)
    for target, source in ((one, other), (other, one)):
        values = {name: getattr(source, name) for name in (*FIELDS[1:], "mac")}
        AuditEntry.objects.filter(id=target.id).update(**values)

    assert found() == [(Wrong.EDITED, 2, None)]


def test_a_new_order_with_all_hashes_made_anew_is_named(attacked_log: None) -> None:
    ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    ids[7], ids[8] = ids[8], ids[7]
    attacker.recompute(ids)

    assert found() == [(Wrong.SWAPPED, 8, None)]


def test_an_edit_with_all_hashes_made_anew_is_named(attacked_log: None) -> None:
    AuditEntry.objects.filter(id=attacker.entry_at(7).id).update(actor="nobody")
    attacker.recompute()

    assert found() == [(Wrong.EDITED, 7, None)]


def test_an_insertion_with_all_hashes_made_anew_is_named(attacked_log: None) -> None:
    forged = attacker.entry_at(3)
    forged.id, forged.actor = forged.id.__class__(int=forged.id.int + 1), "user:framed"
    forged.save(force_insert=True)
    ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    attacker.recompute([*ids[:4], forged.id, *ids[4:]])

    assert found()[0] == (Wrong.EDITED, 4, None)


def test_a_deletion_with_all_hashes_made_anew_is_named_by_its_batch(attacked_log: None) -> None:
    attacker.entry_at(7).delete()
    attacker.recompute()

    assert found() == [(Wrong.CUT, 9, 9)]


def test_a_deletion_made_up_for_by_another_entry_is_named_by_its_batch(
    attacked_log: None,
) -> None:
    ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    (honest,) = written(1)
    attacker.entry_at(7).delete()
    attacker.recompute([*ids, honest.id])

    assert found() == [(Wrong.RECOMPUTED, FIRST, ALL - 1)]


def test_an_entry_inserted_without_a_place_is_named(attacked_log: None) -> None:
    forged = attacker.entry_at(3)
    forged.id = forged.id.__class__(int=forged.id.int + 1)
    forged.save(force_insert=True)
    attacker.restore_triggers()

    (finding,) = verify().findings
    assert finding == Finding(Wrong.FORGED, about=f"entry {forged.id}")
    assert seal(everything=True) == 0, "a forged entry is never sealed"


def test_an_entry_inserted_with_a_place_at_the_end_is_named(attacked_log: None) -> None:
    (honest,) = written(1)
    ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    attacker.recompute([*ids, honest.id])

    assert found() == [(Wrong.UNSIGNED, ALL, ALL)]


@pytest.mark.parametrize("kept", [0, 3, FIRST, 9])
def test_a_tail_that_was_cut_is_named(attacked_log: None, kept: int) -> None:
    """Entries, places and checkpoints go: the file outside the database still knows."""
    for leaf in AuditLeaf.objects.filter(position__gte=kept):
        AuditEntry.objects.filter(id=leaf.entry_id).delete()
    AuditLeaf.objects.filter(position__gte=kept).delete()
    attacker.forget_checkpoints(above=kept)

    assert (Wrong.CUT, kept, ALL - 1) in found()
    assert found()[0][1] == kept


def test_a_log_that_was_wiped_is_named(attacked_log: None) -> None:
    for model in (AuditEntry, AuditLeaf, AuditCheckpoint):
        model.objects.all().delete()

    assert found()[0] == (Wrong.CUT, 0, ALL - 1)


def test_an_old_checkpoint_put_back_is_named(attacked_log: None) -> None:
    """In the database alone the log looks unfinished; the file has the newer one."""
    attacker.forget_checkpoints(above=FIRST)

    assert found() == [(Wrong.UNSIGNED, FIRST, ALL - 1), (Wrong.CHECKPOINT_LOST, ALL - 1, None)]


def test_an_old_checkpoint_under_a_new_size_is_named(attacked_log: None) -> None:
    old = AuditCheckpoint.objects.get(size=FIRST).note
    AuditCheckpoint.objects.filter(size=ALL).update(note=old)

    assert (Wrong.CHECKPOINT_REFUSED, ALL - 1, None) in found()


def test_a_checkpoint_signed_by_another_key_is_named(attacked_log: None) -> None:
    AuditEntry.objects.filter(id=attacker.entry_at(7).id).update(actor="nobody")
    attacker.recompute()
    from apps.audit.leaves import root_of

    own = Signer(origin(), b"0123456789abcdef" * 2)
    note = own.sign(Checkpoint(origin(), ALL, root_of(ALL)))
    AuditCheckpoint.objects.filter(size=ALL).update(note=note)

    assert (Wrong.CHECKPOINT_REFUSED, ALL - 1, None) in found()
    assert (Wrong.EDITED, 7, None) in found()


def test_a_fork_is_named(attacked_log: None) -> None:
    """Whoever has the signing key as well cannot take back what stands in the file."""
    (other,) = written(1)
    ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    attacker.recompute([*ids[:8], other.id, ids[9]])
    from apps.audit.leaves import root_of

    note = signer().sign(Checkpoint(origin(), ALL, root_of(ALL)))
    AuditCheckpoint.objects.filter(size=ALL).update(note=note)

    assert found()[0] == (Wrong.FORKED, FIRST, ALL - 1)


def test_a_fork_that_has_grown_on_is_named(attacked_log: None) -> None:
    (other, last) = written(2)
    ids = list(AuditLeaf.objects.order_by("position").values_list("entry_id", flat=True))
    attacker.recompute([*ids[:8], other.id, ids[9], last.id])
    from apps.audit.leaves import root_of

    note = signer().sign(Checkpoint(origin(), ALL + 1, root_of(ALL + 1)))
    AuditCheckpoint.objects.filter(size=ALL).update(size=ALL + 1, note=note)

    assert found()[0] == (Wrong.FORKED, FIRST, ALL - 1)


@pytest.mark.parametrize("position", [1, 5, 7])
def test_a_stored_hash_that_was_altered_is_named(attacked_log: None, position: int) -> None:
    leaf = AuditLeaf.objects.get(position=position)
    changed = bytes(leaf.hashes)[:-1] + bytes([bytes(leaf.hashes)[-1] ^ 1])
    AuditLeaf.objects.filter(position=position).update(hashes=changed)

    assert found() == [(Wrong.TREE_ALTERED, position, None)]


def test_a_dropped_trigger_is_named(sealed_log: None) -> None:
    attacker.lift_triggers()

    names = {one.about for one in verify().findings if one.wrong is Wrong.TRIGGER_GONE}
    assert names == {"audit_entry", "audit_leaf", "audit_checkpoint"}


def test_a_file_that_is_gone_is_named_and_written_anew_by_the_next_seal(sealed_log: None) -> None:
    settings.AUDIT_CHECKPOINTS.unlink()
    assert [one.wrong for one in verify().findings] == [Wrong.FILE_LOST]

    seal()
    assert verify().findings == []
    assert [one.size for one in checkpoint_file.read(settings.AUDIT_CHECKPOINTS)] == [FIRST, ALL]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n10\n", "\n11\n"),
        lambda text: text[:-2],
        lambda text: text + text.split("\n\n")[0],
        lambda text: text + "\n\n".join(text.split("\n\n")[:2]) + "\n\n",
        lambda text: "hello\n\n" + text,
    ],
    ids=["edited", "cut", "half", "an old one put back", "not one of ours"],
)
def test_a_file_that_was_changed_is_named(sealed_log: None, change: object) -> None:
    path = settings.AUDIT_CHECKPOINTS
    path.write_text(change(path.read_text()))

    assert Wrong.FILE_REFUSED in [one.wrong for one in verify().findings]


def test_nothing_is_signed_on_top_of_a_broken_log(attacked_log: None) -> None:
    attacker.forget_checkpoints(above=FIRST)
    attacker.restore_triggers()
    written(1)

    with pytest.raises(LogBroken, match="6 entries are signed and 10 have a place"):
        seal()
    assert AuditLeaf.objects.count() == ALL


def test_nothing_is_signed_after_a_wipe(attacked_log: None) -> None:
    for model in (AuditEntry, AuditLeaf, AuditCheckpoint):
        model.objects.all().delete()
    written(3)

    with pytest.raises(LogBroken, match="signed in the file"):
        seal()


def test_verify_exits_with_an_error_and_names_the_position(
    attacked_log: None, capsys: pytest.CaptureFixture
) -> None:
    AuditEntry.objects.filter(id=attacker.entry_at(7).id).update(actor="nobody")
    attacker.restore_triggers()

    with pytest.raises(CommandError, match="NOT what was signed"):
        call_command("audit", "verify")
    assert "position 7: EDITED" in capsys.readouterr().out


def test_what_is_removed_before_its_seal_is_not_noticed(sealed_log: None) -> None:
    """The bound that docs/audit.md states: from the insert to the next seal."""
    (gone, kept) = written(2)
    attacker.lift_triggers()
    gone.delete()
    attacker.restore_triggers()

    assert seal() == 1
    assert verify().findings == []
    assert attacker.entry_at(ALL).id == kept.id
