"""Load by wrk on one endpoint of one server, and what it cost."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cpu
from benchmarks.servers import Server
from benchmarks.target import Endpoint

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("wrk.lua")


class WrkMissing(Exception):
    """The load generator is not installed."""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw. `refused` counts answers that were not 2xx (or 3xx, which no route gives);
    `broken` counts connections that failed."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    refused: int
    broken: int

    @property
    def void(self) -> str | None:
        """Why these figures mean nothing, or None."""
        if self.refused:
            return f"{self.refused} of {self.requests} answers were not 2xx"
        if self.broken:
            return f"{self.broken} connections failed"
        return None if self.requests else "no answer at all"


@dataclass(frozen=True, slots=True)
class Sample:
    """One timed round. `cpu_us`: microseconds a request of each process tree."""

    load: Load
    cpu_us: dict[str, float]

    @property
    def rps(self) -> float:
        return self.load.requests / self.load.seconds

    @property
    def cpu(self) -> float:
        return sum(self.cpu_us.values())


def wrk() -> str:
    """The path of wrk. Raises WrkMissing, which says how to get it."""
    path = shutil.which("wrk")
    if path is None:
        raise WrkMissing("wrk is missing. Mend: apt-get install wrk (the Debian package wrk)")
    return path


def parse(output: str) -> Load:
    """What `wrk.lua` printed last."""
    return Load(**json.loads(output.strip().rpartition("\n")[2]))


def run(server: Server, endpoint: Endpoint, seconds: int) -> Load:
    """Sixteen connections that ask again as soon as they are answered."""
    ask = server.stack.target.ask(endpoint)
    asking = {
        "BENCH_METHOD": ask.method,
        "BENCH_BODY": ask.data,
        "BENCH_AUTHORIZATION": server.stack.target.authorization,
    }
    done = subprocess.run(  # noqa: S603 (our own command)
        [
            *(wrk(), "--threads", "1", "--connections", str(CONNECTIONS)),
            *("--duration", str(seconds), "--timeout", "10", "--script", str(_SCRIPT)),
            f"http://127.0.0.1:{server.port}{ask.path}",
        ],
        env=os.environ | asking,
        capture_output=True,
        text=True,
        check=True,
    )
    return parse(done.stdout)


def measure(server: Server, endpoint: Endpoint, seconds: int, stores: Mapping[str, int]) -> Sample:
    """A timed round. `stores`: the root processes of PostgreSQL and Redis."""
    roots = {"service": server.pid, **stores}
    before = cpu.seconds(roots)
    load = run(server, endpoint, seconds)
    after = cpu.seconds(roots)
    asked = max(load.requests, 1)
    return Sample(load, {name: (after[name] - before[name]) / asked * 1e6 for name in roots})
