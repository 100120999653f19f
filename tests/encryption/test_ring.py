"""The process's ring comes from the settings, and a bad one stops the start."""

import pytest
from django.apps import apps

from apps.encryption.ring import key_ring


def test_the_ring_is_built_once_from_the_settings(settings):
    settings.FIELD_KEYS = {3: b"\x33" * 32, 4: b"\x44" * 32}
    settings.FIELD_KEY_ACTIVE = 4
    assert repr(key_ring()) == "<KeyRing ids=[3, 4] active=4>"
    assert key_ring() is key_ring()


def test_a_ring_that_cannot_be_built_stops_the_start(settings):
    settings.FIELD_KEYS = {1: b"short"}
    with pytest.raises(ValueError, match="key 1 is not 32 bytes"):
        apps.get_app_config("encryption").ready()
