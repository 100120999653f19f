"""A program that acts for itself: client credentials, one token for many requests.

    python client.py        lists what the client's agency sees

GATEHOUSE, CLIENT_ID and CLIENT_SECRET are in the environment; SSL_CERT_FILE names the provider's
authority in development.
"""

import os
import sys
import threading
import time
from typing import Any

import httpx

EARLY = 30  # seconds before its end at which a token is replaced
ATTEMPTS = 4
LONGEST_WAIT = 60  # seconds; who is told to wait longer should give up and say so


class Tokens:
    """The one token of this process. Asking anew for each request would run into a limit."""

    def __init__(self, http: httpx.Client, client_id: str, secret: str, scope: str) -> None:
        self._http, self._auth, self._scope = http, (client_id, secret), scope
        self._lock = threading.Lock()
        self._token, self._good_until = "", 0.0

    def current(self) -> str:
        """A token that is good for some seconds more. Raises httpx.HTTPStatusError."""
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._fetch()
            return self._token

    def forget(self, token: str) -> None:
        """The API has refused it: it was revoked before its time."""
        with self._lock:
            if token == self._token:
                self._good_until = 0.0

    def _fetch(self) -> None:
        asked_at = time.monotonic()
        form = {"grant_type": "client_credentials", "scope": self._scope}
        answer = patiently(
            lambda: self._http.post("/oauth/token", data=form, auth=self._auth)
        ).raise_for_status()
        self._token = answer.json()["access_token"]
        self._good_until = asked_at + answer.json()["expires_in"] - EARLY


class Gatehouse:
    """The API, with a token that is there when it is needed."""

    def __init__(self, url: str, client_id: str, secret: str, scope: str, **options: Any) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, **options)
        self._tokens = Tokens(self._http, client_id, secret, scope)

    def get(self, path: str, **query: str) -> httpx.Response:
        """GET below /api/v2. A refused token is replaced once; limits are waited out."""
        token = self._tokens.current()
        answer = self._get(path, query, token)
        if answer.status_code == 401:
            self._tokens.forget(token)
            answer = self._get(path, query, self._tokens.current())
        return answer

    def _get(self, path: str, query: dict[str, str], token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return patiently(lambda: self._http.get(f"/api/v2/{path}", params=query, headers=headers))


def patiently(send: Any) -> httpx.Response:
    """Send; wait as long as Retry-After says where the service asks for it, a few times at most."""
    for _ in range(ATTEMPTS - 1):
        answer = send()
        wait = answer.headers.get("Retry-After", "")
        if answer.status_code not in (429, 503) or not wait.isdigit() or int(wait) > LONGEST_WAIT:
            return answer
        time.sleep(int(wait))
    return send()


def main() -> int:
    gatehouse = Gatehouse(
        os.environ["GATEHOUSE"],
        os.environ["CLIENT_ID"],
        os.environ["CLIENT_SECRET"],
        "read:listings",
    )
    answer = gatehouse.get("listings", limit="5")
    if answer.is_error:
        sys.stderr.write(f"{answer.status_code}: {answer.text}\n")
        return 1
    for listing in answer.json()["results"]:
        sys.stdout.write(f"{listing['status']:10} {listing['city']}, {listing['title']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
