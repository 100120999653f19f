"""A provider for the sample clients to believe or not: honest until it is told to lie.

It speaks discovery, authorization with PKCE, tokens, keys and one route of an API, on a port of the
loopback. The attacks on the samples are about what a client checks by itself, whoever answers.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

CLIENT_ID = "the-sample"
ANA = {"email": "ana@example.com", "role": "buyer"}


@dataclass
class LyingProvider:
    """`claims` and `algorithm` change the next ID tokens; `metadata` what discovery says."""

    issuer: str = ""
    key: JWK = field(default_factory=lambda: JWK.generate(kty="RSA", size=2048, kid="1"))
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    metadata: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was asked for with each code."""
    revoked: list[str] = field(default_factory=list)
    expires_in: int = 600
    refresh_tokens: dict[str, bool] = field(default_factory=dict)
    """Each that was given, and whether it is still good."""
    waits_for: threading.Barrier | None = None
    """Where set, a refresh is answered when a second one has come, or when it breaks."""

    def agrees(self, address: str, **changes: str | None) -> dict[str, str]:
        """Somebody agrees at our page: the parameters that the browser carries back.

        `changes` are the attacker's; None takes a parameter away.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = uuid4().hex
        self.codes[code] = asked
        back = {"code": code, "state": asked.get("state"), "iss": self.issuer, **changes}
        return {name: value for name, value in back.items() if value is not None}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/oauth/authorize",
            "token_endpoint": f"{self.issuer}/oauth/token",
            "revocation_endpoint": f"{self.issuer}/oauth/revoke",
            "jwks_uri": f"{self.issuer}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
            **self.metadata,
        }

    def jwks(self) -> dict[str, Any]:
        return {"keys": [{"use": "sig", **json.loads(self.key.export_public())}]}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer of the token endpoint: a code once, and with its own verifier."""
        if form.get("grant_type") == "refresh_token":
            return self._refreshed(form["refresh_token"])
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = asked and asked.get("code_challenge")
        verifier = form.get("code_verifier", "")
        if asked is None or (challenge and challenge != _challenge(verifier)):
            return 400, {"error": "invalid_grant"}
        return 200, {**self._pair(self.expires_in), "id_token": self.signed(asked.get("nonce", ""))}

    def _refreshed(self, token: str) -> tuple[int, dict[str, Any]]:
        if self.waits_for:
            with suppress(threading.BrokenBarrierError):
                self.waits_for.wait()
        if not self.refresh_tokens.get(token):
            return 400, {"error": "invalid_grant"}
        self.refresh_tokens[token] = False
        return 200, self._pair(600)

    def _pair(self, expires_in: int) -> dict[str, Any]:
        pair = {"access_token": uuid4().hex, "refresh_token": uuid4().hex}
        self.refresh_tokens[pair["refresh_token"]] = True
        return {**pair, "expires_in": expires_in, "token_type": "Bearer"}

    def signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "1", "aud": CLIENT_ID, "iat": now, "exp": now + 300}
        claims |= {"nonce": nonce, "email": ANA["email"], **self.claims}
        header = {"alg": self.algorithm, "kid": "1"}
        if self.algorithm == "none":
            return f"{_part(header)}.{_part(claims)}."
        token = JWT(header=header, claims=claims)
        token.make_signed_token(self._signing_key())
        return token.serialize()

    def _signing_key(self) -> JWK:
        if self.algorithm != "HS256":
            return self.key
        # What everybody can read, taken for a secret.
        secret = base64.urlsafe_b64encode(self.key.export_to_pem()).decode().rstrip("=")
        return JWK(kty="oct", k=secret)


def _challenge(verifier: str) -> str:
    return _unpadded(hashlib.sha256(verifier.encode()).digest())


def _part(document: dict[str, Any]) -> str:
    return _unpadded(json.dumps(document).encode())


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@contextmanager
def lying_provider() -> Iterator[LyingProvider]:
    """One that answers on the loopback until the block ends."""
    provider = LyingProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            documents = {"/jwks": provider.jwks(), "/api/v2/me": ANA}
            for name in ("openid-configuration", "oauth-authorization-server"):
                documents[f"/.well-known/{name}"] = provider.discovery()
            found = documents.get(urlsplit(self.path).path)
            self.say(200 if found else 404, found or {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            if self.path.startswith("/api/"):
                return self.say(201, {})
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path == "/oauth/revoke":
                provider.revoked.append(form["token"])
                return self.say(200, {})
            return self.say(*provider.token(form))

        def say(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
