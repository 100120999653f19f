"""Introspection: a resource server is told of what is meant for it, and nobody else of anything."""

from datetime import UTC, datetime

import pytest

from apps.accounts.models import User
from apps.oauth.models import AccessToken
from tests import tokens, world
from tests.api import Api

from .test_codes import refused

pytestmark = pytest.mark.django_db
FILES = "https://files.example"
CLAIMS = {
    *("active", "iss", "sub", "aud", "client_id", "token_type", "scope"),
    *("iat", "nbf", "exp", "jti"),
}


def told(of: tuple, text: str) -> dict:
    response = tokens.ask(*of, {"token": text}, "introspect")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return response.json()


@pytest.fixture
def files() -> tuple:
    return tokens.service(serves=FILES)


def test_a_resource_server_is_told_of_a_token_for_it(files: tuple) -> None:
    user = world.person()
    text = tokens.token(user, "read", audience=FILES)
    row = AccessToken.objects.get()
    claims = told(files, text)

    assert claims.keys() == CLAIMS | {"auth_time", "amr", "acr"}
    assert claims["active"] is True
    assert claims["iss"] == "http://localhost:8000"
    assert claims["sub"] == str(user.pk)
    assert claims["aud"] == FILES
    assert claims["token_type"] == "Bearer"
    assert claims["scope"] == "read"
    assert claims["iat"] == claims["nbf"] == int(row.created.timestamp())
    assert claims["exp"] == int(row.expires.timestamp())
    assert claims["jti"] == str(row.jti)
    assert claims["acr"] == "mfa" and "otp" in claims["amr"]


def test_a_service_is_its_own_subject(files: tuple) -> None:
    of, secret = tokens.service(resources=[FILES])
    form = {"grant_type": "client_credentials", "resource": FILES}
    claims = told(files, tokens.ask(of, secret, form).json()["access_token"])

    assert claims.keys() == CLAIMS
    assert claims["sub"] == claims["client_id"] == of.client_id


def test_every_token_that_opens_nothing_there_looks_alike(files: tuple) -> None:
    of, secret = tokens.client()
    user = world.person()
    given = tokens.pair(of, secret, user)
    expired = tokens.token(user, audience=FILES)
    AccessToken.objects.filter(audience=FILES).update(expires=datetime.now(UTC))
    for text in (
        given["access_token"],  # good, and for another audience
        given["refresh_token"],
        tokens.token(user, audience="https://files.example/other"),
        expired,
        "gh_at_" + "A" * 49,
        "eyJhbGciOiJub25lIn0.e30.",
        "é",
    ):
        assert told(files, text) == {"active": False}


def test_a_made_up_token_is_not_looked_up(files: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("apps.oauth.introspection.find")
    assert told(files, "gh_at_" + "A" * 49) == {"active": False}


def test_a_token_of_somebody_who_was_switched_off_is_inactive(files: tuple) -> None:
    text = tokens.token(world.person(), audience=FILES)
    assert told(files, text)["active"] is True
    User.objects.update(is_active=False)
    assert told(files, text) == {"active": False}


def test_a_client_that_is_no_resource_server_is_told_nothing() -> None:
    of, secret = tokens.client()
    given = tokens.pair(of, secret, world.person())
    response = tokens.ask(of, secret, {"token": given["access_token"]}, "introspect")
    refused(response, "unauthorized_client", 403)


@pytest.mark.parametrize("named", [True, False])
def test_strangers_are_asked_who_they_are(named: bool, files: tuple) -> None:
    text = tokens.token(world.person(), audience=FILES)
    form = {"token": text} | ({"client_id": files[0].client_id} if named else {})
    response = tokens.post("introspect", form)
    refused(response, "invalid_client", 401)
    assert response["WWW-Authenticate"].startswith("Basic ")


def test_a_public_client_is_told_nothing() -> None:
    of = tokens.public()
    given = tokens.pair(of, None, world.person())
    response = tokens.ask(of, None, {"token": given["access_token"]}, "introspect")
    refused(response, "unauthorized_client", 403)


def test_a_bearer_token_is_no_way_in(files: tuple) -> None:
    text = tokens.token(world.person(), "admin")
    response = tokens.post("introspect", {"token": text}, authorization=f"Bearer {text}")
    refused(response, "invalid_client", 401)
    assert Api(text).get("me").status_code == 200
