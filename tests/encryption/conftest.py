from collections.abc import Iterator

import pytest
from django.core.signals import setting_changed
from django.db import connection
from pytest_django import DjangoDbBlocker

from apps.encryption.ring import key_ring
from tests.encryption.models import Contact, Letter, Parcel, Quoted


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test-only tables, made outside any transaction as SQLite demands."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Letter)
        editor.create_model(Parcel)
        editor.create_model(Contact)
        editor.create_model(Quoted)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.delete_model(Quoted)
        editor.delete_model(Contact)
        editor.delete_model(Parcel)
        editor.delete_model(Letter)


@pytest.fixture(autouse=True)
def fresh_key_ring() -> Iterator[None]:
    """Overridden key settings count at once, and are forgotten afterwards."""

    def forget(setting: str, **_: object) -> None:
        if setting.startswith("FIELD_KEY"):
            key_ring.cache_clear()

    setting_changed.connect(forget)
    yield
    setting_changed.disconnect(forget)
