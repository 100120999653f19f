"""Size, time and number: each is refused before it costs the service anything."""

import shutil
import ssl
import struct
import subprocess
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from deploy.edge.ports import free_port
from tests.edge.expected import assert_problem
from tests.edge.recorder import Recorder
from tests.edge.standing import Edge, answer, replace, standing

pytestmark = pytest.mark.process

MIB = 1024 * 1024
NOTICED = 8  # seconds in which a limit of one second shows, on a busy machine too
GET = b"GET /api/v2/me HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v2/offers HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"


def talkative(conf: Path) -> None:
    """nginx warns of every file that it writes, by name."""
    replace(conf / "nginx.conf", "error.log crit", "error.log warn")


def test_a_body_of_1_mib_passes_and_never_touches_the_disk(tmp_path: Path, recorder: Recorder):
    body = b"a" * MIB
    with standing(tmp_path, recorder.port, talkative) as edge:
        assert edge.client.post("/api/v2/offers", content=body).status_code == 200
    assert recorder.requests[-1][3] == body
    assert "/run/body/" not in edge.log()


def test_one_byte_more_is_too_much(edge: Edge, recorder: Recorder):
    assert_problem(edge.raw(POST % (MIB + 1)), 413, "payload_too_large")
    assert not recorder.requests


def test_50_mb_are_refused_without_being_read(edge: Edge, recorder: Recorder):
    """The answer comes after the headers and the first byte: the rest was never sent."""
    assert_problem(edge.raw(POST % 52_428_800 + b"a"), 413, "payload_too_large")
    assert not recorder.requests


def test_a_chunked_body_is_measured_while_it_comes(edge: Edge, recorder: Recorder):
    request = POST.replace(b"Content-Length: %d", b"Transfer-Encoding: chunked")
    response = edge.raw(request + b"%x\r\n" % (2 * MIB) + b"a" * (MIB + 1))
    assert_problem(response, 413, "payload_too_large")
    assert not recorder.requests


def test_too_much_over_http_2_is_refused_with_the_same_document(edge: Edge, tmp_path: Path):
    """nginx measures HTTP/2 bodies again on the way to an error page."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed: apt-get install curl")
    body = tmp_path / "body"
    body.write_bytes(b"a" * (2 * MIB))
    said = subprocess.run(
        [
            *(curl, "-s", "--http2", "--cacert", edge.authority, "--data-binary", f"@{body}"),
            *("-w", " %{http_version} %{http_code}", f"https://localhost:{edge.https}/api/v2/me"),
        ],
        capture_output=True,
        text=True,
        timeout=20,
    ).stdout
    assert '"code":"payload_too_large"' in said
    assert said.endswith("} 2 413")


def test_a_long_address_is_refused(edge: Edge, recorder: Recorder):
    longest = b"GET /api/v2/" + b"a" * 3900 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert edge.raw(longest).status_code == 200
    too_long = longest.replace(b"a" * 3900, b"a" * 4000)
    assert_problem(edge.raw(too_long), 414, "payload_too_large")


def test_long_headers_are_refused(edge: Edge, recorder: Recorder):
    one = GET.replace(b"\r\n\r\n", b"\r\nX-A: " + b"a" * 4000 + b"\r\n\r\n")
    assert_problem(edge.raw(one), 431, "payload_too_large")
    many = GET.replace(b"\r\n\r\n", (b"\r\nX-A: " + b"a" * 3000) * 20 + b"\r\n\r\n")
    assert_problem(edge.raw(many), 431, "payload_too_large")
    assert not recorder.requests


def test_whoever_is_slow_is_closed_without_an_answer(tmp_path: Path, recorder: Recorder):
    """With a second in place of ten, and less than ten to be noticed."""

    def hurry(conf: Path) -> None:
        replace(conf / "timeouts.conf", "_timeout 10s;", "_timeout 1s;", times=3)

    with standing(tmp_path, recorder.port, hurry) as edge, ExitStack() as stack:
        silent = stack.enter_context(edge.connected())
        half_header = stack.enter_context(edge.shaken())
        half_header.sendall(b"GET /api/v2/me HTTP/1.1\r\nHost: loc")
        half_body = stack.enter_context(edge.shaken())
        half_body.sendall(POST % 100 + b'{"amount":')
        started = time.monotonic()
        for slow in (silent, half_header, half_body):
            slow.settimeout(max(0.1, started + NOTICED - time.monotonic()))
            assert answer(slow) is None
        assert not recorder.requests


def test_a_header_that_trickles_in_is_cut_off_as_a_whole(tmp_path: Path, recorder: Recorder):
    def hurry(conf: Path) -> None:
        replace(conf / "timeouts.conf", "client_header_timeout 10s", "client_header_timeout 1s")

    with standing(tmp_path, recorder.port, hurry) as edge, edge.shaken() as connection:
        started = time.monotonic()
        connection.settimeout(0.2)
        with pytest.raises((ConnectionError, EOFError)):
            while time.monotonic() < started + NOTICED:
                connection.sendall(b"a")
                try:
                    if connection.recv(1) == b"":
                        raise EOFError
                except TimeoutError:
                    continue  # still open: the pause between two bytes
        assert not recorder.requests


def test_an_idle_connection_is_closed(tmp_path: Path, recorder: Recorder):
    def hurry(conf: Path) -> None:
        replace(conf / "timeouts.conf", "keepalive_timeout 30s", "keepalive_timeout 1s")

    with standing(tmp_path, recorder.port, hurry) as edge, edge.shaken() as connection:
        connection.sendall(GET)
        assert answer(connection).status_code == 200
        connection.settimeout(NOTICED)
        assert answer(connection) is None


def test_whoever_does_not_read_is_dropped_and_nothing_is_spooled(
    tmp_path: Path, recorder: Recorder
):
    """More than the buffers of both sides hold: the rest waits in the service, not on the disk."""

    def hurry(conf: Path) -> None:
        replace(conf / "timeouts.conf", "send_timeout 10s", "send_timeout 1s")
        talkative(conf)

    recorder.answer(body=b"a" * 50_000_000)
    with standing(tmp_path, recorder.port, hurry) as edge, edge.shaken() as connection:
        connection.sendall(GET)
        assert recorder.answered.wait(NOTICED)
        received = 0
        with suppress(ConnectionError):
            while piece := connection.recv(1_000_000):
                received += len(piece)
    assert received < len(recorder.body)
    assert "/run/proxy/" not in edge.log()


def test_an_http_2_connection_carries_32_requests_at_a_time(edge: Edge):
    context = ssl.create_default_context(cafile=str(edge.authority))
    context.set_alpn_protocols(["h2"])
    with edge.shaken(context) as connection, connection.makefile("rb") as stream:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))
        length, kind = int.from_bytes(stream.read(3), "big"), stream.read(1)
        stream.read(5)
        settings = dict(struct.iter_unpack(">HI", stream.read(length)))
    assert kind == b"\x04"  # SETTINGS, RFC 9113 section 6.5
    assert settings[3] == 32  # SETTINGS_MAX_CONCURRENT_STREAMS


def test_a_burst_overflows_the_bucket(alone: Edge):
    responses = alone.at_once(GET * 500, 500)
    statuses = [response.status_code for response in responses]
    assert set(statuses) == {502, 429}
    # 200 in the bucket, one in passing, and what leaks out while they come.
    assert statuses[:201] == [502] * 201
    response = responses[-1]
    assert_problem(response, 429, "rate_limited")
    assert response.headers["Retry-After"] == "2"
    assert response.headers["RateLimit"] == '"edge";r=0;t=2'
    assert response.headers["RateLimit-Policy"] == '"edge";q=100;w=1'
    assert response.headers["X-RateLimit-Limit"] == "100"
    assert response.headers["X-RateLimit-Remaining"] == "0"
    assert response.headers["X-RateLimit-Reset"] == "2"
    assert "Strict-Transport-Security" in response.headers
    with alone.client_from("127.0.0.6") as another:
        assert another.get("/api/v2/me").status_code == 502


def test_a_subscriber_of_ipv6_is_one_address(tmp_path: Path):
    """Every /64 has one bucket. The addresses are made by nginx's own module for proxies."""

    def believe_a_header(conf: Path) -> None:
        replace(
            conf / "bucket.conf",
            "limit_req_status",
            "set_real_ip_from 127.0.0.1; real_ip_header X-Test;\nlimit_req_status",
        )

    def from_address(address: str) -> bytes:
        return GET.replace(b"\r\n\r\n", f"\r\nX-Test: {address}\r\n\r\n".encode())

    with standing(tmp_path, free_port(), believe_a_header) as edge:
        flood = from_address("2001:db8:0:a::1") * 400
        others = from_address("2001:db8:0:a:ffff::2") + from_address("2001:db8:0:b::1")
        same, other = edge.at_once(flood + others, 402)[-2:]
    assert (same.status_code, other.status_code) == (429, 502)


def test_an_address_holds_100_requests_at_a_time(alone: Edge):
    """Each waits for a body that does not come."""
    with ExitStack() as stack:
        held = [stack.enter_context(alone.shaken()) for _ in range(100)]
        for connection in held:
            connection.sendall(POST % 1)
        for connection in held[:1]:
            connection.settimeout(0.5)
            with pytest.raises(TimeoutError):
                connection.recv(1)
        assert_problem(alone.client.get("/api/v2/me"), 429, "rate_limited")
