"""An edge that stands: real nginx with the shipped configuration, and ways to talk to it."""

import dataclasses
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from config.environment import ROOT
from deploy.edge import development
from deploy.edge.ports import free_port
from deploy.edge.processes import running

PATIENCE = 30  # seconds that a test waits for an answer at the most


class Edge:
    """Ports, files and clients of one running edge."""

    def __init__(self, directory: Path, https: int, http: int) -> None:
        self.directory = directory
        self.https = https
        self.http = http
        self.authority = directory / "ca.pem"
        self.conf = directory / "conf" / "nginx.conf"
        self.context = ssl.create_default_context(cafile=str(self.authority))
        self.client = self.client_from("127.0.0.1")

    def client_from(self, address: str) -> httpx.Client:
        """A client over TLS whose connections come from this address of the loopback."""
        return httpx.Client(
            base_url=f"https://localhost:{self.https}",
            transport=httpx.HTTPTransport(verify=self.context, local_address=address),
            timeout=PATIENCE,
        )

    def plain(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request over plain HTTP."""
        return httpx.request(method, f"http://localhost:{self.http}{path}", **options)

    @contextmanager
    def connected(self) -> Iterator[socket.socket]:
        """A TCP connection to the TLS port, and nothing said yet."""
        with socket.create_connection(("127.0.0.1", self.https), timeout=PATIENCE) as connection:
            yield connection

    @contextmanager
    def shaken(
        self, context: ssl.SSLContext | None = None, name: str | None = "localhost"
    ) -> Iterator[ssl.SSLSocket]:
        """A connection after the handshake. Raises ssl.SSLError where it is refused."""
        with (
            self.connected() as connection,
            (context or self.context).wrap_socket(connection, server_hostname=name) as secured,
        ):
            yield secured

    def raw(self, request: bytes) -> httpx.Response:
        """The answer to exactly these bytes, sent over TLS."""
        with self.shaken() as connection:
            connection.sendall(request)
            return answer(connection)

    def raw_plain(self, request: bytes, *, port: int | None = None) -> httpx.Response | None:
        """The answer to these bytes in clear; None where the edge closes without one."""
        with socket.create_connection(("127.0.0.1", port or self.http), PATIENCE) as connection:
            connection.sendall(request)
            return answer(connection)

    def at_once(self, requests: bytes, count: int) -> list[httpx.Response]:
        """The answers to so many requests that are sent in one piece."""
        with self.shaken() as connection, connection.makefile("rb") as stream:
            connection.sendall(requests)
            return [read(stream) for _ in range(count)]

    def log(self) -> str:
        """Everything that was logged so far, by whom ever."""
        return "".join(path.read_text() for path in sorted((self.directory / "logs").iterdir()))

    def logged(self, request_id: str) -> dict[str, Any]:
        """The line of the access log about this request; waits until it is written."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for line in (self.directory / "logs" / "access.log").read_text().splitlines():
                if json.loads(line)["request_id"] == request_id:
                    return json.loads(line)
        raise AssertionError(f"{request_id} is not in the access log")


def answer(connection: socket.socket) -> httpx.Response | None:
    """One response; None where the connection ends without one."""
    try:
        with connection.makefile("rb") as stream:
            return read(stream)
    except ConnectionResetError:
        return None


def read(stream: Any) -> httpx.Response | None:
    first = stream.readline()
    if not first:
        return None
    headers = []
    while line := stream.readline().strip():
        name, _, value = line.decode().partition(":")
        headers.append((name, value.strip()))
    response = httpx.Response(int(first.split()[1]), headers=headers)
    return httpx.Response(response.status_code, headers=headers, content=_body(stream, response))


def _body(stream: Any, response: httpx.Response) -> bytes:
    if response.headers.get("transfer-encoding") != "chunked":
        return stream.read(int(response.headers.get("content-length", 0)))
    chunks = []
    while length := int(stream.readline(), 16):
        chunks.append(stream.read(length))
        stream.readline()
    stream.readline()
    return b"".join(chunks)


@contextmanager
def standing(
    directory: Path,
    upstream: int,
    edit: Callable[[Path], None] = lambda conf: None,
    https: int = 0,
    **values: Any,
) -> Iterator[Edge]:
    """Start it before this upstream. `edit` may change the written configuration's directory."""
    if development.NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    https, http = https or free_port(), free_port()
    site = dataclasses.replace(development.site(directory, https, http, upstream), **values)
    conf = site.write(directory / "conf")
    edit(conf.parent)
    with running(development.nginx_command(conf), directory / "logs" / "nginx.log", https):
        edge = Edge(directory, https, http)
        with edge.client:
            yield edge


def replace(file: Path, old: str, new: str, times: int = 1) -> None:
    """Change a configuration file; fails where it does not say `old` exactly so many times."""
    text = file.read_text()
    assert text.count(old) == times, f"{file.name} says {old!r} {text.count(old)} times"
    file.write_text(text.replace(old, new))


def checker(name: str) -> Path:
    """A program of tests/edge/requirements.txt; skips the test where it is not installed."""
    program = ROOT / ".venv-edge" / "bin" / name
    if not program.exists():
        pytest.skip(f"no {program.relative_to(ROOT)}: install tests/edge/requirements.txt there")
    return program
