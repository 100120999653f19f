"""The logs of the edge: what happened, and nothing that must not be kept."""

import json

import pytest

from tests.edge.recorder import Recorder
from tests.edge.standing import Edge

pytestmark = pytest.mark.process

SECRETS = ["gh_test_0123456789ab", "gh_at_0123456789ab", "gh%5Frt%5F0123456789ab"]
GET = b"GET /api/v2/me?api_key=planted HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_a_line_says_who_asked_for_what_and_how_it_ended(edge: Edge, recorder: Recorder):
    recorder.answer(404)
    response = edge.client.post("/api/v2/offers?limit=2", content=b"{}")
    line = edge.logged(response.headers["X-Request-ID"])
    assert set(line) == {
        *("at", "request_id", "address", "method", "path", "status", "bytes", "seconds"),
        *("upstream_status", "upstream_seconds", "protocol", "tls", "cipher"),
    }
    assert (line["method"], line["path"], line["status"]) == ("POST", "/api/v2/offers", 404)
    assert (line["address"], line["tls"]) == ("127.0.0.1", "TLSv1.3")
    assert line["upstream_status"] == "404"


def test_no_query_and_no_credential_is_in_any_log(alone: Edge):
    """Refusals too: nginx's error log would quote their request lines."""
    client = alone.client
    headers = {"Authorization": "Bearer planted", "Cookie": "session=planted"}
    client.get("/api/v2/me?city=planted", headers=headers)  # 502, logged as an error
    for secret in SECRETS:
        client.get(f"/api/v2/{secret}", headers={"X-API-Key": "planted", "Referer": "/?planted"})
    client.request("TRACE", "/api/v2/me?planted", headers={"User-Agent": "planted"})
    client.post("/api/v2/me?planted", content=b"a" * 2_000_000)  # 413, logged as an error
    alone.plain("GET", "/api/v2/me?access_token=planted")
    alone.raw(b"GET /?planted HTTP/9.9\r\nHost: localhost\r\n\r\n")
    refused = alone.at_once(GET * 400, 400)[-1]  # logged as an error
    assert refused.status_code == 429
    last = client.get("/healthz")
    alone.logged(last.headers["X-Request-ID"])
    said = alone.log()
    assert "planted" not in said
    assert "0123456789ab" not in said
    assert said.count('"path":"[redacted]"') == len(SECRETS)


def test_a_caller_cannot_write_a_line_of_the_log(edge: Edge, recorder: Recorder):
    forged = '/api/%22,%22status%22:200,%0A{"forged":"\\'
    request = f"GET {forged} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    response = edge.raw(request)
    assert edge.logged(response.headers["X-Request-ID"])["path"] == forged
    for line in (edge.directory / "logs" / "access.log").read_text().splitlines():
        assert "forged" not in json.loads(line)
