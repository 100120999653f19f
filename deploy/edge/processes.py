"""A child process that is up when its block begins and gone when it ends.

Guarantees: a child that dies while it starts is an error with the end of what it said, and none
outlives the block, however that ends.
"""

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN = 90  # seconds; the first start makes a database and its demo
STOPS_WITHIN = 30  # seconds; longer than config/run.py gives its own children
TAIL = 2000  # characters of its log in an error


class NotStarted(Exception):
    """A child ended, or did not answer in time. The text is the end of its log."""


@contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    port: int | None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen]:
    """Run it until the block ends; begins once 127.0.0.1:`port`, if any, accepts connections.

    Its output is added to `log`. Ctrl-C does not reach it: the block decides when it ends.
    """
    if port is not None:
        refuse_taken(port)
    with log.open("ab") as output:
        child = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    try:
        if port is not None:
            _wait_until_open(child, port, log)
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_open(child: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while child.poll() is None and time.monotonic() < deadline:
        if _is_open(port):
            return
        time.sleep(0.05)
    raise NotStarted(log.read_text(errors="replace")[-TAIL:].strip() or f"{log} is empty")


def refuse_taken(port: int) -> None:
    """Raise NotStarted where somebody listens already, who would be mistaken for our child."""
    if _is_open(port):
        raise NotStarted(f"Port {port} is taken by another program.")


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
