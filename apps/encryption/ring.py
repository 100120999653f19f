"""The key ring of this process, from the settings FIELD_KEYS and FIELD_KEY_ACTIVE."""

from functools import cache

from django.conf import settings

from apps.encryption.keys import KeyRing


@cache
def key_ring() -> KeyRing:
    """The ring, built once. Raises ValueError for keys that it cannot be built of.

    A test that overrides the settings calls `key_ring.cache_clear()`.
    """
    return KeyRing(settings.FIELD_KEYS, settings.FIELD_KEY_ACTIVE)
