"""`manage.py oauth_keys`: the keys that sign ID tokens.

`ensure` makes the first one where there is none: once, before the first start. `rotate` makes the
next one and does the rest by the clock; `rotate --compromised` ends all that there are, at once.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError

from apps.oauth import signing_keys
from apps.oauth.models import SigningKey


class Command(BaseCommand):
    help = "Make, show and rotate the keys that sign ID tokens."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("ensure", help="make the first key where there is none")
        actions.add_parser("list", help="show every key and what it does now")
        rotate = actions.add_parser("rotate", help="make the next key")
        rotate.add_argument(
            "--compromised",
            action="store_true",
            help="stop every key at once; what they signed is worthless from now on",
        )

    def handle(self, *_: object, action: str, **options: object) -> None:
        getattr(self, f"_{action}")(options)

    def _ensure(self, options: dict) -> None:
        made = signing_keys.ensure()
        if options["verbosity"] > 0:
            self.stdout.write("Made the first key." if made else "There is a key already.")

    def _rotate(self, options: dict) -> None:
        try:
            key = signing_keys.rotate(compromised=options["compromised"])
        except signing_keys.RotationRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{key.kid} is published now and signs from {_said(key.active_from)}.")

    def _list(self, _options: dict) -> None:
        now = datetime.now(UTC)
        shown = {key.pk for key in signing_keys.published(now)}
        for key in SigningKey.objects.order_by("active_from", "created_at"):
            self.stdout.write(f"{key.kid}  {_said(key.active_from)}  {_state(key, shown, now)}")


def _state(key: SigningKey, shown: set, now: datetime) -> str:
    if key.retired_at:
        return "compromised"
    if key.active_from > now:
        return "waiting"
    if key == signing_keys.current(now):
        return "signing"
    return "leaving" if key.pk in shown else "gone"


def _said(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%SZ")
