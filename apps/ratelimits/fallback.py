"""The shared store while it answers, the in-process store while it does not.

Guarantees that a request is always counted somewhere and never fails for want of Redis, and that
a dead Redis delays one request a second and not all of them. While it is away each process
counts alone, from full buckets: n processes allow up to n times the limit. An outage is one line in
the log of each process, and its end another. What must close instead (`guards`) does so by itself.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from redis.exceptions import RedisError

from apps.ratelimits.charges import Charge
from apps.ratelimits.memory import MemoryStore
from apps.ratelimits.penalties import Record
from apps.ratelimits.redis_store import RedisStore
from apps.ratelimits.verdicts import Subject, Verdict

PAUSE_SECONDS = 1.0
QUIET_SECONDS = 10.0

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
        self._tell_again_at: float | None = None
        self._told = False  # that it is away

    def charge(self, charges: Sequence[Charge], subject: Subject | None = None) -> Verdict:
        """Charge all buckets or, when one refuses or a penalty is in force, none."""
        if not self._may_ask():
            return self._local.charge(charges, subject)
        try:
            verdict = self._shared.charge(charges, subject)
        except RedisError as error:
            self._note(error)
            return self._local.charge(charges, subject)
        if self._ask_again_at is not None:
            self._recover()
        return verdict

    def penalties(self) -> dict[str, tuple[Record, int]]:
        """Every penalty in force, as all processes see them. Raises RedisError."""
        return self._shared.penalties()

    def forget(self, key: str) -> bool:
        """Lift the penalty of a subject and fill its buckets. Raises RedisError."""
        self._local.forget(key)
        return self._shared.forget(key)

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

    def _recover(self) -> None:
        with self._lock:
            self._ask_again_at = None
            if not self._told:
                return
            self._told = False
        logger.warning("limit_store_recovered")

    def _note(self, error: RedisError) -> None:
        with self._lock:
            now = self._clock()
            self._ask_again_at = now + PAUSE_SECONDS
            if self._tell_again_at is not None and now < self._tell_again_at:
                return
            self._tell_again_at = now + QUIET_SECONDS
            if self._told:
                return
            self._told = True
        # The kind alone: redis-py's messages quote what the server said.
        logger.error("limit_store_unavailable", extra={"fields": {"error": type(error).__name__}})
