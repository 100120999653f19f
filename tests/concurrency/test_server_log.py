"""What the real server writes: one JSON object a line, and no credential in any."""

import json

import pytest

from .raw import exchange, request
from .server import Server

pytestmark = pytest.mark.process


def written(server: Server, *sent: bytes) -> str:
    before = len(server.log.read_text())
    for one in sent:
        exchange(server.port, one)
    return server.log.read_text()[before:]


def test_every_request_is_one_line_of_json_without_its_key(server: Server, key: str) -> None:
    text = written(
        server,
        request(f"X-API-Key: {key}"),
        request(f"Authorization: Bearer {key}"),
        request(f"Authorization: Basic {key}"),
        request(line=f"GET /api/v2/listings?city={key} HTTP/1.1"),
        request(line=f"GET /api/v2/listings/{key} HTTP/1.1"),
        request("X-Request-ID: a\tb", f"User-Agent: {key}", f"Referer: http://x/?k={key}"),
    )
    lines = [json.loads(line) for line in text.splitlines()]

    assert len([line for line in lines if line["event"] == "request"]) == 6
    assert key[21:] not in text


def test_what_the_server_itself_refuses_is_logged_alike(server: Server, key: str) -> None:
    text = written(
        server,
        request(f"X-API-Key {key}"),
        request(f"X-API-Key : {key}"),
        request(line=f"GET /api/v2/me?api_key={key} HTTP/9.9"),
        request(f"X-API-Key: {key}\x00"),
    )

    assert key[21:] not in text
    assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
