"""Introspection (RFC 7662 section 2.2): what a resource server is told of a token meant for it.

A token of another audience, a refresh token, an ID token and no token at all look alike: inactive.
No name and no address: `sub` is who it is, and what is more is asked of userinfo.
"""

from django.conf import settings

from .bearer import Found, find, refusal_of
from .claims import of_sign_in
from .sign_in import SignIn
from .token_format import Kind, is_genuine

_INACTIVE: dict[str, object] = {"active": False}


def described(text: str, audience: str) -> dict[str, object]:
    """The claims of a live access token for this audience."""
    if not is_genuine(text, Kind.ACCESS_TOKEN):
        return _INACTIVE
    token = find(text)
    if token is None or refusal_of(token, audience) is not None:
        return _INACTIVE
    return {"active": True, **_claims(token)}


def _claims(token: Found) -> dict[str, object]:
    issued = int(token.created.timestamp())
    claims: dict[str, object] = {
        "iss": settings.OAUTH_ISSUER,
        "sub": str(token.user_id) if token.user_id else token.client_id,
        "aud": token.audience,
        "client_id": token.client_id,
        "token_type": "Bearer",
        "scope": " ".join(token.scopes),
        "iat": issued,
        "nbf": issued,
        "exp": int(token.expires.timestamp()),
        "jti": str(token.jti),
    }
    if token.signed_in_at is not None:
        claims |= of_sign_in(SignIn(token.signed_in_at, tuple(token.methods)))
    return claims
