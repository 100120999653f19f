"""Fixtures of the limits: a Redis only where the environment offers one, and keys of its own."""

import os
import sys
import uuid
from collections.abc import Iterator

import pytest
import redis

from apps.ratelimits.penalties import Rules
from apps.ratelimits.redis_store import RedisStore

from .relay import Relay


@pytest.fixture
def redis_url() -> str:
    """TEST_REDIS_URL. Once it is set, a Redis that does not answer fails the test."""
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.skip("TEST_REDIS_URL is not set: the shared store is not tested")
    return url


@pytest.fixture
def redis_client(redis_url: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        client.ping()
        yield client


@pytest.fixture
def redis_store(redis_client: redis.Redis, redis_url: str) -> RedisStore:
    return RedisStore(redis_url, Rules.of_seconds((60, 300, 1_800, 86_400), 86_400))


@pytest.fixture
def key() -> str:
    """A key that no other test and no other run uses, so that nothing has to be flushed."""
    return uuid.uuid4().hex


@pytest.fixture
def relay(redis_url: str) -> Iterator[Relay]:
    """A counting door in front of Redis."""
    with Relay(redis_url) as relay:
        yield relay


@pytest.fixture
def hasty_threads() -> Iterator[None]:
    """Switch threads at nearly every instruction, so that a missing lock shows at once."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)
