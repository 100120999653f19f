"""A program on somebody's own machine: the system's browser, PKCE, and a loopback address.

    python client.py        signs you in, says who you are, and signs out again

RFC 8252. A program that is handed out keeps no secret, so it has none: what ties the code to it is
the verifier, which never leaves it. The login happens in the browser that people know, with their
password manager, and never in a window of ours. GATEHOUSE and CLIENT_ID are in the environment;
SSL_CERT_FILE names the provider's authority in development.
"""

import base64
import hashlib
import os
import secrets
import sys
import webbrowser
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

SCOPE = "read"
PATIENCE = 300  # seconds that somebody has for signing in


class Refused(Exception):
    """What came back is not the answer to what we asked."""


class Waiting(HTTPServer):
    """One port of the loopback that was free, for one answer."""

    timeout = PATIENCE
    came: str = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.redirect_uri = f"http://127.0.0.1:{self.server_port}/callback"

    def answer(self) -> dict[str, str]:
        """The parameters of the first request to our path. Raises Refused after PATIENCE."""
        while not self.came:
            self.handle_request()
            if self.timed_out:
                raise Refused("nobody came back")
        return {name: values[0] for name, values in parse_qs(self.came).items()}

    timed_out = False

    def handle_timeout(self) -> None:
        self.timed_out = True


class _Answer(BaseHTTPRequestHandler):
    server: Waiting

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        found = parts.path == "/callback" and bool(parts.query)
        if found:
            self.server.came = parts.query
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(b"You can close this page." if found else b"")

    def log_message(self, *_: Any) -> None:
        """The address holds the code: it is not printed."""


def sign_in(http: httpx.Client, issuer: str, client_id: str) -> dict[str, Any]:
    """Tokens for whoever signs in. Raises Refused, httpx.HTTPError."""
    metadata = http.get("/.well-known/oauth-authorization-server").raise_for_status().json()
    if metadata["issuer"] != issuer:
        raise Refused("the metadata is somebody else's")
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    with Waiting() as waiting:
        asked = {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": waiting.redirect_uri,
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        address = f"{metadata['authorization_endpoint']}?{urlencode(asked)}"
        sys.stderr.write(f"Sign in in your browser; if none opens, go to\n{address}\n")
        sys.stderr.flush()
        webbrowser.open(address)
        code = checked(waiting.answer(), state, issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": waiting.redirect_uri,
            "client_id": client_id,
            "code_verifier": verifier,
        }
    return http.post(metadata["token_endpoint"], data=form).raise_for_status().json()


def checked(answer: dict[str, str], state: str, issuer: str) -> str:
    """The code of an answer to our own question. Raises Refused."""
    # Any page in the browser can call our port: without the state it is not what we asked for.
    if not secrets.compare_digest(answer.get("state", "").encode(), state.encode()):
        raise Refused("the state is not ours")
    # RFC 9207: with several providers, the code of one must not be carried to another.
    if answer.get("iss") != issuer:
        raise Refused("another provider answered")
    if "error" in answer:
        raise Refused(answer["error"])
    return answer["code"]


def main() -> int:
    issuer, client_id = os.environ["GATEHOUSE"], os.environ["CLIENT_ID"]
    with httpx.Client(base_url=issuer, timeout=10) as http:
        try:
            tokens = sign_in(http, issuer, client_id)
        except (Refused, httpx.HTTPError) as refused:
            sys.stderr.write(f"Not signed in: {refused}\n")
            return 1
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        me = http.get("/api/v2/me", headers=headers).raise_for_status().json()
        sys.stdout.write(f"You are {me['email']}, {me['role']}.\n")
        # Nothing is kept on the disk. A program that should stay signed in keeps the refresh token
        # in the system's keychain, and nowhere else.
        form = {"token": tokens["refresh_token"], "client_id": client_id}
        http.post("/oauth/revoke", data=form).raise_for_status()
    return 0


if __name__ == "__main__":
    sys.exit(main())
