"""Our provider, asked in this process, through every middleware."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.test import Client

from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.oauth import client_authentication, signing_keys
from apps.oauth.client_authentication import Claimed
from apps.oauth.models import AuthorizationCode, OAuthClient, TokenFamily
from tests import people, tokens, world

from .provider import BACK, Answer, Provider

_FOR_PEOPLE = {"scopes": ["openid", "email", "read", "write"], "redirect_uris": [BACK]}


class Ours(Provider):
    """A provider with Ana and the clients in it, made anew for each test."""

    is_stock = False
    authorize = "/oauth/authorize"
    agreed = ("/oauth/consent", {"decision": "allow"})
    token = "/oauth/token"
    revoke = "/oauth/revoke"
    introspect = "/oauth/introspect"
    discovery = "/.well-known/openid-configuration"
    me = "/api/v2/me"
    administration = "/api/v2/api-keys"
    open = "/api/v2/listings"

    def __init__(self) -> None:
        signing_keys.ensure()
        self.ana = people.verified()
        self.browser = people.comes_in(Client(raise_request_exception=False), self.ana)
        self.machine = Client(raise_request_exception=False)
        staff: dict[str, Any] = {"agency": world.agency(), "role": Role.AGENT}
        self.clients = {
            "app": (tokens.public(**_FOR_PEOPLE), ""),
            "web": tokens.client(**_FOR_PEOPLE),
            "service": tokens.service(**staff),
            "other": tokens.service(),
            "blank": (tokens.public(**_FOR_PEOPLE), ""),
        }

    def send(
        self, method: str, path: str, headers: dict[str, str], body: str, *, as_ana: bool
    ) -> Answer:
        sender = self.browser if as_ana else self.machine
        kind = "application/x-www-form-urlencoded" if body else ""
        answer = sender.generic(method, path, body, content_type=kind, headers=headers)
        named = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status_code, named, answer.content.decode())

    def client_id(self, name: str) -> str:
        return self.clients[name][0].client_id

    def secret(self, name: str) -> str:
        return self.clients[name][1]

    def deactivate(self) -> None:
        User.objects.filter(pk=self.ana.pk).update(is_active=False)

    def change_password(self) -> None:
        new = "seven otters under a bridge"
        form = {"oldpassword": people.PASSWORD, "password1": new, "password2": new}
        assert people.post(self.browser, "password/change/", **form).status_code == 302

    def age(self, days: int) -> None:
        then = F("started_at") - timedelta(days=days)
        assert TokenFamily.objects.filter(user=self.ana).update(started_at=then)

    def at_rest(self) -> str:
        assert AuthorizationCode.objects.exists()
        return str(list(AuthorizationCode.objects.values()))

    def prove_secret(self) -> bool:
        client, secret = self.clients["service"]
        proved: OAuthClient = client_authentication.authenticate(Claimed(client.client_id, secret))
        return proved == client
