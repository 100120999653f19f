"""Who people are here: a closed set of roles, and the groups that policies speak of."""

from enum import StrEnum


class Role(StrEnum):
    """One role per user, read from the database on every request."""

    BUYER = "buyer"
    AGENT = "agent"
    MANAGER = "manager"
    AUDITOR = "auditor"
    PLATFORM_ADMIN = "platform_admin"


EVERYONE = frozenset(Role)
#: Those who act for an agency and see what is its own.
AGENCY_STAFF = frozenset({Role.AGENT, Role.MANAGER})
MANAGERS = frozenset({Role.MANAGER})
PLATFORM_ADMINS = frozenset({Role.PLATFORM_ADMIN})
BUYERS = frozenset({Role.BUYER})
