"""`manage.py apikey`: the whole life of keys from the command line, which may do all of it.

Keys are named by their prefix. A whole key is never an argument: those stand in the shell's history
and in the list of processes.
"""

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from apps.access.credential import COMMAND_LINE, Tier
from apps.access.scopes import Scope
from apps.apikeys import leaks, lifecycle
from apps.apikeys.concerns import concerns
from apps.apikeys.models import ApiKey
from apps.apikeys.narrowing import edit
from apps.apikeys.rotation import DEFAULT_OVERLAP, rotate
from apps.core.problems import Problem

from ._apikey_lines import line_of, lines_of, pepper_lines
from ._apikey_options import add_actions, prefix_parts


class Command(BaseCommand):
    help = "Create, show, change, rotate and end API keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_actions(parser)

    def handle(self, *_: object, action: str, **options: object) -> None:
        try:
            getattr(self, f"_{action}")(options)
        except Problem as refused:
            words = refused.errors[0].detail if refused.errors else refused.detail
            raise CommandError(words) from None

    def _create(self, options: dict) -> None:
        user = get_user_model().objects.filter(email=_email(options)).first()
        if user is None:
            raise CommandError("No user has this e-mail address.")
        _, text = lifecycle.create(
            COMMAND_LINE,
            user_id=user.pk,
            name=options["name"][:60],
            scopes=[Scope(text) for text in options["scope"]],
            networks=options["network"],
            tier=Tier(options["tier"]),
            expires_at=datetime.now(UTC) + timedelta(days=options["days"]),
        )
        self.stdout.write(text)

    def _list(self, options: dict) -> None:
        self._write_lines(_of_user(options), line_of)

    def _show(self, options: dict) -> None:
        for line in lines_of(_named(options)):
            self.stdout.write(line)

    def _edit(self, options: dict) -> None:
        changes = {}
        if options["name"]:
            changes["name"] = options["name"][:60]
        if options["scope"]:
            changes["scopes"] = [Scope(text) for text in options["scope"]]
        if options["network"]:
            changes["networks"] = options["network"]
        if options["days"] is not None:
            changes["expires_at"] = datetime.now(UTC) + timedelta(days=options["days"])
        self.stdout.write(line_of(edit(COMMAND_LINE, _named(options), changes)))

    def _rotate(self, options: dict) -> None:
        compromised, seconds = options["compromised"], options["overlap"]
        if compromised and seconds:
            raise CommandError("A compromised key has no overlap.")
        overlap = DEFAULT_OVERLAP if seconds is None else timedelta(seconds=seconds)
        key = _named(options)
        _, text = rotate(COMMAND_LINE, key, overlap=overlap, compromised=compromised)
        self.stdout.write(text)

    def _revoke(self, options: dict) -> None:
        key = _named(options)
        lifecycle.revoke(COMMAND_LINE, key)
        self.stdout.write(f"{key.prefix} is revoked.")

    def _leaked(self, options: dict) -> None:
        key = _named(options)
        leaks.end_leaked(COMMAND_LINE, key)
        self.stdout.write(f"{key.prefix} is revoked as leaked, and its owner will be told.")

    def _stale(self, options: dict) -> None:
        now = datetime.now(UTC)

        def worry(key: ApiKey) -> str | None:
            found = concerns(key, now)
            return f"{key.prefix}  {key.user.email}  {'; '.join(found)}" if found else None

        self._write_lines(_of_user(options).live(now), worry)

    def _peppers(self, _options: dict) -> None:
        for line in pepper_lines(datetime.now(UTC)):
            self.stdout.write(line)

    def _write_lines(self, keys: object, line: Callable[[ApiKey], str | None]) -> None:
        for key in keys.select_related("user").order_by("created_at").iterator(chunk_size=500):
            written = line(key)
            if written:
                self.stdout.write(written)


def _of_user(options: dict) -> object:
    keys = ApiKey.objects.all()
    return keys.filter(user__email=_email(options)) if options["user"] else keys


def _email(options: dict) -> str:
    return get_user_model().objects.normalize_email(options["user"])


def _named(options: dict) -> ApiKey:
    mode, public_id = prefix_parts(options["prefix"])
    key = ApiKey.objects.filter(mode=mode, public_id=public_id).select_related("user").first()
    if key is None:
        raise CommandError("No key has this prefix.")
    return key
