"""A service behind the edge that writes down what reaches it and answers what it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread


@dataclass
class Recorder:
    """`port` is where it listens; `requests` are (method, path, headers, body), oldest first."""

    port: int = 0
    requests: list[tuple[str, str, Message, bytes]] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    answered: Event = field(default_factory=Event)
    """Set once an answer was taken whole, or its taker went away."""

    def answer(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        """What to answer from now on, and forget what came before."""
        self.requests.clear()
        self.answered.clear()
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    @property
    def last(self) -> Message:
        """The headers of the newest request."""
        return self.requests[-1][2]


@contextmanager
def recording() -> Iterator[Recorder]:
    recorder = Recorder()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            recorder.requests.append((self.command, self.path, self.headers, body))
            self.send_response(recorder.status)
            content = b"" if recorder.status == 204 else recorder.body
            self.send_header("Content-Length", str(len(content)))
            for name, value in recorder.headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if self.command != "HEAD":
                    self.wfile.write(content)
            except ConnectionError:
                self.close_connection = True
            recorder.answered.set()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    recorder.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
