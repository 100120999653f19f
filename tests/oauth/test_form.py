"""What comes in: one form, once, in the body; anything else is refused and never a 500."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.audit.models import AuditEntry
from tests import tokens, world
from tests.api import Api

from .test_codes import refused

pytestmark = pytest.mark.django_db
PATHS = ("token", "revoke", "introspect")
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options", "head"])
def test_there_is_only_post(path: str, method: str) -> None:
    response = getattr(Client(), method)(f"/oauth/{path}")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "query", ["client_secret=x", "token=x", "access_token=x", "state=1", "grant_type=password"]
)
def test_nothing_is_read_from_the_url(path: str, query: str) -> None:
    of, secret = tokens.service(serves="https://api.example")
    form = {"grant_type": "client_credentials", "token": "x"}
    response = tokens.post(f"{path}?{query}", form, authorization=tokens.basic(of, secret))
    refused(response, "invalid_request")


def test_a_token_in_the_url_is_recorded_as_exposed() -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())
    for text, kind in (
        (f"gh_at_{'A' * 49}", ""),
        (given["access_token"], "tokenfamily"),
        (given["refresh_token"], "tokenfamily"),
        (secret, "oauthclient"),
    ):
        tokens.post(f"introspect?token={text}", {})
        entry = AuditEntry.objects.latest("at")
        assert (entry.verb, entry.object_type) == ("credential.exposed", kind)
    assert Api(given["access_token"]).get("me").status_code == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "", "a"])
def test_only_a_form_is_read(path: str, kind: str) -> None:
    response = Client().generic("POST", f"/oauth/{path}", b"grant_type=x", content_type=kind)
    refused(response, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        b"grant_type=client_credentials&grant_type=client_credentials",
        b"grant_type=client_credentials&scope=read&scope=admin",
        b"client_id=a&client_id=b",
        b"grant_type=client_credentials%00",
        b"grant_type=a%0d%0ab",
        b"grant_type=%ff%fe",
        b"\xff\xfe",
        b"grant_type",
        b"&&&",
        b"a=" + b"b" * 20_000,
        b"&".join(b"p%d=1" % n for n in range(40)),
    ],
)
def test_what_two_readers_could_read_differently_is_refused(body: bytes) -> None:
    of, secret = tokens.service()
    for path in PATHS:
        response = Client().post(
            f"/oauth/{path}",
            body,
            content_type=FORM,
            headers={"authorization": tokens.basic(of, secret)},
        )
        refused(response, "invalid_request")


def test_a_body_of_unknown_length_is_refused() -> None:
    response = tokens.post("token", {"grant_type": "x"}, transfer_encoding="chunked")
    refused(response, "invalid_request")


@pytest.mark.parametrize(
    ("grant", "error"),
    [
        ("password", "unsupported_grant_type"),
        ("implicit", "unsupported_grant_type"),
        ("openid", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type"),
        ("urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type"),
        ("", "invalid_request"),
    ],
)
def test_there_are_three_grants(grant: str, error: str) -> None:
    of, secret = tokens.service()
    form = {"grant_type": grant, "username": "a", "password": "b", "device_code": "c"}
    refused(tokens.ask(of, secret, form), error)


def test_a_parameter_never_becomes_a_fact_of_the_request() -> None:
    """The library's request answers to any name that was sent: user, scopes, client, family."""
    of, secret = tokens.service(scopes=["read"])
    names = ("user", "scopes", "client", "family", "audience", "sign_in", "expires_in", "claims")
    form = {"grant_type": "client_credentials", **dict.fromkeys(names, "admin")}
    answer = tokens.ask(of, secret, form)
    assert answer.status_code == 200
    assert (answer.json()["scope"], answer.json()["expires_in"]) == ("read", 600)


NAMES = [
    "grant_type",
    "code",
    "code_verifier",
    "redirect_uri",
    "refresh_token",
    "scope",
    "resource",
    "client_id",
    "client_secret",
    "token",
    "token_type_hint",
    "x",
]
VALUES = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "gh_at_" + "0" * 49,
    "gh_rt_" + "0" * 49,
    "\0",
    "é" * 300,
    "https://x/",
    "read",
    "openid",
]


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    fields=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=40)),
    path=st.sampled_from(PATHS),
    knows=st.booleans(),
)
def test_no_form_is_a_500(fields: dict[str, str], path: str, knows: bool) -> None:
    headers = {}
    if knows:
        of = OF.setdefault("one", None) or _remember()
        headers["authorization"] = tokens.basic(*of)
    try:
        body = urlencode(fields)
    except UnicodeEncodeError:
        return
    client = Client(raise_request_exception=False)
    response = client.post(f"/oauth/{path}", body, content_type=FORM, headers=headers)

    assert response.status_code in (200, 400, 401, 403, 429)
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/json"
        assert {"error"} <= response.json().keys() <= {"error", "error_description"}


OF: dict[str, tuple | None] = {}


def _remember() -> tuple:
    return tokens.client(
        grant_types="authorization_code client_credentials refresh_token",
        serves="https://api.example",
    )
