"""Which client is calling, and is it who it says (RFC 6749 section 2.3.1)?

A confidential client proves it with its secret, by Basic or in the body, never both. A public one
has no secret and only says its name; a secret beside its name is refused, so that nobody believes
to have proved something.
"""

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote_plus

from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError

from . import token_format
from .models import OAuthClient

_LONGEST = 512
#: Compared against where there is no such client, so that it takes the same work.
_NOBODY = "0" * 64


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who the caller says to be. `secret` stays out of repr; None where none came."""

    client_id: str
    secret: str | None

    def __repr__(self) -> str:
        return f"Claimed({self.client_id})"


def claimed(authorization: str | None, pairs: list[tuple[str, str]]) -> Claimed:
    """Who is named in header and body. Pure.

    Raises InvalidRequestError for two ways at once or two names, InvalidClientError for none.
    """
    form = dict(pairs)
    client_id, secret = form.get("client_id"), form.get("client_secret")
    if authorization is None:
        if client_id is None:
            raise InvalidClientError
        return Claimed(client_id, secret)
    basic = _basic(authorization)
    if secret is not None or client_id not in (None, basic.client_id):
        raise InvalidRequestError(description="The client is named in one way, not in two.")
    return basic


def authenticate(who: Claimed) -> OAuthClient:
    """The active client that this is. Raises InvalidClientError, for one reason as for another."""
    client = OAuthClient.objects.filter(client_id=who.client_id, is_active=True).first()
    stored = client.client_secret if client and client.is_confidential else _NOBODY
    proved = token_format.matches(who.secret or "", stored)
    if client is None:
        raise InvalidClientError
    if client.is_confidential:
        if not proved:
            raise InvalidClientError
    elif who.secret is not None:
        raise InvalidClientError
    return client


def _basic(authorization: str) -> Claimed:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic" or len(encoded) > _LONGEST:
        raise InvalidClientError
    try:
        text = base64.b64decode(encoded.strip(" "), validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidClientError from None
    client_id, colon, secret = text.partition(":")
    client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    if not colon or not (client_id.isprintable() and secret.isprintable()):
        raise InvalidClientError
    return Claimed(client_id, secret)
