"""What each scope lets an app do, in sentences for the person who is asked.

A scope never gives an app more than the person has: the sentences are upper bounds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_IDENTITY = {
    "openid": "Know that it is you, whenever you sign in there",
    "profile": "See your role, and the agency that you work for",
    "email": "See your e-mail address",
}
_OBJECTS = {
    "listings": "listings of your agency",
    "offers": "offers that you made or decide on",
    "profile": "your buyer profile, with your name, phone number and income",
    "documents": "your documents",
    "keys": "your API keys",
    "webhooks": "your agency's webhooks",
    "audit": "the audit log",
    "users": "the users of this service",
}
_LEVELS = {
    "read": "See {}",
    "write": "See and change {}",
    "admin": "See, change and administer {}",
}
_WHOLE = {
    "read": "See everything here that you can see",
    "write": "See and change everything here that you can",
    "admin": "Do everything here that you can do, even what needs administration rights",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of the page. `wide`: it is worth a second look. `known`: it was allowed before."""

    scope: str
    words: str
    wide: bool
    known: bool


def said(scopes: Iterable[str], known: Iterable[str] = ()) -> list[Sentence]:
    """One sentence for every scope, in the order in which they were asked for."""
    return [
        Sentence(scope, words(scope), scope in ("write", "admin"), scope in known)
        for scope in scopes
    ]


def words(scope: str) -> str:
    """The sentence of a scope. Raises KeyError for one that is none."""
    if scope in _IDENTITY:
        return _IDENTITY[scope]
    level, _, resource = scope.partition(":")
    return _LEVELS[level].format(_OBJECTS[resource]) if resource else _WHOLE[level]
