"""The key ring of this process: from the settings, and anew when its file has changed.

Guarantees: a ring is whole and is replaced whole, so a request works with the old one or the new
one; looking at the file is one `stat` every few seconds, whoever asks; a changed file is read in a
thread of its own, never in a request. Processes and threads need nothing from each other: each
process looks for itself, also after a fork.
"""

from threading import Thread
from time import monotonic

from django.conf import settings
from django.db import connection

from apps.encryption.blind_index import blind_index
from apps.encryption.envelope import column_cipher
from apps.encryption.keys import KeyRing

#: Seconds between two looks at the file, and after one that was refused.
LOOK_EVERY = 2.0
AGAIN_AFTER = 10.0


class ProcessRing:
    """`current()` is the ring. Raises ValueError, the first time, for keys that make none."""

    __slots__ = ("_stamp", "look_at", "ring")

    def __init__(self) -> None:
        self.forget()

    def current(self) -> KeyRing:
        if self.look_at is not None and monotonic() >= self.look_at:
            self._look()
        return self.ring

    def forget(self) -> None:
        """Build it anew from the settings: a test has changed them."""
        self.look_at: float | None = 0.0  # when the file is looked at next; None without a file
        self.ring: KeyRing = None
        self._stamp: object = None

    def _look(self) -> None:
        if self.ring is None:
            self.ring = KeyRing(settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE)
            # The file may have changed since the settings read it: the next look reads it anyway.
            self.look_at = monotonic() + LOOK_EVERY
        if settings.FIELD_KEY_FILE is None:
            self.look_at = None
        if self.look_at is None or monotonic() < self.look_at:
            return
        # Put off before anything else, so that no other thread looks as well.
        self.look_at = monotonic() + LOOK_EVERY
        stamp = settings.FIELD_KEY_FILE.stamp()
        if stamp != self._stamp:
            self.look_at = monotonic() + AGAIN_AFTER
            Thread(target=self._take, args=[stamp], name="field keys", daemon=True).start()

    def _take(self, stamp: object) -> None:
        from apps.encryption.key_change import successor

        try:
            ring = successor(self.ring, settings.FIELD_KEY_FILE)
        finally:
            connection.close()  # this thread's own
        if ring is None:
            return
        changed = ring is not self.ring
        self.ring, self._stamp = ring, stamp
        self.look_at = monotonic() + LOOK_EVERY
        if changed:
            # Only now: what asks before this is given the old ring, and would keep it there.
            for kept in (column_cipher, blind_index):
                kept.cache_clear()


_process = ProcessRing()


def key_ring() -> KeyRing:
    """The ring, as it is now: ask anew for every value. Raises ValueError at the start alone.

    A test that overrides the settings calls `key_ring.cache_clear()`.
    """
    return _process.ring if _process.look_at is None else _process.current()


key_ring.cache_clear = _process.forget
