"""Databases of their own for real servers: files, or ones on the server of TEST_DATABASE_URL.

The migrations are run once in each process of tests; every migrated database is a copy.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from config.environment import ROOT


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of a database with nothing in it, gone after the block."""
    with _database(folder, "") as url:
        yield url


@contextmanager
def migrated_database(folder: Path) -> Iterator[str]:
    """The URL of one with all tables and no rows."""
    template = _template()
    if os.environ.get("TEST_DATABASE_URL"):
        with _database(folder, f"TEMPLATE {urlsplit(template).path[1:]}") as url:
            yield url
        return
    shutil.copy(template.removeprefix("sqlite:///"), folder / "db.sqlite3")
    with _database(folder, "") as url:
        yield url


@contextmanager
def _database(folder: Path, options: str) -> Iterator[str]:
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{folder}/db.sqlite3"
        return
    name = f"gatehouse_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {options}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _template() -> str:
    folder = Path(tempfile.mkdtemp(prefix="gatehouse-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = empty_database(folder)
    url = made.__enter__()
    atexit.register(made.__exit__, None, None, None)
    environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
    )
    assert not list(folder.glob("*-wal")), "the copy of a file alone would lack its last changes"
    return url
