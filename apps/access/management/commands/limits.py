"""`manage.py limits show|reset`: penalties from the command line."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError

from apps.access import penalties
from apps.access.credential import COMMAND_LINE
from apps.ratelimits.policies import POLICIES


class Command(BaseCommand):
    help = "Show the limits and who is penalized; lift a penalty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("show", help="the policies, and the penalties in force")
        reset = actions.add_parser("reset", help="lift a penalty and fill the buckets of a subject")
        reset.add_argument("subject", help="an address, or api_key:ID as show names it")

    def handle(self, *_: object, action: str, **options: object) -> None:
        if action == "show":
            return self._show()
        return self._reset(options["subject"])

    def _show(self) -> None:
        for policy in POLICIES.values():
            numbers = f"{policy.quota:>6} in {policy.window:>6} s, {policy.burst:>5} at once"
            self.stdout.write(f"{policy.name:<22}{numbers}  {policy.algorithm}")
        self.stdout.write("")
        found = _shared(penalties.in_force)
        for one in found:
            self.stdout.write(f"{one.subject}  penalized for {one.seconds} s more")
        if not found:
            self.stdout.write("Nobody is penalized.")

    def _reset(self, text: str) -> None:
        try:
            subject = penalties.subject_of(text)
        except ValueError as wrong:
            raise CommandError(f"{text} is {wrong}.") from None
        known = _shared(lambda: penalties.lift(COMMAND_LINE, subject))
        self.stdout.write(f"{subject}: {'reset' if known else 'nothing was counted'}.")


def _shared(ask: Callable[[], Any]) -> Any:
    if settings.REDIS_URL is None:
        raise CommandError(
            "Without REDIS_URL the server counts in its own process, where no command can look. "
            "Penalties are shown and lifted at /admin/penalties/, and end with the server."
        )
    try:
        return ask()
    except RedisError as error:
        raise CommandError(f"Redis does not answer ({type(error).__name__}).") from None
