"""Scopes: what a credential may do, as `level[:resource]`.

A level includes the ones below it, and a bare level includes its resources: `write` covers
`write:offers`, `read:offers` and `read`; `write:offers` covers `read:offers` and nothing else.
No scope means no access.
"""

from collections.abc import Iterable
from enum import StrEnum

LEVELS = ("read", "write", "admin")
RESOURCES = ("listings", "offers", "profile", "documents", "keys", "webhooks", "audit", "users")

_TEXTS = [*LEVELS, *(f"{level}:{resource}" for level in LEVELS for resource in RESOURCES)]

#: The closed set: Scope.READ, Scope.READ_LISTINGS, … Scope.ADMIN_USERS.
Scope = StrEnum("Scope", {text.replace(":", "_").upper(): text for text in _TEXTS})


def _covered(scope: Scope) -> frozenset[Scope]:
    level, _, resource = scope.partition(":")
    below = LEVELS[: LEVELS.index(level) + 1]
    resources = [resource] if resource else ["", *RESOURCES]
    return frozenset(
        Scope(f"{lower}:{name}" if name else lower) for lower in below for name in resources
    )


_COVERS: dict[Scope, frozenset[Scope]] = {scope: _covered(scope) for scope in Scope}


def allows(granted: Iterable[Scope], needed: Scope) -> bool:
    """Does one of the granted scopes cover the needed one?"""
    return any(needed in _COVERS[scope] for scope in granted)


def is_within(narrow: Iterable[Scope], wide: Iterable[Scope]) -> bool:
    """Is every scope of `narrow` covered by `wide`?"""
    wide = tuple(wide)
    return all(allows(wide, scope) for scope in narrow)


def parse(texts: Iterable[str]) -> frozenset[Scope]:
    """Scopes from their texts. Raises ValueError for a word outside the closed set."""
    return frozenset(Scope(text) for text in texts)
