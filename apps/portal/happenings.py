"""The last things in the audit that somebody did, or that happened to their account, in words."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.audit.activity import activity_of
from apps.audit.models import AuditEntry
from apps.audit.verbs import Verb

_SHOWN = 8
_WORDS = {
    Verb.LOGIN_SUCCEEDED: "Signed in",
    Verb.LOGIN_FAILED: "A sign-in failed: wrong password",
    Verb.LOGGED_OUT: "Signed out",
    Verb.ACCOUNT_REGISTERED: "Account opened",
    Verb.EMAIL_VERIFIED: "E-mail address verified",
    Verb.PASSWORD_CHANGED: "Password changed",
    Verb.PASSWORD_RESET: "Password reset by e-mail",
    Verb.SECOND_FACTOR_ADDED: "Second factor added",
    Verb.SECOND_FACTOR_REMOVED: "Second factor removed",
    Verb.SECOND_FACTOR_FAILED: "A sign-in failed: wrong code",
    Verb.RECOVERY_CODES_RENEWED: "Recovery codes renewed",
    Verb.SESSION_ENDED: "Session ended",
    Verb.ACCOUNT_EXPORTED: "Your data downloaded",
    Verb.CONSENT_GIVEN: "Allowed an app to act for you",
    Verb.CONSENT_REFUSED: "Did not allow an app",
    Verb.CLIENT_ACCESS_ENDED: "Took access back from an app",
    Verb.USER_CHANGED: "Role or access changed by an administrator",
}
_OF_A_KIND = (Verb.SECOND_FACTOR_ADDED, Verb.SECOND_FACTOR_REMOVED)
_KINDS = {
    "totp": "authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery codes",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line. `refused`: it did not succeed."""

    at: datetime
    what: str
    where: str
    refused: bool


def recent(user: User) -> list[Happening]:
    """The newest first."""
    return [
        Happening(row.at, _said(row), row.address, row.outcome == "refused")
        for row in activity_of(user.pk).order_by("-at", "-id")[:_SHOWN]
    ]


def _said(row: AuditEntry) -> str:
    said = _WORDS.get(row.verb) or row.verb.replace(".", " ").replace("_", " ").capitalize()
    kind = _KINDS.get(row.changes.get("kind"))
    return f"{said}: {kind}" if kind and row.verb in _OF_A_KIND else said
