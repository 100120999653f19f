"""Whatever is sent to the provider, it is answered: never by a failure of ours."""

from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.oauth import token_format
from apps.ratelimits.limiter import reset_stores
from tests import people, tokens

from .asking import parameters

pytestmark = pytest.mark.django_db

NAMES = [
    *("response_type", "response_mode", "client_id", "redirect_uri", "scope", "state"),
    *("nonce", "code_challenge", "code_challenge_method", "prompt", "max_age", "acr_values"),
    *("login_hint", "id_token_hint", "resource", "request", "begun", "claims", "approval_prompt"),
    *("grant_type", "code", "code_verifier", "refresh_token", "client_secret", "token"),
    *("token_type_hint", "username", "password", "device_code", "assertion", "ticket"),
    *("decision", "next"),
]
GRANTS = ["authorization_code", "refresh_token", "client_credentials", "password", "implicit"]
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            *GRANTS,
            *("code", "code token", "none", "login consent", "mfa", "S256", "plain", "openid read"),
            *(
                "-1",
                "0",
                "999999999999",
                "null",
                "[]",
                "{}",
                "\0",
                "é",
                "😀",
                "a" * 3000,
                "%00",
                "+",
            ),
            *("https://a", "http://[", "http://127.0.0.1:99999/x", "//", "javascript:1", "a.b.c"),
            *(token_format.generate(kind) for kind in token_format.Kind),
        ]
    ),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=8)
PATHS = ("authorize", "consent", "token", "revoke", "introspect", "userinfo")
tries = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def ana() -> Client:
    browser = Client(raise_request_exception=False)
    return people.comes_in(browser, people.verified())


@pytest.mark.parametrize("path", PATHS)
@tries
@given(pairs=PAIRS, drop=st.sets(st.sampled_from(NAMES), max_size=2))
def test_parameters_of_any_kind(ana: Client, path: str, pairs: list, drop: set):
    reset_stores()
    app = tokens.client()[0]
    honest = {name: text for name, text in parameters(app).items() if name not in drop}
    text = urlencode([*honest.items(), *pairs])
    kind = "application/x-www-form-urlencoded"
    for answer in (
        ana.get(f"/oauth/{path}?{text}"),
        ana.post(f"/oauth/{path}", text, content_type=kind),
        ana.post(f"/oauth/{path}", urlencode(pairs), content_type=kind),
    ):
        assert answer.status_code < 500, (path, text)


@pytest.mark.parametrize("path", PATHS)
@tries
@given(body=st.binary(max_size=200), header=st.text(st.characters(max_codepoint=255), max_size=60))
def test_bytes_and_headers_of_any_kind(ana: Client, path: str, body: bytes, header: str):
    reset_stores()
    kind = "application/x-www-form-urlencoded"
    for scheme in ("", "Basic ", "Bearer "):
        sent = {"HTTP_AUTHORIZATION": scheme + header, "content_type": kind}
        assert ana.post(f"/oauth/{path}", body, **sent).status_code < 500
    assert ana.get(f"/oauth/{path}?{quote(body)}").status_code < 500
