"""A real server, and browsers before it. `make browser` runs these, `make test` does not."""

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.concurrency.server import Server, serving

from .visitor import Visitor, pictured

#: Their tools are in an environment of their own, in which alone they are collected.
HAS_TOOLS = find_spec("playwright") is not None
collect_ignore_glob = [] if HAS_TOOLS else ["test_*.py"]
CHROMIUM = "/usr/bin/chromium"
_numbers = count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("browser")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visitor(server: Server, chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; at the end none of their pages may have complained."""
    made = []
    number = next(_numbers)

    def make(**options: Any) -> Visitor:
        # The server trusts us as its proxy: each test comes from an address of its own.
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        context = chromium.new_context(extra_http_headers=headers, **options)
        made.append((context, Visitor(context, server)))
        return made[-1][1]

    yield make
    complaints = [text for _, one in made for text in one.complaints]
    for context, _ in made:
        context.close()
    assert complaints == []


@pytest.fixture
def sound() -> Callable[[Visitor, str], None]:
    """Assert that the page has no fault for those who cannot see or point; picture it."""

    axe = Path(find_spec("axe_playwright_python").origin).with_name("axe.min.js").read_text()

    def look(visitor: Visitor, name: str) -> None:
        for scheme in ("light", "dark"):
            visitor.page.emulate_media(color_scheme=scheme)
            visitor.page.evaluate(axe)
            found = visitor.page.evaluate("axe.run()")["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], name
        for width in (390, 1280):
            visitor.page.set_viewport_size({"width": width, "height": 844})
            wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            assert not visitor.page.evaluate(wider), f"{name} is wider than {width}"
        pictured(visitor.page, name)

    return look


@pytest.fixture
def letter(server: Server) -> Callable[[str, str], str]:
    """The path of the newest link with these words that the server has printed for this address."""

    def read(to: str, words: str) -> str:
        letters = server.log.read_text().split("Content-Type: text/plain")
        mine = [text for text in letters if f"To: {to}\n" in text]
        return re.findall(rf"http://localhost:8000(/\S*{words}\S+)", mine[-1])[-1]

    return read
