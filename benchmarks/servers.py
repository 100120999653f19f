"""A running server of one stack: the same program with the same numbers for every stack."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from benchmarks.stacks import SERVER_SETTINGS, Stack
from benchmarks.target import Ask, Endpoint, complaint
from config.environment import ROOT
from deploy.edge.ports import free_port

_STARTS_WITHIN = 60  # seconds
_STOPS_WITHIN = 30


class Program(StrEnum):
    """What serves. Gatehouse is served by gunicorn; granian is there to be compared with it."""

    GUNICORN = "gunicorn"
    GRANIAN = "granian"


@dataclass(frozen=True, slots=True)
class Setup:
    """What all stacks have in common: the program, its processes, and the threads of each."""

    program: Program
    workers: int
    threads: int


class ServerFailed(Exception):
    """It did not start, or does not answer as every stack must."""


@dataclass(frozen=True, slots=True)
class Server:
    """`pid` is the root of its processes."""

    stack: Stack
    port: int
    pid: int

    def send(self, ask: Ask) -> tuple[int, bytes]:
        """Status and body of one request, on a connection of its own."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                ask.method, ask.path, ask.data.encode() or None, self.stack.target.headers
            )
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def verify(self) -> None:
        """Every endpoint once. Raises ServerFailed where the answer is not the common one."""
        for endpoint in Endpoint:
            wrong = complaint(endpoint, *self.send(self.stack.target.ask(endpoint)))
            if wrong:
                raise ServerFailed(f"{self.stack.name} {endpoint}: {wrong}")


@contextmanager
def serving(
    stack: Stack, setup: Setup, overrides: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start it, wait until it answers rightly, and end it with the block."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 (our own command)
            _command(stack, port, setup),
            cwd=ROOT,
            env=os.environ | dict(stack.environment) | dict(overrides or {}),
            # Every stack pays for the log lines that it writes; none of them is kept.
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            server = Server(stack, port, process.pid)
            _await(server, process, log)
            server.verify()
            yield server
        finally:
            process.terminate()
            process.wait(_STOPS_WITHIN)


def _command(stack: Stack, port: int, setup: Setup) -> list[str]:
    workers, threads = str(setup.workers), str(setup.threads)
    if setup.program is Program.GRANIAN:
        # It knows no pre_request, so underscored header names are not taken apart for Gatehouse.
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"),
            *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
            *("--workers", workers, "--blocking-threads", threads),
        ]
    return [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--config", str(Path(ROOT, SERVER_SETTINGS[stack.name]))),
        *("--bind", f"127.0.0.1:{port}", "--workers", workers, "--threads", threads),
    ]


def _await(server: Server, process: subprocess.Popen, log: object) -> None:
    end = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            server.send(server.stack.target.detail)
            return
        except (OSError, HTTPException):
            time.sleep(0.1)
    log.seek(0)
    tail = log.read().decode(errors="replace")[-2000:]
    raise ServerFailed(f"{server.stack.name} does not answer.\n{tail}")
