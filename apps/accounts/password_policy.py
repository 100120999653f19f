"""Which passwords are taken (ASVS 6.2.1 to 6.2.12): length and known-bad words, no composition.

Twelve to 128 characters. Refused are the common ones, what resembles the own address, and what is
little more than words that everyone tries here first. Not demanded: digits, capitals, changes.
The rules themselves stand in settings.AUTH_PASSWORD_VALIDATORS; Django brings the other three.
"""

import re

from django.core.exceptions import ValidationError

MIN_LENGTH, MAX_LENGTH = 12, 128
#: The service, what it is about, and what lists of stolen passwords begin with.
_WORDS = ("gatehouse", "listings", "listing", "estate", "realty", "admin", "welcome", "password")
_WORDS += ("passwort", "qwertyuiop", "qwerty", "letmein", "iloveyou", "123456789", "12345678")
_SHORTEST_REST = 8
_LETTERS = re.compile(r"[^\W\d_]")


class MaximumLength:
    """At most 128 characters: a bound, so that nobody is made to hash a book."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > MAX_LENGTH:
            raise ValidationError(
                f"At most {MAX_LENGTH} characters, please.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return f"At most {MAX_LENGTH} characters."


class ContextWords:
    """Whatever is left without the words of this place must still be a password."""

    def validate(self, password: str, user: object = None) -> None:
        rest = password.lower()
        for word in (*_own_words(user), *_WORDS):
            rest = rest.replace(word, "")
        if len(rest) < len(password) and len(_LETTERS.findall(rest)) < _SHORTEST_REST:
            raise ValidationError(
                "This is little more than words that are tried first here, such as the name of "
                "the service or your address.",
                code="password_of_context_words",
            )

    def get_help_text(self) -> str:
        return "More than the name of the service, or of yourself."


def _own_words(user: object) -> list[str]:
    """The parts of the address, longest first, from four letters on."""
    parts = re.split(r"[^a-z0-9]+", getattr(user, "email", "").lower())
    return sorted((part for part in parts if len(part) >= 4), key=len, reverse=True)
