"""`WWW-Authenticate` (RFC 6750 section 3), and the refusals that carry it."""

from enum import StrEnum

from apps.core.problems import Code, Problem

from .scopes import Scope

_REALM = 'Bearer realm="gatehouse"'


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
        challenge = f'{_REALM}, error="invalid_token", error_description="{reason}"'
        super().__init__(
            Code.CREDENTIALS_INVALID, reason=reason, headers={"WWW-Authenticate": challenge}
        )
        self.name = name or "unknown"

    @property
    def actor(self) -> str:
        """Nobody has proved to be anybody."""
        return "anonymous"


def missing() -> Problem:
    """401 without an error code: nothing was presented (RFC 6750 section 3.1)."""
    return Problem(Code.CREDENTIALS_MISSING, headers={"WWW-Authenticate": _REALM})


def insufficient(scope: Scope) -> Problem:
    """403 naming the narrowest scope that would do."""
    challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
    return Problem(
        Code.INSUFFICIENT_SCOPE,
        f"This needs the scope {scope}.",
        headers={"WWW-Authenticate": challenge},
    )
