"""The demo's API keys: one of each level for each account, kept for as long as they work."""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from apps.access.credential import COMMAND_LINE
from apps.access.scopes import Scope
from apps.accounts.models import User
from apps.apikeys import key_format, lifecycle
from apps.apikeys.digest import matches
from apps.apikeys.models import ApiKey

LEVELS = (Scope.READ, Scope.WRITE, Scope.ADMIN)
#: A key that ends sooner is renewed, so that what `make run` prints works for a while.
_LASTS = timedelta(days=7)


def working_key(user: User, level: Scope, text: str) -> str:
    """`text` where it is a good key of this user and level; else a new key, and the old ends."""
    if _works(user, level, text):
        return text
    name = f"Demo: {level}"
    for lost in ApiKey.objects.filter(user=user, name=name, revoked_at=None):
        lifecycle.revoke(COMMAND_LINE, lost)
    return lifecycle.create(COMMAND_LINE, user_id=user.pk, name=name, scopes=[level])[1]


def _works(user: User, level: Scope, text: str) -> bool:
    try:
        key = key_format.parse(text)
    except key_format.MalformedKey:
        return False
    if key is None:
        return False
    row = ApiKey.objects.filter(
        user=user,
        public_id=key.public_id,
        mode=settings.API_KEY_MODE,
        revoked_at=None,
        expires_at__gt=datetime.now(UTC) + _LASTS,
    ).first()
    if row is None or row.scopes != [level] or row.networks:
        return False
    return matches(settings.API_KEY_PEPPERS, row.pepper_id, text, bytes(row.digest))
