"""`id_token_hint`: an ID token of ours, by which a client says whom it means (OIDC Core 3.1.2.1).

It opens nothing. An old one does as well as a young one, as the standard asks.
"""

import json

from django.conf import settings
from jwcrypto.common import JWException
from jwcrypto.jwk import JWKSet
from jwcrypto.jwt import JWT

from apps.accounts.models import User

from .models import OAuthClient
from .signing_keys import private_jwk, published

_LONGEST = 4096


def names(hint: str, user: User, client: OAuthClient) -> bool:
    """Does this token of ours, made for this client, speak of this user?"""
    if len(hint) > _LONGEST:
        return False
    keys = JWKSet()
    for key in published():
        keys.add(private_jwk(key))
    try:
        # `check_claims` with nothing in it: `exp` is not asked.
        token = JWT(jwt=hint, key=keys, algs=["RS256"], check_claims={}, expected_type="JWS")
        claims = json.loads(token.claims)
    except (JWException, ValueError):
        return False
    meant = (settings.OAUTH_ISSUER, client.client_id, str(user.pk))
    return isinstance(claims, dict) and meant == tuple(map(claims.get, ("iss", "aud", "sub")))
