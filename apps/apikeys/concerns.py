"""What is wrong with a key that still works: for `apikey stale` and its owner."""

from datetime import datetime, timedelta

from .models import ApiKey
from .notices import REMIND_BEFORE
from .usage_report import scopes_unused, scopes_used

#: A key that nobody needed for so long is only a risk; one that is as old is due for rotation.
UNUSED_FOR = OVER_AGE = timedelta(days=90)
#: So long a key may lie before its scopes are judged by what it was used for.
_SETTLED = timedelta(days=14)


def concerns(key: ApiKey, now: datetime) -> list[str]:
    """Reasons to rotate, narrow or revoke a live key; none for one in order."""
    found = []
    last = key.last_used_at or key.created_at
    age = now - key.created_at
    if now - last >= UNUSED_FOR:
        word = "unused" if key.last_used_at else "never used"
        found.append(f"{word} for {(now - last).days} days")
    if age >= OVER_AGE:
        found.append(f"{age.days} days old")
    if key.expires_at - now <= REMIND_BEFORE and key.revoked_at is None:
        found.append(f"ends on {key.expires_at:%Y-%m-%d}")
    if key.last_used_at and age >= _SETTLED:
        unused = scopes_unused(key, scopes_used(key))
        found += [f"scopes never used: {' '.join(unused)}"] if unused else []
    return found
