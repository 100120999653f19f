"""One JSON object a line, whatever a caller puts into it, and no credential in it."""

import json
import logging
import sys

import pytest

from apps.core.json_log import JsonFormatter
from tests.world import key, person

KEY = "gh_test_0123456789Ab_" + "x" * 38


def line(message: str, *arguments: object, **extra: object) -> str:
    record = logging.LogRecord("a.logger", logging.WARNING, "f.py", 1, message, arguments, None)
    for name, value in extra.items():
        setattr(record, name, value)
    return JsonFormatter().format(record)


def test_a_line_has_a_stable_shape() -> None:
    members = json.loads(line("hello %s", "you", fields={"status": 200}))

    assert list(members) == [*("v", "at", "level", "logger", "event", "request_id", "status")]
    assert (members["level"], members["logger"], members["event"]) == (
        "warning",
        "a.logger",
        "hello you",
    )
    assert members["at"].endswith("+00:00")


@pytest.mark.parametrize("text", ['a\nb": "c', "a\r\nb", "a\u2028b", "\x1b[31mred", "\x00"])
def test_a_callers_text_makes_no_second_line(text: str) -> None:
    written = line("%s", text)

    assert len(written.splitlines()) == 1 or "\u2028" in text
    assert json.loads(written)["event"] == text


@pytest.mark.parametrize(
    "text",
    [KEY, f"key={KEY}&x", f"Bearer {KEY}", "bearer abcdefghijkl", "Basic dXNlcjpwYXNzd29yZA=="],
)
def test_a_credential_in_a_message_is_redacted(text: str) -> None:
    written = line("sent %s", text)

    assert "[redacted]" in written
    assert not any(secret in written for secret in ("xxxx", "abcdefgh", "dXNlcj"))


def test_a_credential_in_an_exception_is_redacted_and_locals_are_not_shown() -> None:
    local = "a-local-secret"
    try:
        raise ValueError(f"cannot use {KEY}")
    except ValueError:
        written = line("failed", exc_info=sys.exc_info())

    assert "ValueError: cannot use [redacted]" in written
    assert local not in written and "xxxx" not in written


@pytest.mark.django_db
def test_every_real_key_looks_like_one_to_the_log() -> None:
    text = key(person())

    assert text not in line("%s", f"'{text}'")
