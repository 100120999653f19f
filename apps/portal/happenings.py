"""The last things in the audit that somebody did, or that happened to their account, in words."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import User
from apps.audit.activity import activity_of
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
    Verb.USER_CHANGED: "Role or access changed by an administrator",
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
        Happening(row.at, _said(row.verb), row.address, row.outcome == "refused")
        for row in activity_of(user.pk).order_by("-at", "-id")[:_SHOWN]
    ]


def _said(verb: str) -> str:
    return _WORDS.get(verb) or verb.replace(".", " ").replace("_", " ").capitalize()
