"""Attacks stay on this machine, and an answer is judged by both of its sides."""

import pytest

from apps.workshop.attempts import Ending, HonestUseBroken, judged, refused, works
from apps.workshop.target import Answer, Url


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "https://10.0.0.1:8000",
        "http://192.168.1.1",
        "http://0.0.0.0:8000",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "http://[::2]:8000",
        "not a url",
        "",
    ],
)
def test_an_address_that_is_not_loopback_is_refused(url: str):
    with pytest.raises(ValueError, match="not loopback"):
        Url(url)


@pytest.mark.parametrize("url", ["http://localhost:8000", "https://127.0.0.1", "http://[::1]:80"])
def test_loopback_is_accepted(url: str):
    assert Url(url).url == url


@pytest.mark.parametrize(
    ("stopped", "succeeded", "ending"),
    [
        (True, False, Ending.STOPPED),
        (False, True, Ending.SUCCEEDED),
        (False, False, Ending.UNCLEAR),
        (True, True, Ending.UNCLEAR),
    ],
)
def test_an_attempt_needs_two_observations_that_agree(
    stopped: bool, succeeded: bool, ending: Ending
):
    assert judged("x", stopped=stopped, succeeded=succeeded, evidence="").ending is ending


def _answer(status: int, code: str = "") -> Answer:
    body = b'{"code": "%s"}' % code.encode() if code else b""
    return Answer(status, {}, body)


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (_answer(404, "not_found"), Ending.STOPPED),
        (_answer(404), Ending.UNCLEAR),
        (_answer(403, "not_permitted"), Ending.UNCLEAR),
        (_answer(429, "rate_limited"), Ending.UNCLEAR),
        (_answer(500, "internal_error"), Ending.UNCLEAR),
        (_answer(200), Ending.SUCCEEDED),
    ],
)
def test_only_the_stated_refusal_counts_as_stopped(answer: Answer, ending: Ending):
    assert refused("x", answer, 404, "not_found").ending is ending


def test_honest_use_that_fails_is_reported():
    with pytest.raises(HonestUseBroken, match="expected 200, got 403 not_permitted"):
        works(_answer(403, "not_permitted"))
