"""`manage.py audit …`: seal the audit log, check it, and prove it to others."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from apps.audit import exports, retention, triggers
from apps.audit.actors import Operator
from apps.audit.checkpoint import Checkpoint, CheckpointRefused
from apps.audit.checkpoint_file import FileRefused
from apps.audit.evidence import NoEvidence, consistency, evidence, sealed_line, signed_at
from apps.audit.leaves import leaf_count
from apps.audit.models import AuditLeaf
from apps.audit.recording import record
from apps.audit.sealing import LogBroken, seal
from apps.audit.signing import checked, signer, verifiers
from apps.audit.verbs import Verb
from apps.audit.verification import Report, verify


class Command(BaseCommand):
    help = "Look after the audit log: seal it, check it, prove it to others (docs/audit.md)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("seal", help="give waiting entries their places and sign a checkpoint")
        actions.add_parser("verify", help="check everything; exit 1 names the first bad position")
        prove = actions.add_parser("prove", help="the proof of one entry, as JSON")
        prove.add_argument("entry", metavar="ID", help="the id of an entry, or its position")
        both = actions.add_parser("consistency", help="prove that the log only grew, as JSON")
        for name in ("old", "new"):
            both.add_argument(
                name, metavar=name.upper(), help="a size, or a file with a checkpoint"
            )
        export = actions.add_parser("export", help="the sealed log, for others to keep and check")
        export.add_argument("--format", choices=sorted(exports.FORMATS), default="jsonl")
        export.add_argument("--output", type=Path, help="a new file; the terminal by default")
        actions.add_parser("keys", help="the public keys that checkpoints are checked with")
        retain = actions.add_parser("retain", help="remove old sealed entries; needs the owner")
        retain.add_argument("--before", type=_day, required=True, metavar="YYYY-MM-DD")
        retain.add_argument("--dry-run", action="store_true", help="only say what would go")
        actions.add_parser("triggers", help="put the append-only triggers back where one is gone")

    def handle(self, *_: object, action: str, **options: object) -> None:
        try:
            getattr(self, f"_{action}")(**options)
        except (NoEvidence, LogBroken, FileRefused, CheckpointRefused) as refused:
            raise CommandError(str(refused)) from None
        except OSError as refused:
            raise CommandError(f"{refused.filename}: {refused.strerror}.") from None

    def _seal(self, **_: object) -> None:
        with _console().status("Sealing…"):
            count = seal(everything=True)
        self.stdout.write(f"Sealed {count} entries; {leaf_count()} in all.")

    def _verify(self, **_: object) -> None:
        with _progress("Verifying", leaf_count()) as advance:
            report = verify(advance)
        self.stdout.write(_summary(report))
        for finding in report.findings:
            self.stdout.write(self.style.ERROR(str(finding)))
        if report.findings:
            raise CommandError("The audit log is NOT what was signed.")
        self.stdout.write(self.style.SUCCESS("The audit log is what was signed."))

    def _prove(self, entry: str, **_: object) -> None:
        entry_id = _entry_id(entry)
        found = evidence(entry_id)
        shown = {**found.as_json(), "entry": sealed_line(entry_id).decode()}
        self.stdout.write(json.dumps(shown, indent=2, ensure_ascii=False))
        if not found.holds:
            raise CommandError(f"Position {found.position} does NOT hold this entry as it stands.")

    def _consistency(self, old: str, new: str, **_: object) -> None:
        first, second = _checkpoint(old), _checkpoint(new)
        proof = consistency(first, second)
        shown = {
            "old": {"size": first.size, "root": first.root.hex()},
            "new": {"size": second.size, "root": second.root.hex()},
            "proof": [one.hex() for one in proof],
        }
        self.stdout.write(json.dumps(shown, indent=2))

    def _export(self, format: str, output: Path | None, **_: object) -> None:
        size = exports.signed_size()
        record(Verb.AUDIT_EXPORTED, Operator(), changes={"format": format, "entries": size})
        lines = exports.FORMATS[format]()
        with self._target(output) as write, _progress("Exporting", size) as advance:
            for number, line in enumerate(lines, 1):
                write(line)
                if number % 1000 == 0:
                    advance(1000)

    @contextmanager
    def _target(self, output: Path | None) -> Iterator[Callable[[str], object]]:
        """Where an export goes; a file is new and readable by its owner alone."""
        if output is None:
            yield self.stdout.write
            return
        try:
            descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as refused:
            raise CommandError(f"{output} cannot be written: {refused.strerror}.") from None
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file.write

    def _keys(self, **_: object) -> None:
        active = signer().verifier
        for key in verifiers():
            self.stdout.write(f"{key}{'  (signs)' if key == active else ''}")

    def _retain(self, before: datetime, dry_run: bool, **_: object) -> None:
        start, end = retention.removable(before)
        if dry_run or start == end:
            self.stdout.write(f"{end - start} entries would be removed.")
            return
        try:
            with _console().status("Removing…"):
                removed = retention.retain(Operator(), before)
        except DatabaseError as refused:
            raise CommandError(f"The database refuses: run it as the owner. {refused}") from None
        self.stdout.write(f"Removed {removed} entries; their hashes stay, and the log verifies.")

    def _triggers(self, **_: object) -> None:
        if not triggers.missing():
            self.stdout.write("Every audit table is append-only.")
            return
        with connection.schema_editor() as editor:
            triggers.create(editor)
        self.stdout.write(self.style.WARNING("The triggers were gone; they stand again."))


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)


def _entry_id(text: str) -> UUID:
    if not text.isdecimal():
        try:
            return UUID(text)
        except ValueError:
            raise CommandError("ID is the id of an entry, or its position.") from None
    found = AuditLeaf.objects.filter(position=int(text)).values_list("entry_id", flat=True).first()
    if found is None:
        raise NoEvidence(f"Position {text} is not given out.")
    return found


def _checkpoint(text: str) -> Checkpoint:
    """By size from the database, or what an outsider kept."""
    if text.isdecimal():
        return signed_at(int(text))
    try:
        return checked(Path(text).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{text} is no size and no file that can be read.") from None


def _summary(report: Report) -> str:
    head = f"head {report.head.root.hex()[:16]}…" if report.head else "nothing signed yet"
    waiting = f"{report.waiting} waiting for their seal"
    if report.waiting_since:
        waiting += f" since {report.waiting_since:%Y-%m-%d %H:%M:%S}Z"
    return (
        f"{report.sealed} sealed ({report.retained} removed by retention), {waiting}; "
        f"{report.checkpoints} checkpoints in the database, {report.outside} in the file; {head}"
    )


def _console() -> Console:
    return Console(stderr=True)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=_console(), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)
