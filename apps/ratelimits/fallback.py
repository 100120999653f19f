"""The shared store while it answers, the in-process store while it does not.

Guarantees that a request is always counted somewhere and never fails for want of Redis, and that
a dead Redis delays one request a second and not all of them. While it is away each process
counts alone, from full buckets: n processes allow up to n times the limit. A route that must
close instead (login, tokens) has to decide that by itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from redis.exceptions import RedisError

from apps.ratelimits.charges import Charge
from apps.ratelimits.decisions import Decision
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.redis_store import RedisStore

PAUSE_SECONDS = 1.0
WARNING_SECONDS = 10.0

logger = logging.getLogger(__name__)


class FallbackStore:
    """`shared`, and `local` for the second after a failure. `clock` returns seconds."""

    def __init__(
        self,
        shared: RedisStore,
        local: MemoryStore,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._local = local
        self._clock = clock
        self._lock = threading.Lock()
        self._ask_again_at: float | None = None  # None while Redis answers
        self._warn_again_at: float | None = None

    def charge(self, charges: Sequence[Charge]) -> list[Decision]:
        """Charge all buckets or, when one refuses, none; one decision per charge, in order."""
        if not self._may_ask():
            return self._local.charge(charges)
        try:
            decisions = self._shared.charge(charges)
        except RedisError as error:
            self._note(error)
            return self._local.charge(charges)
        self._ask_again_at = None
        return decisions

    def _may_ask(self) -> bool:
        if self._ask_again_at is None:
            return True
        with self._lock:
            now = self._clock()
            if self._ask_again_at is not None and now < self._ask_again_at:
                return False
            # One request at a time finds out; were all threads to try, all would wait.
            self._ask_again_at = now + PAUSE_SECONDS
            return True

    def _note(self, error: RedisError) -> None:
        with self._lock:
            now = self._clock()
            self._ask_again_at = now + PAUSE_SECONDS
            if self._warn_again_at is not None and now < self._warn_again_at:
                return
            self._warn_again_at = now + WARNING_SECONDS
        # The kind alone: redis-py's messages quote what the server said.
        logger.warning("limit_store_unavailable", extra={"error": type(error).__name__})
