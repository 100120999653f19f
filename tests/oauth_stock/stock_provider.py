"""The stock library's provider: a process of its own, asked over HTTP."""

import json
import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from config.environment import ROOT
from deploy.edge.ports import free_port
from deploy.edge.processes import running

from .provider import Answer, Provider

_PATIENCE = 60  # seconds; the machine may be busy
_TABLES = ("accesstoken", "refreshtoken", "grant", "idtoken")


class Stock(Provider):
    """One running site. Its database is looked into, and changed, behind its back."""

    is_stock = True
    authorize = "/oauth/authorize/"
    agreed = ("/oauth/authorize/", {"allow": "Authorize"})
    token = "/oauth/token/"
    revoke = "/oauth/revoke_token/"
    introspect = "/oauth/introspect/"
    discovery = "/oauth/.well-known/openid-configuration"
    me = "/api/me"
    administration = "/api/administration"
    open = "/api/open"

    def __init__(self, url: str, database: Path, session: str) -> None:
        self.database, self.session = database, session
        self.password = self.run("SELECT password FROM auth_user")[0][0]
        self.http = httpx.Client(base_url=url, timeout=_PATIENCE, trust_env=False)

    def send(
        self, method: str, path: str, headers: dict[str, str], body: str, *, as_ana: bool
    ) -> Answer:
        cookies = [f"sessionid={self.session}"] if as_ana else []
        if (as_ana and method == "POST") and (token := re.search(r"csrf\w+=(\w+)", body)):
            cookies.append(f"csrftoken={token[1]}")
        named = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        named |= {"Cookie": "; ".join(cookies)} if cookies else {}
        answer = self.http.request(method, path, headers=named | headers, content=body)
        self.http.cookies.clear()
        return Answer(answer.status_code, dict(answer.headers), answer.text)

    def client_id(self, name: str) -> str:
        return name

    def secret(self, name: str) -> str:
        return "" if name == "blank" else "quick secret"

    def deactivate(self) -> None:
        self.run("UPDATE auth_user SET is_active = 0")

    def change_password(self) -> None:
        self.run("UPDATE auth_user SET password = 'another one'")

    def age(self, days: int) -> None:
        then = datetime.now(UTC) - timedelta(days=days)
        self.run(
            "UPDATE oauth2_provider_refreshtoken SET created = ? WHERE revoked IS NOT NULL",
            str(then),
        )

    def at_rest(self) -> str:
        return str(self.run("SELECT * FROM oauth2_provider_grant"))

    def prove_secret(self) -> bool:
        # The library's own choice stands at `slow`, so that not every test pays for it.
        query = "SELECT client_secret FROM oauth2_provider_application WHERE client_id = 'slow'"
        return PBKDF2PasswordHasher().verify(self.secret("slow"), self.run(query)[0][0])

    def begin_anew(self) -> None:
        """No test finds what another one left."""
        for table in _TABLES:
            self.run(f"DELETE FROM oauth2_provider_{table}")  # noqa: S608 (names of ours)
        self.run("UPDATE auth_user SET is_active = 1, password = ?", self.password)
        self.run("DELETE FROM oauth2_provider_application WHERE name = 'planted'")

    def run(self, sql: str, *values: str) -> list[tuple]:
        with closing(sqlite3.connect(self.database, timeout=_PATIENCE)) as connection, connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            return connection.execute(sql, values).fetchall()


@contextmanager
def stock_site(folder: Path) -> Iterator[Stock]:
    """Start it on a database of its own, until the block ends."""
    port, database, seed = free_port(), folder / "stock.sqlite3", folder / "seed.json"
    environment = os.environ | {"STOCK_PORT": str(port), "STOCK_DATABASE": str(database)}
    environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "tests.oauth_stock.stock", str(seed)]
    with running(command, folder / "stock.log", port, environment):
        session = json.loads(seed.read_text())["session"]
        stock = Stock(f"http://127.0.0.1:{port}", database, session)
        with stock.http:
            yield stock
