"""What `manage.py apikey` prints. No line holds a secret."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max

from apps.apikeys.models import ApiKey
from apps.apikeys.usage_report import scopes_unused, scopes_used, shown_route, used_since

_WEEK = timedelta(days=6)


def line_of(key: ApiKey) -> str:
    """One line: prefix, state, scopes, name."""
    return f"{key.prefix}  {_state(key)}  {' '.join(key.scopes)}  {key.name}"


def lines_of(key: ApiKey) -> Iterator[str]:
    """Everything about a key, and its use of the last seven days."""
    used = scopes_used(key)
    yield line_of(key)
    yield f"owner           {key.user.email}"
    yield f"tier            {key.tier}"
    yield f"networks        {' '.join(key.networks) or 'any'}"
    yield f"created         {key.created_at:%Y-%m-%d %H:%M}"
    yield f"last used       {_last_use(key)}"
    yield f"scopes used     {' '.join(used) or '-'}"
    yield f"scopes unused   {' '.join(scopes_unused(key, used)) or '-'}"
    for day, route, requests in used_since(key, datetime.now(UTC).date() - _WEEK):
        yield f"{day}      {requests:>8}  {route}"


def pepper_lines(now: datetime) -> Iterator[str]:
    """Each pepper that is configured or still needed: how many live keys rest on it, until when."""
    rows = ApiKey.objects.live(now).values("pepper_id")
    counted = {row["pepper_id"]: row for row in rows.annotate(n=Count("pk"), end=Max("expires_at"))}
    for number in sorted({*settings.API_KEY_PEPPERS, *counted}):
        row = counted.get(number, {"n": 0, "end": None})
        words = f"pepper {number}: {row['n']} live keys"
        words += f", the last until {row['end']:%Y-%m-%d}" if row["end"] else ""
        if number not in settings.API_KEY_PEPPERS:
            words += " (MISSING from API_KEY_PEPPERS: they are refused)"
        elif number == settings.API_KEY_PEPPER_ACTIVE:
            words += " (active)"
        elif not row["n"]:
            words += " (nothing rests on it)"
        yield words


def _state(key: ApiKey) -> str:
    if key.revoked_at is None:
        return f"until {key.expires_at:%Y-%m-%d}"
    if key.revoked_at > datetime.now(UTC):
        return f"rotated, until {key.revoked_at:%Y-%m-%d %H:%M}"
    return "revoked"


def _last_use(key: ApiKey) -> str:
    if key.last_used_at is None:
        return "never"
    where = f"from {key.last_used_address}, {shown_route(key.last_used_route)}"
    return f"{key.last_used_at:%Y-%m-%d %H:%M}, {where}"
