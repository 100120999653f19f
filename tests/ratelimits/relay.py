"""A door in front of Redis that counts who comes through, and can slam, hold or stay silent."""

import contextlib
import socket
import threading
from typing import Self
from urllib.parse import urlsplit


class Relay:
    """Listens on loopback and forwards to `target`, a Redis URL; without one it never answers.

    `visits` counts connections, `questions` counts round trips.
    """

    def __init__(self, target: str | None = None, *, listen: int = 0) -> None:
        self._target = urlsplit(target) if target else None
        self._listener = socket.create_server(("127.0.0.1", listen))
        self._sockets: list[socket.socket] = []
        self._answering = threading.Event()
        self._answering.set()
        self.visits = 0
        self.questions = 0

    @property
    def url(self) -> str:
        """The target's URL, user, password and database included, by way of this door."""
        here = f"127.0.0.1:{self._listener.getsockname()[1]}"
        if self._target is None:
            return f"redis://{here}"
        user, at, _ = self._target.netloc.rpartition("@")
        return self._target._replace(netloc=f"{user}{at}{here}").geturl()

    def hold(self) -> None:
        """Let questions through and keep the answers back."""
        self._answering.clear()

    def release(self) -> None:
        """Send the answers that were kept back."""
        self._answering.set()

    def slam(self) -> None:
        """Close every connection, as a Redis that restarts does."""
        while self._sockets:
            with self._sockets.pop() as end, contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        with self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
        self.release()
        self.slam()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed
            while True:
                client, _ = self._listener.accept()
                self.visits += 1
                self._sockets.append(client)
                if self._target is not None:
                    threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        """In turns, a whole question and then its whole answer: the commands here are small."""
        server = socket.create_connection((self._target.hostname, self._target.port or 6379))
        self._sockets.append(server)
        with contextlib.suppress(OSError):  # an end is closed
            while question := client.recv(65_536):
                self.questions += 1
                server.sendall(question)
                answer = server.recv(65_536)
                self._answering.wait()
                client.sendall(answer)
