"""A file of keys is replaced while a real server serves from it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from config.environment import ROOT

from .crowd import bearer
from .server import Server, node
from .test_compromise import taken, watched

__all__ = ["watched"]  # a fixture

pytestmark = pytest.mark.process

KEY_OF = """
import sys, django; django.setup()
from apps.encryption.envelope import key_of
from apps.listings.models import Listing
held = Listing.objects.values_list("street_address", flat=True).get(pk=sys.argv[1])
print(key_of(held.envelope[:3]))
"""


@pytest.fixture
def scene(watched: tuple[Server, Path]) -> dict:
    return json.loads(watched[0].run("-m", "tests.concurrency.sealed_scene", "3"))


def shown(server: Server, scene: dict, number: int) -> str:
    path = f"{server.url}/api/v2/listings/{scene['listings'][number]}"
    answer = httpx.get(path, headers=bearer(scene["keys"][0]), timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()["street_address"]


def changed(server: Server, scene: dict, number: int) -> None:
    path = f"{server.url}/api/v2/listings/{scene['listings'][number]}"
    headers = bearer(scene["keys"][0], **{"If-Match": "*"})
    body = {"street_address": f"{number} New Elm Street"}
    assert httpx.patch(path, headers=headers, json=body, timeout=30).status_code == 200


def key_of(server: Server, scene: dict, number: int) -> str:
    """The id of the key that the address is under."""
    return server.run("-c", KEY_OF, scene["listings"][number]).strip()


def events(server: Server, name: str) -> list[dict]:
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    return [line for line in lines if line.get("event") == name]


def refused(server: Server, reason: str) -> None:
    """Ask until the log says that the file was refused for this."""
    for number in range(900):
        source = {"X-Forwarded-For": f"203.0.113.{number % 250}"}
        httpx.get(f"{server.url}/readyz", headers=source, timeout=30)
        if any(reason in line["reason"] for line in events(server, "field_keys_refused")):
            return
        subprocess.run([sys.executable, "-c", ""], check=True)
    raise AssertionError(f"not refused: {events(server, 'field_keys_refused')}")


def test_what_is_written_goes_under_the_new_key_and_old_rows_still_open(
    watched: tuple[Server, Path], scene: dict
) -> None:
    server, _ = watched
    changed(server, scene, 0)
    assert key_of(server, scene, 0) == "1"
    server.run("-m", "config.field_keys", "add")
    taken(server, [1, 2], 1)
    changed(server, scene, 0)
    assert key_of(server, scene, 0) == "1"

    server.run("-m", "config.field_keys", "activate", "2")
    taken(server, [1, 2], 2)

    changed(server, scene, 1)
    assert key_of(server, scene, 1) == "2"
    assert [shown(server, scene, number) for number in range(3)] == [
        "0 New Elm Street",
        "1 New Elm Street",
        "2 Elm Street",
    ]


def test_a_broken_file_takes_nothing_away_from_a_running_server(
    watched: tuple[Server, Path], scene: dict
) -> None:
    server, file = watched
    whole = file.read_text()
    file.write_text(whole.partition("\n")[0])  # in place, and cut short, as a careless agent would
    refused(server, "does not end with a line active:id")
    assert shown(server, scene, 0) == "0 Elm Street"
    changed(server, scene, 1)
    assert whole.partition("\n")[0][2:] not in server.log.read_text()

    file.write_text(whole)  # a command needs a good file, as every start does
    assert key_of(server, scene, 1) == "1"
    assert shown(server, scene, 1) == "1 New Elm Street"


@pytest.fixture
def without_key_1(watched: tuple[Server, Path], scene: dict) -> Iterator[tuple[Server, str]]:
    """Key 1 is taken out of the file while rows rest on it; the whole file."""
    server, file = watched
    server.run("-m", "config.field_keys", "add")
    server.run("-m", "config.field_keys", "activate", "2")
    taken(server, [1, 2], 2)
    whole = file.read_text()
    file.write_text(whole.partition("\n")[2])
    yield server, whole


def test_a_key_that_rows_rest_on_does_not_leave_a_running_server(
    without_key_1: tuple[Server, str], watched: tuple[Server, Path], scene: dict, tmp_path: Path
) -> None:
    server, whole = without_key_1
    refused(server, "without [1]: rows of")
    assert shown(server, scene, 0) == "0 Elm Street"

    with node(server.environment, tmp_path / "second.log") as second:
        # Said at the start, before anybody asks.
        assert events(second, "field_keys_missing")[0]["ids"] == [2]
        assert "listings_listing" in events(second, "field_keys_missing")[0]["tables"]
        ready = httpx.get(f"{second.url}/readyz", timeout=30)
        assert (ready.status_code, ready.json()["parts"]["keys"]) == (503, "failing")
    check = [sys.executable, "manage.py", "check", "--database", "default"]
    done = subprocess.run(
        check, cwd=ROOT, env=server.environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "encryption.E020" in done.stderr) == (1, True)

    watched[1].write_text(whole)
    remove = [sys.executable, "-m", "config.field_keys", "remove", "1"]
    done = subprocess.run(
        remove, cwd=ROOT, env=server.environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "values rest on key 1" in done.stderr) == (1, True)
    assert watched[1].read_text() == whole

    server.run("manage.py", "rotate_keys")
    server.run("-m", "config.field_keys", "remove", "1")
    taken(server, [2], 2)
    assert shown(server, scene, 0) == "0 Elm Street"
