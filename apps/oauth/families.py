"""Families of tokens: found, judged and ended as one.

Whoever changes a family locks its row first, so that of two at once one sees what the other did.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from .models import OAuthClient, TokenFamily

#: A refresh token that was not used for so long, and a family of this age, are over (ASVS 10.4.8).
IDLE = timedelta(seconds=settings.OAUTH2_PROVIDER["REFRESH_TOKEN_EXPIRE_SECONDS"])
ABSOLUTE = timedelta(days=90)


def locked(client: OAuthClient, **where: Any) -> TokenFamily | None:
    """The family of this client to which a code or token belongs, locked to the transaction's end.

    What another client presents is nothing at all: it can neither use nor end what is not its own.
    """
    families = TokenFamily.objects.select_for_update(of=("self",)).select_related("user")
    return families.filter(client=client, **where).first()


def is_over(family: TokenFamily, now: datetime) -> bool:
    """Has it ended, grown too old, or is its person switched off?"""
    if family.ended_at is not None or now >= family.started_at + ABSOLUTE:
        return True
    return family.user is not None and not family.user.is_active


def end(**where: Any) -> int:
    """End the families that are not over yet; returns how many. Every token of them dies."""
    return TokenFamily.objects.filter(ended_at=None, **where).update(ended_at=datetime.now(UTC))
