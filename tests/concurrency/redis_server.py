"""A Redis of our own, to be killed."""

import shutil
import signal
import subprocess
from typing import Self

import pytest
import redis

from deploy.edge.ports import free_port


class PrivateRedis:
    """Keeps nothing on disk: whoever starts it again starts it empty."""

    def __init__(self) -> None:
        if shutil.which("redis-server") is None:
            pytest.skip("redis-server is not installed: nothing here to kill")
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Run it, and return when it answers."""
        options = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), *options], stdout=subprocess.DEVNULL
        )
        for _ in range(200):
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
                    return
            except redis.ConnectionError:
                self._pause()
        raise RuntimeError("redis-server does not answer")

    def kill(self) -> None:
        """As a machine that loses its power."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def names(self) -> list[bytes]:
        with redis.Redis.from_url(self.url) as client:
            return client.keys()

    def _pause(self) -> None:
        """Waiting on the process is the pause, and notices if it ends."""
        try:
            self._process.wait(0.05)
        except subprocess.TimeoutExpired:
            return
        raise RuntimeError("redis-server ended")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.kill()
