"""A rotation on a real server and a real database: under load, killed, twice at once, cut off."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from config.environment import ROOT

from .busy import busy
from .crowd import bearer
from .server import Server, node, serving

pytestmark = pytest.mark.process

LISTINGS, MANY = 120, 10_000
#: What belongs to the listings: 5 profiles of 5 values and 2 indexes, 5 offers, a secret.
BESIDE = 5 * 7 + 5 + 1
VALUES = LISTINGS + BESIDE
COUNTS = """
import json, django; django.setup()
from apps.encryption.stored import values_by_key
print(json.dumps([[k, n] for c in values_by_key().values() for k, n in c.items()]))
"""
ADDRESSES = """
import json, django; django.setup()
from apps.listings.models import Listing
print(json.dumps({str(row.pk): row.street_address for row in Listing.objects.all()}))
"""
on_postgres = pytest.mark.skipif(
    not os.environ.get("TEST_DATABASE_URL"), reason="SQLite has one lock and no server"
)


@contextmanager
def sealed(folder: Path, listings: int) -> Iterator[tuple[Server, dict]]:
    """A server that seals under key 2, and rows under key 1."""
    with serving(folder, FIELD_KEY_ACTIVE="2") as server:
        before = Server(0, server.environment | {"FIELD_KEY_ACTIVE": "1"}, folder / "scene.log")
        scene = before.run("-m", "tests.concurrency.sealed_scene", str(listings))
        yield server, json.loads(scene)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[tuple[Server, dict]]:
    with sealed(tmp_path, LISTINGS) as (server, scene):
        yield server, scene


def by_key(server: Server) -> Counter:
    """How many values stand under which key."""
    counts: Counter = Counter()
    for key_id, count in json.loads(server.run("-c", COUNTS)):
        counts[key_id] += count
    return counts


def begun(server: Server, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=server.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(server: Server, how: str, where: str, batch: int, size: int = 5) -> tuple[int, str]:
    module = "tests.concurrency.rotation_ended"
    process = begun(server, "-m", module, how, where, str(batch), str(size))
    said = process.communicate(timeout=120)[0]
    return process.returncode, said


@pytest.mark.parametrize(
    ("listings", "batch"), [(LISTINGS, 5), pytest.param(MANY, 400, marks=pytest.mark.slow)]
)
def test_a_rotation_under_load_that_is_killed_at_every_point_loses_nothing(
    tmp_path: Path, listings: int, batch: int
) -> None:
    left = []
    with sealed(tmp_path, listings) as (server, scene):
        with busy(server.url, scene) as seen:
            for where in ("read", "written", "committed"):
                assert ended(server, "killed", where, 4, batch)[0] == -9
                left.append(by_key(server)[1])
            server.run("manage.py", "rotate_keys", "--batch", str(batch))
            # Somebody may have saved a row that they had read before its batch: with the old
            # envelope of what they did not change. The next run finds it.
            server.run("manage.py", "rotate_keys")
        after, addresses = by_key(server), json.loads(server.run("-c", ADDRESSES))

    assert set(seen.statuses) == {200}
    assert seen.wrong == []
    assert min(seen.reads, seen.writes) > 20
    assert left == sorted(left, reverse=True)
    assert after == {2: listings + BESIDE}
    assert addresses == seen.addresses


def test_two_rotations_at_once_do_everything_once(old: tuple[Server, dict]) -> None:
    server, _ = old
    command = ("manage.py", "rotate_keys", "--batch", "7")
    both = [begun(server, *command) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]

    # One that meets only rows of the other's says so, and is run again.
    assert {process.returncode for process in both} <= {0, 1}, said
    server.run("manage.py", "rotate_keys")
    assert by_key(server) == {2: VALUES}
    done = [int(line.split()[0]) for text in said for line in text.splitlines() if "anew" in line]
    assert sum(done[:2]) <= VALUES


@on_postgres
def test_a_row_that_somebody_holds_is_not_waited_for(old: tuple[Server, dict]) -> None:
    server, scene = old
    with psycopg.connect(server.environment["DATABASE_URL"]) as holder:
        lock = "SELECT 1 FROM listings_listing WHERE id = %s FOR UPDATE"
        holder.execute(lock, [scene["listings"][0]])
        process = begun(server, "manage.py", "rotate_keys")
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 1
        assert "1 values were written under another key meanwhile, or were held" in said
        assert by_key(server) == {1: 1, 2: VALUES - 1}

    server.run("manage.py", "rotate_keys")
    assert by_key(server) == {2: VALUES}


@on_postgres
@pytest.mark.parametrize("where", ["read", "written", "committed"])
def test_a_database_that_restarts_ends_it_with_a_clean_word(
    old: tuple[Server, dict], where: str
) -> None:
    server, _ = old
    status, said = ended(server, "cut off", where, 3)

    assert status == 1
    assert "The database ended it (OperationalError). No value is lost" in said
    assert "Elm Street" not in said
    assert by_key(server).total() == VALUES
    server.run("manage.py", "rotate_keys")
    assert by_key(server) == {2: VALUES}


def test_a_node_that_was_never_activated_is_found_by_the_next_run(
    old: tuple[Server, dict], tmp_path: Path
) -> None:
    server, scene = old
    server.run("manage.py", "rotate_keys")
    behind = server.environment | {"FIELD_KEY_ACTIVE": "1"}
    with node(behind, tmp_path / "behind.log") as older:
        path = f"{older.url}/api/v2/listings/{scene['listings'][0]}"
        headers = bearer(scene["keys"][0], **{"If-Match": "*"})
        changed = httpx.patch(path, headers=headers, json={"street_address": "1 Oak"}, timeout=30)
        assert changed.status_code == 200

    asked = begun(server, "manage.py", "field_keys", "--may-remove", "1")
    said = asked.communicate(timeout=60)[0]
    assert (asked.returncode, "1 in listings_listing.street_address" in said) == (1, True)

    server.run("manage.py", "rotate_keys")
    assert by_key(server) == {2: VALUES}
    assert server.run("manage.py", "field_keys", "--may-remove", "1").startswith("Yes:")
