"""The Redis of BENCH_REDIS_URL, taken only if it is empty and left empty."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis

DEFAULT_URL = "redis://127.0.0.1:6379/9"


class NotEmpty(Exception):
    """The database holds keys that are none of ours."""


@contextmanager
def empty_redis() -> Iterator[str]:
    """The URL. Raises NotEmpty, because a benchmark ends by deleting every key in there."""
    url = os.environ.get("BENCH_REDIS_URL") or DEFAULT_URL
    redis = Redis.from_url(url)
    if redis.dbsize():
        raise NotEmpty("The Redis database is not empty. Name an empty one: BENCH_REDIS_URL=…")
    try:
        yield url
    finally:
        redis.flushdb()
        redis.close()
