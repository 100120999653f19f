"""Round trips counted where they happen: on the wire, between a service and its stores.

A relay stands in the way of one port and counts how often the client speaks again after it was
answered. That is what a round trip is, whatever the library calls it and whether or not the talk
is encrypted; BEGIN and COMMIT count, and a pipeline counts once. It slows what it counts, so it is
never in the way of a timed round.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Relay:
    """Passes bytes between its own port and a server; `trips` are those begun so far."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.trips = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client = self._listener.accept()[0]
                server = socket.create_connection(self._server)
                asked = threading.Event()
                for passing in ((client, server, asked, True), (server, client, asked, False)):
                    threading.Thread(target=self._pass, args=passing, daemon=True).start()

    def _pass(
        self, source: socket.socket, sink: socket.socket, asked: threading.Event, asking: bool
    ) -> None:
        with suppress(OSError), source, sink:
            while data := source.recv(65536):
                if not asking:
                    asked.clear()
                elif not asked.is_set():
                    # A question in several packets is still one: nothing came back in between.
                    asked.set()
                    with self._lock:
                        self.trips += 1
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def relay(host: str, port: int) -> Iterator[Relay]:
    """A relay that stops accepting when the block ends."""
    standing = Relay(host, port)
    try:
        yield standing
    finally:
        standing.close()
