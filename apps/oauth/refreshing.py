"""Refresh tokens: each is traded once, for the next; a second time ends the family.

RFC 9700 section 4.14.2. Of two at once one wins the lock; the other then finds a used token, which
is a replay, and what the first has got dies with the family. A used token is remembered for as
long as it could have lived.
"""

from datetime import UTC, datetime

from oauthlib.common import Request

from apps.audit.verbs import Verb

from . import families
from .models import RefreshToken, TokenFamily
from .recording import note
from .token_format import Kind, hashed, is_genuine


def take(text: str, request: Request) -> bool:
    """May this client trade this refresh token now? Puts what it stands for on the request."""
    if not is_genuine(text, Kind.REFRESH_TOKEN):
        return False
    checksum = hashed(text)
    family = families.locked(request.client, refresh_tokens__token_checksum=checksum)
    if family is None:
        return False
    row = RefreshToken.objects.get(token_checksum=checksum)
    now = datetime.now(UTC)
    if row.used_at is not None:
        if families.end(pk=family.pk):
            note(Verb.TOKEN_REPLAYED, request.client, family, reason="refresh token")
        return False
    if row.expires <= now or families.is_over(family, now):
        return False
    request.family, request.refresh_row = family, row
    return True


def use(row: RefreshToken) -> None:
    """Mark it as used; its row is locked through its family."""
    row.used_at = datetime.now(UTC)
    row.save(update_fields=["used_at"])


def save(text: str, family: TokenFamily, now: datetime) -> None:
    """The next one: fourteen days from now, and never beyond the end of its family."""
    RefreshToken.objects.create(
        token_checksum=hashed(text),
        family=family,
        expires=min(now + families.IDLE, family.started_at + families.ABSOLUTE),
    )
