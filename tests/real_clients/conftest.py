"""One service behind its edge, one browser, and people of the demo before it.

`make clients` runs these, `make test` does not: their tools are in an environment of their own, in
which alone they are collected.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from .person import Person
from .service import Service, service

HAS_TOOLS = find_spec("playwright") is not None and find_spec("requests_oauthlib") is not None
collect_ignore_glob = [] if HAS_TOOLS else ["test_*.py"]
CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def gatehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with (
        service(tmp_path_factory.mktemp("gatehouse")) as running,
        pytest.MonkeyPatch.context() as us,
    ):
        # The authority is handed to every client that is started from here, as its users would.
        us.setenv("REQUESTS_CA_BUNDLE", running.authority)
        us.setenv("SSL_CERT_FILE", running.authority)
        yield running


@pytest.fixture(scope="session")
def chromium(gatehouse: Service) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # It believes one key, that of our certificate, and no other that is not signed as usual.
    pinned = f"--ignore-certificate-errors-spki-list={gatehouse.pin}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", pinned]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _users(gatehouse: Service) -> list[dict[str, Any]]:
    return gatehouse.users()


@pytest.fixture
def person(
    gatehouse: Service, chromium: Any, _users: list[dict[str, Any]]
) -> Iterator[Callable[[str], Person]]:
    """Makes somebody of this role: each test another one, so that no code is used twice."""
    made = []

    def make(role: str) -> Person:
        user = next(user for user in _users if user["role"] == role)
        _users.remove(user)
        context = chromium.new_context()
        made.append((context, Person(context, user, gatehouse.url)))
        return made[-1][1]

    yield make
    complaints = [text for _, one in made for text in one.complaints]
    for context, _ in made:
        context.close()
    assert complaints == []
