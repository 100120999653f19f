"""Connections that come at once are shared by the workers, and each is answered."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection

import pytest

from config import gunicorn
from config.environment import ROOT
from deploy.edge.ports import free_port

pytestmark = pytest.mark.process

CONNECTIONS, BURSTS = 16, 24


@pytest.fixture
def port() -> Iterator[int]:
    """Two workers of the class that the service has, with the smallest application."""
    number = free_port()
    arguments = ["-m", "gunicorn", "tests.config.which_worker:application", "--workers", "2"]
    arguments += ["--worker-class", gunicorn.worker_class, "--threads", "8", "--keep-alive", "30"]
    server = subprocess.Popen(
        [sys.executable, *arguments, "--bind", f"127.0.0.1:{number}", "--log-level", "critical"],
        cwd=ROOT,
    )
    try:
        for _ in range(300):
            try:
                seen = {burst(number, 1)[0] for _ in range(20)}
            except ConnectionRefusedError:
                with pytest.raises(subprocess.TimeoutExpired):
                    server.wait(0.1)
                continue
            if len(seen) == 2:
                break
        yield number
    finally:
        server.terminate()
        server.wait(30)


def burst(port: int, connections: int) -> list[str]:
    """Which process answers each of so many connections that are made at once and kept."""
    with ExitStack() as open_ones:
        made = [HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(connections)]
        for one in made:
            open_ones.callback(one.close)
            one.connect()
        for one in made:
            one.request("GET", "/")
        return [one.getresponse().read().decode() for one in made]


def test_no_worker_takes_every_connection_while_another_has_none(port: int) -> None:
    answered, of_the_smaller = 0, 0
    for _ in range(BURSTS):
        counts = Counter(burst(port, CONNECTIONS))
        answered += counts.total()
        of_the_smaller += min(counts.values()) if len(counts) == 2 else 0

    assert answered == BURSTS * CONNECTIONS
    # Without a head start for those that have none it is a tenth.
    assert of_the_smaller / answered > 0.25
