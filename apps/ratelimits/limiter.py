"""The limiter, front door of the room: charges a request to the store that the settings name.

Guarantees one store per process, Redis with REDIS_URL and memory without, and one round trip per
call. Decides nothing about the response: `limit_headers` words it, the caller refuses.
"""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings

from apps.ratelimits.addresses import address_bucket
from apps.ratelimits.charges import Charge
from apps.ratelimits.decisions import Decision, strictest
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Event, Rules
from apps.ratelimits.verdicts import Subject, Verdict

if TYPE_CHECKING:
    from apps.ratelimits.fallback import FallbackStore

__all__ = [
    "Charge",
    "Decision",
    "Event",
    "Subject",
    "Verdict",
    "address_bucket",
    "charge",
    "penalize",
    "reset_stores",
    "store",
    "strictest",
]

_lock = threading.Lock()
_store: "MemoryStore | FallbackStore | None" = None


def charge(charges: Sequence[Charge], subject: Subject | None = None) -> Verdict:
    """Charge all buckets, or none when one refuses or the subject is penalized.

    Without a subject nobody is penalized for what was refused. Never raises for want of Redis.
    Raises ValueError for no charges, because nothing is unlimited, and for one bucket named twice,
    because the second would not see the first.
    """
    if not charges:
        raise ValueError("a request is charged to at least one bucket")
    if len({one.bucket for one in charges}) != len(charges):
        raise ValueError("a request is charged twice to one bucket")
    return store().charge(charges, subject)


def penalize(subject: Subject) -> Verdict:
    """Give the subject its strikes, or with none see whether it is penalized; no bucket is asked.

    The verdict holds the penalty, if there is one, as its only decision.
    """
    return store().charge([], subject)


def store() -> "MemoryStore | FallbackStore":
    """The store of this process."""
    return _make_store() if _store is None else _store


def reset_stores() -> None:
    """Forget the store, and with it all in-process buckets; for tests that change settings."""
    global _store
    with _lock:
        _store = None


def _make_store() -> "MemoryStore | FallbackStore":
    global _store
    with _lock:
        if _store is None:
            rules = Rules.of_seconds(settings.PENALTY_SECONDS, settings.PENALTY_MEMORY_SECONDS)
            shared = settings.REDIS_URL
            _store = _shared_store(shared, rules) if shared else MemoryStore(rules)
        return _store


def _shared_store(url: str, rules: Rules) -> "FallbackStore":
    # Importing redis takes 0.2 s, which commands and development without Redis need not pay.
    from apps.ratelimits.fallback import FallbackStore
    from apps.ratelimits.redis_store import RedisStore

    return FallbackStore(RedisStore(url, rules), MemoryStore(rules))
