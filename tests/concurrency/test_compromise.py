"""A leaked key: the commands of docs/encryption.md, in their order, on a server that goes on."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from config.environment import ENV_FILE, ROOT
from config.generate_env import fresh_key

from .busy import busy
from .crowd import bearer
from .server import Server, serving

pytestmark = pytest.mark.process

LEAKED = """
import json, os, sys, django; django.setup()
from apps.buyers.models import BuyerProfile
from apps.encryption.blind_index import blind_index
from apps.encryption.envelope import column_cipher, header
from apps.encryption.errors import DecryptionRefused
from apps.encryption.keys import KeyRing
from apps.encryption.row_id import pk_bytes
from apps.encryption.stored import sealed_tables
from config.rings import parse_key

leaked = parse_key(os.environ["LEAKED_KEY"], range(32, 33))
# As itself, and under the new key's id, with every header made to fit.
rings = [KeyRing({1: leaked}, 1), KeyRing({2: leaked}, 2)]
tried = opened = 0
for table in sealed_tables():
    for key, *held in table.rows.values_list("pk", *(f.attname for f in table.values)):
        for field, one in zip(table.values, held):
            for ring in rings if one is not None else ():
                for envelope in (one.envelope, header(ring.active) + one.envelope[3:]):
                    tried += 1
                    try:
                        cipher = column_cipher(ring, table.name, field.column)
                        cipher.unseal(pk_bytes(table.model._meta.pk, key), envelope)
                        opened += 1
                    except DecryptionRefused:
                        pass
field = BuyerProfile._meta.get_field("phone_index")
place = "buyers_buyerprofile", "phone_index", field.normaliser, field.bits
rows = BuyerProfile.objects.values_list("phone_index", flat=True)
stored = {bytes(one.index)[3:] for one in rows}
guesses = 0
for ring in rings:
    for number in range(100):
        guesses += blind_index(ring, *place).of(f"+150555501{number:02}")[3:] in stored
print(json.dumps({"tried": tried, "opened": opened, "guessed": guesses}))
"""


def commands() -> list[list[str]]:
    """The lines of the first block under the heading "Compromise"."""
    page = (ROOT / "docs" / "encryption.md").read_text()
    block = re.search(r"(?s)\n## Compromise\n.*?```sh\n(.*?)```", page)[1]
    return [line.split()[1:] for line in block.splitlines()]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    """A server whose keys come from a file."""
    if ENV_FILE.exists():
        pytest.skip(
            "the .env of make run sets FIELD_KEYS, and FIELD_KEYS_FILE is refused beside it"
        )
    file = tmp_path / "field-keys"
    file.write_text(f"1:{fresh_key()}\nactive:1\n")
    file.chmod(0o600)
    variables = {"FIELD_KEYS": "", "FIELD_KEY_ACTIVE": "", "FIELD_KEYS_FILE": str(file)}
    with serving(tmp_path, **variables) as server:
        yield server, file


def taken(server: Server, ids: list[int], active: int) -> None:
    """Ask until every worker has said that it took this ring; asking is the pause."""
    workers = 2 if server.environment.get("REDIS_URL") else 1
    wanted = {"ids": ids, "active": active}
    for number in range(600):
        source = {"X-Forwarded-For": f"203.0.113.{number % 250}"}
        httpx.get(f"{server.url}/readyz", headers=source, timeout=30)
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
        said = [line for line in lines if line.get("event") == "field_keys_taken"]
        if len([line for line in said if wanted.items() <= line.items()]) >= workers:
            return
        # Waiting on a process of its own that does nothing is the pause.
        subprocess.run([sys.executable, "-c", ""], check=True)
    raise AssertionError(f"not taken: {said}")


@pytest.mark.slow
def test_a_leaked_key_opens_nothing_after_the_commands_of_the_page(
    watched: tuple[Server, Path],
) -> None:
    server, file = watched
    scene = json.loads(server.run("-m", "tests.concurrency.sealed_scene", "40"))
    leaked = file.read_text().partition("\n")[0].removeprefix("1:")
    holder = Server(0, server.environment | {"LEAKED_KEY": leaked}, server.log)
    before = json.loads(holder.run("-c", LEAKED))
    assert before["opened"] > 0
    assert before["guessed"] == 10  # five numbers, under either ring

    said = []
    with busy(server.url, scene) as seen:
        for command in commands():
            said.append(server.run(*command))
            if "add" in command:
                taken(server, [1, 2], 1)
            if "activate" in command:
                taken(server, [1, 2], 2)
        taken(server, [2], 2)
        assert [line for line in said[-1].splitlines() if line.startswith("key ")] == [
            f"key 2 (active): {before['tried'] // 4 + 10} values"
        ]

    assert set(seen.statuses) == {200}
    assert seen.wrong == []
    after = json.loads(holder.run("-c", LEAKED))
    assert after == {"tried": before["tried"], "opened": 0, "guessed": 0}
    for listing, address in seen.addresses.items():
        path = f"{server.url}/api/v2/listings/{listing}"
        answer = httpx.get(path, headers=bearer(scene["keys"][0]), timeout=30)
        assert answer.json()["street_address"] == address


def test_the_page_runs_what_exists() -> None:
    """Every command that the page shows is one that this tree has."""
    page = (ROOT / "docs" / "encryption.md").read_text()
    shown = re.findall(r"(?m)^python (?:manage\.py|-m) ([\w.]+)", page)
    assert set(shown) == {"config.field_keys", "rotate_keys", "field_keys", "erasures"}
    assert os.environ.get("FIELD_KEYS_FILE") is None
