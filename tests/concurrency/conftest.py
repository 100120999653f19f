import json
from collections.abc import Iterator

import pytest

from .server import Server, serving


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server, for all tests of this folder."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="package")
def scene(server: Server) -> dict:
    """People, listings and offers on that server; each test has some of its own."""
    return json.loads(server.run("-m", "tests.concurrency.scene"))


@pytest.fixture
def key(scene: dict) -> str:
    """A key that nobody revokes."""
    return scene["manager"]
