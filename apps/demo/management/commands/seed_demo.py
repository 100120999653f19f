"""`manage.py seed_demo`: agencies, people, keys, listings and offers to try things out on."""

from argparse import ArgumentParser

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from apps.demo import credentials, lifecycle


class Command(BaseCommand):
    help = "Make the demo once, or mend it. Its passwords and keys stand in var/demo.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print that file and nothing else")
        parser.add_argument("--reset", action="store_true", help="remove the demo, make it anew")

    def handle(self, *_: object, reset: bool, **options: object) -> None:
        # settings.py installs the room in development only. Held here too: this command hands out
        # working admin keys.
        if not apps.is_installed("apps.demo"):
            raise CommandError("The demo is for development: it needs APP_ENV=development.")
        if reset:
            lifecycle.remove()
        made = lifecycle.make()
        if options["json"]:
            self.stdout.write(credentials.text(made), ending="")
            return
        if options["verbosity"] == 0:
            return
        self.stdout.write(
            f"The demo stands: {made.listings} listings, {len(made.users)} users. "
            f"Passwords and keys: {credentials.path()}"
        )
