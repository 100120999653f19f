"""What the authorization endpoint answers a client through the browser (RFC 6749 section 4.1.2).

Every answer, good or bad, carries `iss`, so that a client which talks to several servers knows
whose it is (RFC 9207: mix-up).
"""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

from django.conf import settings


class Error(StrEnum):
    """The closed set of errors that a client is told, and by which document each is named."""

    INVALID_REQUEST = "invalid_request"  # RFC 6749
    UNAUTHORIZED_CLIENT = "unauthorized_client"
    ACCESS_DENIED = "access_denied"
    UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
    INVALID_SCOPE = "invalid_scope"
    INVALID_TARGET = "invalid_target"  # RFC 8707
    LOGIN_REQUIRED = "login_required"  # OpenID Connect Core 3.1.2.6
    CONSENT_REQUIRED = "consent_required"
    INTERACTION_REQUIRED = "interaction_required"
    ACCOUNT_SELECTION_REQUIRED = "account_selection_required"
    REQUEST_NOT_SUPPORTED = "request_not_supported"
    REQUEST_URI_NOT_SUPPORTED = "request_uri_not_supported"
    REGISTRATION_NOT_SUPPORTED = "registration_not_supported"
    UNMET_AUTHENTICATION_REQUIREMENTS = "unmet_authentication_requirements"  # RFC 9470


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where an answer goes: a redirect URI that was checked, and what the client wants back."""

    redirect_uri: str
    state: str | None

    def with_code(self, code: str) -> str:
        return self._location({"code": code})

    def with_error(self, error: Error, description: str) -> str:
        return self._location({"error": error.value, "error_description": description})

    def _location(self, answer: dict[str, str]) -> str:
        if self.state is not None:
            answer["state"] = self.state
        answer["iss"] = settings.OAUTH_ISSUER
        # The registered URI stays as it was written; what it has of a query is the client's own.
        joint = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{joint}{urlencode(answer)}"


class Refused(Exception):
    """An error that the client is told."""

    def __init__(self, back: WayBack, error: Error, description: str) -> None:
        super().__init__(error)
        self.back = back
        self.error = error
        self.location = back.with_error(error, description)


class Unanswerable(Exception):
    """Nobody but the person can be told: who asks is unknown, or where (RFC 6749 4.1.2.1).

    Attack: a redirect to an address that was not checked hands codes to whoever wrote it.
    """
