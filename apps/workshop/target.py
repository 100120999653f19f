"""What is attacked: this process's own application, or a server on loopback.

Both take the same requests and give the same answers, so that one attack serves the tests, the
command line and the labs.
"""

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx

#: How often, and for how many seconds at most, a limit that is not under attack is waited out.
WAITS, LONGEST_WAIT = 4, 15


@dataclass(frozen=True)
class Answer:
    """Status, headers (lower-case names) and body of one response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def code(self) -> str:
        """The problem code, or nothing."""
        return self.json.get("code", "") if isinstance(self.json, dict) else ""

    @property
    def summary(self) -> str:
        """A few words that hold no secret."""
        return f"{self.status} {self.code}".strip()


class Target(Protocol):
    """Sends one request from one source address (an address of 127.0.0.0/8)."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, source: str
    ) -> Answer: ...


class InProcess:
    """Django's own handler, middleware and all, without a socket."""

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, source: str
    ) -> Answer:
        self._client.cookies.clear()
        kind = {name.lower(): value for name, value in headers.items()}.pop("content-type", "")
        response = self._client.generic(
            method, path, body, content_type=kind, headers=dict(headers), REMOTE_ADDR=source
        )
        names = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, names, response.getvalue())

    @cached_property
    def _client(self) -> Any:
        """One for all requests: each new one would load the middleware anew."""
        from django.test import Client

        return Client(raise_request_exception=False, SERVER_NAME="localhost")


class Url:
    """A running server. Raises ValueError for any address that is not loopback."""

    def __init__(self, url: str, ca: str | None = None) -> None:
        host = urlsplit(url).hostname or ""
        if host != "localhost" and not _is_loopback(host):
            raise ValueError(f"{host or url} is not loopback: attacks stay on this machine")
        self.url, self.verify = url.rstrip("/"), ca or True
        self._clients: dict[str, httpx.Client] = {}

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, source: str
    ) -> Answer:
        response = self._client(source).request(
            method, self.url + path, headers=dict(headers), content=body
        )
        return Answer(response.status_code, dict(response.headers), response.content)

    def _client(self, source: str) -> httpx.Client:
        if source not in self._clients:
            transport = httpx.HTTPTransport(verify=self.verify, local_address=source)
            self._clients[source] = httpx.Client(transport=transport, timeout=20, trust_env=False)
        return self._clients[source]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def patiently(target: Target, *request: Any) -> Answer:
    """Send, and wait out a limit that is not what is under attack."""
    for _ in range(WAITS):
        answer = target.send(*request)
        wait = int(answer.headers.get("retry-after", "0") or 0)
        if answer.status != 429 or not 0 < wait <= LONGEST_WAIT:
            return answer
        time.sleep(wait)
    return answer
