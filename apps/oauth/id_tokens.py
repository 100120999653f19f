"""ID tokens: who signed in, for the client alone to read. Nothing here takes one as a credential.

RS256, with the `kid` of the key that signs (OpenID Connect Core sections 2 and 3.1.3.7). None is
stored: there is nothing to look up.
"""

import json
import time
import uuid
from typing import Any

from django.conf import settings
from jwcrypto import jwt
from oauthlib.common import Request

from . import claims

LIFE_SECONDS: int = settings.OAUTH2_PROVIDER["ID_TOKEN_EXPIRE_SECONDS"]


def signed(begun: dict[str, Any], request: Request) -> str:
    """The token in compact form; `begun` holds `aud`, `iat`, `at_hash` and `nonce`."""
    key = request.client.jwk_key
    content = {
        **begun,
        "iss": settings.OAUTH_ISSUER,
        "exp": int(time.time()) + LIFE_SECONDS,
        "jti": str(uuid.uuid4()),
        **claims.id_token_claims(request),
    }
    header = {"typ": "JWT", "alg": request.client.algorithm, "kid": key.thumbprint()}
    token = jwt.JWT(header=json.dumps(header), claims=json.dumps(content))
    token.make_signed_token(key)
    return token.serialize()
