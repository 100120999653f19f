"""URLs of databases that stand beside each other."""

import pytest

from benchmarks.databases import moved, named


def test_another_database_of_the_same_server():
    assert named("postgres://me:pw@db:5433/one", "two") == "postgres://me:pw@db:5433/two"


@pytest.mark.parametrize(
    ("url", "through"),
    [
        ("postgres://me:pw@db:5433/one", "postgres://me:pw@127.0.0.1:99/one"),
        ("redis://127.0.0.1:6379/9", "redis://127.0.0.1:99/9"),
    ],
)
def test_the_same_store_through_another_port(url, through):
    assert moved(url, 99) == through
