"""Fixtures of the whole suite."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache

from apps.apikeys import usage
from apps.ratelimits.limiter import reset_stores


@pytest.fixture(autouse=True)
def _fresh_limits(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test inherits the buckets of another, nor what it counted."""
    reset_stores()
    usage.forget()
    cache.clear()
    yield
    reset_stores()


@pytest.fixture(autouse=True)
def _fresh_files() -> None:
    """What a test sealed or erased is rolled back; the files outside the database do not know."""
    settings.AUDIT_CHECKPOINTS.unlink(missing_ok=True)
    settings.ERASURE_LIST.unlink(missing_ok=True)
