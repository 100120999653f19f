"""The key ring of this process: from the settings, and anew when its file has changed.

Guarantees: a ring is whole and is replaced whole, so a request works with the old one or the new
one; looking at the file is one `stat` every few seconds, whoever asks; a changed file is read in a
thread of its own, never in a request. Processes and threads need nothing from each other: each
process looks for itself, also after a fork.
"""

from math import inf
from threading import Thread
from time import monotonic

from django.conf import settings
from django.db import connection

from apps.encryption.keys import KeyRing

#: Seconds between two looks at the file, and after one that was refused.
LOOK_EVERY = 2.0
AGAIN_AFTER = 10.0


class ProcessRing:
    """Call it for the ring. Raises ValueError, the first time, for keys that make none."""

    def __init__(self) -> None:
        self.cache_clear()

    def __call__(self) -> KeyRing:
        if monotonic() >= self._look_at:
            self._look()
        return self._ring

    def cache_clear(self) -> None:
        """Forget the ring: a test has changed the settings."""
        self._look_at = -inf
        self._ring: KeyRing = None
        self._stamp: object = None

    def _look(self) -> None:
        if self._ring is None:
            self._ring = KeyRing(settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE)
            # The file may have changed since the settings read it: the next look reads it anyway.
            self._look_at = monotonic() + LOOK_EVERY
            return
        if settings.FIELD_KEY_FILE is None:
            self._look_at = inf
            return
        # Put off before anything else, so that no other thread looks as well.
        self._look_at = monotonic() + LOOK_EVERY
        stamp = settings.FIELD_KEY_FILE.stamp()
        if stamp != self._stamp:
            self._look_at = monotonic() + AGAIN_AFTER
            Thread(target=self._take, args=[stamp], name="field keys", daemon=True).start()

    def _take(self, stamp: object) -> None:
        from apps.encryption.key_change import successor

        try:
            ring = successor(self._ring, settings.FIELD_KEY_FILE)
        finally:
            connection.close()  # this thread's own
        if ring is not None:
            self._ring, self._stamp = ring, stamp
            self._look_at = monotonic() + LOOK_EVERY


key_ring = ProcessRing()
