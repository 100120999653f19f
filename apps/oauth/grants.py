"""The grants that there are: three, and no client can be registered for another.

Implicit, hybrid, password and device grants have no word here, so no column can hold them
(RFC 9700 sections 2.1.2 and 2.4).
"""

from enum import StrEnum


class Grant(StrEnum):
    """By the names of RFC 6749 `grant_type`."""

    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 (a word, not a secret)
    CLIENT_CREDENTIALS = "client_credentials"


_CODE, _REFRESH, _ALONE = Grant

#: What a client may be registered for. A refresh token begins with a code.
COMBINATIONS = (
    frozenset({_CODE, _REFRESH}),
    frozenset({_CODE}),
    frozenset({_ALONE}),
    frozenset({_CODE, _ALONE}),
    frozenset({_CODE, _REFRESH, _ALONE}),
)


def stored(grants: frozenset[Grant]) -> str:
    """One text for one set."""
    return " ".join(sorted(grants))


def parse(text: str) -> frozenset[Grant]:
    """The set in a text. Raises ValueError for another word."""
    return frozenset(Grant(word) for word in text.split())
