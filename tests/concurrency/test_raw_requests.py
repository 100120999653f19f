"""Bytes that no library would send: never a 5xx, never a caller who is not proved."""

import pytest

from .raw import exchange, request
from .server import Server

pytestmark = pytest.mark.process

POST = "POST /api/v2/listings HTTP/1.1"
JSON = "Content-Type: application/json"


def status(server: Server, *parts: bytes) -> int:
    """The status of the only response."""
    answers = exchange(server.port, *parts)
    assert len(answers.statuses) == 1, answers.raw
    return answers.statuses[0]


def code(server: Server, *parts: bytes) -> str:
    return exchange(server.port, *parts).document()["code"]


def test_the_honest_request_is_answered(server: Server, key: str) -> None:
    assert status(server, request(f"X-API-Key: {key}")) == 200
    assert status(server, request(f"x-api-key: {key}")) == 200
    assert status(server, request(f"Authorization: Bearer {key}")) == 200


TWINS = ["X_API_Key", "x_api_key", "X_API-KEY", "X-API_Key"]


@pytest.mark.parametrize("twin", TWINS)
def test_a_twin_with_underscores_is_never_a_credential(server: Server, key: str, twin: str) -> None:
    alone = request(f"{twin}: {key}")
    beside = request(f"X-API-Key: {key}", f"{twin}: gh_test_other")
    before = request(f"{twin}: {key}", "X-API-Key: gh_test_other")
    open_to_all = request(f"{twin}: {key}", line="GET /api/v2/listings HTTP/1.1")

    for sent in (alone, beside, before, open_to_all):
        assert code(server, sent) == "malformed_credential"


def test_the_flag_for_twins_cannot_be_forged(server: Server, key: str) -> None:
    for flag in ("X-Underscore-Headers: X_API_Key", "X_Underscore_Headers: X_API_Key"):
        assert status(server, request(f"X-API-Key: {key}", flag)) == 200


def test_other_names_with_underscores_pose_as_nothing(server: Server, key: str) -> None:
    posing = ["X_Forwarded_For: 10.0.0.1", "Content_Length: 5", "Transfer_Encoding: chunked"]
    posing += ["Content_Type: text/plain", "If_None_Match: *", "Accept_: text/html"]

    assert status(server, request(f"X-API-Key: {key}", *posing)) == 200


@pytest.mark.parametrize(
    "headers",
    [
        ["X-API-Key: {key}", "X-API-Key: {key}"],
        ["X-API-Key: {key}", "x-api-key: other"],
        ["Authorization: Bearer {key}", "Authorization: Bearer {key}"],
        ["Authorization: Bearer {key}", "authorization: Basic eA=="],
        ["Authorization: Bearer {key}", "X-API-Key: {key}"],
    ],
    ids=str,
)
def test_a_doubled_credential_is_malformed(server: Server, key: str, headers: list[str]) -> None:
    sent = request(*(header.format(key=key) for header in headers))

    assert code(server, sent) == "malformed_credential"


def test_a_doubled_header_of_another_kind_is_refused_or_harmless(server: Server, key: str) -> None:
    auth = f"X-API-Key: {key}"

    assert status(server, request(auth, "Host: evil.example")) == 400
    body = request(auth, JSON, JSON, "Content-Length: 2", line=POST, body=b"{}")
    assert status(server, body) in (400, 415)
    body = request(auth, JSON, "Content-Length: 2", "Content-Length: 3", line=POST, body=b"{}")
    assert status(server, body) == 400


def test_a_chunked_body_is_refused(server: Server, key: str) -> None:
    body = b"2\r\n{}\r\n0\r\n\r\n"
    sent = request(f"X-API-Key: {key}", JSON, "Transfer-Encoding: chunked", line=POST, body=body)

    assert code(server, sent) == "length_required"


SMUGGLED = b"0\r\n\r\nGET /api/v2/listings HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        ["Transfer-Encoding: chunked", f"Content-Length: {len(SMUGGLED)}"],
        [f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding: chunked"],
        [f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding: chunked, identity"],
        [f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding : chunked"],
        [f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding:\x0bchunked"],
        ["Content-Length: +5"],
        ["Content-Length: 0x5"],
        ["Content-Length: -1"],
        ["Content-Length: 5, 5"],
        ["Content-Length: " + "9" * 5_000],
        ["Content-Length: 99999999999999999999"],
    ],
    ids=lambda framing: ascii(" ".join(framing))[:60],
)
def test_a_length_that_two_readers_could_read_differently_hides_no_request(
    server: Server, key: str, framing: list[str]
) -> None:
    sent = request(f"X-API-Key: {key}", JSON, *framing, line=POST, body=SMUGGLED)
    sent = sent.replace(b"Connection: close\r\n", b"")

    statuses = exchange(server.port, sent).statuses
    assert len(statuses) <= 1
    assert all(400 <= one < 500 for one in statuses)


def test_a_coding_that_nobody_knows_is_not_implemented_and_hides_no_request(
    server: Server, key: str
) -> None:
    """The one 5xx: it is the answer of RFC 9112 section 6.1, and the server's own."""
    framing = [f"Content-Length: {len(SMUGGLED)}", "Transfer-Encoding: xchunked"]
    sent = request(f"X-API-Key: {key}", JSON, *framing, line=POST, body=SMUGGLED)

    assert exchange(server.port, sent).statuses == [501]


def test_an_unread_body_is_not_the_next_request(server: Server, key: str) -> None:
    inner = request(f"X-API-Key: {key}")
    for line, length in ((POST, 2_000_000), ("DELETE /api/v2/me/activity HTTP/1.1", len(inner))):
        body = inner.ljust(length)
        head = request(f"X-API-Key: {key}", JSON, f"Content-Length: {length}", line=line)
        keep = head.replace(b"Connection: close\r\n", b"")
        last = request(line="GET /healthz HTTP/1.1")

        statuses = exchange(server.port, keep, body, last).statuses
        # Closed while we still wrote, a connection may lose its answer; the next test has it whole.
        assert set(statuses[:1]) <= {413, 405}
        assert statuses[1:] in ([], [200])


def test_two_megabytes_are_refused_before_they_have_come(server: Server, key: str) -> None:
    head = request(f"X-API-Key: {key}", JSON, "Content-Length: 2000000", line=POST)
    answers = exchange(server.port, head, b'{"title": "', end=False)

    assert answers.statuses == [413]


def test_requests_on_one_connection_are_answered_in_their_order(server: Server, key: str) -> None:
    auth = f"X-API-Key: {key}"
    lines = [
        "HEAD /api/v2/me",
        "OPTIONS /api/v2/me",
        "DELETE /api/v2/me/activity",
        "GET /api/v2/me",
    ]
    sent = [request(auth, line=f"{line} HTTP/1.1") for line in lines]
    keep = [one.replace(b"Connection: close\r\n", b"") for one in sent[:-1]]

    answers = exchange(server.port, b"".join(keep), sent[-1])
    assert answers.statuses == [200, 204, 405, 200]
    assert answers.raw.count(b'"email"') == 1


OVERSIZED = {
    "a header": request("X-Padding: " + "a" * 9_000),
    "a credential": request("X-API-Key: " + "a" * 8_000),
    "a token": request("Authorization: Bearer " + "a" * 8_000),
    "headers": request(*(f"X-Padding-{number}: a" for number in range(80))),
    "a path": request(line=f"GET /api/v2/{'a' * 5_000} HTTP/1.1"),
    "a query": request(line=f"GET /api/v2/listings?city={'a' * 5_000} HTTP/1.1"),
    "a method": request(line=f"{'A' * 3_000} /api/v2/listings HTTP/1.1"),
    "a cookie": request("Cookie: " + "a=b; " * 1_500),
}


@pytest.mark.parametrize("sent", OVERSIZED.values(), ids=OVERSIZED)
def test_what_is_too_long_is_refused(server: Server, sent: bytes) -> None:
    assert 400 <= status(server, sent) < 500


STRANGE = {
    "absolute form": request(line="GET http://localhost/api/v2/me HTTP/1.1"),
    "absolute form of a stranger": request(line="GET http://evil.example/api/v2/me HTTP/1.1"),
    "authority form": request(line="CONNECT evil.example:443 HTTP/1.1"),
    "asterisk form": request(line="OPTIONS * HTTP/1.1"),
    "a stranger's host": request(line="GET /api/v2/listings HTTP/1.1", host="evil.example"),
    "an empty host": request(line="GET /api/v2/listings HTTP/1.1", host=""),
    "no host": b"GET /api/v2/me HTTP/1.1\r\nConnection: close\r\n\r\n",
    "no version": b"GET /api/v2/me\r\n\r\n",
    "no path": b"GET\r\n\r\n",
    "another version": request(line="GET /api/v2/me HTTP/9.9"),
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a lower-case method": request(line="get /api/v2/me HTTP/1.1"),
    "a method that is none": request(line="GE\x01T /api/v2/me HTTP/1.1"),
    "spaces in the line": request(line="GET  /api/v2/me  HTTP/1.1"),
    "a NUL in the path": request(line="GET /api/v2/me\x00 HTTP/1.1"),
    "an encoded NUL": request(line="GET /api/v2/me%00 HTTP/1.1"),
    "bytes that are no text": request(line="GET /api/v2/\xff\xfe HTTP/1.1"),
    "encoded bytes that are no text": request(line="GET /api/v2/%ff%fe HTTP/1.1"),
    "dots": request(line="GET /api/v2/../v2/me HTTP/1.1"),
    "encoded dots": request(line="GET /api/v2/%2e%2e/me HTTP/1.1"),
    "a second slash": request(line="GET //api/v2/me HTTP/1.1"),
    "a backslash": request(line="GET /api\\v2\\me HTTP/1.1"),
    "a header without a colon": request("X-Padding"),
    "a space before the colon": request("X-Padding : a"),
    "a folded header": request("X-Padding: a", " folded"),
    "a header without a name": request(": a"),
    "a NUL in a header": request("X-Padding: a\x00b"),
    "a bare carriage return": request("X-Padding: a\rX-API-Key: b"),
    "bare line feeds": b"GET /api/v2/me HTTP/1.1\nHost: localhost\n\n",
    "TLS to a plain port": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 300,
    "zeros": b"\x00" * 1_000,
    "nothing": b"",
    "an expectation": request("Expect: 200-magic"),
    "an upgrade": request("Upgrade: h2c", "Connection: Upgrade"),
    "a cut-off body": request(JSON, "Content-Length: 100", line=POST, body=b'{"a":'),
}


@pytest.mark.parametrize("sent", STRANGE.values(), ids=STRANGE)
def test_a_strange_request_is_refused_or_dropped(server: Server, sent: bytes) -> None:
    statuses = exchange(server.port, sent).statuses

    assert len(statuses) <= 1
    assert all(400 <= one < 500 for one in statuses)


def test_a_key_in_a_strange_place_is_never_taken(server: Server, key: str) -> None:
    strange = [
        request("X-Padding: a", f" X-API-Key: {key}"),
        request(f"X-API-Key : {key}"),
        request(f"X-Padding: a\rX-API-Key: {key}"),
        request(f"X-Padding: a\nX-API-Key: {key}\x00"),
        request(f"Cookie: X-API-Key={key}"),
        request(f"X-Original-Authorization: Bearer {key}"),
        request(f"Proxy-Authorization: Bearer {key}"),
        request(line=f"GET /api/v2/me?x={key} HTTP/1.1"),
        request(line=f"GET http://x:{key}@localhost/api/v2/me HTTP/1.1"),
    ]
    for sent in strange:
        statuses = exchange(server.port, sent).statuses
        assert all(400 <= one < 500 for one in statuses), sent


def test_after_all_of_it_the_server_still_answers(server: Server, key: str) -> None:
    assert status(server, request(f"X-API-Key: {key}")) == 200
