"""The in-process store: what one process counts, for development and for Redis's absence.

Guarantees exact counts among the threads of this process and a bounded size. Does not share with
other processes: n workers would allow n times the limit, which is why check E001 refuses them.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from apps.ratelimits.charges import Charge, buckets_of
from apps.ratelimits.penalties import CLEAN, Record, Rules, in_force
from apps.ratelimits.verdicts import Subject, Verdict, reach


def monotonic_microseconds() -> int:
    """A clock that no administrator and no time server can turn back."""
    return time.monotonic_ns() // 1_000


class MemoryStore:
    """Buckets and records in dicts. `clock` returns microseconds; `most` bounds each dict."""

    def __init__(
        self,
        rules: Rules,
        *,
        clock: Callable[[], int] = monotonic_microseconds,
        most: int = 50_000,
    ) -> None:
        self._rules = rules
        self._clock = clock
        self._most = most
        self._tats: dict[str, int] = {}
        self._records: dict[str, Record] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return max(len(self._tats), len(self._records))

    def charge(self, charges: Sequence[Charge], subject: Subject | None = None) -> Verdict:
        """Charge all buckets or, when one refuses or a penalty is in force, none."""
        buckets = [charge.bucket for charge in charges]
        with self._lock:
            now = self._clock()
            record = self._records.get(subject.key, CLEAN) if subject else CLEAN
            tats = [self._tats.get(name) for name in buckets]
            outcome = reach(charges, tats, subject, record, now, self._rules)
            for name, tat in zip(buckets, outcome.tats, strict=True):
                if tat is not None:
                    self._tats[name] = tat
            if outcome.record is not None:
                self._records[subject.key] = outcome.record
                self._records = self._bounded(self._records, lambda kept: kept.forgotten_at, now)
            self._tats = self._bounded(self._tats, lambda tat: tat, now)
        return outcome.verdict

    def penalties(self) -> dict[str, tuple[Record, int]]:
        """Every penalty in force: the record of each subject, and the time now."""
        with self._lock:
            now, found = self._clock(), dict(self._records)
        return {
            key: (record, now)
            for key, record in found.items()
            if in_force(record, now, self._rules)
        }

    def forget(self, key: str) -> bool:
        """Lift the penalty of a subject, forget its strikes and fill its buckets; was there any?"""
        with self._lock:
            kept = [self._tats.pop(name, None) for name in buckets_of(key)]
            return any([self._records.pop(key, None), *kept])

    def _bounded(self, kept: dict, past_at: Callable[[Any], int], now: int) -> dict:
        """Without what is past once there is too much: a bucket full again is as one never seen.

        An attacker with addresses enough can keep them all from filling. Then those nearest to
        full go, so that the exhausted ones, the attackers' own, stay. Down to three quarters, so
        that the sort is paid once in many requests.
        """
        if len(kept) <= self._most:
            return kept
        live = {name: one for name, one in kept.items() if past_at(one) > now}
        keep = self._most * 3 // 4
        if len(live) > keep:
            late_first = sorted(live.items(), key=lambda item: past_at(item[1]), reverse=True)
            live = dict(late_first[:keep])
        return live
