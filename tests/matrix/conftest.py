"""The world is made once for all cells of a module; what a cell does is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from .world import World


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The world, in a transaction around those of the tests, and never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
