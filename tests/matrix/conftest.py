"""The world is made once for all cells of a module; what a cell does is rolled back."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from .world import World


@pytest.fixture(autouse=True)
def _before_the_sunset(settings: object) -> None:
    """These tests hold for as long as v1 is served, whatever today is."""
    settings.V1_SUNSET = datetime.max.replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The world, in a transaction around those of the tests, and never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
