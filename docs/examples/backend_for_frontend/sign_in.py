"""Signing in: to the provider and back. Authlib makes and checks state, nonce and PKCE (S256).

What it leaves to us, and what is done here: whose answer it is (RFC 9207), for whom the ID token
was made, and that it was signed with the one algorithm that we expect.
"""

from typing import Any

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError
from requests import RequestException

_LEEWAY = 30  # seconds that two clocks may differ
_CHECKED = {
    "iss": {"essential": True, "value": settings.GATEHOUSE},
    "aud": {"essential": True, "value": settings.CLIENT_ID},
}

oauth = OAuth()
gatehouse = oauth.register(
    "gatehouse",
    client_id=settings.CLIENT_ID,
    client_secret=settings.CLIENT_SECRET,
    server_metadata_url=f"{settings.GATEHOUSE}/.well-known/openid-configuration",
    client_kwargs={
        "scope": settings.SCOPES,
        "code_challenge_method": "S256",
        "token_endpoint_auth_method": "client_secret_basic",
        "default_timeout": 10,
    },
)


class Refused(Exception):
    """The answer is not what we asked for. The text is for the log: it quotes nothing."""


def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; state, nonce and verifier wait in the session."""
    return gatehouse.authorize_redirect(request, f"{settings.BASE_URL}/callback")


def finish(request: HttpRequest) -> dict[str, Any]:
    """The tokens for the code that came back. Raises Refused."""
    # Mix-up (RFC 9700 section 4.4): another provider's answer, so that we hand it our code.
    if request.GET.get("iss") != settings.GATEHOUSE:
        raise Refused("not our provider's answer")
    try:
        _expect_one_algorithm()
        tokens = gatehouse.authorize_access_token(request, claims_options=_CHECKED, leeway=_LEEWAY)
    except (OAuthError, JoseError, RequestException, ValueError) as error:
        raise Refused(type(error).__name__) from error
    if "userinfo" not in tokens:
        raise Refused("no ID token")
    return tokens


def _expect_one_algorithm() -> None:
    """By our own word and not by the document's: `none` and HS256 are never taken."""
    metadata = gatehouse.load_server_metadata()
    if metadata["issuer"] != settings.GATEHOUSE:
        raise ValueError
    metadata["id_token_signing_alg_values_supported"] = ["RS256"]
