"""`manage.py oauth_client`: register clients, show them, renew their secrets, switch them off.

Clients are named by their client id, which is no secret. A secret is printed once, by the command
that makes it, and is never an argument.
"""

from argparse import ArgumentParser
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from apps.access.credential import Tier
from apps.agencies.models import Agency
from apps.agencies.roles import Role
from apps.audit.actors import Operator
from apps.oauth import lifecycle
from apps.oauth.grants import Grant, stored
from apps.oauth.models import OAuthClient
from apps.oauth.scopes import KNOWN


class Command(BaseCommand):
    help = "Register, show and end OAuth clients, and rotate their secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        _add_create(actions.add_parser("create", help="register a client and print it, once"))
        actions.add_parser("list", help="show every client")
        for name, help_text in (
            ("rotate-secret", "print a new secret, once; the old one is dead at once"),
            ("deactivate", "end a client and everything it holds, at once"),
            ("activate", "let it ask again"),
        ):
            actions.add_parser(name, help=help_text).add_argument("client_id")

    def handle(self, *_: object, action: str, **options: object) -> None:
        try:
            getattr(self, f"_{action.replace('-', '_')}")(options)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None

    def _create(self, options: dict) -> None:
        public = options["public"] or options["native"]
        client, secret = lifecycle.create(
            Operator(),
            name=options["name"],
            client_type="public" if public else "confidential",
            grant_types=stored(frozenset(Grant(text) for text in options["grant"])),
            scopes=options["scope"],
            redirect_uris=options["redirect_uri"],
            allowed_origins=options["origin"],
            resources=options["resource"],
            serves=options["serves"],
            is_native=options["native"],
            agency=_agency(options["agency"]),
            role=options["role"],
            tier=options["tier"],
        )
        self.stdout.write(f"client_id {client.client_id}")
        if secret:
            self.stdout.write(f"client_secret {secret}")

    def _list(self, _options: dict) -> None:
        for client in OAuthClient.objects.order_by("created"):
            state = "active" if client.is_active else "off"
            self.stdout.write(
                f"{client.client_id}  {state}  {client.client_type}  {client.grant_types}  "
                f"{' '.join(client.scopes) or '-'}  {client.name}"
            )

    def _rotate_secret(self, options: dict) -> None:
        try:
            secret = lifecycle.rotate_secret(Operator(), _named(options))
        except ValueError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"client_secret {secret}")

    def _deactivate(self, options: dict) -> None:
        client = _named(options)
        lifecycle.set_active(Operator(), client, False)
        self.stdout.write(f"{client.name} is off, and its tokens are dead.")

    def _activate(self, options: dict) -> None:
        client = _named(options)
        lifecycle.set_active(Operator(), client, True)
        self.stdout.write(f"{client.name} may ask again.")


def _add_create(parser: ArgumentParser) -> None:
    def each(name: str, **more: object) -> None:
        parser.add_argument(name, action="append", default=[], **more)

    parser.add_argument("--name", required=True)
    parser.add_argument(
        "--grant", action="append", required=True, choices=sorted(Grant), help="may be repeated"
    )
    each("--scope", choices=sorted(KNOWN), metavar="SCOPE", help="what it may ask for; repeated")
    each("--redirect-uri", metavar="URI")
    each("--origin", metavar="ORIGIN", help="whose pages may call the token endpoint")
    each("--resource", metavar="URI", help="another audience that it may name")
    parser.add_argument("--serves", default="", metavar="URI", help="the audience that it is")
    parser.add_argument("--public", action="store_true", help="it keeps no secret")
    parser.add_argument("--native", action="store_true", help="public, on people's own devices")
    parser.add_argument("--agency", metavar="NAME", help="whose it is, where it acts for itself")
    parser.add_argument("--role", choices=sorted(Role), default=str(Role.BUYER))
    parser.add_argument("--tier", choices=sorted(Tier), default=str(Tier.FREE))


def _agency(name: str | None) -> Agency | None:
    if name is None:
        return None
    found = Agency.objects.filter(name=name).first()
    if found is None:
        raise CommandError("No agency has this name.")
    return found


def _named(options: dict) -> OAuthClient:
    try:
        client_id = str(UUID(options["client_id"]))
    except ValueError:
        client_id = ""
    client = OAuthClient.objects.filter(client_id=client_id).first()
    if client is None:
        raise CommandError("No client has this id.")
    return client
