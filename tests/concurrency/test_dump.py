"""A dump and the whole code, without the keys: nothing of it can be read."""

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config.generate_env import fresh_secrets

from .database import empty_database
from .server import Server, serving

pytestmark = pytest.mark.process

READ_ALL = """
import json, django; django.setup()
from apps.buyers.models import BuyerProfile
from apps.encryption.errors import DecryptionRefused
from apps.encryption.stored import sealed_tables
rows, opened, refused = {}, [], 0
for table in sealed_tables():
    for row in table.rows:
        rows[table.name] = rows.get(table.name, 0) + 1
        for field in table.values:
            try:
                if getattr(row, field.attname) is not None:
                    opened.append(str(field))
            except DecryptionRefused:
                refused += 1
found = BuyerProfile.objects.filter(phone_index="+15055550100").count()
print(json.dumps({"rows": rows, "opened": opened, "refused": refused, "found": found}))
"""


def dumped(url: str, to: Path) -> None:
    """The database as text, by the tool that a thief would use."""
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as source, to.open("w") as file:
            file.writelines(f"{line}\n" for line in source.iterdump())
        return
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed")
    subprocess.run(["pg_dump", "--no-owner", "--file", to, url], check=True)


def loaded(dump: Path, url: str) -> None:
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as target:
            target.executescript(dump.read_text())
        return
    options = ("--quiet", "--set", "ON_ERROR_STOP=1", "--file", dump, url)
    subprocess.run(["psql", *options], check=True, stdout=subprocess.DEVNULL)


def test_a_dump_with_the_code_and_fresh_keys_opens_nothing(tmp_path: Path) -> None:
    dump, elsewhere = tmp_path / "dump.sql", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with serving(tmp_path) as server, empty_database(elsewhere) as url:
        server.run("-m", "tests.concurrency.sealed_scene", "4")
        own = json.loads(server.run("-c", READ_ALL))
        assert (len(own["opened"]), own["refused"], own["found"]) == (4 + 25 + 5 + 1, 0, 1)
        dumped(server.environment["DATABASE_URL"], dump)
        loaded(dump, url)

        stolen = os.environ | server.environment | fresh_secrets() | {"DATABASE_URL": url}
        thief = Server(0, stolen, tmp_path / "thief.log")
        read = json.loads(thief.run("-c", READ_ALL))

    assert urlsplit(url).path != urlsplit(server.environment["DATABASE_URL"]).path
    assert read["rows"] == own["rows"]
    assert (read["opened"], read["refused"], read["found"]) == ([], len(own["opened"]), 0)
    text = dump.read_text()
    for planted in ("Elm Street", "JBSWY3DPEHPK3PXP", "Ana María", "thirty days"):
        assert planted not in text
        assert planted.encode().hex() not in text.lower()
