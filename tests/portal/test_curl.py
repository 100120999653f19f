"""The commands on the page are what a shell can run, and what the service takes."""

import json
import re
import subprocess
from typing import Any

import pytest

from apps.access.credential import Tier
from apps.agencies.roles import Role
from apps.apikeys.key_format import PATTERN
from apps.portal.curl import PLACEHOLDER, command
from tests import world
from tests.api import Api

from .pages import page
from .test_reference import SHOWN

pytestmark = pytest.mark.django_db

#: Stands in for curl: prints what a shell made of the command, and what came on standard input.
SHELL = """
curl() { python3 -c 'import json, sys
print(json.dumps([sys.argv[1:], sys.stdin.read() if "@-" in sys.argv else None]))' "$@"; }
"""


def run(text: str) -> tuple[list[str], str | None]:
    """Arguments and standard input, as curl would get them."""
    result = subprocess.run(
        ["bash", "-eu", "-c", SHELL + text],
        capture_output=True,
        check=True,
        env={"GATEHOUSE_KEY": "the-key", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    )
    return tuple(json.loads(result.stdout))


def test_every_command_on_the_page_is_the_one_of_its_operation() -> None:
    on_page = [text for kind, text in page("/docs/").blocks if kind == "curl"]
    assert on_page == [shown.curl for shown in SHOWN.values()]


@pytest.mark.parametrize("name", SHOWN)
def test_a_shell_reads_the_command_as_it_is_meant(name: str) -> None:
    shown = SHOWN[name]
    arguments, body = run(shown.curl)
    headers = [arguments[i + 1] for i, word in enumerate(arguments) if word == "-H"]
    assert ("Authorization: Bearer the-key" in headers) == (shown.who != "Anyone")
    assert shown.method == "GET" or arguments[:2] == ["-X", shown.method]
    url = next(word for word in arguments if word.startswith("http"))
    assert "{" not in url
    assert (body is None) == (not any("Content-Type" in header for header in headers))
    assert body is None or json.loads(body)


def test_no_command_holds_a_key() -> None:
    for shown in SHOWN.values():
        assert not re.search(PATTERN, shown.curl)
        assert shown.who == "Anyone" or PLACEHOLDER in shown.curl


def test_the_service_takes_the_command_that_makes_a_listing() -> None:
    _, body = run(SHOWN["listings_create"].curl)
    key = world.key(world.person(Role.AGENT), tier=Tier.FREE)
    response = Api(key).post("listings", body.encode(), content_type="application/json")
    assert response.status_code == 201, response.content


def test_what_a_shell_would_take_apart_is_quoted() -> None:
    hostile: dict[str, Any] = {
        "name": "q",
        "in": "query",
        "required": False,
        "schema": {"examples": ["$(id) `id` 'x' \"y\" ; &"]},
    }
    arguments, _ = run(command("http://localhost", "/p", "GET", [hostile]))
    assert "q=$(id) `id` 'x' \"y\" ; &" in arguments
