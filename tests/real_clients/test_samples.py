"""The samples of docs/examples before the real service: each does what its page says."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from apps.workshop.samples import EXAMPLES
from deploy.edge.ports import free_port
from deploy.edge.processes import running

from .person import Person
from .service import FOR_PEOPLE, Service, each

pytestmark = [pytest.mark.process, pytest.mark.slow]
_PATIENCE = 60  # seconds


def sample(name: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(EXAMPLES / name / "client.py")],
        env=os.environ | {"BROWSER": "true"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def frontend(gatehouse: Service, tmp_path: Path) -> Iterator[str]:
    """Where the backend for a frontend answers, over TLS."""
    port = free_port()
    url = f"https://localhost:{port}"
    scopes = each("--scope", "openid", "email", "read", "write:listings")
    back = ("--redirect-uri", f"{url}/callback")
    client_id, secret = gatehouse.registers("A frontend", *FOR_PEOPLE, *scopes, *back)
    environment = os.environ | {"GATEHOUSE": gatehouse.url, "BASE_URL": url}
    environment |= {"CLIENT_ID": client_id, "CLIENT_SECRET": secret, "SECRET_KEY": token_hex(32)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "gunicorn", "backend_for_frontend.wsgi"]
    command += ["--chdir", str(EXAMPLES), "--bind", f"127.0.0.1:{port}", "--threads", "8"]
    command += ["--certfile", str(gatehouse.folder / "localhost.pem")]
    command += ["--keyfile", str(gatehouse.folder / "localhost.key")]
    with running(command, tmp_path / "backend.log", port, environment):
        yield url


def test_a_frontend_signs_in_writes_and_signs_out(
    gatehouse: Service, frontend: str, person: Callable[[str], Person]
):
    agent = person("agent")
    page = agent.page
    page.goto(frontend)
    page.get_by_text("Not signed in").wait_for()
    agent.agrees(f"{frontend}/login")
    page.get_by_text(f"Signed in as {agent.user['email']}").wait_for()
    page.get_by_label("Title").fill("Row house near the river")
    agent.presses("Add a listing")
    page.get_by_text("Added as a draft").wait_for()

    session = [
        one for one in page.context.cookies(frontend) if one["name"] == "__Host-frontend-session"
    ]
    assert [(one["httpOnly"], one["secure"], one["sameSite"]) for one in session] == [
        (True, True, "Lax")
    ]
    assert not page.evaluate(
        "Object.keys(localStorage).length + Object.keys(sessionStorage).length"
    )
    assert gatehouse.families("A frontend") == [False]
    agent.presses("Sign out")
    page.get_by_text("Not signed in").wait_for()
    assert gatehouse.families("A frontend") == [True]


def test_a_service_lists_what_its_agency_sees(gatehouse: Service):
    agency = gatehouse.users()[0]["agency"]
    alone = ("--grant", "client_credentials", "--agency", agency, "--role", "agent")
    flags = (*alone, "--scope", "read:listings")
    client_id, secret = gatehouse.registers("Nightly export", *flags)
    child = sample("service", GATEHOUSE=gatehouse.url, CLIENT_ID=client_id, CLIENT_SECRET=secret)
    told, wrong = child.communicate(timeout=_PATIENCE)
    assert (child.returncode, wrong) == (0, "")
    assert len(told.splitlines()) == 5


@pytest.fixture
def native(gatehouse: Service) -> Iterator[Any]:
    back = ("--redirect-uri", "http://127.0.0.1/callback")
    flags = (*FOR_PEOPLE, *back, "--scope", "read")
    client_id, _ = gatehouse.registers("Desktop search", "--native", *flags)
    child = sample("native", GATEHOUSE=gatehouse.url, CLIENT_ID=client_id)
    yield child
    child.kill()
    child.communicate(timeout=_PATIENCE)


def test_a_native_client_signs_in_through_the_systems_browser(
    gatehouse: Service, native: Any, person: Callable[[str], Person]
):
    buyer = person("buyer")
    address = next(line for line in native.stderr if line.startswith("https://"))
    assert re.search(r"redirect_uri=http%3A%2F%2F127.0.0.1%3A\d+%2Fcallback", address)
    buyer.agrees(address.strip())
    buyer.page.get_by_text("You can close this page.").wait_for()
    told, wrong = native.communicate(timeout=_PATIENCE)
    assert (native.returncode, wrong) == (0, "")
    assert told == f"You are {buyer.user['email']}, buyer.\n"
    assert gatehouse.families("Desktop search") == [True]
