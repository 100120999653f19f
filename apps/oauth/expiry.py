"""Rows of which nothing can come any more, removed by `tick`.

What tells a replay is kept for as long as a replay could do harm: a used refresh token for the
fourteen days that it could have lived, a used code as long as its family.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from .models import AccessToken, AuthorizationCode, RefreshToken, TokenFamily

#: An access token that is over says so for a while, and not that it is unknown.
_SAYS_EXPIRED = timedelta(days=1)
#: Rows in one statement, so that no request waits long for its locks.
_AT_ONCE = 1_000


def forget_expired() -> int:
    """settings.PERIODIC_TASKS; returns how many rows of tokens and families went."""
    now = datetime.now(UTC)
    gone = _delete(AccessToken.objects.filter(expires__lt=now - _SAYS_EXPIRED))
    gone += _delete(RefreshToken.objects.filter(expires__lt=now))
    return gone + _delete(_empty_families(now))


def _delete(rows: QuerySet) -> int:
    """Until none is left, some at a time."""
    gone = 0
    while ids := list(rows.values_list("pk", flat=True)[:_AT_ONCE]):
        gone += rows.model.objects.filter(pk__in=ids).delete()[0]
    return gone


def _empty_families(now: datetime) -> QuerySet:
    """Those without a token, and without a code that could still be traded."""

    def none(model: type) -> Exists:
        return ~Exists(model.objects.filter(family=OuterRef("pk")))

    live_code = Exists(AuthorizationCode.objects.filter(family=OuterRef("pk"), expires__gt=now))
    empty = TokenFamily.objects.filter(none(AccessToken), none(RefreshToken), ~live_code)
    return empty.filter(started_at__lt=now - _SAYS_EXPIRED)
