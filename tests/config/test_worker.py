"""Connections that come at once are shared by the workers, and each is answered."""

import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from unittest import mock

import pytest
from gunicorn.config import Config

from config import gunicorn
from config.environment import ROOT
from config.worker import HEAD_START, EvenWorker
from deploy.edge.ports import free_port

pytestmark = pytest.mark.process

CONNECTIONS, BURSTS = 16, 12


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


def share_of_the_smaller(port: int) -> float:
    smaller = 0
    for _ in range(BURSTS):
        counts = Counter(burst(port, CONNECTIONS))
        assert counts.total() == CONNECTIONS
        smaller += min(counts.values()) if len(counts) == 2 else 0
    return smaller / (BURSTS * CONNECTIONS)


def test_no_worker_takes_every_connection_while_another_has_none(port: int) -> None:
    # Without a head start for those that have none it is a sixth; a busy machine wakes them late.
    assert any(share_of_the_smaller(port) > 0.25 for _ in range(3))


@pytest.mark.parametrize(
    ("workers", "connections", "waits"), [(2, 1, True), (2, 0, False), (1, 1, False)]
)
def test_only_a_worker_that_has_connections_waits_and_only_for_others(
    monkeypatch: pytest.MonkeyPatch, workers: int, connections: int, waits: bool
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("config.worker.time.sleep", waited.append)
    settings = Config()
    settings.set("workers", workers)
    worker = EvenWorker(0, 0, [], None, 30, settings, mock.Mock())
    worker.nr_conns = connections

    with socket.create_server(("127.0.0.1", 0)) as nobody_asks:
        nobody_asks.setblocking(False)
        worker.accept(nobody_asks)

    assert waited == ([HEAD_START] if waits else [])
