"""What an ID token says beyond what the library puts in."""

from typing import Any

from oauthlib.common import Request


def id_token_claims(request: Request) -> dict[str, Any]:
    """`sub`, and when and how the person signed in (OpenID Connect Core section 2)."""
    claims: dict[str, Any] = {"sub": str(request.user.pk)}
    if request.sign_in is not None:
        claims["auth_time"] = int(request.sign_in.at.timestamp())
        claims["amr"] = list(request.sign_in.methods)
    return claims
