"""The sample clients of docs/examples as they run: processes of their own, and who uses them."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode

import httpx

from config.environment import ROOT
from deploy.edge.ports import free_port
from deploy.edge.processes import running

from .lying_provider import CLIENT_ID

EXAMPLES = ROOT / "docs" / "examples"
_PATIENCE = 30.0  # seconds


class Browser:
    """Cookies, and no more: the samples' are for TLS, and what is tested here is not TLS."""

    def __init__(self, base_url: str) -> None:
        self.base_url, self.cookies = base_url, {}

    def send(self, method: str, path: str, **options: object) -> httpx.Response:
        headers = {"Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items())}
        headers |= options.pop("headers", {})
        answer = httpx.request(
            method,
            self.base_url + path,
            headers=headers,
            timeout=_PATIENCE,
            trust_env=False,
            **options,
        )
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def get(self, path: str, query: Mapping[str, str] | None = None) -> httpx.Response:
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path)

    def is_signed_in(self) -> bool:
        return self.get("/api/me").status_code == 200


@contextmanager
def backend(provider: str) -> Iterator[str]:
    """The backend for a frontend, a client of this provider; where it answers."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "GATEHOUSE": provider,
        "BASE_URL": url,
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": token_hex(16),
        "SECRET_KEY": token_hex(32),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "gunicorn", "backend_for_frontend.wsgi"]
    command += ["--chdir", str(EXAMPLES), "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with (
        tempfile.TemporaryDirectory(prefix="gatehouse-") as folder,
        running(command, Path(folder, "backend.log"), port, environment),
    ):
        yield url


@contextmanager
def native(provider: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """The native client while it waits for its browser, and the address that it opens there."""
    environment = os.environ | {"GATEHOUSE": provider, "CLIENT_ID": CLIENT_ID, "BROWSER": "true"}
    child = subprocess.Popen(  # noqa: S603 (our own sample, no shell)
        [sys.executable, str(EXAMPLES / "native" / "client.py")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    try:
        for line in child.stderr:
            if found := re.match(r"https?://\S+", line):
                yield child, found[0]
                break
        else:
            raise RuntimeError("the native client opened no page")
    finally:
        child.kill()
        child.communicate(timeout=_PATIENCE)
