"""How keys are used: when, from where, for what, and how often. For people, never for decisions.

What is exact: "last used" is at most a minute old. Counts are kept in the process and written
once a minute, and when the process ends in order, in one INSERT for all keys; a process that is
killed loses its counts since the last one. A request counts once its key was accepted, whatever
came of it. Reading one key costs a request nothing; a minute's first request pays for the rest.
"""

import logging
import time
from collections import Counter
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError

from apps.core.request_context import current_request

from .digest import digest
from .models import ApiKey, UsageCount

log = logging.getLogger("gatehouse.apikeys")

#: How often either is written: a write on every read would cost more than the read.
EVERY = timedelta(minutes=1)

#: Any other word is counted as one: a caller must not make up rows by making up methods.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_counts: Counter[tuple[UUID, date, str]] = Counter()
_lock = Lock()
_flushed_at = time.monotonic()


def note_use(
    key_id: UUID, last_used_at: datetime | None, pepper_id: int, text: str, now: datetime
) -> None:
    """Count an accepted use. A minute after the last written one, write time, address and route.

    The same write moves the digest under the active pepper: only now is the text at hand.
    """
    facts = current_request.get()
    method = facts.method if facts.method in _METHODS else "OTHER"
    route = f"{method} {facts.route}"[:140]
    with _lock:
        _counts[key_id, now.date(), route] += 1
    if last_used_at is None or now - last_used_at >= EVERY:
        used = {
            "last_used_at": now,
            "last_used_address": facts.address,
            "last_used_route": route,
        }
        # Of several requests that found the same old time, one writes.
        seen = ApiKey.objects.filter(pk=key_id, last_used_at=last_used_at)
        seen.update(**used, **_repeppered(pepper_id, text))
    if time.monotonic() - _flushed_at >= EVERY.total_seconds():
        flush()


def flush() -> int:
    """Write what this process has counted; returns how many rows."""
    global _counts, _flushed_at
    with _lock:
        counted, _counts = _counts, Counter()
        _flushed_at = time.monotonic()
    rows = [
        UsageCount(key_id=key_id, day=day, route=route, requests=requests)
        for (key_id, day, route), requests in counted.items()
    ]
    try:
        UsageCount.objects.bulk_create(rows)
    except DatabaseError:
        # A request never fails for want of a count; the next minute tries again.
        log.warning("usage_not_written", exc_info=True)
        with _lock:
            _counts.update(counted)
    return len(rows)


def forget() -> None:
    """Drop what is counted and not written; for tests."""
    global _counts, _flushed_at
    with _lock:
        _counts, _flushed_at = Counter(), time.monotonic()


def _repeppered(pepper_id: int, text: str) -> dict[str, object]:
    active = settings.API_KEY_PEPPER_ACTIVE
    if pepper_id == active:
        return {}
    return {"pepper_id": active, "digest": digest(settings.API_KEY_PEPPERS[active], text)}
