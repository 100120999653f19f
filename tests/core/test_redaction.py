"""Secrets of every kind, planted in every place that a log line is made from."""

import base64
import json
import logging
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from django.http import HttpResponse
from hypothesis import example, given
from hypothesis import strategies as st

from apps.apikeys.key_format import generate
from apps.core.json_log import JsonFormatter
from apps.core.redaction import LONGEST, REDACTED, clean, redacted
from config.environment import ROOT
from config.generate_env import fresh_secrets
from tests.api import Api

SCHEMA = json.loads(Path(ROOT, "docs/log.schema.json").read_text())
#: Known by their look, whatever name they stand under.
BY_LOOK = {
    "key": generate("test").text,
    "live key": generate("live").text,
    "JSON Web Token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0",
    "bearer": "Bearer 4f3c2b1a0e9d8c7b6a5f",
    "basic": "basic " + base64.b64encode(b"client:hunter2hunter2").decode(),
    "database's password": "postgres://gatehouse:hunter2@db.example.com/gatehouse",
    "private key": "-----BEGIN PRIVATE" + " KEY-----\nMC4CAQAwBQYDK2Vw\n-----END PRIVATE KEY-----",
    "e-mail address": "maría.o'neil+home@mail.example.co.uk",
    "national id": "905-33-7741",
    "phone": "+15055557391",
    "card": "4111 1111 1111 1111",
}
#: Known by the name that they stand under alone.
BY_NAME = ["password", "client_secret", "refresh_token", "X-API-Key", "cookie", "otp", "SECRET_KEY"]
SECRET = "Tr0ub4dor-and-3"


def core(secret: str) -> str:
    """The part that gives it away."""
    return "hunter2@" if "://" in secret else secret.split("\n")[0][-14:]


def line(message: object, *arguments: object, exc_info: object = None, **fields: object) -> str:
    record = logging.LogRecord("l", logging.ERROR, "f.py", 1, message, arguments, exc_info)
    record.fields = fields
    return JsonFormatter().format(record)


def raised(error: BaseException, cause: BaseException | None = None) -> str:
    a_local = f"{SECRET} in a local"
    try:
        raise error from cause
    except BaseException:
        assert a_local
        return line("failed", exc_info=sys.exc_info())


@pytest.mark.parametrize("secret", BY_LOOK.values(), ids=BY_LOOK.keys())
@pytest.mark.parametrize(
    "sink",
    [
        lambda secret: line(f"sent {secret}, refused"),
        lambda secret: line("sent %s", secret),
        lambda secret: line("sent %s", {"x": [secret]}),
        lambda secret: line("sent %(x)s", {"x": secret}),
        lambda secret: line(ValueError(secret)),
        lambda secret: line("m", member=secret),
        lambda secret: line("m", member={"deep": [{"deeper": (secret,)}]}),
        lambda secret: line("m", **{secret: 1}),
        lambda secret: line("m", member=ValueError(secret)),
        lambda secret: raised(ValueError(secret)),
        lambda secret: raised(ValueError("outer"), ValueError(secret)),
    ],
    ids=[
        *("message", "argument", "argument's repr", "mapped argument", "message object", "member"),
        *("nested member", "member's name", "member object", "exception", "cause"),
    ],
)
def test_what_looks_like_a_secret_is_not_logged(secret: str, sink: object) -> None:
    written = sink(secret)

    assert core(secret) not in json.loads(written).values()
    assert core(secret) not in written
    assert REDACTED in written


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize(
    "sink",
    [
        lambda name: line(f"{name}={SECRET}"),
        lambda name: line(f"{name}: {SECRET}"),
        lambda name: line("sent %s", {name: SECRET}),
        lambda name: line("sent %s", json.dumps({name: SECRET})),
        lambda name: line(f"%({name})s", {name: SECRET}),
        lambda name: line("m", **{name: SECRET}),
        lambda name: line("m", member={"deep": {name.upper(): [SECRET]}}),
        lambda name: raised(KeyError(f"{name}={SECRET}")),
    ],
    ids=[
        *("assigned", "stated", "in a repr", "in JSON", "mapped argument", "member"),
        *("nested member", "exception"),
    ],
)
def test_what_stands_under_a_secrets_name_is_not_logged(name: str, sink: object) -> None:
    written = sink(name)

    assert SECRET not in written
    assert REDACTED in written


def test_locals_are_not_logged() -> None:
    assert f"{SECRET} in a local" not in raised(RuntimeError("the store is away"))
    assert "the store is away" in raised(RuntimeError("the store is away"))


@pytest.mark.parametrize("name", [n for n in fresh_secrets() if not n.endswith("_ACTIVE")])
def test_no_variable_of_the_environment_is_logged_under_its_name(name: str) -> None:
    value = fresh_secrets()[name]

    assert value[-20:] not in line("m", **{name: value})
    assert value[-20:] not in line(f"{name}={value}")


@given(st.text(max_size=30), st.sampled_from(sorted(BY_LOOK)), st.text(max_size=30))
def test_whatever_stands_around_it(before: str, kind: str, after: str) -> None:
    secret = BY_LOOK[kind]
    assert core(secret) not in redacted(f"{before} {secret} {after}")


@given(st.recursive(st.none() | st.text() | st.integers() | st.binary(), st.lists))
@example([[[[[[[["deep"]]]]]]]])
def test_anything_can_be_a_member(value: object) -> None:
    json.dumps(clean(value))


@pytest.mark.parametrize(
    "text",
    [
        "request",
        "api_key:0198c1d4-5e2f-7a56-9145-270ce6b3bebd",
        "user:0198c1d4-5e2f-7a56-9145-270ce6b3bebd",
        "api/v2/listings/<uuid:listing_id>",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "2026-11-22T07:16:17.123456Z",
        "198.51.100.7 and 2001:db8::1",
        "425000.00",
    ],
)
def test_what_a_log_is_read_for_stays(text: str) -> None:
    assert redacted(text) == clean(text) == text


@pytest.mark.parametrize("piece", ["a", "1", "1-", "@", "a@", "eyJ", "://", "password=", "+1", '"'])
def test_no_text_takes_long(piece: str) -> None:
    started = time.perf_counter()
    redacted(piece * (LONGEST * 2 // len(piece)))

    assert time.perf_counter() - started < 2


@pytest.mark.django_db
def test_every_line_keeps_to_the_documented_schema(capsys: pytest.CaptureFixture) -> None:
    stream = logging.StreamHandler(sys.stdout)
    stream.setFormatter(JsonFormatter())
    logging.getLogger("gatehouse").addHandler(stream)
    try:
        for path, headers in (
            ("listings", {"traceparent": "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"}),
            ("listings?city=4111111111111111", {"x_request_id": "123-45-6789"}),
            ("listings?nonsense=1", {}),
            ("nowhere", {"traceparent": "00-" + "0" * 32 + "-" + "cd" * 8 + "-01"}),
            ("me", {}),
        ):
            response = Api().get(path, **headers)
            assert isinstance(response, HttpResponse)
        logging.getLogger("gatehouse.x").error("with %s", "words", exc_info=ValueError("why"))
    finally:
        logging.getLogger("gatehouse").removeHandler(stream)
    lines = [json.loads(text) for text in capsys.readouterr().out.splitlines()]

    assert len(lines) == 6
    for one in lines:
        jsonschema.validate(one, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert [one.get("trace_id") for one in lines] == ["ab" * 16, *[None] * 5]
    assert lines[1]["request_id"] == REDACTED


@pytest.mark.parametrize(
    "change",
    [{"v": 2}, {"at": "now"}, {"status": "200"}, {"query": "city=x"}, {"trace_id": "x"}],
    ids=str,
)
def test_the_schema_refuses_what_is_not_documented(change: dict) -> None:
    good = {
        "v": 1,
        "at": "2026-11-22T07:16:17.123+00:00",
        "level": "info",
        "logger": "gatehouse.request",
        "event": "request",
        "request_id": "a1b2c3d4",
        "method": "GET",
        "route": None,
        "status": 200,
        "code": None,
        "faults": None,
        "milliseconds": 1.5,
        "bytes": 1,
        "address": "::1",
        "trace_id": None,
        "credential": None,
        "user": None,
    }
    jsonschema.validate(good, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(good | change, SCHEMA)
