"""Plain HTTP: what carries nothing is redirected, what carries something is refused and told so."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from deploy.edge.ports import free_port
from tests.edge.expected import assert_problem
from tests.edge.recorder import Recorder
from tests.edge.standing import Edge, standing

pytestmark = pytest.mark.process


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_carries_nothing_is_redirected_to_our_own_name(edge: Edge, method: str):
    response = edge.plain(method, "/api/v2/listings?city=Cañon City&limit=2")
    assert response.status_code == 301
    expected = f"https://localhost:{edge.https}/api/v2/listings?city=Ca%C3%B1on%20City&limit=2"
    assert response.headers["Location"] == expected


def test_a_caller_cannot_claim_that_tls_stood_before(edge: Edge, recorder: Recorder):
    response = edge.plain("GET", "/api/v2/me", headers={"X-Forwarded-Proto": "https"})
    assert response.status_code == 301
    assert not recorder.requests


def test_a_redirect_never_goes_to_a_host_that_the_caller_chose(edge: Edge):
    request = b"GET //evil.example/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example"
    response = edge.raw_plain(request + b"\r\n\r\n")
    assert response.headers["Location"] == f"https://localhost:{edge.https}//evil.example/"


@pytest.mark.parametrize(
    "header",
    [
        {"Authorization": "Bearer gh_test_x"},
        {"Authorization": "Basic YTpi"},
        {"Proxy-Authorization": "Basic YTpi"},
        {"X-API-Key": "gh_test_x"},
        {"Cookie": "session=abc"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_credential_in_clear_is_refused_and_called_exposed(
    edge: Edge, recorder: Recorder, header: dict[str, str], method: str
):
    response = edge.plain(method, "/api/v2/me", headers=header)
    document = assert_problem(response, 403, "credential_exposed")
    assert "Revoke" in document["detail"]
    assert "Location" not in response.headers
    assert not recorder.requests


@pytest.mark.parametrize(
    "address",
    [
        "/api/v2/me?access_token=abc",
        "/api/v2/me?limit=2&api_key=abc",
        "/api/v2/me?API-Key=abc",
        "/api/v2/me?apikey=abc",
        "/api/v2/me?x_api_key=abc",
        "/api/v2/me?authorization=abc",
        "/api/v2/me?access%5Ftoken=abc",
        "/api/v2/me?q=gh_live_0123456789ab",
        "/api/v2/gh%5ftest%5f0123456789ab",
        "/oauth/userinfo?q=gh_at_0123456789ab",
        "/oauth/revoke?token=gh%5Frt%5F0123456789ab",
    ],
)
def test_a_credential_in_the_address_is_refused_and_called_exposed(edge: Edge, address: str):
    request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    response = edge.raw_plain(request)
    assert_problem(response, 403, "credential_exposed")
    assert "Location" not in response.headers


@pytest.mark.parametrize("headers", ["Content-Length: 1", "Transfer-Encoding: chunked"])
def test_a_body_in_clear_is_refused(edge: Edge, headers: str):
    request = f"GET /api/v2/me HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n1\r\na\r\n0\r\n\r\n"
    response = edge.raw_plain(request.encode())
    assert_problem(response, 403, "not_permitted")
    assert "Location" not in response.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
def test_every_method_that_does_more_than_read_is_refused(edge: Edge, method: str):
    response = edge.plain(method, "/api/v2/me")
    assert_problem(response, 403, "not_permitted")
    assert "Location" not in response.headers


def test_a_credential_is_called_exposed_however_large_the_body_behind_it(edge: Edge):
    request = b"POST /api/v2/me HTTP/1.1\r\nHost: localhost\r\nX-API-Key: x\r\nContent-Length: "
    assert_problem(edge.raw_plain(request + b"52428800\r\n\r\nx"), 403, "credential_exposed")


def test_plain_http_is_never_told_about_hsts(edge: Edge):
    """Whoever can forge the answer could pin a name to a port that is his (RFC 6797, 7.2)."""
    responses = [
        edge.plain("GET", "/"),
        edge.plain("POST", "/", content=b"x"),
        edge.plain("GET", "/", headers={"X-API-Key": "x"}),
        edge.raw_plain(b"GARBAGE\r\nHost: localhost\r\n\r\n"),
        edge.raw_plain(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", port=edge.https),
    ]
    for response in responses:
        assert response is None or "Strict-Transport-Security" not in response.headers


def test_plain_http_on_the_tls_port_follows_the_same_rule(edge: Edge):
    request = b"GET /a HTTP/1.1\r\nHost: localhost\r\n"
    moved = edge.raw_plain(request + b"\r\n", port=edge.https)
    assert moved.headers["Location"] == f"https://localhost:{edge.https}/a"
    exposed = edge.raw_plain(request + b"X-API-Key: x\r\n\r\n", port=edge.https)
    assert_problem(exposed, 403, "credential_exposed")
    body = b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\na"
    assert_problem(edge.raw_plain(body, port=edge.https), 403, "not_permitted")


@pytest.mark.parametrize("port", ["http", "https"])
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost.evil.example"])
def test_an_unknown_host_is_dropped_without_an_answer(edge: Edge, host: str, port: str):
    request = f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    assert edge.raw_plain(request, port=getattr(edge, port)) is None


def test_the_certificate_authority_is_answered_in_clear(tmp_path: Path):
    # A directory that nginx's workers may read: pytest's own are closed to them.
    with TemporaryDirectory() as acme:
        challenge = Path(acme, ".well-known/acme-challenge/token")
        challenge.parent.mkdir(parents=True)
        challenge.write_text("token.thumbprint")
        Path(acme).chmod(0o755)
        with standing(tmp_path, free_port(), acme=Path(acme)) as edge:
            response = edge.plain("GET", "/.well-known/acme-challenge/token")
            assert (response.status_code, response.text) == (200, "token.thumbprint")
            missing = edge.plain("GET", "/.well-known/acme-challenge/other")
            assert_problem(missing, 404, "not_found")
