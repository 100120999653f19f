"""The token, revocation and introspection endpoints."""

import json

from django.http import HttpResponse
from oauthlib.common import urlencode
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, OAuth2Error, UnauthorizedClientError

from apps.ratelimits.guards import Flow

from .endpoint import answer, endpoint
from .introspection import described
from .models import OAuthClient
from .revocation import revoke as revoke_token
from .server import Server
from .validator import Validator

_Pairs = list[tuple[str, str]]


@endpoint(Flow.TOKEN)
def token(client: OAuthClient, pairs: _Pairs) -> HttpResponse:
    """RFC 6749 section 3.2: trade a code, a refresh token or one's own name for an access token."""
    server = Server(Validator(client))
    # The client was authenticated before, and its name stands in one place.
    body = urlencode(
        [*(p for p in pairs if p[0] not in _OF_CLIENT), ("client_id", client.client_id)]
    )
    try:
        _, content, status = server.create_token_response("", "POST", body, {})
    except OAuth2Error as refused:
        content, status = refused.json, refused.status_code
    return answer(content, status)


@endpoint(Flow.INTROSPECTION)
def revoke(client: OAuthClient, pairs: _Pairs) -> HttpResponse:
    """RFC 7009: 200 whether or not there was such a token, so that nobody learns of others'."""
    revoke_token(client, _token(pairs))
    return HttpResponse(status=200)


@endpoint(Flow.INTROSPECTION)
def introspect(client: OAuthClient, pairs: _Pairs) -> HttpResponse:
    """RFC 7662, for resource servers alone, about the tokens that are meant for them."""
    if not client.is_resource_server:
        raise UnauthorizedClientError("This client is no resource server.", status_code=403)
    return answer(json.dumps(described(_token(pairs), client.serves)))


_OF_CLIENT = ("client_id", "client_secret")


def _token(pairs: _Pairs) -> str:
    text = dict(pairs).get("token")
    if text is None:
        raise InvalidRequestError("Missing token parameter.")
    return text
