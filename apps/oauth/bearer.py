"""An access token's row with all that decides about it, by one narrow query."""

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from apps.access.challenges import Reason
from apps.core.compiled import compiled

from .families import ABSOLUTE
from .models import AccessToken
from .token_format import hashed


class Found(NamedTuple):
    """What the one query asks for: token, family, client, user, membership."""

    id: int
    jti: UUID
    scopes: list[str]
    audience: str
    created: datetime
    expires: datetime
    revoked_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    signed_in_at: datetime | None
    methods: list[str]
    client_id: str
    client_is_active: bool
    client_tier: str
    client_role: str
    client_agency_id: UUID | None
    user_id: UUID | None
    user_is_active: bool | None
    role: str | None
    agency_id: UUID | None


_COLUMNS = (
    *Found._fields[:7],
    "family__started_at",
    "family__ended_at",
    "family__signed_in_at",
    "family__methods",
    "family__client__client_id",
    "family__client__is_active",
    "family__client__tier",
    "family__client__role",
    "family__client__agency_id",
    "family__user_id",
    "family__user__is_active",
    "family__user__membership__role",
    "family__user__membership__agency_id",
)


def find(text: str) -> Found | None:
    """The token of this text, alive or dead."""
    rows = _find(checksum=hashed(text))
    return Found._make(rows[0]) if rows else None


def refusal_of(token: Found, audience: str) -> Reason | None:
    """Why it opens nothing at this audience; None where it does.

    A token for another audience is unknown here: it is not for us to say that it is good elsewhere
    (RFC 8707 section 2).
    """
    if token.audience != audience:
        return Reason.UNKNOWN
    now = datetime.now(UTC)
    if token.revoked_at is not None or token.ended_at is not None:
        return Reason.REVOKED
    if not token.client_is_active or (token.user_id is not None and not token.user_is_active):
        return Reason.INACTIVE
    if token.expires <= now or token.started_at + ABSOLUTE <= now:
        return Reason.EXPIRED
    return None


@compiled(by_key=True)
def _find(*, checksum: str) -> QuerySet:
    return AccessToken.objects.filter(token_checksum=checksum).values_list(*_COLUMNS)
