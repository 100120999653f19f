"""What the service is told about a request: only what the edge saw itself."""

import pytest

from tests.edge.recorder import Recorder
from tests.edge.standing import Edge

pytestmark = pytest.mark.process

LIE = "203.0.113.9"


def test_the_address_is_that_of_the_connection(edge: Edge, recorder: Recorder):
    with edge.client_from("127.0.0.5") as client:
        client.get("/api/v2/me")
    assert recorder.last.get_all("X-Forwarded-For") == ["127.0.0.5"]
    assert recorder.last.get_all("X-Real-IP") == ["127.0.0.5"]


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("X-Forwarded-For", "127.0.0.1"),
        ("x-forwarded-for", "127.0.0.1"),
        ("X-Real-IP", "127.0.0.1"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "localhost:{port}"),
    ],
)
def test_a_forwarded_header_is_overwritten_and_never_appended_to(
    edge: Edge, recorder: Recorder, name: str, truth: str
):
    edge.client.get("/api/v2/me", headers=[(name, LIE), (name, LIE)])
    assert recorder.last.get_all(name) == [truth.format(port=edge.https)]


@pytest.mark.parametrize(
    "name",
    [
        "Forwarded",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "X-Forwarded-Scheme",
        "X-Forwarded-Server",
        "X-Forwarded-Ssl",
        "X-Forwarded-User",
        "X-Client-IP",
        "True-Client-IP",
        "Remote-User",
        "X-Remote-User",
        "X-User",
        "X-User-ID",
        "X-User-Name",
        "X-User-Email",
        "X-User-Role",
        "X-User-Roles",
        "X-User-Groups",
        "X-User-Scopes",
        "X-User-Agency",
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-HTTP-Method-Override",
        "Proxy",
    ],
)
def test_a_header_that_only_a_proxy_may_say_does_not_pass(
    edge: Edge, recorder: Recorder, name: str
):
    edge.client.get("/api/v2/me", headers={name: LIE})
    assert name not in recorder.last


@pytest.mark.parametrize(
    "name", ["X_Forwarded_For", "X_API_Key", "X_Real_IP", "X-User_ID", "X_Forwarded-Proto"]
)
def test_a_twin_with_underscores_is_dropped(edge: Edge, recorder: Recorder, name: str):
    edge.client.get("/api/v2/me", headers={name: LIE})
    assert LIE not in recorder.last.values()


def test_the_host_is_our_own_name_whatever_was_asked(edge: Edge, recorder: Recorder):
    edge.raw(b"GET http://localhost/api/v2/me HTTP/1.1\r\nHost: localhost:1\r\n\r\n")
    assert recorder.last.get_all("Host") == [f"localhost:{edge.https}"]


def test_a_well_formed_request_id_is_kept_and_told_to_both_sides(edge: Edge, recorder: Recorder):
    response = edge.client.get("/api/v2/me", headers={"X-Request-ID": "chosen-by-the-caller"})
    assert recorder.last.get_all("X-Request-ID") == ["chosen-by-the-caller"]
    assert response.headers["X-Request-ID"] == "chosen-by-the-caller"


@pytest.mark.parametrize("claimed", ["short", "x" * 65, 'with "quotes"', "with_underscores"])
def test_any_other_request_id_is_replaced_here(edge: Edge, recorder: Recorder, claimed: str):
    response = edge.client.get("/api/v2/me", headers={"X-Request-ID": claimed})
    assert recorder.last.get_all("X-Request-ID") == [response.headers["X-Request-ID"]]
    assert len(response.headers["X-Request-ID"]) == 32


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "X-API-Key",
        "Cookie",
        "Idempotency-Key",
        "If-Match",
        "If-None-Match",
        "Origin",
        "API-Version",
        "Traceparent",
        "User-Agent",
    ],
)
def test_what_the_service_reads_arrives_as_it_was_sent(edge: Edge, recorder: Recorder, name: str):
    edge.client.get("/api/v2/me", headers={name: "as it was sent"})
    assert recorder.last.get_all(name) == ["as it was sent"]


def test_two_credentials_arrive_as_two(edge: Edge, recorder: Recorder):
    """The service refuses them; merged or cut to one they would pass."""
    edge.client.get("/api/v2/me", headers=[("X-API-Key", "a"), ("X-API-Key", "b")])
    assert recorder.last.get_all("X-API-Key") == ["a", "b"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_of_the_service_passes(edge: Edge, recorder: Recorder, method: str):
    assert edge.client.request(method, "/api/v2/me?a=1").status_code == 200
    assert recorder.requests[-1][:2] == (method, "/api/v2/me?a=1")


def test_a_chunked_body_reaches_the_service_whole_and_measured(edge: Edge, recorder: Recorder):
    edge.client.post("/api/v2/offers", content=iter([b"one", b"two"]))
    assert recorder.requests[-1][3] == b"onetwo"
    assert recorder.last["Content-Length"] == "6"
    assert "Transfer-Encoding" not in recorder.last
