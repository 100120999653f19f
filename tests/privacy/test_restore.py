"""Erased stays erased: a backup from before is restored, and the list does its work again.

Real processes and real backups: SQLite by its file, PostgreSQL by pg_dump and pg_restore.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from config.environment import ROOT
from tests.concurrency.database import migrated_database
from tests.concurrency.server import node

from .life import EMAIL, VALUES

pytestmark = pytest.mark.process


@dataclass
class House:
    """A migrated database with one life in it, and the commands of its operator."""

    folder: Path
    environment: dict[str, str]
    user: str
    key: str

    @property
    def url(self) -> str:
        return self.environment["DATABASE_URL"]

    @property
    def erasures(self) -> Path:
        return self.folder / "erasures.txt"

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        return _python(self.environment, "manage.py", *arguments)

    def back_up(self) -> None:
        if self.url.startswith("sqlite"):
            shutil.copy(self.folder / "db.sqlite3", self.folder / "backup.sqlite3")
        else:
            _run("pg_dump", "-Fc", "-f", str(self.folder / "backup"), self.url)

    def restore(self) -> None:
        if self.url.startswith("sqlite"):
            for left in self.folder.glob("db.sqlite3*"):
                left.unlink()
            shutil.copy(self.folder / "backup.sqlite3", self.folder / "db.sqlite3")
        else:
            backup = str(self.folder / "backup")
            _run("pg_restore", "--clean", "--if-exists", "-d", self.url, backup)

    def dumped(self) -> str:
        """The whole database as SQL."""
        if self.url.startswith("sqlite"):
            with sqlite3.connect(self.folder / "db.sqlite3") as connection:
                return "\n".join(connection.iterdump())
        return _run("pg_dump", "--inserts", self.url).stdout

    def asked(self) -> tuple[int, str]:
        """What the service answers to the person's key, and whether it calls itself ready."""
        with node(self.environment, self.folder / "server.log") as server:
            mine = httpx.get(
                f"{server.url}/api/v2/me", headers={"Authorization": f"Bearer {self.key}"}
            )
            ready = httpx.get(f"{server.url}/readyz").json()
        return mine.status_code, ready["parts"]["erasures"]


def _python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def _run(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with migrated_database(tmp_path) as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "TRUSTED_PROXIES": "10.0.0.1/32",
            "ERASURE_LIST": str(tmp_path / "erasures.txt"),
            "AUDIT_CHECKPOINTS": str(tmp_path / "checkpoints.txt"),
        }
        told = _python(environment, "-m", "tests.privacy.story")
        assert told.returncode == 0, told.stderr
        life = json.loads(told.stdout)
        yield House(tmp_path, environment, life["user"], life["key"])


@pytest.mark.slow
def test_erased_stays_erased_after_an_old_backup_is_restored(house: House) -> None:
    house.back_up()
    assert house.asked() == (200, "ok")
    assert house.manage("erasures", "erase", house.user).returncode == 0
    assert house.asked() == (401, "ok")
    kept = house.erasures.read_text()

    house.restore()

    assert EMAIL in house.dumped(), "the backup is from before"
    assert house.asked() == (200, "failing")
    told = house.manage("check", "--database", "default")
    assert "privacy.W001" in told.stdout + told.stderr
    only_counted = house.manage("erasures", "replay", "--dry-run")
    assert (only_counted.returncode, only_counted.stdout.strip()) == (
        1,
        "To erase: 1; erased before: 0; unknown here: 0.",
    )
    replayed = house.manage("erasures", "replay")
    assert (replayed.returncode, replayed.stdout.splitlines()[0]) == (
        0,
        "Erased: 1; erased before: 0; unknown here: 0.",
    )
    assert house.asked() == (401, "ok")
    again = house.manage("erasures", "replay")
    assert (again.returncode, again.stdout.strip()) == (
        0,
        "Erased: 0; erased before: 1; unknown here: 0.",
    )
    assert house.manage("erasures", "replay", "--dry-run").returncode == 0
    assert [value for value in VALUES if value in house.dumped()] == []
    assert house.erasures.read_text() == kept, "a replay adds nothing to the list"


def test_a_person_who_came_after_the_backup_is_no_fault(house: House) -> None:
    house.erasures.write_text(f"2026-01-01T00:00:00Z {uuid4()}\n")

    replayed = house.manage("erasures", "replay")
    assert (replayed.returncode, replayed.stdout.strip()) == (
        0,
        "Erased: 0; erased before: 0; unknown here: 1.",
    )
    assert house.asked() == (200, "ok")


def _forged(house: House) -> str:
    return f"2026-01-01T00:00:00Z {house.user}\nxxxx-01-01T00:00:00Z {house.user}\n"


@pytest.mark.parametrize(
    "damage",
    [_forged, lambda house: "a" * 58, lambda house: f"2026-99-01T00:00:00Z {house.user}\n"],
    ids=["a line", "no line", "no time"],
)
def test_a_damaged_list_erases_nobody(house: House, damage: Callable[[House], str]) -> None:
    house.erasures.write_text(damage(house))

    replayed = house.manage("erasures", "replay")
    assert replayed.returncode == 1
    assert "Nothing was erased" in replayed.stderr
    assert EMAIL in house.dumped()


def test_the_lists_of_several_nodes_are_replayed_together(house: House) -> None:
    other, missing = house.folder / "other.txt", house.folder / "missing.txt"
    other.write_text(f"2026-01-01T00:00:00Z {house.user}\n")

    assert house.manage("erasures", "replay", str(other), str(missing)).returncode == 1
    replayed = house.manage("erasures", "replay", str(other))
    assert replayed.stdout.startswith("Erased: 1;")
