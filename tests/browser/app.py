"""An app of somebody else's, over TLS: its callback leads on to another host, as many do."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from deploy.edge.certificates import Certificates


class App:
    """Two addresses of one server: `https://localhost` is the app, `https://127.0.0.1` its home."""

    def __init__(self, port: int, scheme: str) -> None:
        self.port = port
        self.home = f"{scheme}://127.0.0.1:{port}/home"
        host = "localhost" if scheme == "https" else "127.0.0.1"
        self.callback = f"{scheme}://{host}:{port}/callback"
        self.got: list[dict[str, str]] = []


@contextmanager
def serving(folder: Path | None) -> Iterator[App]:
    """Over TLS with a certificate in this folder, or on loopback without one, as native apps do."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/callback":
                app.got.append({name: v[0] for name, v in parse_qs(parts.query).items()})
                self.send_response(302)
                self.send_header("Location", app.home)
                self.end_headers()
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>App</title><link rel=icon href=data:,><h1>The app</h1>")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    app = App(server.server_port, "https" if folder else "http")
    if folder:
        files = Certificates(folder)
        files.renew()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files.certificate, files.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()
