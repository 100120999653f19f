"""The worker of gunicorn that does not take every connection for itself.

All workers wait at one socket. Whoever wakes first takes a whole burst before another one runs, and
what is kept alive stays with it: of 16 connections that came at once, half of the time all went to
one of two workers, and the other had nothing to do. Here a worker that has connections waits for a
moment before it takes one more, so that one that has none is there first.
"""

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

#: Seconds; longer than it takes to wake a process, and little beside a handshake.
HEAD_START = 0.0002


class EvenWorker(ThreadWorker):
    """gunicorn's own worker with threads in everything else."""

    def accept(self, listener: socket.socket) -> None:
        """Take one connection from a socket that has one, or find that it is gone."""
        if self.nr_conns and self.cfg.workers > 1:
            time.sleep(HEAD_START)
        super().accept(listener)
