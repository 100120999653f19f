"""Clients and tokens that tests speak of: real rows of the real provider."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.test import Client

from apps.accounts.models import User
from apps.audit.actors import Operator
from apps.oauth import lifecycle, token_format
from apps.oauth.models import AccessToken, OAuthClient, TokenFamily
from apps.oauth.server import Server
from apps.oauth.sign_in import SignIn
from apps.oauth.token_format import Kind

CALLBACK = "https://client.example/callback"
#: RFC 7636 section 4.1: any text of 43 letters; its challenge is its SHA-256.
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:43]
SIGNED_IN = SignIn(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), ("password", "totp"))

_numbers = count(1)


def client(**fields: Any) -> tuple[OAuthClient, str | None]:
    """A confidential web client for people, who may ask for everything, unless said otherwise."""
    values = {
        "name": f"Client {next(_numbers)}",
        "client_type": "confidential",
        "grant_types": "authorization_code refresh_token",
        "scopes": ["openid", "profile", "email", "read", "write", "admin"],
        "redirect_uris": [CALLBACK],
    }
    return lifecycle.create(Operator(), **(values | fields))


def public(**fields: Any) -> OAuthClient:
    """A client without a secret."""
    return client(client_type="public", **fields)[0]


def service(**fields: Any) -> tuple[OAuthClient, str]:
    """A client that acts for itself."""
    values = {"grant_types": "client_credentials", "redirect_uris": [], "scopes": ["read"]}
    return client(**(values | fields))


def code(
    of: OAuthClient,
    user: User,
    *scopes: str,
    redirect_uri: str = CALLBACK,
    sign_in: SignIn = SIGNED_IN,
    **extra: Any,
) -> str:
    """What the consent page would send the browser back with."""
    query = {
        "client_id": of.client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": " ".join(scopes or ("read",)),
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **extra,
    }
    headers, _, _ = Server().create_authorization_response(
        f"/oauth/authorize?{urlencode(query, doseq=True)}",
        scopes=list(scopes or ("read",)),
        credentials={"user": user, "sign_in": sign_in},
    )
    return parse_qs(urlsplit(headers["Location"]).query)["code"][0]


def post(path: str, form: dict[str, Any], *, remote: str = "127.0.0.1", **headers: Any) -> Any:
    """A form to one of the provider's endpoints, as a client library sends it."""
    body = urlencode(form, doseq=True)
    return Client().post(
        f"/oauth/{path}",
        body,
        content_type="application/x-www-form-urlencoded",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        REMOTE_ADDR=remote,
    )


def basic(of: OAuthClient | str, secret: str) -> str:
    """The value of `Authorization`."""
    name = of if isinstance(of, str) else of.client_id
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def ask(of: OAuthClient, secret: str | None, form: dict[str, Any], path: str = "token") -> Any:
    """This client's own request."""
    if secret is None:
        return post(path, {**form, "client_id": of.client_id})
    return post(path, form, authorization=basic(of, secret))


def trade(of: OAuthClient, secret: str | None, text: str, **changes: Any) -> Any:
    """Trade a code for tokens."""
    form = {
        "grant_type": "authorization_code",
        "code": text,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return ask(of, secret, form | changes)


def refresh(of: OAuthClient, secret: str | None, text: str, **changes: Any) -> Any:
    return ask(of, secret, {"grant_type": "refresh_token", "refresh_token": text} | changes)


def pair(of: OAuthClient, secret: str | None, user: User, *scopes: str) -> dict[str, Any]:
    """The answer that a client got for a code of this user."""
    return trade(of, secret, code(of, user, *scopes)).json()


def token(
    user: User,
    *scopes: str,
    methods: tuple[str, ...] = ("password", "totp"),
    minutes: float = 1,
    of: OAuthClient | None = None,
    audience: str = "",
) -> str:
    """A token of this user, whose sign-in was so many minutes ago and by these methods."""
    now = datetime.now(UTC)
    family = TokenFamily.objects.create(
        client=of or _any_client(),
        user=user,
        scopes=list(scopes or ("admin",)),
        resources=[audience or settings.OAUTH_RESOURCE],
        signed_in_at=now - timedelta(minutes=minutes),
        methods=list(methods),
        started_at=now,
    )
    text = token_format.generate(Kind.ACCESS_TOKEN)
    AccessToken.objects.create(
        token_checksum=token_format.hashed(text),
        family=family,
        scopes=family.scopes,
        audience=family.resources[0],
        expires=now + timedelta(minutes=10),
    )
    return text


def own(*scopes: str, **fields: Any) -> str:
    """A token that a client got for itself, with the `role` and `agency` of the fields."""
    granted = list(scopes or ("admin",))
    of, secret = service(scopes=granted, **fields)
    form = {"grant_type": "client_credentials", "scope": " ".join(granted)}
    return ask(of, secret, form).json()["access_token"]


def _any_client() -> OAuthClient:
    return OAuthClient.objects.filter(name="Any client").first() or public(name="Any client")
