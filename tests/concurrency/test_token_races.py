"""Codes and refresh tokens that two hold and both use at one moment, on a real server."""

from collections import Counter
from typing import Any

import httpx
import pytest

from tests.tokens import CALLBACK, VERIFIER

from .crowd import at_once, bearer
from .server import Server

pytestmark = pytest.mark.process


def trade(client: httpx.Client, app: str, code: str, number: int = 0) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return _post(client, app, form, number)


def refresh(client: httpx.Client, app: str, token: str, number: int = 0) -> httpx.Response:
    return _post(client, app, {"grant_type": "refresh_token", "refresh_token": token}, number)


def _post(client: httpx.Client, app: str, form: dict[str, Any], number: int) -> httpx.Response:
    # Each from an address of its own: nobody is refused for asking too often.
    headers = {"X-Forwarded-For": f"203.0.113.{number}"}
    url = client.base_url.copy_with(path="/oauth/token")
    return client.post(url, data={**form, "client_id": app}, headers=headers)


def is_dead(server: Server, app: str, given: dict[str, str]) -> bool:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        used = client.get("/api/v2/me", headers=bearer(given["access_token"]))
        again = refresh(client, app, given["refresh_token"], 200)
    return used.status_code == 401 and again.status_code == 400


def test_of_simultaneous_refreshes_one_wins_and_the_family_dies(
    server: Server, scene: dict
) -> None:
    app = scene["app"]
    for code in scene["codes"][:3]:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            first = trade(client, app, code).json()
        answers = at_once(
            server.url,
            lambda c, n, token=first["refresh_token"]: refresh(c, app, token, n),
            crowd=12,
        )

        assert Counter(a.status_code for a in answers) == {200: 1, 400: 11}
        assert {a.json()["error"] for a in answers if a.status_code == 400} == {"invalid_grant"}
        (won,) = [a.json() for a in answers if a.status_code == 200]
        assert is_dead(server, app, won)
        assert is_dead(server, app, first)


def test_of_simultaneous_trades_of_a_code_one_wins_and_what_it_got_dies(
    server: Server, scene: dict
) -> None:
    app = scene["app"]
    for code in scene["codes"][3:6]:
        answers = at_once(
            server.url,
            lambda c, n, text=code: trade(c, app, text, n),
            crowd=12,
        )

        assert Counter(a.status_code for a in answers) == {200: 1, 400: 11}
        (won,) = [a.json() for a in answers if a.status_code == 200]
        assert is_dead(server, app, won)


def test_alone_a_token_is_refreshed_and_the_family_lives(server: Server, scene: dict) -> None:
    app = scene["app"]
    with httpx.Client(base_url=server.url, timeout=30) as client:
        given = trade(client, app, scene["codes"][6]).json()
        for number in range(3):
            given = refresh(client, app, given["refresh_token"], number).json()
        assert client.get("/api/v2/me", headers=bearer(given["access_token"])).status_code == 200
