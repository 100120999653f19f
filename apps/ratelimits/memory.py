"""The in-process store: buckets of one process, for development and for Redis's absence.

Guarantees exact counts among the threads of this process and a bounded size. Does not share with
other processes: n workers would allow n times the limit, which is why check E001 refuses them.
"""

import threading
import time
from collections.abc import Callable, Sequence

from apps.ratelimits.charges import Charge, settle
from apps.ratelimits.decisions import Decision


def monotonic_microseconds() -> int:
    """A clock that no administrator and no time server can turn back."""
    return time.monotonic_ns() // 1_000


class MemoryStore:
    """Buckets in a dict. `clock` returns microseconds; `most` bounds the number of buckets."""

    def __init__(
        self, *, clock: Callable[[], int] = monotonic_microseconds, most: int = 50_000
    ) -> None:
        self._clock = clock
        self._most = most
        self._tats: dict[str, int] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._tats)

    def charge(self, charges: Sequence[Charge]) -> list[Decision]:
        """Charge all buckets or, when one refuses, none; one decision per charge, in order."""
        buckets = [charge.bucket for charge in charges]
        with self._lock:
            now = self._clock()
            after, decisions = settle(charges, [self._tats.get(name) for name in buckets], now)
            for name, tat in zip(buckets, after, strict=True):
                if tat is not None:
                    self._tats[name] = tat
            if len(self._tats) > self._most:
                self._forget(now)
        return decisions

    def _forget(self, now: int) -> None:
        """Drop the buckets that are full again: a bucket never seen is the same.

        An attacker with addresses enough can keep them all from filling. Then those nearest to
        full go, so that the exhausted ones, the attackers' own, stay. Down to three quarters, so
        that the sort is paid once in many requests.
        """
        live = {name: tat for name, tat in self._tats.items() if tat > now}
        keep = self._most * 3 // 4
        if len(live) > keep:
            live = dict(sorted(live.items(), key=lambda item: item[1], reverse=True)[:keep])
        self._tats = live
