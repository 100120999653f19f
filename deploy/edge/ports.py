"""Ports of the loopback for children that are about to start.

Guarantees: no process is given one twice, two whose numbers differ modulo 32 are never given the
same one, and no client's connection takes it meanwhile. So with the few that start side by side a
child gets the port that was chosen for it, and where nobody is meant to answer, nobody does. Does
not guarantee it for processes 32 apart, nor across containers that share a network.
"""

import os
import random
import socket
from contextlib import suppress

PORTS = range(10_000, 32_768)  # Linux gives those above to clients
LANES = 32


class NoPortLeft(Exception):
    """This process has used up its lane."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on. Raises NoPortLeft after some seven hundred."""
    for port in _lane:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise NoPortLeft


def _new_lane() -> None:
    global _lane
    ports = PORTS[os.getpid() % LANES :: LANES]
    _lane = iter(random.sample(ports, len(ports)))


_new_lane()
os.register_at_fork(after_in_child=_new_lane)
