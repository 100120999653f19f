"""Resource indicators (RFC 8707): a token is for one audience, and opens nothing elsewhere.

A client may always name this service, and of others those that it is registered for. Who names
none gets this service, or the one that was granted.
"""

from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error

from .models import OAuthClient


def asked(request: Request) -> list[str]:
    """Every `resource` of the request, in its order; the library would keep the last alone."""
    pairs = [*parse_qsl(request.uri_query), *(request.decoded_body or [])]
    return list(dict.fromkeys(value for name, value in pairs if name == "resource"))


def granted(request: Request) -> list[str]:
    """What an authorization request asks for: this service where it names none."""
    return asked(request) or [settings.OAUTH_RESOURCE]


def refuse_unregistered(request: Request) -> dict[str, Any]:
    """At the authorize endpoint. Raises `invalid_target`."""
    if not set(asked(request)) <= _of(request.client):
        raise _invalid_target(request)
    return {}


def choose(request: Request) -> None:
    """At the token endpoint: `request.audience`, one of those granted. Raises `invalid_target`."""
    family = getattr(request, "family", None)
    open_to = _of(request.client)
    allowed = [one for one in family.resources if one in open_to] if family else list(open_to)
    names = asked(request)
    if len(names) > 1 or not set(names) <= set(allowed):
        raise _invalid_target(request)
    if not names and settings.OAUTH_RESOURCE in allowed:
        names = [settings.OAUTH_RESOURCE]
    names = names or allowed
    if len(names) != 1:
        raise _invalid_target(request)
    request.audience = names[0]


def _of(client: OAuthClient) -> set[str]:
    return {settings.OAUTH_RESOURCE, *client.resources}


def _invalid_target(request: Request) -> CustomOAuth2Error:
    return CustomOAuth2Error(
        "invalid_target",
        description="A token is for one resource, which the client is registered for.",
        request=request,
    )
