"""The whole service as clients meet it: a demo of its own, one node, and nginx before it."""

import json
import os
import sqlite3
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from apps.workshop import workspace
from deploy.edge.ports import free_port
from deploy.edge.processes import running
from tests.edge.standing import standing


@dataclass(frozen=True)
class Service:
    """`url` is the issuer; `folder` has the authority for clients, and the key of localhost."""

    url: str
    folder: Path
    tree: Path
    environment: dict[str, str]

    @property
    def authority(self) -> str:
        return str(self.folder / "ca.pem")

    @property
    def pin(self) -> str:
        """The one public key that the browser believes."""
        leaf = x509.load_pem_x509_certificate((self.folder / "localhost.pem").read_bytes())
        key = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(sha256(key).digest()).decode()

    def users(self) -> list[dict[str, Any]]:
        """The demo's, with password and TOTP secret."""
        return json.loads((self.tree / "var" / "demo.json").read_text())["users"]

    def registers(self, name: str, *flags: str) -> tuple[str, str]:
        """Register a client as docs/oauth.md says; its id, and its secret where it has one."""
        printed = workspace.run(
            self.tree, "manage.py", "oauth_client", "create", "--name", name, *flags
        )
        said = dict(line.split() for line in printed.splitlines())
        return said["client_id"], said.get("client_secret", "")

    def families(self, name: str) -> list[bool]:
        """Of each that this client was ever given: has it ended?"""
        query = """SELECT f.ended_at IS NOT NULL FROM oauth_tokenfamily f
            JOIN oauth_oauthclient c ON c.id = f.client_id WHERE c.name = ?"""
        with closing(sqlite3.connect(self.tree / "var" / "db.sqlite3")) as connection:
            return [bool(ended) for (ended,) in connection.execute(query, [name])]


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    tree, edge = folder / "tree", folder / "edge"
    workspace.prepare(tree)
    workspace.run(tree, "manage.py", "oauth_keys", "ensure")
    node, https = free_port(), free_port()
    url = f"https://localhost:{https}"
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PUBLIC_URL": url}
    environment |= {"ALLOWED_HOSTS": "localhost", "TRUSTED_PROXIES": "127.0.0.0/8"}
    (folder / "edge").mkdir()
    command = [sys.executable, "-c", _SERVE, str(tree), str(node)]
    with (
        running(command, folder / "service.log", node, environment),
        standing(edge, node, https=https),
    ):
        yield Service(url, edge, tree, environment)


#: For somebody who agrees, and to be renewed without them.
FOR_PEOPLE = ("--grant", "authorization_code", "--grant", "refresh_token")


def each(flag: str, *values: str) -> list[str]:
    """The flag before each value."""
    return [word for value in values for word in (flag, value)]


#: The copy's own server, and not the one that this process would import.
_SERVE = """
import os, sys
os.chdir(sys.argv[1]); sys.path.insert(0, sys.argv[1])
sys.argv[1:] = ["--port", sys.argv[2]]
from config.serve import main
main()
"""
