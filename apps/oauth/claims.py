"""What is said of a person: in an ID token how they signed in, at UserInfo who they are.

Only what is true and known here. `amr` has the words of RFC 8176; `acr` is there where a second
factor was proved, and is absent otherwise.
"""

from collections.abc import Iterable
from typing import Any

from oauthlib.common import Request

from apps.access.challenges import ACR
from apps.access.credential import SECOND_FACTORS
from apps.accounts.models import User
from apps.agencies.models import Membership
from apps.agencies.roles import Role

from .sign_in import SignIn

#: RFC 8176: what our names of methods are called there. A recovery code is good once, like any OTP.
_AMR = {"password": "pwd", "totp": "otp", "recovery_codes": "otp", "webauthn": "pop"}
#: The claims at UserInfo, by the scope that asks for them.
BY_SCOPE = {"profile": ("role", "agency"), "email": ("email", "email_verified")}
SUPPORTED = (
    *["iss", "sub", "aud", "exp", "iat", "jti", "auth_time", "nonce", "acr", "amr", "at_hash"],
    *(name for names in BY_SCOPE.values() for name in names),
)


def id_token_claims(request: Request) -> dict[str, Any]:
    """`sub`, and when and how the person signed in (OpenID Connect Core section 2)."""
    return {"sub": str(request.user.pk), **of_sign_in(request.sign_in)}


def of_sign_in(sign_in: SignIn | None) -> dict[str, Any]:
    if sign_in is None:
        return {}
    claims: dict[str, Any] = {"auth_time": int(sign_in.at.timestamp()), "amr": _amr(sign_in)}
    if _has_second_factor(sign_in):
        claims["acr"] = ACR
    return claims


def user_info(user: User, scopes: Iterable[str]) -> dict[str, Any]:
    """`sub`, and what the scopes ask for (OpenID Connect Core section 5.3.2)."""
    claims: dict[str, Any] = {"sub": str(user.pk)}
    if "profile" in scopes:
        claims |= _profile(user)
    if "email" in scopes:
        proved = user.emailaddress_set.filter(email__iexact=user.email, verified=True).exists()
        claims |= {"email": user.email, "email_verified": proved}
    return claims


def _profile(user: User) -> dict[str, Any]:
    """Names are nobody's business here: they are in the buyer's profile, encrypted."""
    member = Membership.objects.filter(user=user).select_related("agency").first()
    claims: dict[str, Any] = {"role": str(member.role if member else Role.BUYER)}
    if member and member.agency:
        claims["agency"] = {"id": str(member.agency_id), "name": member.agency.name}
    return claims


def _amr(sign_in: SignIn) -> list[str]:
    words = [_AMR[method] for method in sign_in.methods if method in _AMR]
    several = "password" in sign_in.methods and _has_second_factor(sign_in)
    return [*dict.fromkeys(words), *(["mfa"] if several else [])]


def _has_second_factor(sign_in: SignIn) -> bool:
    return not SECOND_FACTORS.isdisjoint(sign_in.methods)
