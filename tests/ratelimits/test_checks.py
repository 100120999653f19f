"""System check E001: several workers share a store or do not start."""

import pytest
from django.core.checks import ERROR, run_checks

from apps.ratelimits.checks import check_shared_store


@pytest.mark.parametrize(
    ("workers", "url", "ids"),
    [
        (1, None, []),
        (1, "", []),
        (1, "redis://redis.example", []),
        (2, "redis://redis.example", []),
        (2, None, ["ratelimits.E001"]),
        (8, "", ["ratelimits.E001"]),
    ],
)
def test_several_workers_need_a_shared_store(settings, workers, url, ids):
    settings.WORKERS, settings.REDIS_URL = workers, url
    assert [error.id for error in check_shared_store(None)] == ids


def test_the_check_is_registered_and_says_what_to_do(settings):
    settings.WORKERS, settings.REDIS_URL = 4, None
    (error,) = [error for error in run_checks() if error.id == "ratelimits.E001"]
    assert error.level == ERROR
    assert "4 workers without REDIS_URL" in error.msg
    assert "Set REDIS_URL" in error.hint
