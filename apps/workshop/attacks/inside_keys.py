"""ID tokens that an attack signs, and what a client makes of them."""

import json
import time
from typing import Any

from .oauth_app import Scene


def id_token(made: Scene, key: Any, of: Any = None) -> str:
    """One for this client, about its user or another, signed with the key of a row."""
    from django.conf import settings
    from jwcrypto.jwt import JWT

    from apps.oauth.signing_keys import private_jwk

    claims = {
        "iss": settings.OAUTH_ISSUER,
        "aud": made.app.client_id,
        "sub": str((of or made.user).pk),
        "iat": int(time.time()),
        "exp": int(time.time()) + 60,
    }
    token = JWT(header={"typ": "JWT", "alg": "RS256", "kid": key.kid}, claims=claims)
    token.make_signed_token(private_jwk(key))
    return token.serialize()


def opens(token: str, keys: bytes) -> bool:
    """Does a client with this key set believe it?"""
    from jwcrypto.common import JWException
    from jwcrypto.jwk import JWKSet
    from jwcrypto.jwt import JWT

    try:
        return bool(json.loads(JWT(jwt=token, key=JWKSet.from_json(keys), algs=["RS256"]).claims))
    except (JWException, KeyError):
        return False
