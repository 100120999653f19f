"""Every page of the edge is a problem document of the service."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.problems import CATALOGUE, Code
from deploy.edge.ports import free_port
from tests.edge.expected import assert_problem
from tests.edge.recorder import Recorder
from tests.edge.standing import Edge, replace, standing

pytestmark = pytest.mark.process

#: What nginx can raise, and what is said then. Where the catalogue knows the code by another
#: status, the status is nginx's and the code the nearest one that tells the client what to do.
PAGES = {
    400: (400, "malformed_body"),
    403: (403, "not_permitted"),
    404: (404, "not_found"),
    405: (405, "method_not_allowed"),
    413: (413, "payload_too_large"),
    414: (414, "payload_too_large"),
    421: (421, "validation_failed"),
    429: (429, "rate_limited"),
    431: (431, "payload_too_large"),
    494: (431, "payload_too_large"),
    495: (400, "malformed_body"),
    496: (400, "malformed_body"),
    500: (500, "internal_error"),
    501: (400, "malformed_body"),
    502: (502, "upstream_failed"),
    503: (503, "unavailable"),
    504: (504, "upstream_failed"),
    505: (400, "malformed_body"),
}
#: Where the service would say the same thing about its own refusal.
SAME_DETAIL = {404: Code.NOT_FOUND, 413: Code.PAYLOAD_TOO_LARGE, 429: Code.RATE_LIMITED}


@pytest.fixture(scope="module")
def raising(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    """An edge that fails on demand: /raise/502."""

    def fail_on_demand(conf: Path) -> None:
        raised = "".join(f"location = /raise/{s} {{ return {s}; }}\n" for s in PAGES)
        replace(conf / "paths.conf", "location / {", raised + "location / {")

    with standing(tmp_path_factory.mktemp("raising"), free_port(), fail_on_demand) as edge:
        yield edge


@pytest.mark.parametrize("raised", PAGES)
def test_every_failure_of_nginx_is_a_problem_document(raising: Edge, raised: int):
    response = raising.client.get(f"/raise/{raised}")
    document = assert_problem(response, *PAGES[raised])
    assert document["type"].startswith(f"https://localhost:{raising.https}/docs/errors/")
    if raised in SAME_DETAIL:
        assert document["detail"] == CATALOGUE[SAME_DETAIL[raised]].remedy
    assert ("Retry-After" in response.headers) == (raised in (429, 503))
    assert ("Allow" in response.headers) == (raised == 405)


def test_a_post_that_fails_is_answered_as_what_it_was(raising: Edge):
    response = raising.client.post("/raise/502", content=b"{}")
    assert_problem(response, 502, "upstream_failed")
    assert raising.logged(response.headers["X-Request-ID"])["method"] == "POST"


def test_a_head_request_gets_the_headers_alone(raising: Edge):
    response = raising.client.head("/raise/404")
    assert (response.status_code, response.content) == (404, b"")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_the_page_itself_cannot_be_asked_for(edge: Edge):
    for path in ("/.edge/problem", "/.edge/plain"):
        assert_problem(edge.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/3.7\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /api/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_two_readers_could_read_differently_is_refused(
    edge: Edge, recorder: Recorder, request_bytes: bytes
):
    """Request smuggling (ASVS 4.2.1): length told twice, or in a way of one's own."""
    assert_problem(edge.raw(request_bytes), 400, "malformed_body")
    assert not recorder.requests


def test_a_host_that_is_not_the_name_of_the_handshake_is_misdirected(edge: Edge):
    response = edge.raw(b"GET /api/v2/me HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    assert_problem(response, 421, "validation_failed")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "DEBUG", "PROPFIND", "MOVE", "FOO"])
def test_methods_that_the_service_does_not_know_are_refused(
    edge: Edge, recorder: Recorder, method: str
):
    response = edge.client.request(method, "/api/v2/me")
    assert_problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    assert not recorder.requests


def test_a_service_that_is_down_is_a_502(alone: Edge):
    response = alone.client.get("/api/v2/me")
    assert_problem(response, 502, "upstream_failed")
    assert "Strict-Transport-Security" in response.headers


def test_a_service_that_hangs_is_a_504(tmp_path: Path):
    def hurry(conf: Path) -> None:
        replace(conf / "proxy.conf", "proxy_read_timeout 60s", "proxy_read_timeout 100ms")

    with (
        socket.create_server(("127.0.0.1", 0)) as deaf,
        standing(tmp_path, deaf.getsockname()[1], hurry) as edge,
    ):
        assert_problem(edge.client.get("/api/v2/me"), 504, "upstream_failed")
