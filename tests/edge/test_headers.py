"""Security headers on what the edge answers itself, and no second opinion on the service's own."""

import pytest

from tests.edge.expected import HSTS, SECURITY
from tests.edge.recorder import Recorder
from tests.edge.standing import Edge

pytestmark = pytest.mark.process


def test_what_the_edge_answers_carries_the_same_headers_as_the_service(edge: Edge):
    for response in (
        edge.plain("GET", "/"),
        edge.plain("POST", "/", content=b"x"),
        edge.client.get("/unknown"),
        edge.client.request("TRACE", "/api/v2/me"),
        edge.raw(b"GARBAGE\r\n\r\n"),
    ):
        assert {name: response.headers.get(name) for name in SECURITY} == SECURITY
        assert response.headers["Cache-Control"] == "no-store"
        assert len(response.headers["X-Request-ID"]) == 32
        assert response.headers["Server"] == "nginx"


def test_headers_of_the_service_are_neither_doubled_nor_replaced(edge: Edge, recorder: Recorder):
    said = dict.fromkeys(SECURITY, "said-by-the-service")
    said |= {"Cache-Control": "private, no-cache", "X-Request-ID": "said-by-the-service"}
    said |= {"RateLimit": '"free";r=0;t=9', "Retry-After": "9", "X-RateLimit-Limit": "600"}
    recorder.answer(429, **said)
    headers = edge.client.get("/api/v2/me").headers
    assert {name: headers.get_list(name) for name in said} == {
        name: [value] for name, value in said.items()
    }
    assert "RateLimit-Policy" not in headers


def test_an_answer_that_the_service_left_bare_is_dressed(edge: Edge, recorder: Recorder):
    recorder.answer(500)
    headers = edge.client.get("/api/v2/me").headers
    assert {name: headers.get(name) for name in SECURITY} == SECURITY
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", [200, 204, 301, 401, 404, 413, 429, 500, 502, 503])
def test_hsts_stands_on_every_status_of_the_service(edge: Edge, recorder: Recorder, status: int):
    recorder.answer(status)
    response = edge.client.get("/api/v2/me")
    assert response.status_code == status
    assert response.headers.get_list("Strict-Transport-Security") == [HSTS]


def test_hsts_stands_on_every_refusal_of_the_edge(edge: Edge):
    for response in (
        edge.client.get("/unknown"),
        edge.client.request("TRACE", "/api/v2/me"),
        edge.raw(b"GARBAGE\r\n\r\n"),
        edge.raw(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
        edge.raw(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ):
        assert response.headers.get_list("Strict-Transport-Security") == [HSTS]


def test_hsts_has_one_owner(edge: Edge, recorder: Recorder):
    recorder.answer(Strict_Transport_Security="max-age=0")
    headers = edge.client.get("/api/v2/me").headers
    assert headers.get_list("Strict-Transport-Security") == [HSTS]


def test_nobody_says_which_version_of_what_answers(edge: Edge, recorder: Recorder):
    recorder.answer(Server="gunicorn/27.0.1", X_Powered_By="Django/5.2")
    for response in (edge.client.get("/api/v2/me"), edge.plain("GET", "/")):
        assert response.headers["Server"] == "nginx"
        assert "X-Powered-By" not in response.headers
        assert "nginx/" not in response.text


def test_a_header_of_the_service_cannot_steer_nginx(edge: Edge, recorder: Recorder):
    recorder.answer(X_Accel_Redirect="/.edge/problem")
    response = edge.client.get("/api/v2/me")
    assert (response.status_code, response.text) == (200, "{}")
