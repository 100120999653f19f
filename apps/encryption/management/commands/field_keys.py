"""`manage.py field_keys`: which stored values rest on which key, and whether one may go."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from rich.console import Console

from apps.encryption.ring import key_ring
from apps.encryption.stored import resting_on, values_by_key

from ._key_lines import lines_of


class Command(BaseCommand):
    help = "Count the stored values under each key. Every value is looked at, none is opened."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--may-remove", type=int, metavar="ID", help="exit 1 where a value rests on this key"
        )

    def handle(self, *_: object, may_remove: int | None, **options: object) -> None:
        ring = key_ring()
        try:
            with Console(stderr=True).status("Counting…"):
                counts = values_by_key()
        except Error as failed:
            raise CommandError(f"The database does not answer ({type(failed).__name__}).") from None
        if may_remove is None:
            for line in lines_of(ring, counts):
                self.stdout.write(line)
            return
        if may_remove == ring.active:
            raise CommandError(f"No: key {may_remove} is the active one.")
        if resting := resting_on(may_remove, counts):
            places = ", ".join(f"{count} in {place}" for place, count in resting.items())
            raise CommandError(f"No: values rest on key {may_remove}: {places}.")
        self.stdout.write(f"Yes: no value rests on key {may_remove}. Backups made under it do.")
