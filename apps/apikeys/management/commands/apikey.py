"""`manage.py apikey create|list|revoke`: keys from the command line."""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from apps.access.credential import COMMAND_LINE
from apps.access.scopes import Scope
from apps.apikeys import lifecycle
from apps.apikeys.models import ApiKey
from apps.core.problems import Problem


class Command(BaseCommand):
    help = "Create, list and revoke API keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create", help="make a key and print it, once")
        create.add_argument("--user", required=True, metavar="EMAIL")
        create.add_argument("--scope", required=True, nargs="+", choices=sorted(Scope))
        create.add_argument("--name", required=True)
        create.add_argument("--days", type=int, default=lifecycle.DEFAULT_LIFETIME.days)
        listing = actions.add_parser("list", help="show the keys of a user, or all")
        listing.add_argument("--user", metavar="EMAIL")
        revoke = actions.add_parser("revoke", help="end a key at once")
        revoke.add_argument("prefix", help="the key's prefix, such as gh_live_…")

    def handle(self, *_: object, action: str, **options: object) -> None:
        getattr(self, f"_{action}")(options)

    def _create(self, options: dict) -> None:
        user = get_user_model().objects.filter(email__iexact=options["user"]).first()
        if user is None:
            raise CommandError("No user has this e-mail address.")
        try:
            _, text = lifecycle.create(
                COMMAND_LINE,
                user_id=user.pk,
                name=options["name"][:60],
                scopes=[Scope(text) for text in options["scope"]],
                expires_at=datetime.now(UTC) + timedelta(days=options["days"]),
            )
        except Problem as refused:
            raise CommandError(
                refused.errors[0].detail if refused.errors else refused.detail
            ) from None
        self.stdout.write(text)

    def _list(self, options: dict) -> None:
        keys = ApiKey.objects.select_related("user").order_by("created_at")
        if options["user"]:
            keys = keys.filter(user__email__iexact=options["user"])
        for key in keys:
            state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}"
            self.stdout.write(f"{key.prefix}  {state}  {' '.join(key.scopes)}  {key.name}")

    def _revoke(self, options: dict) -> None:
        key = ApiKey.objects.filter(public_id=options["prefix"].split("_")[-1]).first()
        if key is None:
            raise CommandError("No key has this prefix.")
        lifecycle.revoke(COMMAND_LINE, key)
        self.stdout.write(f"{key.prefix} is revoked.")
