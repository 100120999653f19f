"""`manage.py rotate_keys`: every stored value under the active key, while the service goes on.

It makes no key: the new one is added, and then activated, beforehand (docs/encryption.md).
"""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from apps.encryption.ring import key_ring
from apps.encryption.rotation import Rotation, rehearse, rotate, stale
from apps.encryption.stored import values_by_key

from ._key_lines import lines_of

_MOST = 10_000  # rows that one transaction holds


class Command(BaseCommand):
    help = "Seal every stored value anew that is not under the active key. Makes no keys."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="open everything, write nothing")
        parser.add_argument(
            "--batch", type=_batch, default=1000, metavar="N", help="rows at a time; 1000"
        )

    def handle(self, *_: object, dry_run: bool, batch: int, **options: object) -> None:
        ring = key_ring()
        step = rehearse if dry_run else rotate
        try:
            before = values_by_key()
            with _progress(stale(before, ring)) as advance:
                rotation = step(ring, before, batch, advance, self._tell)
        except (DatabaseError, InterfaceError) as failed:
            # Not its message: that may quote a row.
            raise CommandError(
                f"The database ended it ({type(failed).__name__}). No value is lost: what was done"
                " stays done, and the next run goes on from there."
            ) from None
        for line in lines_of(ring, rotation.after):
            self.stdout.write(line)
        self._conclude(rotation, "would be sealed" if dry_run else "sealed", dry_run)

    def _tell(self, value: object) -> None:
        self.stderr.write(self.style.ERROR(f"cannot be sealed anew: {value}"))

    def _conclude(self, rotation: Rotation, done: str, dry_run: bool) -> None:
        key = f"key {rotation.ring.active}"
        self.stdout.write(f"{rotation.resealed} values {done} anew under {key}.")
        if rotation.unreadable:
            raise CommandError(
                f"{len(rotation.unreadable)} values cannot be sealed anew and stay as they are."
            )
        if rotation.left and not dry_run:
            raise CommandError(
                f"{rotation.left} values were written under another key meanwhile, or were held by"
                f" somebody: see that every node seals under {key}, then run this again."
            )


def _batch(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise ArgumentTypeError(f"a number from 1 to {_MOST}")
    return int(text)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    columns = TextColumn("Sealing anew"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
