"""What the library's own switches do shut: no hole on either side, and so no control of ours."""

import os
import subprocess
import sys

import pytest

from config.environment import ROOT

from .provider import Provider, fresh_verifier


def test_the_library_has_no_complaint_about_the_stock_site():
    """All that it can be told to do, it is told."""
    command = [sys.executable, "-m", "django", "check", "--deploy"]
    stock = {"DJANGO_SETTINGS_MODULE": "tests.oauth_stock.stock.settings", "STOCK_PORT": "1"}
    environment = os.environ | stock | {"STOCK_DATABASE": ":memory:", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "security.W004" in done.stderr  # it did check
    assert "oauth2_provider" not in done.stderr


@pytest.mark.parametrize(
    "asked",
    [
        {"code_challenge_method": "plain"},
        {"code_challenge": "", "code_challenge_method": ""},
        {"response_type": "token"},
        {"redirect_uri": "https://client.example/back/"},
        {"redirect_uri": "https://client.example/back?next=x"},
        {"redirect_uri": "http://client.example/back"},
        {"redirect_uri": "https://client.example.evil.example/back"},
    ],
    ids=str,
)
def test_an_authorization_request_that_is_refused(provider: Provider, asked: dict[str, str]):
    answer = provider.consents(provider.asks(fresh_verifier()) | asked)
    assert "code" not in answer.back and "access_token" not in answer.back
    assert answer.status in (302, 400)
    assert answer.status == 400 or answer.back["error"]


def test_no_scope_is_not_every_scope(provider: Provider):
    answer = provider.post(provider.token, "service", grant_type="client_credentials")
    assert (answer.status, answer.json["scope"]) == (200, "read")


def test_a_password_is_no_grant(provider: Provider):
    form = {"username": "ana", "password": "x", "client_id": provider.client_id("app")}
    assert provider.post(provider.token, grant_type="password", **form).status == 400


def test_a_token_in_the_address_opens_nothing(provider: Provider):
    token = provider.tokens()["access_token"]
    assert provider.get(provider.me, access_token=token).status in (400, 401)


def test_a_replayed_refresh_token_ends_the_family(provider: Provider):
    first = provider.tokens()
    second = provider.refresh(first["refresh_token"]).json
    assert provider.refresh(first["refresh_token"]).status == 400
    assert provider.get(provider.me, second["access_token"]).status == 401
    assert provider.refresh(second["refresh_token"]).status == 400


def test_refreshing_never_widens(provider: Provider):
    form = {"refresh_token": provider.tokens()["refresh_token"], "scope": "openid read write"}
    form |= {"client_id": provider.client_id("app")}
    answer = provider.post(provider.token, grant_type="refresh_token", **form)
    assert (answer.status, answer.json["error"]) == (400, "invalid_scope")


def test_a_client_revokes_its_own_tokens_only(provider: Provider):
    token = provider.tokens()["access_token"]
    assert provider.post(provider.revoke, "other", token=token).status == 200
    assert provider.get(provider.me, token).status == 200


def test_the_metadata_names_no_flow_that_is_refused(provider: Provider):
    """It says what the settings say: with the library, nothing keeps the two together."""
    document = provider.get("/.well-known/oauth-authorization-server").json
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    granted = {"authorization_code", "client_credentials", "refresh_token"}
    assert set(document["grant_types_supported"]) == granted
