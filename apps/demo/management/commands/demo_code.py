"""`manage.py demo_code EMAIL`: what the authenticator app of this demo user shows now."""

import time
from argparse import ArgumentParser

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.totp import PERIOD, code_at
from apps.demo import credentials


class Command(BaseCommand):
    help = "Print the one-time code of a demo user, for signing in without an app."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *_: object, email: str, **__: object) -> None:
        if not apps.is_installed("apps.demo"):
            raise CommandError("The demo is for development: it needs APP_ENV=development.")
        user = next((user for user in credentials.read().users if user.email == email), None)
        if user is None:
            raise CommandError(f"No demo user {email}. Mend: manage.py seed_demo")
        self.stdout.write(code_at(user.totp_secret, int(time.time()) // PERIOD))
