"""A client that sends browsers to the authorize endpoint, and what comes back to it."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client
from jwcrypto.jwk import JWK

from apps.accounts.models import User
from apps.oauth import consents
from apps.oauth.models import Consent, OAuthClient, SigningKey
from tests import tokens

ISSUER = "http://localhost:8000"
CALLBACK = "https://app.example.com/callback"
CHALLENGE = tokens.CHALLENGE


def client(**fields: Any) -> OAuthClient:
    """A confidential client for people, with a few scopes; every field may be another."""
    values = {
        "name": "Offer Desk",
        "scopes": ["openid", "email", "profile", "read", "write:offers"],
        "redirect_uris": [CALLBACK],
    }
    return tokens.client(**(values | fields))[0]


def native(**fields: Any) -> OAuthClient:
    """A public client on people's devices."""
    return client(
        client_type="public",
        is_native=True,
        redirect_uris=["http://127.0.0.1/callback"],
        **fields,
    )


def parameters(of: OAuthClient, **changes: Any) -> dict[str, Any]:
    """An honest request; a change to None leaves a parameter out."""
    values = {
        "response_type": "code",
        "client_id": of.client_id,
        "redirect_uri": of.redirect_uris[0],
        "scope": "openid read",
        "state": "a state/with ödd + characters"[:12],
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def path(of: OAuthClient, **changes: Any) -> str:
    return f"/oauth/authorize?{urlencode(parameters(of, **changes), doseq=True)}"


def ask(browser: Client, of: OAuthClient, **changes: Any) -> HttpResponse:
    """Send the browser there."""
    return browser.get(path(of, **changes))


def answer(response: HttpResponse) -> dict[str, str]:
    """What came back to the client: the query of a redirect."""
    assert response.status_code in (302, 303), response.content
    pairs = parse_qs(urlsplit(response["Location"]).query, keep_blank_values=True)
    assert all(len(values) == 1 for values in pairs.values()), response["Location"]
    return {name: values[0] for name, values in pairs.items()}


def ticket(page: HttpResponse) -> str:
    """What the form of a consent page carries."""
    assert page.status_code == 200, page
    return unescape(re.search(r'name="ticket" value="([^"]+)"', page.content.decode())[1])


def decide(browser: Client, page: HttpResponse, decision: str = "allow") -> HttpResponse:
    """Press a button on the page."""
    return browser.post("/oauth/consent", {"ticket": ticket(page), "decision": decision})


def allowed(browser: Client, of: OAuthClient, **changes: Any) -> dict[str, str]:
    """Ask, allow, and return what the client gets."""
    return answer(decide(browser, ask(browser, of, **changes)))


def connected(user: User, to: OAuthClient | None = None) -> Consent:
    """What is left when this person has allowed an app."""
    app = to or client()
    consents.give(user, app, ["openid", "read"])
    return Consent.objects.get(user=user, client=app)


def is_consent(page: HttpResponse) -> bool:
    return page.status_code == 200 and b'name="ticket"' in page.content


@cache
def _jwk() -> JWK:
    return JWK.generate(kty="RSA", size=2048)


def key() -> SigningKey:
    """Somebody has run `oauth_keys ensure` an hour ago; the same key for the whole run."""
    return SigningKey.objects.create(
        kid=_jwk().thumbprint(),
        private_key=_jwk().export_to_pem(private_key=True, password=None).decode(),
        active_from=datetime.now(UTC) - timedelta(hours=1),
    )
