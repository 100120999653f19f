"""Which pages of other origins may read an answer of the token endpoint: those of the client."""

import pytest

from tests import tokens, world

pytestmark = pytest.mark.django_db
APP = "https://app.browser.example"


def asked_from(origin: str, **form: str) -> str | None:
    of = tokens.public(allowed_origins=[APP])
    code = form or {
        "grant_type": "authorization_code",
        "code": tokens.code(of, world.person()),
        "redirect_uri": tokens.CALLBACK,
        "code_verifier": tokens.VERIFIER,
    }
    response = tokens.post("token", {**code, "client_id": of.client_id}, origin=origin)
    assert response["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in response
    return response.get("Access-Control-Allow-Origin")


def test_the_clients_own_origin_reads_answers_and_refusals() -> None:
    assert asked_from(APP) == APP
    assert asked_from(APP, grant_type="refresh_token", refresh_token="x") == APP


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "https://evil.example",
        "https://app.browser.example.evil.example",
        "http://app.browser.example",
        "https://app.browser.example:8443",
        "https://APP.browser.example",
        "https://app.example.com",  # may read /api, and is not this client's
    ],
)
def test_no_other_origin_does(origin: str) -> None:
    assert asked_from(origin) is None


def test_a_client_without_origins_has_none() -> None:
    of, secret = tokens.service()
    response = tokens.post(
        "token",
        {"grant_type": "client_credentials"},
        authorization=tokens.basic(of, secret),
        origin=APP,
    )
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response


def test_revocation_and_introspection_answer_browsers_alike() -> None:
    of = tokens.public(allowed_origins=[APP])
    form = {"token": "x", "client_id": of.client_id}
    assert tokens.post("revoke", form, origin=APP)["Access-Control-Allow-Origin"] == APP
