"""`WWW-Authenticate` (RFC 6750 section 3), and the refusals that carry it."""

from enum import StrEnum

from django.conf import settings

from apps.core.problems import Code, Problem

from .credential import FRESH, Credential, Kind

#: What a sign-in with a second factor is called here (OpenID Connect, `acr`).
ACR = "mfa"


def challenge(**parameters: str | int) -> str:
    """`WWW-Authenticate`, and where a client reads what to ask for (RFC 9728 section 5.1)."""
    metadata = f"{settings.OAUTH_RESOURCE}/.well-known/oauth-protected-resource"
    texts = [f'{name}="{value}"' for name, value in parameters.items() if isinstance(value, str)]
    numbers = [f"{name}={value}" for name, value in parameters.items() if isinstance(value, int)]
    return ", ".join(
        ['Bearer realm="gatehouse"', *texts, *numbers, f'resource_metadata="{metadata}"']
    )


class Reason(StrEnum):
    """Why a credential was refused. Told only to someone who holds the whole credential."""

    UNKNOWN = "unknown"
    CHECKSUM = "checksum"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NETWORK = "network"
    INACTIVE = "inactive"


class CredentialRefused(Problem):
    """401 for a credential that was presented. `name` says which one, where that is known."""

    def __init__(self, reason: Reason, name: str = "") -> None:
        header = challenge(error="invalid_token", error_description=reason.value)
        super().__init__(
            Code.CREDENTIALS_INVALID, reason=reason, headers={"WWW-Authenticate": header}
        )
        self.name = name or "unknown"

    @property
    def actor(self) -> str:
        """Nobody has proved to be anybody."""
        return "anonymous"


def missing() -> Problem:
    """401 without an error code: nothing was presented (RFC 6750 section 3.1)."""
    return Problem(Code.CREDENTIALS_MISSING, headers={"WWW-Authenticate": challenge()})


def insufficient(scope: str) -> Problem:
    """403 naming the narrowest scope that would do."""
    header = challenge(error="insufficient_scope", scope=str(scope))
    return Problem(
        Code.INSUFFICIENT_SCOPE,
        f"This needs the scope {scope}.",
        headers={"WWW-Authenticate": header},
    )


def second_factor_missing(credential: Credential) -> Problem:
    """Whoever holds a token is sent to sign in anew (RFC 9470): 401. A key has nobody to send: 403.

    `acr_values` is what to ask the authorization server for, `max_age` in seconds.
    """
    if credential.kind is not Kind.TOKEN:
        return Problem(Code.SECOND_FACTOR_REQUIRED)
    header = challenge(
        error="insufficient_user_authentication",
        error_description="A second factor, proved less than ten minutes ago, is needed",
        acr_values=ACR,
        max_age=FRESH.seconds,
    )
    headers = {"WWW-Authenticate": header}
    return Problem(Code.SECOND_FACTOR_REQUIRED, headers=headers, status=401)
