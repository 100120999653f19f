"""Requests as bytes, for what no HTTP library would send."""

import json
import socket
from dataclasses import dataclass
from http.client import HTTPResponse
from io import BytesIO
from itertools import cycle

PATIENCE = 20.0
_numbers = cycle(range(256))


@dataclass(frozen=True)
class Answers:
    """Every response on one connection; `statuses` in order. Empty: closed without a word."""

    raw: bytes

    @property
    def statuses(self) -> list[int]:
        lines = [part for part in self.raw.split(b"HTTP/1.")[1:] if part[1:2] == b" "]
        return [int(line[2:5]) for line in lines]

    def document(self) -> dict:
        """The JSON body of the only response, however it was framed."""
        response = HTTPResponse(_Received(self.raw))
        response.begin()
        return json.loads(response.read())


class _Received:
    """Bytes that have come, as http.client reads them."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def makefile(self, _mode: str) -> BytesIO:
        return BytesIO(self.raw)


def exchange(port: int, *parts: bytes, end: bool = True) -> Answers:
    """Send the parts, then read until the server closes. `end` says that no more will come."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        received = b""
        try:
            for part in parts:
                connection.sendall(part)
            if end:
                connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65_536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            # It closed while we still wrote: what it said until then counts.
            pass
        return Answers(received)


def request(
    *headers: str, line: str = "GET /api/v2/me HTTP/1.1", host: str = "localhost", body: bytes = b""
) -> bytes:
    """One request, from an address of its own, that asks for the connection to be closed."""
    caller = f"X-Forwarded-For: 198.51.{next(_numbers)}.7"
    head = [line, f"Host: {host}", caller, *headers, "Connection: close", "", ""]
    return "\r\n".join(head).encode("latin-1") + body
