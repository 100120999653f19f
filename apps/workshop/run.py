"""What an attack is handed: callers with the demo's credentials, on one target."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .target import Answer, Target, Url, patiently
from .versions import V2, VERSIONS, Version


class NeedsTheCode(Exception):
    """This attack looks at rows or code, which a URL alone does not give."""


@dataclass(frozen=True)
class Caller:
    """Sends requests to one version, with one set of headers, from one source address."""

    target: Target
    version: Version
    source: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, body: Any = None, *, patient: bool = True, **headers: str
    ) -> Answer:
        """`path` is below the version unless it starts with a slash, and `body` is in v2's words.

        Bytes are sent as they are. `headers` are written with underscores for hyphens. `patient`
        waits out a limit.
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else b"" if body is None else self._json(path, body)
        kind = {"Content-Type": "application/json"} if data else {}
        request = (
            method,
            self.version.path(path),
            {**kind, **self.headers, **named},
            data,
            self.source,
        )
        return patiently(self.target, *request) if patient else self.target.send(*request)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Answer:
        return self.send("DELETE", path, **headers)

    def _json(self, path: str, body: Any) -> bytes:
        # A path of its own names its own version: what is sent there is not translated.
        return json.dumps(body if path.startswith("/") else self.version.said(body)).encode()


@dataclass(frozen=True)
class Run:
    """One attack on one version on one target. `number` gives it source addresses of its own."""

    target: Target
    demo: Mapping[str, Any]
    number: int
    in_process: bool
    version: Version = V2

    @property
    def source(self) -> str:
        """An address that no other attack of this run uses, so that limits do not mix."""
        place = self.number * len(VERSIONS) + VERSIONS.index(self.version)
        return f"127.{10 + place // 250}.{place % 250}.2"

    @property
    def over_tls(self) -> bool:
        """Is it an edge that answers, and not a node?"""
        return isinstance(self.target, Url) and self.target.url.startswith("https:")

    @property
    def anonymous(self) -> Caller:
        """A caller without a credential."""
        return self.sending({})

    def key(self, role: str, level: str = "admin", agency: int = 0) -> str:
        """A demo key: of the first or second agency's user with this role."""
        return self.user(role, agency)["api_keys"][level]

    def user(self, role: str, agency: int = 0) -> Mapping[str, Any]:
        """A demo user."""
        return [user for user in self._by_agency() if user["role"] == role][agency]

    def caller(self, role: str, level: str = "admin", agency: int = 0) -> Caller:
        """A caller with a demo key."""
        return self.with_key(self.key(role, level, agency))

    def with_key(self, key: str) -> Caller:
        """A caller with this key."""
        return self.sending({"Authorization": f"Bearer {key}"})

    def sending(self, headers: Mapping[str, str], source: str = "") -> Caller:
        """A caller with these headers, from another address where one is named."""
        return Caller(self.target, self.version, source or self.source, headers)

    def needs_code(self) -> None:
        """Pass this attack over where only a URL is given. Raises NeedsTheCode."""
        if not self.in_process:
            raise NeedsTheCode

    def _by_agency(self) -> list[Mapping[str, Any]]:
        return sorted(self.demo["users"], key=lambda user: (str(user["agency"]), user["email"]))


def load_demo(path: Path) -> Mapping[str, Any]:
    """The demo's credentials. Raises FileNotFoundError where `seed_demo` has not run."""
    return json.loads(path.read_text())
