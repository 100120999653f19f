"""Who is calling, and with what rights: the one shape for keys, tokens and sessions.

Made afresh from the database on every request and never cached, so that a revoked key, a changed
role or a deactivated owner counts from the next request on (ASVS 8.3.2).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from apps.agencies.roles import AGENCY_STAFF, Role

from .scopes import Scope, allows

#: What a person proves beside a password, by the names that `methods` holds (compare RFC 8176).
SECOND_FACTORS = frozenset({"totp", "webauthn", "recovery_codes"})
#: How young a second factor has to be where one is asked for.
FRESH = timedelta(minutes=10)


class Kind(StrEnum):
    """What was presented."""

    ANONYMOUS = "anonymous"
    API_KEY = "api_key"
    TOKEN = "token"  # noqa: S105 (a word, not a secret)
    SESSION = "session"
    COMMAND = "command"


class Tier(StrEnum):
    """How much a credential may ask for."""

    FREE = "free"
    PARTNER = "partner"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Credential:
    """`request.auth` of every API request.

    `id` is the row id of the key or token, never its text. `networks` are the CIDR texts that the
    key is bound to, `expires_at` its end; both empty for sessions. `methods` are how its person
    signed in, `authenticated_at` when, by the strongest of them.
    """

    kind: Kind
    id: str = ""
    user_id: UUID | None = None
    agency_id: UUID | None = None
    role: Role | None = None
    scopes: frozenset[Scope] = frozenset()
    client: str | None = None
    tier: Tier = Tier.FREE
    networks: tuple[str, ...] = ()
    expires_at: datetime | None = None
    authenticated_at: datetime | None = None
    methods: tuple[str, ...] = ()

    @property
    def is_anonymous(self) -> bool:
        return self.kind is Kind.ANONYMOUS

    @property
    def staff_of(self) -> UUID | None:
        """The agency whose own rows are visible: only its agents and managers have one."""
        return self.agency_id if self.role in AGENCY_STAFF else None

    @property
    def actor(self) -> str:
        """The user or client, as the audit log freezes it."""
        if self.user_id is None:
            return f"client:{self.client}" if self.client else str(self.kind)
        return f"user:{self.user_id}"

    @property
    def name(self) -> str:
        """The credential, as logs and the audit name it."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    def has_fresh_second_factor(self, now: datetime) -> bool:
        """Did its person prove a second factor less than ten minutes ago (RFC 9470)?

        `authenticated_at` is the time of the strongest proof among `methods`. A key proves none.
        """
        if self.kind not in (Kind.TOKEN, Kind.SESSION) or self.authenticated_at is None:
            return False
        young = timedelta(0) <= now - self.authenticated_at < FRESH
        return young and not SECOND_FACTORS.isdisjoint(self.methods)

    def allows(self, scope: Scope) -> bool:
        """Was this scope, or one that covers it, granted?"""
        return allows(self.scopes, scope)


ANONYMOUS = Credential(kind=Kind.ANONYMOUS)
#: The command line: whoever runs it holds the machine already.
COMMAND_LINE = Credential(kind=Kind.COMMAND)
