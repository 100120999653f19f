"""Rows of which nothing can come any more, removed by `tick`.

What tells a replay is kept for as long as a replay could do harm: a used refresh token for the
fourteen days that it could have lived, a used code as long as its family.
"""

from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef

from .models import AccessToken, AuthorizationCode, RefreshToken, TokenFamily

#: An access token that is over says so for a while, and not that it is unknown.
_SAYS_EXPIRED = timedelta(days=1)
#: Rows in one statement, so that no request waits long for its locks.
_AT_ONCE = 1_000


def forget_expired() -> int:
    """settings.PERIODIC_TASKS; returns how many rows of tokens and families went."""
    now = datetime.now(UTC)
    gone = _delete(AccessToken, expires__lt=now - _SAYS_EXPIRED)
    gone += _delete(RefreshToken, expires__lt=now)
    return gone + _delete_empty_families(now)


def _delete(model: type[AccessToken] | type[RefreshToken], **where: object) -> int:
    ids = model.objects.filter(**where).values_list("pk", flat=True)[:_AT_ONCE]
    return model.objects.filter(pk__in=list(ids)).delete()[0]


def _delete_empty_families(now: datetime) -> int:
    """Those without a token, and without a code that could still be traded or has tokens left."""

    def none(model: type) -> Exists:
        return ~Exists(model.objects.filter(family=OuterRef("pk")))

    live_code = Exists(AuthorizationCode.objects.filter(family=OuterRef("pk"), expires__gt=now))
    empty = TokenFamily.objects.filter(none(AccessToken), none(RefreshToken), ~live_code)
    old = empty.filter(started_at__lt=now - _SAYS_EXPIRED)
    ids = list(old.values_list("pk", flat=True)[:_AT_ONCE])
    return TokenFamily.objects.filter(pk__in=ids).delete()[0]
