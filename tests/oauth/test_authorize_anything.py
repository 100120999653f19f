"""Whatever comes to the authorize endpoint: an answer, no crash, and nobody is led elsewhere."""

from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import people

from .asking import CALLBACK, CHALLENGE, client, parameters

pytestmark = pytest.mark.django_db

NAMES = [
    *("response_type", "response_mode", "client_id", "redirect_uri", "scope", "state", "nonce"),
    *("code_challenge", "code_challenge_method", "prompt", "max_age", "acr_values", "login_hint"),
    *("id_token_hint", "resource", "request", "request_uri", "claims", "begun", "ui_locales", "x"),
]
VALUES = [
    *("", " ", "\0", "\r\n", "é" * 300, "😀", "%", "%00", "null", "0", "-1", "9" * 40, "{}", "[]"),
    *("code", "token", "code token", "query", "none", "login", "consent", "login none", "mfa"),
    *(
        "S256",
        "plain",
        CHALLENGE,
        CALLBACK,
        f"{CALLBACK}#x",
        "https://evil.example",
        "javascript:x",
    ),
    *("openid", "read write:offers", "admin", "http://localhost:8000", "eyJhbGciOiJub25lIn0.e30."),
    *("//evil.example", "' OR 1=1--", "<script>", "../../etc/passwd", "a:b:c", "x" * 1000),
]
ANY = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=20))),
    max_size=6,
)
_numbers = count(1)
SETTINGS = settings(max_examples=80, suppress_health_check=list(HealthCheck), deadline=None)


def is_an_answer(response: HttpResponse) -> None:
    location = response.headers.get("Location", "")
    assert response.status_code in (200, 302, 303, 400)
    assert bool(location) == (response.status_code in (302, 303))
    if location:
        parts = urlsplit(location)
        ours = not parts.netloc and parts.path.startswith(("/accounts/", "/oauth/authorize"))
        assert ours or location.startswith(f"{CALLBACK}?")
        assert "\n" not in location and "\r" not in location
    assert b"<script>" not in response.content


def visitor(*, signed_in: bool) -> Client:
    """A browser at an address that has asked for nothing yet."""
    number = next(_numbers)
    browser = Client(REMOTE_ADDR=f"198.18.{number // 250}.{number % 250}")
    return people.comes_in(browser, people.world.person()) if signed_in else browser


def mixed(honest: dict[str, Any], odd: list[tuple[str, str]]) -> str:
    """The honest request, with these in place of its own or beside them."""
    names = {name for name, _ in odd}
    kept = [(name, value) for name, value in honest.items() if name not in names]
    return urlencode([*kept, *odd], errors="surrogatepass")


@SETTINGS
@given(odd=ANY, signed_in=st.booleans())
def test_any_request_is_answered(odd: list[tuple[str, str]], signed_in: bool) -> None:
    browser = visitor(signed_in=signed_in)
    query = mixed(parameters(client()), odd)
    is_an_answer(browser.get(f"/oauth/authorize?{query}"))
    form = "application/x-www-form-urlencoded"
    is_an_answer(browser.post("/oauth/authorize", query, content_type=form))


@SETTINGS
@given(raw=st.binary(max_size=120))
def test_any_bytes_are_answered(raw: bytes) -> None:
    response = visitor(signed_in=False).get("/oauth/authorize", QUERY_STRING=raw.decode("latin-1"))
    is_an_answer(response)


@SETTINGS
@given(
    ticket=st.one_of(st.text(max_size=60), st.sampled_from(VALUES)), decision=st.text(max_size=9)
)
def test_any_form_is_answered(ticket: str, decision: str) -> None:
    browser = visitor(signed_in=True)
    clean = {"ticket": ticket, "decision": decision}
    assert browser.post("/oauth/consent", clean).status_code == 400
