"""Databases that exist for one benchmark, on the server of BENCH_DATABASE_URL.

Guarantees that only names beginning with `gh_bench_` are ever created or dropped, and that what
was created is dropped when the block ends, however it ends.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

PREFIX = "gh_bench_"
DEFAULT_URL = "postgres://postgres@127.0.0.1:5432/postgres"


def server_url() -> str:
    """Where databases are made: any database of the server will do."""
    return os.environ.get("BENCH_DATABASE_URL") or DEFAULT_URL


def named(url: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def moved(url: str, port: int) -> str:
    """The same database or Redis, reached through a port of this machine."""
    parts = urlsplit(url)
    account = parts.netloc.rpartition("@")[0]
    place = f"127.0.0.1:{port}"
    return urlunsplit(parts._replace(netloc=f"{account}@{place}" if account else place))


@contextmanager
def fresh_database(suffix: str) -> Iterator[str]:
    """The URL of an empty database `gh_bench_<suffix>`; what bore the name before is dropped."""
    name = sql.Identifier(PREFIX + suffix)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name)
    with psycopg.connect(server_url(), autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield named(server_url(), PREFIX + suffix)
        finally:
            server.execute(drop)
