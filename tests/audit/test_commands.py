"""`manage.py audit …` and the verifier that an outsider runs: they agree, on good logs and bad."""

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.audit import recording
from apps.audit.actors import Operator
from apps.audit.findings import Wrong
from apps.audit.models import AuditEntry, AuditLeaf
from apps.audit.recording import record
from apps.audit.sealing import seal
from apps.audit.signing import signer
from apps.audit.verbs import Verb
from apps.audit.verification import verify
from config.environment import ROOT

from . import attacker
from .conftest import ALL, FIRST, written

pytestmark = pytest.mark.django_db


def audit(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


class Outsider:
    """Someone with the verifier, the public key, and what they were given."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.key = str(signer().verifier)
        self.checkpoint = settings.AUDIT_CHECKPOINTS

    def export(self) -> Path:
        path = self.directory / "log.jsonl"
        path.unlink(missing_ok=True)
        audit("export", "--output", str(path))
        return path

    def checks(self, *arguments: object) -> tuple[int, str]:
        done = subprocess.run(
            [
                *(sys.executable, "-I", str(ROOT / "docs/verify_audit.py")),
                *("--key", self.key, *map(str, arguments)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def checks_export(self, path: Path) -> tuple[int, str]:
        return self.checks("--checkpoint", self.checkpoint, path)


@pytest.fixture
def outsider(sealed_log: None, tmp_path: Path) -> Outsider:
    return Outsider(tmp_path)


def test_an_outsider_agrees_with_the_command(outsider: Outsider) -> None:
    assert "what was signed" in audit("verify")
    assert outsider.checks_export(outsider.export()) == (
        0,
        f"OK: {ALL} entries are what was signed, 2 checkpoints\n",
    )


@pytest.mark.parametrize(
    ("what", "change", "says"),
    [
        ("an edit", lambda rows: [*rows[:7], rows[7].replace("7", "8"), *rows[8:]], "6 to 9"),
        ("an edit early", lambda rows: [rows[0].replace("done", "none"), *rows[1:]], "0 to 5"),
        ("a deletion", lambda rows: [*rows[:7], *rows[8:]], "position 9"),
        ("an insertion", lambda rows: [*rows[:3], rows[0], *rows[3:]], "0 to 5"),
        ("another order", lambda rows: [rows[1], rows[0], *rows[2:]], "0 to 5"),
        ("a cut tail", lambda rows: rows[:8], "position 8"),
        ("nothing left", lambda rows: [], "position 0"),
        ("no JSON", lambda rows: [*rows[:4], "x\n", *rows[5:]], "position 4"),
        ("no entry", lambda rows: [*rows[:4], "[]\n", *rows[5:]], "position 4"),
        ("no hash", lambda rows: [*rows[:4], '{"removed_leaf":7}\n', *rows[5:]], "position 4"),
        (
            "a hollow word of retention",
            lambda rows: ['{"verb":"audit.retained","changes":7}\n', *rows[1:]],
            "0 to 5",
        ),
    ],
)
def test_an_outsider_names_what_was_done_to_an_export(
    outsider: Outsider, what: str, change: object, says: str
) -> None:
    path = outsider.export()
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    status, text = outsider.checks_export(path)
    assert (status, says in text) == (1, True), text


def test_an_entry_that_was_taken_out_is_not_passed_off_as_retention(outsider: Outsider) -> None:
    path = outsider.export()
    rows = path.read_text().splitlines(keepends=True)
    leaf = bytes(AuditLeaf.objects.get(position=2).hashes)[:32].hex()
    path.write_text("".join([*rows[:2], f'{{"removed_leaf":"{leaf}"}}\n', *rows[3:]]))

    status, text = outsider.checks_export(path)
    assert (status, "no retention removed it" in text) == (1, True), text


def test_a_database_that_was_rewritten_gives_an_export_that_no_outsider_believes(
    outsider: Outsider,
) -> None:
    attacker.lift_triggers()
    AuditEntry.objects.filter(id=attacker.entry_at(7).id).update(actor="nobody")
    attacker.recompute()

    status, text = outsider.checks_export(outsider.export())
    assert (status, "positions 6 to 9" in text) == (1, True), text


def test_an_outsider_takes_no_checkpoint_of_another_key(outsider: Outsider) -> None:
    path = outsider.export()
    outsider.key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert outsider.checks_export(path)[0] == 1
    outsider.key = outsider.key[:-1]
    assert outsider.checks_export(path)[0] == 2


def test_a_proof_of_one_entry_is_checked_by_an_outsider(outsider: Outsider, tmp_path: Path) -> None:
    entry = attacker.entry_at(7)
    text = audit("prove", str(entry.id))
    assert text == audit("prove", "7")
    proof = json.loads(text)
    assert json.loads(proof["entry"])["id"] == str(entry.id)

    file = tmp_path / "proof.json"
    file.write_text(text)
    assert outsider.checks("--proof", file) == (
        0,
        "OK: position 7 is among the 10 signed entries\n",
    )
    for changed in (
        {"position": 6},
        {"entry": proof["entry"].replace("command", "somebody")},
        {"path": proof["path"][:-1]},
        {"leaf_hash": "00" * 32},
        {"checkpoint": proof["checkpoint"].replace("10", "11")},
    ):
        file.write_text(json.dumps(proof | changed))
        assert outsider.checks("--proof", file)[0] == 1, changed


def test_an_entry_that_was_edited_has_no_proof(sealed_log: None) -> None:
    attacker.lift_triggers()
    AuditEntry.objects.filter(id=attacker.entry_at(7).id).update(actor="nobody")

    with pytest.raises(CommandError, match="Position 7 does NOT hold"):
        audit("prove", "7")


def test_what_has_no_proof_is_said(sealed_log: None) -> None:
    (waiting,) = written(1)
    for entry, says in (
        (str(waiting.id), "waits for its seal"),
        (str(UUID(int=7)), "no such entry"),
        ("99", "not given out"),
        ("seven", "the id of an entry"),
    ):
        with pytest.raises(CommandError, match=says):
            audit("prove", entry)


def test_the_log_only_grew_since_a_checkpoint_that_someone_kept(
    sealed_log: None, tmp_path: Path
) -> None:
    assert json.loads(audit("consistency", str(FIRST), str(ALL)))["proof"]
    kept = tmp_path / "kept.txt"
    kept.write_text("\n\n".join(settings.AUDIT_CHECKPOINTS.read_text().split("\n\n")[:2]) + "\n")
    assert json.loads(audit("consistency", str(kept), str(ALL)))["old"]["size"] == FIRST

    attacker.lift_triggers()
    AuditEntry.objects.filter(id=attacker.entry_at(2).id).update(actor="nobody")
    attacker.recompute()
    with pytest.raises(CommandError, match="does not begin"):
        audit("consistency", str(kept), str(ALL))


@pytest.mark.parametrize(("old", "new"), [(ALL, FIRST), (0, ALL), (5, ALL), (FIRST, 11)])
def test_sizes_without_a_checkpoint_prove_nothing(sealed_log: None, old: int, new: int) -> None:
    with pytest.raises(CommandError):
        audit("consistency", str(old), str(new))


def test_the_table_cannot_run_as_formulas(sealed_log: None) -> None:
    record(Verb.OFFER_REVEALED, Operator(), reason="=HYPERLINK(1)")
    seal()
    rows = list(csv.DictReader(io.StringIO(audit("export", "--format", "csv"))))

    assert [row["position"] for row in rows] == [str(number) for number in range(len(rows))]
    assert rows[-2]["reason"] == "'=HYPERLINK(1)" or rows[-1]["reason"] == "'=HYPERLINK(1)"
    assert rows[3]["leaf_hash"] == bytes(AuditLeaf.objects.get(position=3).hashes)[:32].hex()


def test_an_export_is_recorded_and_overwrites_nothing(sealed_log: None, tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    audit("export", "--output", str(target))
    assert target.stat().st_mode & 0o777 == 0o600
    assert AuditEntry.objects.filter(verb="audit.exported").count() == 1
    with pytest.raises(CommandError, match="cannot be written"):
        audit("export", "--output", str(target))


def test_the_keys_are_public(db: None) -> None:
    shown = audit("keys")

    assert str(signer().verifier) in shown and "(signs)" in shown
    for seed in settings.AUDIT_SIGNING_KEYS.values():
        assert seed.hex() not in shown


def aged(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """Entries are made `days` ago from here on."""
    moment = datetime.now(UTC) - timedelta(days=days)

    class Then(datetime):
        @classmethod
        def now(cls, _zone: object = None) -> datetime:
            return moment

    monkeypatch.setattr(recording, "datetime", Then)


def test_retention_removes_whole_ranges_and_everything_still_verifies(
    db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as past:
        aged(past, 400)
        written(5)
        seal()
        aged(past, 380)
        written(2)
    written(2)
    seal()
    day = f"{datetime.now(UTC) - timedelta(days=365):%Y-%m-%d}"

    assert "5 entries would be removed" in audit("retain", "--before", day, "--dry-run")
    assert "Removed 5 entries" in audit("retain", "--before", day)
    seal()

    report = verify()
    assert (report.findings, report.retained, report.sealed) == ([], 5, 10)
    said = AuditEntry.objects.get(verb="audit.retained")
    assert said.changes == {"before_position": 5, "removed": 5}
    outsider = Outsider(tmp_path)
    status, text = outsider.checks_export(outsider.export())
    assert (status, "5 of them removed by retention" in text) == (0, True), text
    assert "0 entries would be removed" in audit("retain", "--before", day)


def test_an_entry_removed_beside_the_retention_is_a_deletion(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a forged word of retention nor a true one covers more than it says."""
    with monkeypatch.context() as past:
        aged(past, 400)
        written(3)
        seal()
    written(3)
    seal()
    audit("retain", "--before", f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}")
    attacker.lift_triggers()
    attacker.entry_at(4).delete()
    forged = AuditEntry.objects.get(verb="audit.retained")
    forged.pk, forged.changes = UUID(int=forged.pk.int + 1), {"before_position": 6, "removed": 6}
    forged.save(force_insert=True)
    attacker.restore_triggers()

    assert [(one.wrong, one.position) for one in verify().findings] == [
        (Wrong.DELETED, 4),
        (Wrong.FORGED, None),
    ]


def test_retention_leaves_the_triggers_standing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.audit import triggers

    with monkeypatch.context() as past:
        aged(past, 400)
        written(3)
        seal()
    audit("retain", "--before", "2026-01-01")

    assert triggers.missing() == []
