"""The real server as a process of its own, on a database of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from config.environment import ROOT
from config.serve import command
from deploy.edge.ports import free_port

from .database import migrated_database

PATIENCE = 30.0


class Server:
    """`url` without a path, `log` with everything it wrote, and its environment."""

    def __init__(self, port: int, environment: dict[str, str], log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.environment = environment
        self.log = log

    def run(self, *arguments: str) -> str:
        """Run a Python command in the server's environment; returns what it printed."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout


@contextmanager
def serving(folder: Path, **variables: str) -> Iterator[Server]:
    """A migrated database and a server on it, until the block ends.

    `variables` are set in its environment. With REDIS_URL it has two workers, else one.
    """
    with migrated_database(folder) as url:
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            # We are the edge: each raw request may come from an address of its own.
            "TRUSTED_PROXIES": "127.0.0.1/32",
            **variables,
        }
        with node(environment, folder / "server.log") as server:
            yield server


@contextmanager
def node(environment: dict[str, str], log_file: Path) -> Iterator[Server]:
    """One server process, or another one on the same database."""
    port = free_port()
    server = Server(port, environment, log_file)
    workers = 2 if environment.get("REDIS_URL") else 1
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command(port, workers), cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait(server, process)
            yield server
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(server: Server, process: subprocess.Popen) -> None:
    """Until it answers. Waiting on the process is the pause, and notices if it dies."""
    for _ in range(int(PATIENCE / 0.1)):
        try:
            if httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200:
                return
        except httpx.TransportError:
            pass
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(f"the server ended: {server.log.read_text()}")
    raise RuntimeError("the server does not answer")
