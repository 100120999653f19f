"""The world of the matrix, with keys that are not held up by limits: they are tested elsewhere."""

import logging
from collections.abc import Iterator

import pytest
from django.db import transaction

from apps.access.credential import Tier
from apps.apikeys.models import ApiKey
from tests.matrix.conftest import _before_the_sunset  # noqa: F401 (a fixture)
from tests.matrix.world import World


@pytest.fixture(autouse=True, scope="module")
def _quietly() -> Iterator[None]:
    """A line for each of ten thousand requests would take longer than they do."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        ApiKey.objects.update(tier=Tier.INTERNAL)
        yield world
        transaction.set_rollback(True)
